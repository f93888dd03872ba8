"""The rows of a Flock "shared networks" table, from a workbook or a PDF, each with what became of it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from agencies.ingest.ice_287g_workbook import read_workbook
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.pdf_text import opened_pdf
from agencies.ingest.portal_names import clean

_MISENCODED = {"\u00e2\u20ac\u201c": "\u2013", "\u00e2\u20ac\u201d": "\u2014", "\u00e2\u20ac\u2122": "\u2019"}
"""Dashes and apostrophe of UTF-8 that some program read as Windows-1252, as in "Lake Matthews â€“ County"."""


class Column(StrEnum):
    """A column of the table; the value is its heading, the letters only."""

    ORGANISATION = "organizationname"
    RECEIVED = "networkssharedwithme"
    SHARED = "networksimsharing"


class Fate(StrEnum):
    """What became of a row; the value is the reason in words."""

    ORGANISATION = "an organisation and the networks shared both ways"
    REST = "rest of the row before it, cut by the end of a page"
    HEADING = "heading of the columns"
    TITLE = "above the heading of the columns"
    BLANK = "blank"

    @property
    def is_parsed(self) -> bool:
        """Tell whether the row became statements; else it was set aside."""
        return self in (Fate.ORGANISATION, Fate.REST)


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row: where it stands, its cells in the order of `Column` with white space collapsed, and its fate."""

    place: str
    organisation: str
    received: str
    shared: str
    fate: Fate


@dataclass(frozen=True, slots=True)
class Table:
    """All rows of a document. `title` is the name of the workbook's sheet, "" for a PDF."""

    title: str
    rows: list[TableRow]


@dataclass(frozen=True, slots=True)
class _Raw:
    """A row as it stands in the file. `opens_page`: it is the first of a further page of a PDF."""

    place: str
    cells: list[str]
    opens_page: bool = False


def account(data: bytes, *, file: str) -> Table:
    """Return every row of the table with its fate. Pure: bytes in, rows out.

    Raises ImportProblem for what is neither workbook nor PDF or can't be read as one, has no such table, or has a
    row of networks without an organisation.
    """
    if data.startswith(b"PK"):
        title, raw = _from_workbook(data, file)
    elif b"%PDF-" in data[:1024]:
        title, raw = "", _from_pdf(data, file)
    else:
        raise ImportProblem("neither a workbook (XLSX) nor a PDF", file=file)
    rows = list(_fates(raw, file))
    if not any(row.fate is Fate.HEADING for row in rows):
        message = 'no row has the columns "Organization Name", "Networks Shared With Me" and "Networks I\'m Sharing"'
        raise ImportProblem(message, file=file)
    return Table(title, rows)


def printed(text: object) -> str:
    """Return a cell's text with white space collapsed and mis-encoded dashes and apostrophes mended; None gives ""."""
    found = "" if text is None else str(text)
    for wrong, right in _MISENCODED.items():
        found = found.replace(wrong, right)
    return clean(found)


def _columns(cells: Sequence[str]) -> dict[Column, int] | None:
    """Return where the three columns stand when the cells are their headings, else None."""
    letters = [re.sub(r"[^a-z]", "", cell.lower().replace("organisation", "organization")) for cell in cells]
    if not all(column in letters for column in Column):
        return None
    return {column: letters.index(column) for column in Column}


def _fates(raw: list[_Raw], file: str) -> Iterator[TableRow]:
    """Yield the rows; a heading that a further page repeats is a heading again."""
    columns: dict[Column, int] | None = None
    continues = False
    for row in raw:
        found = _columns(row.cells)
        columns = found or columns
        if columns is None:
            organisation, received, shared = " ".join(filter(None, row.cells)), "", ""
            fate = Fate.TITLE
        else:
            organisation, received, shared = (
                row.cells[columns[column]] if columns[column] < len(row.cells) else "" for column in Column
            )
            fate = Fate.HEADING if found else Fate.ORGANISATION
        if not any(row.cells):
            fate = Fate.BLANK
        elif fate is Fate.ORGANISATION and not organisation:
            if not (row.opens_page or continues):
                raise ImportProblem(f"no organisation in {row.place}", file=file, field="Organization Name")
            fate = Fate.REST
        continues = fate is Fate.HEADING and row.opens_page
        yield TableRow(row.place, organisation, received, shared, fate)


def joined(rows: list[TableRow]) -> list[TableRow]:
    """Return the organisations' rows, those cut by the end of a page put together again."""
    whole: list[TableRow] = []
    for row in rows:
        if row.fate is Fate.ORGANISATION:
            whole.append(row)
        elif row.fate is Fate.REST and whole:
            before = whole[-1]
            received, shared = clean(f"{before.received} {row.received}"), clean(f"{before.shared} {row.shared}")
            whole[-1] = replace(before, received=received, shared=shared)
    return whole


def _from_workbook(data: bytes, file: str) -> tuple[str, list[_Raw]]:
    """Return name and rows of the workbook's one sheet with text."""
    book = read_workbook(data, file)
    rows = [_Raw(f"row {number}", [printed(cell) for cell in row]) for number, row in enumerate(book.rows, start=1)]
    return book.sheet, rows


def _from_pdf(data: bytes, file: str) -> list[_Raw]:
    """Return the rows of all ruled tables, page by page; lines of text outside of tables are no rows."""
    found: list[_Raw] = []
    with opened_pdf(data, file=file) as pages:
        for page in pages:
            rows = [row for table in page.extract_tables() for row in table]
            for number, row in enumerate(rows, start=1):
                place = f"page {page.page_number}, row {number}"
                opens_page = page.page_number > 1 and number == 1
                found.append(_Raw(place, [printed(cell) for cell in row], opens_page))
            page.close()
    if not found:
        raise ImportProblem("no page has a ruled table", file=file)
    return found
