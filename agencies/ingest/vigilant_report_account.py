"""Every line of a Vigilant LEARN "Agency Data Sharing Report": which list it belongs to, or why it is set aside."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import groupby

from agencies.ingest.parsed import ImportProblem
from agencies.ingest.pdf_text import PageText, read_words
from agencies.ingest.vigilant_report_lines import Cell, Row, cells_of, is_rest, rows_of, usual_distance


@dataclass(frozen=True, slots=True)
class Section:
    """One of the report's four lists: its name in the record, and which way it is read."""

    slug: str
    access: str
    reported_by: str


_SHARED = Section("detections-shared", "configured_access", "grantor")
_RECEIVED = Section("detections-received", "configured_access", "grantee")
_HOT_SHARED = Section("hot-lists-shared", "hotlist_feed", "grantor")
_HOT_RECEIVED = Section("hot-lists-received", "hotlist_feed", "grantee")

SECTIONS = (_SHARED, _RECEIVED, _HOT_SHARED, _HOT_RECEIVED)

_HEADINGS = {
    "detectionsshared": _SHARED,
    "detectionsreceived": _RECEIVED,
    "hotlistsharing": _HOT_SHARED,
    "hotlistshared": _HOT_SHARED,
    "hotlistreceived": _HOT_RECEIVED,
}
"""Headings, their letters only: "Hot List Sharing", but "Hot-List Received"."""


class Fate(StrEnum):
    """What became of a line; the value is the reason in words."""

    NAME = "name of an agency"
    REST = "rest of the wrapped name above"
    HOT_LIST = "name of the hot list of the agency beside it"
    BANNER = "banner at the head of the page"
    FOOTER = "date, title and page number at the foot of the page"
    HEADING = "heading of a list"
    INTRODUCTION = "sentence that introduces a list"
    COLUMN_HEADING = "heading of the columns of a list"
    SPECK = "marks without a letter: specks of the scan"

    @property
    def is_parsed(self) -> bool:
        """Tell whether the line became part of a statement; else it was set aside."""
        return self in (Fate.NAME, Fate.REST, Fate.HOT_LIST)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of one column, or a whole row outside the lists (column 0), as the text layer reads it.

    `section` and `heading` are those of the list that it stands in or opens; None and "" before the first.
    """

    page: int
    number: int
    column: int
    text: str
    fate: Fate
    section: Section | None = None
    heading: str = ""


_BANNER_ZONE = 0.09
"""Part of the page's height that the banner takes."""

_BANNER_WORDS = re.compile(r"(?:agency|data|sharing|report|learn|vigilant|solutions)+")
"""The banner's words, of which the text layer runs some together. Its pictures are read as a few odd letters."""

_DEBRIS = 5
"""Letters that a banner's picture may be read as."""

_FOOTER = re.compile(r"Date ?Created|LEARN ?Agency ?Data ?Sharing ?Report|^Page \S+ ?of ?\S+$")
_LONGEST_INTRODUCTION = 3
"""Rows over which an introducing sentence may run."""


def account(data: bytes, *, file: str = "report.pdf") -> list[Line]:
    """Return every line of the report with its fate, in reading order. Pure: bytes in, lines out.

    Together the lines hold every word of the text layer, each once. Raises ImportProblem, naming file and page,
    for what is no such report, has no text layer, or has a line where none is expected.
    """
    rows = [row for page in read_words(data, file=file) for row in _numbered(page)]
    if not any(_letters(row.text) in _HEADINGS for row in rows):
        message = 'not a Vigilant LEARN "Agency Data Sharing Report": none of its lists\' headings'
        raise ImportProblem(message, file=file, field="page 1")
    return list(_in_columns(list(_fates(rows, file))))


def _letters(text: str) -> str:
    """Return a text's letters in lower case: spaces and marks are what a text layer gets wrong first."""
    return re.sub(r"[^a-z]", "", text.lower())


def _is_banner(row: Row, page: PageText) -> bool:
    words = [word.text for word in row.words]
    return row.middle < _BANNER_ZONE * page.height and all(
        len(word) <= _DEBRIS or _BANNER_WORDS.fullmatch(_letters(word)) for word in words
    )


def _numbered(page: PageText) -> Iterator[Row]:
    """Yield the page's rows, those below the banner numbered from 1: a reader of the page counts the same."""
    number = 0
    for row in rows_of(page):
        if number or not _is_banner(row, page):
            number += 1
        yield replace(row, number=number)


def _fates(rows: list[Row], file: str) -> Iterator[tuple[Row, Line]]:
    """Yield each row with the line that it makes as a whole; those of lists are still to be cut into columns."""
    section, heading, introducing, fate = None, "", 0, Fate.BANNER
    for row in rows:
        letters = _letters(row.text)
        if row.number == 0:
            fate = Fate.BANNER
        elif _FOOTER.search(row.text):
            fate = Fate.FOOTER
        elif letters in _HEADINGS:
            fate, section, heading = Fate.HEADING, _HEADINGS[letters], row.text
        elif introducing or (fate is Fate.HEADING and letters.startswith("the")):
            fate = Fate.INTRODUCTION
            introducing = 0 if letters.endswith("agencies") else introducing + 1
        elif letters == "agencyhotlists":
            fate = Fate.COLUMN_HEADING
        elif not any(map(str.isalnum, row.text)):
            fate = Fate.SPECK
        else:
            fate = Fate.NAME
        if introducing > _LONGEST_INTRODUCTION or (fate is Fate.NAME and section is None):
            message = f"line {row.number} belongs to no list: {row.text[:60]!r}"
            raise ImportProblem(message, file=file, field=f"page {row.page}")
        yield row, Line(row.page, row.number, 0, row.text, fate, section, heading)


def _in_columns(found: list[tuple[Row, Line]]) -> Iterator[Line]:
    """Yield the lines, those of lists cut into columns and told apart: names, their rests, hot lists."""
    distance = usual_distance([row for row, line in found if line.fate is Fate.NAME])
    for (fate, section, _), group in groupby(found, key=lambda pair: (pair[1].fate, pair[1].section, pair[1].page)):
        members = list(group)
        if fate is not Fate.NAME or section is None:
            yield from (line for _, line in members)
            continue
        above: dict[int, Cell] = {}
        for cell in cells_of([row for row, _ in members]):
            before = above.get(cell.column)
            above[cell.column] = cell
            if section.access == "hotlist_feed" and cell.column > 1:
                fate = Fate.HOT_LIST
            else:
                fate = Fate.REST if before is not None and is_rest(cell, before, distance) else Fate.NAME
            yield Line(cell.row.page, cell.row.number, cell.column, cell.text, fate, section, members[0][1].heading)
