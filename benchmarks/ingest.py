"""Time and memory of an import of many statements, against PostgreSQL's own COPY of the same rows in the same run.

usage: DATABASE_URL=... python benchmarks/ingest.py [STATEMENTS]      (a million by default)
       PROFILE=import.prof DATABASE_URL=... python benchmarks/ingest.py 100000

Makes a database of its own on that server and drops it at the end. Invented portals, always the same ones, each with
10 copies of a list of 100 names of which 2 change from copy to copy, are written as a facts file and imported by
the real path: an import run, one transaction, names matched, links and history rebuilt. Then every row that the
import wrote is copied by COPY out of its table and by COPY into a plain table without any index or constraint.

Where the server is on this machine, processor time is told beside the clock's: on a machine with other work the clock
says as much of that work as of this.
"""

import cProfile
import csv
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import django

BASE = Path(__file__).resolve().parent.parent
STATEMENTS = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
COPIES, NAMES, LEAVE = 10, 100, 2
AGENCIES = 2000
"""Agencies in the registry and names that portals print: about as many as large lists name."""

WRITTEN = ("source", "capture", "stream", "sharinglist", "alias", "matchdecision", "statement", "sharingstatement")
DERIVED = ("sharinglink", "change")
"""Tables (without the app's name) that an import writes."""

HEADER = ["row", "source", "url", "retrieved_on", "sha256", "network", "access", "reported_by", "section"]
HEADER += ["completeness", "heading", "grantor", "grantor_state", "grantee", "grantee_state", "printed", "locator"]


def towns() -> list[str]:
    """Return names of invented towns, no two alike."""
    begin = ("Alder", "Birch", "Cedar", "Dover", "Elm", "Fair", "Glen", "Hazel", "Iron", "Juniper", "Kings", "Lake")
    middle = (
        "wood",
        "field",
        "ford",
        "brook",
        "haven",
        "mont",
        "port",
        "stone",
        "vale",
        "bury",
        "cliff",
        "gate",
        "mere",
    )
    end = ("", " Heights", " Springs", " Park", " Falls", " Hills", " Grove", " Beach", " Point", " Valley", " Station")
    found = [f"{a}{b}{c}{d}" for d in ("", " North") for c in end for a in begin for b in middle]
    return found[:AGENCIES]


def rows(portals: int) -> Iterator[list[str]]:
    """Yield the rows of the facts file: one capture after the other."""
    chance, names = random.Random(5), [f"{town} CA PD" for town in towns()]
    for portal in range(portals):
        own, listed = names[portal % AGENCIES], chance.sample(names, NAMES)
        stream = ["flock", "configured_access", "grantor", "external-organizations"]
        for copy in range(COPIES):
            slug = f"portal-{portal}"
            start = [slug, f"https://example.org/{slug}", f"2026-{copy + 1:02}-15", f"{portal * COPIES + copy:064x}"]
            yield ["list", *start, *stream, "complete", "Organizations with access", "", "", "", "", "", ""]
            for number, name in enumerate(listed, start=1):
                yield ["sharing", *start, *stream, "", "", own, "CA", name, "CA", name, f"name {number}"]
            listed = listed[LEAVE:] + chance.sample(sorted(set(names) - set(listed)), LEAVE)


def write_file(folder: Path, portals: int) -> None:
    """Write the facts file and the file of its sources."""
    with (folder / "statements.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([HEADER])
        csv.writer(file).writerows(rows(portals))
    sources = [[f"portal-{number}", f"Portal {number}", "portal", f"City {number}"] for number in range(portals)]
    with (folder / "sources.csv").open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["slug", "title", "kind", "publisher"], *sources])


def make_registry() -> None:
    """Make the network and the agencies whose names the portals print."""
    from agencies.tests import factories as make

    make.make_network()
    for town in towns():
        make.make_agency(f"{town} Police Department", kind="municipal_police")


def memory() -> float:
    """Return the most memory that this process ever held, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def worked() -> tuple[float, float]:
    """Return the processor time of this process and of its server process, in seconds; 0 for one elsewhere."""
    from django.db import connection

    connection.ensure_connection()
    process = Path(f"/proc/{connection.connection.info.backend_pid}/stat")
    if not str(connection.settings_dict["HOST"]).startswith("/") or not process.exists():
        return time.process_time(), 0.0
    fields = process.read_text().rpartition(")")[2].split()
    return time.process_time(), (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Spent:
    """The time that a block takes: by the clock, and processor time here and in PostgreSQL."""

    def __enter__(self) -> "Spent":
        self._begun, self._worked = time.perf_counter(), worked()
        return self

    def __exit__(self, *error: object) -> None:
        here, there = worked()
        self.seconds = time.perf_counter() - self._begun
        self.here, self.there = here - self._worked[0], there - self._worked[1]


class Meter:
    """Notes memory at tenths of the work."""

    def __init__(self) -> None:
        self.marks = {share: 0.0 for share in (0.1, 0.5, 1.0)}

    def __call__(self, line: str) -> None:
        """Hear of progress: `  12 documents, 3,456 statements ...`."""
        words = line.replace(",", "").split()
        if "statements" in words and words[-1] == "...":
            self.note(int(words[2]) / STATEMENTS)

    def note(self, share: float) -> None:
        """Note the memory held at this share of the statements."""
        for mark, seen in self.marks.items():
            if not seen and share >= mark:
                self.marks[mark] = memory()


def run_import(folder: Path) -> tuple[Spent, Meter]:
    """Import by the real path; return the time and the memory met."""
    from agencies.ingest.runs import perform, start

    meter = Meter()
    with Spent() as spent:
        run = perform(start("facts_csv", [str(folder)]), meter)
    meter.note(1.0)
    if run.status != "done" or run.counts["statements new"] != STATEMENTS:
        raise SystemExit(f"the import failed: {run.status} {run.problem} {run.counts}")
    print(", ".join(f"{word} {number:,}" for word, number in run.counts.items() if number))
    return spent, meter


def copy_rows(folder: Path) -> dict[str, Spent]:
    """Copy what the import wrote into plain tables; return the time for each."""
    from django.db import connection

    spent = {}
    with connection.cursor() as cursor:
        for table in (*WRITTEN, *DERIVED):
            columns = _columns(cursor, f"agencies_{table}")
            file = folder / f"{table}.copy"
            with file.open("wb") as out:
                cursor.copy_expert(f"COPY agencies_{table} ({columns}) TO STDOUT", out)
            cursor.execute(f"CREATE TABLE plain_{table} AS SELECT {columns} FROM agencies_{table} WITH NO DATA")
            with file.open("rb") as data, Spent() as spent[table]:
                cursor.copy_expert(f"COPY plain_{table} ({columns}) FROM STDIN", data, 1 << 20)
    return spent


def _columns(cursor: Any, table: str) -> str:
    cursor.execute(
        "SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''",
        [table],
    )
    return str(cursor.fetchone()[0])


def main() -> None:
    """Make the database, measure, report, drop the database."""
    from django.core.management import call_command
    from django.db import connection

    name = f"atlas_ingest_{os.getpid()}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    home = dict(connection.settings_dict)
    connection.close()
    connection.settings_dict["NAME"] = name
    try:
        call_command("migrate", verbosity=0)
        make_registry()
        with tempfile.TemporaryDirectory(prefix="atlas-ingest-") as folder:
            measure(Path(folder))
    finally:
        connection.close()
        connection.settings_dict["NAME"] = home["NAME"]
        with connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def measure(folder: Path) -> None:
    """Import, copy, and print both."""
    write_file(folder, STATEMENTS // (COPIES * NAMES))
    print(
        f"{STATEMENTS:,} statements, {(folder / 'statements.csv').stat().st_size / 1e6:.0f} MB; {memory():.0f} MB held"
    )
    profile = cProfile.Profile()
    if os.environ.get("PROFILE"):
        profile.enable()
    spent, meter = run_import(folder)
    if os.environ.get("PROFILE"):
        profile.disable()
        profile.dump_stats(os.environ["PROFILE"])
    report(spent, copy_rows(folder))
    print("peak memory " + ", ".join(f"{mb:.0f} MB at {share:.0%}" for share, mb in meter.marks.items()))


def report(spent: Spent, copies: dict[str, Spent]) -> None:
    """Print the import's time against that of COPY."""
    said, derived = (sum(copies[table].seconds for table in tables) for tables in (WRITTEN, DERIVED))
    here, there = sum(copy.here for copy in copies.values()), sum(copy.there for copy in copies.values())
    print(f"import {spent.seconds:.1f} s, {STATEMENTS / spent.seconds:,.0f} statements a second")
    print(f"COPY of the rows it recorded {said:.2f} s, of the links and changes that follow {derived:.2f} s")
    print(f"ratio {spent.seconds / (said + derived):.1f} to all rows, {spent.seconds / said:.1f} to those it recorded")
    print(f"processor time: import {spent.here:.1f} s here and {spent.there:.1f} s in PostgreSQL,", end=" ")
    print(f"COPY {here:.2f} and {there:.2f} s, ratio {(spent.here + spent.there) / (here + there):.1f} to all rows")


if __name__ == "__main__":
    sys.path.insert(0, str(BASE))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "transparency.settings")
    django.setup()
    main()
