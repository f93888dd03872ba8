"""The one table of a small workbook, as plain values: no formulas, no macros, no bomb."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from xml.etree.ElementTree import ParseError

import openpyxl
from openpyxl.utils.exceptions import InvalidFileException

from agencies.ingest import safety_workbook
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.portal_names import clean

Cell = str | float | datetime | date | None
"""A cell's value: text with white space collapsed, number, date, or None where it holds nothing."""

_PROPERTIES = "docProps/core.xml"

MOST_ROWS, MOST_COLUMNS = 20_000, 50
"""Size from which on a workbook is no list of agencies."""

_UNREADABLE = (
    InvalidFileException,
    zipfile.BadZipFile,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
)
"""What openpyxl raises for workbooks that it can't read."""


@dataclass(frozen=True, slots=True)
class Workbook:
    """The table of a workbook: its sheet's name, its rows (the heading first), and when it was last saved (UTC)."""

    sheet: str
    rows: list[tuple[Cell, ...]]
    saved_on: date | None


def read_workbook(data: bytes, file: str) -> Workbook:
    """Return the only table of a workbook.

    Raises ImportProblem for bytes that are no safe workbook, for none or several sheets with text, and for a table
    that is too large.
    """
    safety_workbook.check(data, file)
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        tables = {sheet.title: _rows(sheet.iter_rows(values_only=True), file) for sheet in book.worksheets}
        saved_on = _saved_on(data, book.properties.modified)
        book.close()
    except _UNREADABLE as problem:
        raise ImportProblem(f"can't be read as a workbook: {problem}", file=file) from problem
    filled = [(name, rows) for name, rows in tables.items() if any(any(cell is not None for cell in r) for r in rows)]
    if len(filled) != 1:
        raise ImportProblem(f"{len(filled)} sheets hold text, and one is read", file=file)
    name, rows = filled[0]
    return Workbook(name, rows, saved_on)


def _saved_on(data: bytes, modified: datetime | None) -> date | None:
    """Return the day of the last saving, None where the workbook holds none (openpyxl then says now)."""
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        told = _PROPERTIES in parts.namelist() and b"modified" in parts.read(_PROPERTIES)
    return modified.date() if told and modified else None


def _rows(found: Iterable[tuple[Any, ...]], file: str) -> list[tuple[Cell, ...]]:
    """Return the rows of a sheet with white space collapsed; a cell of white space holds nothing."""
    rows: list[tuple[Cell, ...]] = []
    for row in found:
        if len(rows) >= MOST_ROWS or len(row) > MOST_COLUMNS:
            raise ImportProblem(f"more than {MOST_ROWS:,} rows or {MOST_COLUMNS} columns", file=file)
        rows.append(tuple((clean(cell) or None) if isinstance(cell, str) else cell for cell in row))
    return rows
