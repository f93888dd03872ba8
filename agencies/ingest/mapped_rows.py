"""Rows of a mapped table: which column says what, and what one row says. Pure: no database."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from urllib.parse import urlsplit

from agencies.ingest.file_type import refuse_utf_16
from agencies.ingest.parsed import ImportProblem, ParsedGrant, ParsedSource, PrintedName
from agencies.ingest.portal_names import US_STATES, account_status, clean, state_in_name
from agencies.models.vocabulary import AccountStatus

NAMES = ("grantor", "grantee")
DATES = ("published_on", "retrieved_on", "first_reported_on")
ADDRESSES = ("url", "archive_url", "licence_url")
CAPTURE_FIELDS = (*DATES, *ADDRESSES, "compiled_by", "licence")
"""Fields that are of a copy: rows that differ in one are of different copies."""

FIELDS = (*NAMES, "grantor_state", "grantee_state", "account_status", "printed", "locator", *CAPTURE_FIELDS)
"""All that a column or a constant may say."""

ENCODINGS = {"utf-8": "utf-8-sig", "cp1252": "cp1252"}
"""Encodings of tables, and how Python calls them: UTF-8 with or without a mark, or, only if told, Windows-1252."""

DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}

LONGEST_NAME = 200
"""Characters of a name; longer ones are sentences."""


@dataclass(frozen=True, slots=True)
class TableMapping:
    """Which column of a table says what: `columns` maps fields to headings, `constants` fields to their one value."""

    source: ParsedSource
    network: str
    access: str
    reported_by: str
    section: str
    completeness: str
    columns: dict[str, str]
    constants: dict[str, str] = field(default_factory=dict)
    delimiter: str = ","
    encoding: str = "utf-8"


@dataclass(frozen=True, slots=True)
class MappedRow:
    """What one row says: a grant, and the fields of CAPTURE_FIELDS that are given."""

    number: int
    grant: ParsedGrant
    capture: dict[str, str | date]


def decoded(data: bytes, encoding: str, *, file: str) -> str:
    """Return a table's text; raises ImportProblem for bytes that are not in its encoding, or hold NUL."""
    if encoding not in ENCODINGS:
        raise ImportProblem(f"unknown encoding {encoding!r} (known: {', '.join(ENCODINGS)})", file=file)
    refuse_utf_16(data, file)
    try:
        text = data.decode(ENCODINGS[encoding])
    except UnicodeDecodeError as problem:
        other = "; it may be cp1252" if encoding == "utf-8" else ""
        raise ImportProblem(f"not text in {encoding}{other}: {problem}", file=file) from problem
    if "\0" in text:
        raise ImportProblem("a NUL character in a table", file=file)
    return text


def headings(text: str, delimiter: str, *, file: str) -> list[str]:
    """Return the headings of a table; raises ImportProblem where there is no first row."""
    try:
        first = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True), [])
    except csv.Error as problem:
        raise ImportProblem(f"not a table: {problem}", file=file, row=1) from problem
    if not any(map(clean, first)):
        raise ImportProblem("the first row holds no headings", file=file, row=1)
    return [clean(heading) for heading in first]


def repeated(names: list[str]) -> dict[str, list[int]]:
    """Return the headings that stand more than once, each with its columns, the first of a table being 1."""
    columns: dict[str, list[int]] = defaultdict(list)
    for column, name in enumerate(names, start=1):
        columns[name].append(column)
    return {name: found for name, found in columns.items() if name and len(found) > 1}


def table_rows(data: bytes, mapping: TableMapping, *, file: str) -> Iterator[tuple[int, list[str], dict[str, str]]]:
    """Yield the rows: number (the headings are row 1), all cells, cleaned, and heading -> cell; empty rows are none.

    Raises ImportProblem for a heading of the mapping that the table lacks or has twice, and for a row with more or
    fewer cells than headings.
    """
    text = decoded(data, mapping.encoding, file=file)
    names = headings(text, mapping.delimiter, file=file)
    twice = repeated(names)
    for name, heading in mapping.columns.items():
        if heading not in names:
            raise ImportProblem(f"the table has no such heading: {heading!r}", file=file, row=1, field=name)
        if heading in twice:
            where = ", ".join(map(str, twice[heading]))
            problem = f"the heading stands there twice: {heading!r}, columns {where}"
            raise ImportProblem(problem, file=file, row=1, field=name)
    reader, number = csv.reader(io.StringIO(text, newline=""), delimiter=mapping.delimiter, strict=True), 0
    try:
        for number, row in enumerate(reader, start=1):
            cells = list(map(clean, row))
            if number == 1 or not any(cells):
                continue
            if len(cells) != len(names):
                raise ImportProblem(f"{len(cells)} cells under {len(names)} headings", file=file, row=number)
            yield number, cells, dict(zip(names, cells, strict=True))
    except csv.Error as error:
        raise ImportProblem(f"not a table: {error}", file=file, row=number + 1) from error


def parse_row(cells: dict[str, str], mapping: TableMapping, *, row: int, file: str) -> MappedRow:
    """Return what a row says. Raises ImportProblem with row and field for a cell that can't be read.

    Where no state is given, it is the one printed in the name, and else that of the agency whose list it is.
    """
    said = {
        name: clean(cells[mapping.columns[name]] if name in mapping.columns else mapping.constants.get(name, ""))
        for name in FIELDS
    }
    for name in NAMES:
        if not said[name] or len(said[name]) > LONGEST_NAME:
            problem = "the cell is empty" if not said[name] else f"too long for a name: {said[name][:40]!r}..."
            raise ImportProblem(problem, file=file, row=row, field=name)
    grantor, grantee = _both_ends(said, mapping.reported_by, row=row, file=file)
    listed = grantor if mapping.reported_by == "grantee" else grantee
    grant = ParsedGrant(
        grantor,
        grantee,
        said["printed"] or listed.text,
        f"row {row}, {said['locator']}" if said["locator"] else f"row {row}",
        _status(said["account_status"], listed.text, row=row, file=file),
    )
    return MappedRow(row, grant, _capture_fields(said, row=row, file=file))


def _both_ends(said: dict[str, str], reported_by: str, *, row: int, file: str) -> tuple[PrintedName, PrintedName]:
    """Return grantor and grantee with their states."""
    states = {name: said[f"{name}_state"].upper() for name in NAMES}
    for name, state in states.items():
        if state and state not in US_STATES:
            raise ImportProblem(f"no state's two letters: {state[:20]!r}", file=file, row=row, field=f"{name}_state")
    if reported_by in NAMES:
        listed = "grantee" if reported_by == "grantor" else "grantor"
        states[reported_by] = states[reported_by] or state_in_name(said[reported_by])
        states[listed] = states[listed] or states[reported_by]
    else:
        states = {name: state or state_in_name(said[name]) for name, state in states.items()}
    return PrintedName(said["grantor"], states["grantor"]), PrintedName(said["grantee"], states["grantee"])


def _status(text: str, name: str, *, row: int, file: str) -> str:
    """Return the account's status: as the table gives it, else as marks in the listed name do."""
    status = text.lower().replace(" ", "_").replace("-", "_")
    if status and status not in AccountStatus.values:
        known = ", ".join(AccountStatus.values)
        raise ImportProblem(f"{text[:40]!r} is none of: {known}", file=file, row=row, field="account_status")
    return status or account_status(name)


def _capture_fields(said: dict[str, str], *, row: int, file: str) -> dict[str, str | date]:
    """Return what a row says of the copy that it is of; fields that are not given are left out."""
    found: dict[str, str | date] = {}
    for name in CAPTURE_FIELDS:
        text = said[name]
        if not text:
            continue
        if name in ADDRESSES and urlsplit(text).scheme not in {"http", "https"}:
            raise ImportProblem(f"no web address: {text[:60]!r}", file=file, row=row, field=name)
        found[name] = read_date(text, name, row=row, file=file) if name in DATES else text
    return found


def read_date(text: str, name: str, *, file: str, row: int | None = None) -> date:
    """Return an ISO date, or the UTC date of an ISO time; raises ImportProblem for anything else."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as problem:
        raise ImportProblem(f"no date (YYYY-MM-DD): {text[:40]!r}", file=file, row=row, field=name) from problem
    return (moment.astimezone(UTC) if moment.tzinfo else moment).date()
