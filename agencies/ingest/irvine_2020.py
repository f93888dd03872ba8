"""Irvine PD's Vigilant LEARN "Agency Data Sharing Report" of 2020: its federal bodies and Union City rows only.

The report is a scan with a text layer: two columns, hyphens that the layer sets on a line of their own, letters
misread. So a short table of known names is looked for; reading the whole report is another task.
"""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path

import pdfplumber
from pdfminer.pdfparser import PDFSyntaxError
from pdfplumber.page import Page
from pdfplumber.utils.exceptions import PdfminerException

from agencies.ingest.compiled_table import opened
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedCapture,
    ParsedDocument,
    ParsedGrant,
    ParsedList,
    ParsedSource,
    PrintedName,
)
from agencies.ingest.portal_names import state_in_name

IRVINE = PrintedName("Irvine Police Department", "CA")
CREATED, CREATED_ON = "Date Created: 03-02-20", date(2020, 3, 2)
"""Date at the foot of every page, as printed and as a date."""

NAMES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern))
    for name, pattern in (
        ("ATF National Account", r"ATF National Account"),
        ("CBP - NTC", r"C[BE]P -? ?NTC"),
        ("DHS - HSI (Newark NJ)", r"DHS -? ?HSI \(Newark NJ\)"),
        ("Drug Enforcement Agency (NATL)", r"Drug Enforcement ?Agency \(NA[TI]L\)"),
        ("Federal Bureau of Investigation", r"Federal Bureau of Investigation"),
        ("San Diego Sector Border Patrol (CA)", r"San Diego Sector Border Patrol \(CA\)"),
        ("United States Forest Service CA", r"United States Forest Service CA"),
        ("Union City Police Department (CA)", r"Union City Police Department \(CA\)"),
        ("Union City Police Department", r"Union City Police Department"),
    )
)
"""Names as the page shows them, and what the text layer makes of them."""


@dataclass(frozen=True, slots=True)
class Section:
    """One of the report's four lists: its heading, and which way it is read."""

    heading: str
    slug: str
    access: str
    reported_by: str


SECTIONS = (
    Section("Detections Shared", "detections-shared", "configured_access", "grantor"),
    Section("Detections Received", "detections-received", "configured_access", "grantee"),
    Section("Hot List Sharing", "hot-lists-shared", "hotlist_feed", "grantor"),
    Section("Hot-List Received", "hot-lists-received", "hotlist_feed", "grantee"),
)

_LINE_HEIGHT = 10.0
"""Points within which words stand on one line: a hyphen lies 6 below its line, the next line 25."""

_COLUMN_GAP = 14.0
"""Points of white between the end of one column's name and the start of the next column's."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a line: where it stands and what the text layer reads there."""

    page: int
    line: int
    column: int
    text: str


def parse(data: bytes, *, file: str) -> ParsedDocument:
    """Return what the report says of federal bodies and of Union City.

    Raises ImportProblem for a file that is no PDF or another report, that lacks one of the four lists, or
    where none of the names stands.
    """
    try:
        with pdfplumber.open(io.BytesIO(data)) as pdf:
            cells = [cell for page in pdf.pages for cell in _cells(page)]
    except (PDFSyntaxError, PdfminerException) as problem:
        raise ImportProblem("not a PDF that can be read", file=file) from problem
    if not all(any(words in cell.text for cell in cells) for words in (IRVINE.text, CREATED)):
        raise ImportProblem(f"not Irvine's report of {CREATED_ON}", file=file)
    lists = [found for found in (_list(section, cells, file) for section in SECTIONS) if found.grants]
    if not lists:
        raise ImportProblem("none of the names looked for stands there", file=file)
    return ParsedDocument(
        source=ParsedSource(
            slug="vigilant-report-irvine-2020",
            title="Vigilant LEARN data sharing report of the Irvine Police Department, March 2020",
            kind="foia",
            publisher=IRVINE.text,
            network="vigilant",
            agency=IRVINE,
        ),
        capture=ParsedCapture("", published_on=CREATED_ON, sha256=hashlib.sha256(data).hexdigest()),
        file=file,
        lists=lists,
        kept_text="\n\n".join(
            "\n".join([found.heading, *(grant.printed for grant in found.grants)]) for found in lists
        ),
    )


def read(path: Path) -> Iterator[ParsedDocument]:
    """Yield the one document of the PDF at `path`."""
    yield parse(opened(path), file=path.name)


def _cells(page: Page) -> Iterator[Cell]:
    """Yield the cells of a page, line by line, left to right."""
    words = sorted(page.extract_words(), key=lambda word: word["top"])
    starts: list[float] = []
    for word in words:
        if not starts or word["top"] - starts[-1] > _LINE_HEIGHT:
            starts.append(word["top"])
        word["line"] = len(starts)
    for line, members in groupby(words, key=lambda word: word["line"]):
        column, text, end = 1, "", 0.0
        for word in sorted(members, key=lambda member: member["x0"]):
            if text and word["x0"] - end > _COLUMN_GAP:
                yield Cell(page.page_number, line, column, text)
                column, text = column + 1, ""
            text, end = f"{text} {word['text']}".strip(), word["x1"]
        yield Cell(page.page_number, line, column, text)


def _list(section: Section, cells: list[Cell], file: str) -> ParsedList:
    """Return one of the report's lists with the grants of the names looked for."""
    begin = _heading(section, cells, file)
    following = SECTIONS[SECTIONS.index(section) + 1 :]
    end = _heading(following[0], cells, file) if following else len(cells)
    found = ParsedList("vigilant", section.access, section.reported_by, section.slug, "extract", section.heading)
    for cell in cells[begin + 1 : end]:
        if section.access == "hotlist_feed" and cell.column > 1:
            continue  # the second column holds names of hot lists, not of agencies
        name = next((printed for printed, pattern in NAMES if pattern.fullmatch(cell.text)), None)
        if name is not None:
            found.grants.append(_grant(section, name, cell))
    return found


def _heading(section: Section, cells: list[Cell], file: str) -> int:
    """Return the position of a list's heading among the cells."""
    for position, cell in enumerate(cells):
        if cell.text == section.heading:
            return position
    raise ImportProblem("the list's heading is missing", file=file, field=section.heading)


def _grant(section: Section, name: str, cell: Cell) -> ParsedGrant:
    """Return the grant that a cell states; the locator says where the text layer reads something else.

    The report lists agencies of the whole country, so that Irvine's state tells nothing of a name: its state
    is the one printed beside it, or none. Two rows differ by that alone, "Union City Police Department (CA)"
    and "Union City Police Department".
    """
    other = PrintedName(name, state_in_name(name))
    grantor, grantee = (IRVINE, other) if section.reported_by == "grantor" else (other, IRVINE)
    place = f"{section.heading}, page {cell.page}, line {cell.line}, column {cell.column}"
    misread = "" if cell.text == name else f'; the text layer reads "{cell.text}"'
    return ParsedGrant(grantor, grantee, name, place + misread)
