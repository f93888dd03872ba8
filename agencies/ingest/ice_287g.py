"""ICE's lists of 287(g) agreements: one workbook in, a fact for every agency out.

Two lists, each a source of its own, so that an agency that leaves the list of pending ones for that of participating
ones is not taken for one that left. A 287(g) agreement is a fact of an agency: it is no grant of access to plate reads.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from agencies.ingest.compiled_table import opened
from agencies.ingest.ice_287g_cells import (
    Agreement,
    Columns,
    agreement_of,
    columns_of,
    list_date,
)
from agencies.ingest.ice_287g_workbook import Workbook, read_workbook
from agencies.ingest.parsed import ImportProblem, ParsedCapture, ParsedDocument, ParsedFact, ParsedSource, PrintedName
from agencies.ingest.single_files import date_option

PUBLISHER = "U.S. Immigration and Customs Enforcement"
PROGRAM_ADDRESS = "https://www.ice.gov/identify-and-arrest/287g"
"""ICE's own page of the program, which links to the newest lists."""

COLLECTED = "a copy of ICE's list (collector not named)"
"""Who made a copy that lies in a folder, unless the caller knows better."""

FIELD = "agreements_287g"


@dataclass(frozen=True, slots=True)
class Kind:
    """One of ICE's two lists: its name in addresses, its title, and what it says of an agency's agreement."""

    slug: str
    title: str
    status: str


PARTICIPATING = Kind("ice-287g-participating", "ICE's list of agencies with a 287(g) agreement", "participating")
PENDING = Kind("ice-287g-pending", "ICE's list of agencies whose 287(g) agreement is pending", "pending")


def parse(
    data: bytes, *, file: str, retrieved_on: date | None = None, compiled_by: str = "", sha256: str = ""
) -> ParsedDocument:
    """Return what one of the two lists says: one fact an agency, with all its agreements.

    Which list it is shows in its columns: only that of participating agencies has dates of signing. The list's date is
    the one in its file's name, else the day on which the workbook was last saved. Raises ImportProblem, with row and
    column, for a row that can't be read; rows without any text are passed over.
    """
    book = read_workbook(data, file)
    columns = columns_of(book.rows[0], file)
    kind = PARTICIPATING if columns.has_dates else PENDING
    named = "pending" in file.lower(), "participating" in file.lower()
    if (named == (True, False) and columns.has_dates) or (named == (False, True) and not columns.has_dates):
        raise ImportProblem(f"the file's name and its columns disagree: {kind.status}?", file=file, row=1)
    published_on = list_date(file) or book.saved_on
    if published_on is None and retrieved_on is None:
        raise ImportProblem("neither the file's name nor the workbook tells the list's date", file=file)
    return ParsedDocument(
        source=ParsedSource(kind.slug, kind.title, "dataset", PUBLISHER, PROGRAM_ADDRESS),
        capture=ParsedCapture(
            PROGRAM_ADDRESS,
            compiled_by=compiled_by,
            published_on=published_on,
            retrieved_on=retrieved_on,
            sha256=sha256 or hashlib.sha256(data).hexdigest(),
            bytes_kept="original",
        ),
        file=file,
        facts=_facts(book, columns, kind, published_on or retrieved_on, file),
    )


def read(
    path: Path, *, retrieved_on: str = "", sha256: str = "", compiled_by: str = COLLECTED
) -> Iterator[ParsedDocument]:
    """Yield the document of a workbook, or of every workbook in a folder, in order of their names.

    `retrieved_on` is an ISO date, `sha256` the hash of the bytes as received, for a single file.
    """
    files = [path] if path.is_file() else sorted(path.glob("*.xlsx"))
    if not files:
        raise ImportProblem("no workbook (.xlsx) found", file=str(path))
    if sha256 and not path.is_file():
        raise ImportProblem("a hash describes a single file, not a folder", file=str(path))
    for file in files:
        day = date_option(retrieved_on, "retrieved_on", file.name)
        yield parse(opened(file), file=file.name, retrieved_on=day, compiled_by=compiled_by, sha256=sha256)


def _facts(book: Workbook, columns: Columns, kind: Kind, latest: date | None, file: str) -> list[ParsedFact]:
    """Return one fact an agency, in the order in which the list names them first."""
    agreements: dict[PrintedName, list[Agreement]] = {}
    for number, row in enumerate(book.rows[1:], start=2):
        if any(cell is not None for cell in row):
            agreement = agreement_of(row, columns, row_number=number, latest=latest, file=file)
            agreements.setdefault(agreement.agency, []).append(agreement)
    if not agreements:
        raise ImportProblem("the list names no agency", file=file)
    return [_fact(agency, found, book.sheet, kind) for agency, found in agreements.items()]


def _fact(agency: PrintedName, found: list[Agreement], sheet: str, kind: Kind) -> ParsedFact:
    """Return the fact of one agency; the locator names sheet, rows, and the county and type that stand there."""
    rows = ", ".join(str(agreement.row) for agreement in found)
    told = [f"{sheet}, row{'s' * (len(found) > 1)} {rows}", *dict.fromkeys(a.about for a in found if a.about)]
    value = [agreement.value(kind.status) for agreement in sorted(found, key=lambda a: (a.model, a.signed_on, a.row))]
    printed = "; ".join(agreement.printed_model for agreement in found)
    return ParsedFact(agency, FIELD, value, printed=printed[:300], locator="; ".join(told)[:200])
