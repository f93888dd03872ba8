"""The cells of ICE's lists of 287(g) agreements: columns, states, models, dates."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from agencies.ingest.ice_287g_workbook import Cell
from agencies.ingest.parsed import ImportProblem, PrintedName
from agencies.matching.states import STATE_NAMES

STATE, AGENCY, TYPE, COUNTY, MODEL, SIGNED = (
    "STATE",
    "LAW ENFORCEMENT AGENCY",
    "TYPE",
    "COUNTY",
    "SUPPORT TYPE",
    "SIGNED",
)
MEMORANDUM, ADDENDUM = "MOA", "ADDENDUM"
REQUIRED = (STATE, AGENCY, MODEL)
"""Columns that every list has, and that hold something in every row."""

MODELS = {
    "task force model": "task_force_model",
    "warrant service officer": "warrant_service_officer",
    "jail enforcement model": "jail_enforcement_model",
}
"""Kind of agreement as printed (in lower case) and as stored."""

_STATES = {name.upper(): code for code, name in STATE_NAMES.items()}
_MEMORANDA = {"link": "published", "link pending": "not_published_yet"}
_DATE_IN_NAME = re.compile(r"(?<!\d)(\d{2})(\d{2})(20\d{2})(?!\d)")

FIRST_AGREEMENT = date(2002, 1, 1)
"""No agreement is older: the first was signed in 2002, six years after the law of 1996."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where a list's columns stand, by heading."""

    places: dict[str, int]

    @property
    def has_dates(self) -> bool:
        """Whether the list gives dates of signing, which only that of participating agencies does."""
        return SIGNED in self.places

    def cell(self, row: Sequence[Cell], name: str) -> Cell:
        """Return the cell of a row under a heading, None where there is no such column or nothing in it."""
        place = self.places.get(name, len(row))
        return row[place] if place < len(row) else None


@dataclass(frozen=True, slots=True)
class Agreement:
    """One row of a list. `signed_on` is an ISO date or ""; `signed_printed` is a date that can't be one, as printed."""

    agency: PrintedName
    model: str
    printed_model: str
    signed_on: str
    signed_printed: str
    memorandum: str
    addendum: bool
    about: str
    row: int

    def value(self, status: str) -> dict[str, Any]:
        """Return the agreement as a fact holds it."""
        value: dict[str, Any] = {"model": self.model, "status": status, "signed_on": self.signed_on or None}
        if self.signed_printed:
            value["signed_printed"] = self.signed_printed
        if self.memorandum:
            value["memorandum"] = self.memorandum
        if self.addendum:
            value["addendum"] = True
        return value


def columns_of(heading: Sequence[Cell], file: str) -> Columns:
    """Return where the columns stand; raises ImportProblem for a heading that is not that of a list."""
    names = [cell.upper() if isinstance(cell, str) else "" for cell in heading]
    missing = [name for name in REQUIRED if name not in names]
    if missing:
        raise ImportProblem("the column is missing", file=file, row=1, field=missing[0])
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice:
        raise ImportProblem("the column stands twice", file=file, row=1, field=twice)
    return Columns({name: place for place, name in enumerate(names) if name})


def list_date(file: str) -> date | None:
    """Return the date in a list's file name ("participatingAgencies07182025pm.xlsx"), or None."""
    match = _DATE_IN_NAME.search(file)
    if match is None:
        return None
    month, day, year = map(int, match.groups())
    try:
        return date(year, month, day)
    except ValueError:
        return None


def agreement_of(
    row: Sequence[Cell], columns: Columns, *, row_number: int, latest: date | None, file: str
) -> Agreement:
    """Return the agreement of a row; raises ImportProblem for a cell that can't be read.

    A date of signing that is none, or lies after the list's own date, is a slip of the list: it is kept as printed
    and not guessed at.
    """
    try:
        cells = {name: _text(columns, row, name) for name in (*REQUIRED, TYPE, COUNTY, MEMORANDUM, ADDENDUM)}
        signed_on, signed_printed = _signed(columns.cell(row, SIGNED), latest)
        return Agreement(
            agency=PrintedName(_plain_name(cells[AGENCY]), _known(_STATES, cells[STATE].upper(), STATE)),
            model=_known(MODELS, cells[MODEL].lower(), MODEL),
            printed_model=cells[MODEL],
            signed_on=signed_on,
            signed_printed=signed_printed,
            memorandum=_MEMORANDA.get(cells[MEMORANDUM].lower(), cells[MEMORANDUM][:40]),
            addendum=bool(cells[ADDENDUM]),
            about=", ".join(cells[name] for name in (COUNTY, TYPE) if cells[name]),
            row=row_number,
        )
    except ImportProblem as problem:
        raise ImportProblem(problem.message, file=file, row=row_number, field=problem.field) from problem


def _text(columns: Columns, row: Sequence[Cell], name: str) -> str:
    """Return the text under a heading, "" where there is none; raises ImportProblem for another value, or a gap."""
    cell = columns.cell(row, name)
    if cell is None and name in REQUIRED:
        raise ImportProblem("the cell is empty", field=name)
    if not isinstance(cell, str | None):
        raise ImportProblem("not a text", field=name)
    return cell or ""


def _plain_name(name: str) -> str:
    """Return a name with straight apostrophes: the lists print "Sheriff's" both ways for the same agency."""
    return name.replace("\u2019", "'").replace("\u2018", "'")


def _known(words: Mapping[str, str], printed: str, field: str) -> str:
    """Return what a printed word stands for; raises ImportProblem for one that is not known."""
    if printed not in words:
        raise ImportProblem(f"unknown: {printed[:60]!r}", field=field)
    return words[printed]


def _signed(cell: Cell, latest: date | None) -> tuple[str, str]:
    """Return the date of signing (ISO, or "") and, where there is a cell that is no possible date, that cell."""
    if cell is None:
        return "", ""
    if isinstance(cell, str):
        return "", cell[:40]
    if not isinstance(cell, date):
        raise ImportProblem("neither a date nor a text", field=SIGNED)
    day = cell.date() if isinstance(cell, datetime) else cell
    possible = day >= FIRST_AGREEMENT and (latest is None or day <= latest)
    return (day.isoformat(), "") if possible else ("", day.isoformat())
