"""What a mapping makes of the first rows of a table: raw beside read, with the problem where there is one."""

import csv
from dataclasses import dataclass, field, replace
from itertools import islice

from agencies.ingest.mapped_rows import MappedRow, TableMapping, headings, parse_row, table_rows
from agencies.ingest.parsed import ImportProblem

ROWS = 20
"""Rows that are shown."""

_LINES, _CHARACTERS = 200, 100_000
"""How much of a sample goes from one page to the next: enough for ROWS rows, cells of several lines included."""


@dataclass(frozen=True, slots=True)
class RowPreview:
    """One row: its cells as they stand, and what is read in it, or why it can't be."""

    number: int
    cells: list[str]
    read: MappedRow | None = None
    problem: str = ""


@dataclass(slots=True)
class Preview:
    """The headings and first rows of a table, and what is wrong with the table as a whole."""

    headings: list[str] = field(default_factory=list)
    rows: list[RowPreview] = field(default_factory=list)
    problem: str = ""


def sample_of(text: str) -> str:
    """Return the beginning of a table, whole lines."""
    return "".join(islice(text.splitlines(keepends=True), _LINES))[:_CHARACTERS]


def preview(text: str, mapping: TableMapping, *, file: str, can_read: bool = True) -> Preview:
    """Return what the mapping makes of the first rows of a table. Never raises: problems stand where they belong.

    `can_read` says that the mapping names both ends; without, rows are shown as they stand.
    """
    found = Preview()
    plain = replace(mapping, encoding="utf-8", columns=mapping.columns if can_read else {})
    try:
        found.headings = headings(text, mapping.delimiter, file=file)
        for number, cells, named in islice(table_rows(text.encode(), plain, file=file), ROWS):
            row = RowPreview(number, cells)
            found.rows.append(_read(row, named, plain, file) if can_read else row)
    except (ImportProblem, csv.Error) as problem:
        found.problem = str(problem)
        if not found.rows and can_read and found.headings:
            found.rows = preview(text, mapping, file=file, can_read=False).rows
    return found


def _read(row: RowPreview, named: dict[str, str], mapping: TableMapping, file: str) -> RowPreview:
    """Return a row with what is read in its cells, heading -> cell, or with the problem of that."""
    try:
        return replace(row, read=parse_row(named, mapping, row=row.number, file=file))
    except ImportProblem as problem:
        where = f"{problem.field}: " if problem.field else ""
        return replace(row, problem=where + problem.message)
