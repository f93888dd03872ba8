"""A release made: record, tables, derived formats, delta, descriptions; all of it or nothing."""

from collections.abc import Callable
from datetime import date
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import connection, transaction

from agencies.models import Release
from agencies.releases import manifest as describing
from agencies.releases import store
from agencies.releases.binary_files import write_graphml, write_parquet, write_sqlite
from agencies.releases.delta import DELTA_TABLES, rows_hash, write_delta
from agencies.releases.record_files import record_hash, write_record
from agencies.releases.tables import BY_NAME, SCHEMA_VERSION, TABLES
from agencies.releases.text_files import read_rows, write_csv, write_geojson, write_ndjson
from agencies.revision import forget_old_changes
from agencies.webhooks.events import tell_of_release

Say = Callable[[str], None]
RELEASE_LOCK = 0x52454C45
"""Advisory lock of whoever makes a release."""

PARQUET = ("agencies", "links", "statements")


def make_release(day: date, say: Say = lambda line: None) -> Release | None:
    """Publish the record as it stands as the next release of `day`; None where nothing changed since the last one.

    One snapshot of the database is read, so that all files say the same. Memory does not grow with the record.
    """
    forget_old_changes()
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        within = connection.in_atomic_block
        with transaction.atomic():
            with connection.cursor() as cursor:
                if not within:  # Inside another transaction its snapshot is not ours to choose.
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RELEASE_LOCK])
            before = Release.objects.first()
            say("record ...")
            rows = {f"record/{name}": number for name, number in write_record(folder / "record").items()}
            record = record_hash(folder / "record")
            if before and (before.record_sha256, before.schema_version) == (record, SCHEMA_VERSION):
                return None
            release = _publish(folder, day, before, record, rows, say)
            # Not within: a webhook that failed meanwhile would be a change that this snapshot must not see.
            transaction.on_commit(partial(tell_of_release, release), robust=True)
            return release


def _publish(folder: Path, day: date, before: Release | None, record: str, rows: dict[str, int], say: Say) -> Release:
    """Write what follows from the record, store it all, and add the row that makes it a release."""
    number = Release.objects.filter(released_on=day).count() + 1
    name = f"{day.isoformat()}-{number}"
    for table in TABLES:
        say(f"{table.name} ...")
        rows[f"{table.name}.csv"] = write_csv(table, folder / f"{table.name}.csv")
    logical = _derive(folder, rows)
    rows |= _write_deltas(folder, before)
    files = describing.describe_files(folder, rows)
    manifest = describing.make_manifest(name, day, record, before.name if before else "", files, logical)
    describing.write_json(describing.make_datapackage(name, day, files), folder / "datapackage.json")
    (folder / "README.md").write_text(describing.make_card(manifest, rows), encoding="utf-8")
    manifest["files"] = describing.describe_files(folder, rows)
    describing.write_json(manifest, folder / "manifest.json")
    say("storing ...")
    store.put(name, folder)
    return Release.objects.create(
        name=name,
        released_on=day,
        number=number,
        schema_version=SCHEMA_VERSION,
        record_sha256=record,
        manifest=manifest,
        before=before,
    )


def _derive(folder: Path, rows: dict[str, int]) -> dict[str, str]:
    """Write the other formats; return the logical hash of those whose bytes depend on the writing program."""
    links, agencies = BY_NAME["links"], BY_NAME["agencies"]
    write_ndjson(links, read_rows(links, folder / "links.csv"), folder / "links.ndjson")
    write_geojson(agencies, read_rows(agencies, folder / "agencies.csv"), folder / "agencies.geojson")
    logical = {}
    for name in PARQUET:
        write_parquet(BY_NAME[name], read_rows(BY_NAME[name], folder / f"{name}.csv"), folder / f"{name}.parquet")
        logical[f"{name}.parquet"] = rows_hash(folder / f"{name}.csv")
        rows[f"{name}.parquet"] = rows[f"{name}.csv"]
    write_sqlite(folder, list(TABLES), folder / "atlas.sqlite")
    for table in TABLES:
        logical[f"atlas.sqlite#{table.name}"] = rows_hash(folder / f"{table.name}.csv")
    write_graphml(folder, folder / "network.graphml")
    return logical


def _write_deltas(folder: Path, before: Release | None) -> dict[str, int]:
    """Write what differs from the release before; without one, nothing."""
    if before is None or store.tombstone(before.name) is not None:
        return {}
    (folder / "delta").mkdir()
    rows = {}
    for name in DELTA_TABLES:
        older = f"{before.name}/{name}.csv"
        if store.store().exists(older):
            with store.store().open(older) as file:
                path = folder / "delta" / f"{name}.csv"
                rows[f"delta/{name}.csv"] = write_delta(file, folder / f"{name}.csv", path)
    return rows
