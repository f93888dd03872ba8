"""An index that others made of ICE's 287(g) memoranda: CSV in, one document with a fact an agency out.

The memoranda are ICE's. The index has agencies' names in lower case, kinds of agreement and dates as the names of the
files tell them, and the day on which a collector first held each. It is a source of its own: it adds up all that was
ever published, while ICE's lists say who takes part on their day.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any
from urllib.parse import unquote

from agencies.ingest.compiled_table import opened, rows
from agencies.ingest.ice_287g import FIELD, PROGRAM_ADDRESS, PUBLISHER
from agencies.ingest.ice_287g_cells import FIRST_AGREEMENT
from agencies.ingest.parsed import ImportProblem, ParsedCapture, ParsedDocument, ParsedFact, ParsedSource, PrintedName
from agencies.ingest.single_files import date_option
from agencies.matching.states import STATE_NAMES

COMPILER = "an index of memoranda collected at github.com/appelson/Tracking_287g (compiler not named)"
COLUMNS = ("state", "agency_normalised", "snapshot", "pdf_url")
MODEL, DATE = "model", "date_in_filename_mmddyy"
MODELS = {"TFM": "task_force_model", "WSO": "warrant_service_officer", "JEM": "jail_enforcement_model"}

_MODEL_IN_NAME = re.compile(r"(?<![A-Za-z])(?:287g)?(TFM|WSO|JEM)(?![A-Za-z])")
_SNAPSHOT = re.compile(r"agreements_(\d{8})_\d{6}")
_DATES = (
    (re.compile(r"(?<!\d)(?P<m>\d{2})(?P<d>\d{2})(?P<y>20\d{2})(?!\d)"), 0),
    (re.compile(r"(?<!\d)(?P<m>\d{2})(?P<d>\d{2})(?P<y>\d{2})(?!\d)"), 2000),
    (re.compile(r"(?<!\d)(?P<y>20\d{2})-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?!\d)"), 0),
    (re.compile(r"(?<!\d)(?P<m>\d{1,2})[._-](?P<d>\d{1,2})[._-](?P<y>20\d{2})(?!\d)"), 0),
    (re.compile(r"(?<!\d)(?P<m>\d{1,2})[._](?P<d>\d{1,2})[._](?P<y>\d{2})(?!\d)"), 2000),
)
"""Ways in which ICE's files print a date, month first, and what is added to the year."""


def parse(
    data: bytes, *, file: str, retrieved_on: date | None = None, compiled_by: str = COMPILER, sha256: str = ""
) -> ParsedDocument:
    """Return the index's one document: one fact an agency, with all its memoranda, in the order of the index.

    Its date is that of the newest memorandum in it, unless `retrieved_on` says otherwise. Raises ImportProblem, with
    row and column, for a row that can't be read.
    """
    memoranda: dict[PrintedName, list[tuple[int, dict[str, Any]]]] = {}
    for number, row in rows(data, COLUMNS, file=file):
        try:
            memoranda.setdefault(_agency(row), []).append((number, _memorandum(row)))
        except ImportProblem as problem:
            raise ImportProblem(problem.message, file=file, row=number, field=problem.field) from problem
    if not memoranda:
        raise ImportProblem("the index names no agency", file=file)
    newest = max(memorandum["seen_on"] for found in memoranda.values() for _, memorandum in found)
    return ParsedDocument(
        source=ParsedSource(
            "ice-287g-memoranda",
            "Memoranda of 287(g) agreements published by ICE",
            "dataset",
            PUBLISHER,
            PROGRAM_ADDRESS,
        ),
        capture=ParsedCapture(
            PROGRAM_ADDRESS,
            compiled_by=compiled_by,
            retrieved_on=retrieved_on or date.fromisoformat(newest),
            sha256=sha256 or hashlib.sha256(data).hexdigest(),
            bytes_kept="original",
        ),
        file=file,
        facts=[_fact(agency, found) for agency, found in memoranda.items()],
    )


def read(
    path: Path, *, retrieved_on: str = "", sha256: str = "", compiled_by: str = COMPILER
) -> Iterator[ParsedDocument]:
    """Yield the document of the index at `path`; `retrieved_on` is an ISO date."""
    day = date_option(retrieved_on, "retrieved_on", path.name)
    yield parse(opened(path), file=path.name, retrieved_on=day, compiled_by=compiled_by, sha256=sha256)


def _agency(row: dict[str, str]) -> PrintedName:
    """Return the agency of a row."""
    if row["state"] not in STATE_NAMES:
        raise ImportProblem(f"not a state's code: {row['state'][:20]!r}", field="state")
    return PrintedName(row["agency_normalised"], row["state"])


def _memorandum(row: dict[str, str]) -> dict[str, Any]:
    """Return the memorandum of a row.

    Where the index has no kind or date, the name of the memorandum's own file is read; where that tells none either, it
    is unknown. A date that is none, or lies after the day on which the file was there, is unknown too.
    """
    seen = _SNAPSHOT.fullmatch(row["snapshot"])
    if seen is None:
        raise ImportProblem("not a snapshot's name", field="snapshot")
    if not row["pdf_url"].startswith("https://"):
        raise ImportProblem("not an address", field="pdf_url")
    seen_on = _day(seen[1], "snapshot")
    name = unquote(unquote(row["pdf_url"].rsplit("/", 1)[-1]))
    model = row.get(MODEL) or (_MODEL_IN_NAME.findall(name) or [""])[0]
    if model and model not in MODELS:
        raise ImportProblem(f"unknown: {model[:20]!r}", field=MODEL)
    dated = file_date(row.get(DATE) or name, seen_on)
    return {
        "model": MODELS.get(model),
        "status": "memorandum_published",
        "signed_on": None,
        "file_date": dated.isoformat() if dated else None,
        "seen_on": seen_on.isoformat(),
        "copy": row["pdf_url"],
    }


def _day(digits: str, field: str) -> date:
    """Return the date of eight digits, year first."""
    try:
        return datetime.strptime(digits, "%Y%m%d").date()
    except ValueError as problem:
        raise ImportProblem("not a date", field=field) from problem


def file_date(text: str, latest: date) -> date | None:
    """Return the date in a file's name, or None where there is none, several, or an impossible one."""
    found = set()
    for words, century in _DATES:
        for match in words.finditer(text):
            try:
                found.add(date(century + int(match["y"]), int(match["m"]), int(match["d"])))
            except ValueError:
                return None
    day = found.pop() if len(found) == 1 else None
    return day if day and FIRST_AGREEMENT <= day <= latest else None


def _fact(agency: PrintedName, found: list[tuple[int, dict[str, Any]]]) -> ParsedFact:
    """Return the fact of one agency: its memoranda by kind and date."""
    numbers = ", ".join(str(number) for number, _ in found)
    value = sorted(
        (memorandum for _, memorandum in found),
        key=lambda one: (one["model"] or "", one["file_date"] or "", one["copy"]),
    )
    place = f"row{'s' * (len(found) > 1)} {numbers} of the index"
    return ParsedFact(agency, FIELD, value, printed=agency.text, locator=place[:200])
