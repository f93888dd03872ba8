"""Flock "shared networks" tables (XLSX or PDF), as agencies release them: who shares which networks, both ways.

A row is an organisation, the networks that it shares with the table's agency, and the networks that the agency
shares with it. One statement is one network of one row.
"""

import calendar
import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from django.utils.text import slugify

from agencies.ingest.compiled_table import opened
from agencies.ingest.flock_shared_networks_table import Table, TableRow, account, joined
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedCapture,
    ParsedDocument,
    ParsedGrant,
    ParsedList,
    ParsedSource,
    PrintedName,
)
from agencies.ingest.portal_names import US_STATES, account_status, clean, split_names, state_in_name
from agencies.ingest.single_files import date_option, files_at
from agencies.matching.withheld import is_withheld

SHARED, RECEIVED = "networks-shared", "networks-received"
"""Canonical names of the two lists: networks that the agency shares, networks that are shared with it."""

_SHARED_HEADING, _RECEIVED_HEADING = "Networks I'm Sharing", "Networks Shared With Me"

_KNOWN = {
    "7332cf6ec2e9b61c805feaaf5da88650f2cc9e93b331af0d35a6d3b38df00e98": PrintedName("Orange County SO CA", "CA"),
}
"""Whose table a file is, by its SHA-256: the tables don't say. The name is the one that Flock's lists print."""

_MONTHS = {name.lower(): number for number, name in enumerate(calendar.month_name) if name}
_WORDED = re.compile(rf"(20\d\d)[ _.-]+({'|'.join(_MONTHS)})[ _.-]+(\d\d?)(?!\d)", re.IGNORECASE)
_DAY = re.compile(r"(20\d\d)[_.-](\d\d)[_.-](\d\d)(?!\d)")
_MONTH = re.compile(r"(20\d\d)[_.-](\d\d)(?!\d)")


def parse(
    data: bytes,
    *,
    file: str,
    agency: str = "",
    state: str = "",
    published_on: str = "",
    retrieved_on: str = "",
    url: str = "",
    compiled_by: str = "",
    sha256: str = "",
) -> ParsedDocument:
    """Return both lists of the table.

    `agency` and `state` say whose it is, since tables don't. `sha256` is that of the bytes as received, where
    `data` is not all of them. Dates are ISO; without `published_on` the day comes from the sheet's name, else from
    the file's name. Raises ImportProblem as `account` does, and where agency or any date is missing.
    """
    table = account(data, file=file)
    digest = hashlib.sha256(data).hexdigest()
    whose = _agency(agency, state, digest, file)
    published = date_option(published_on, "published_on", file) or _dated(table.title) or _dated(Path(file).stem)
    retrieved = date_option(retrieved_on, "retrieved_on", file)
    if published is None and retrieved is None:
        raise ImportProblem("neither sheet nor file name has a date: give one", file=file, field="published_on")
    return ParsedDocument(
        source=_source(whose),
        capture=ParsedCapture(
            url, compiled_by=compiled_by, published_on=published, retrieved_on=retrieved, sha256=sha256 or digest
        ),
        file=file,
        lists=_lists(table, whose),
        kept_text="\n".join(_kept(row) for row in joined(table.rows)),
    )


def read(path: Path, **options: str) -> Iterator[ParsedDocument]:
    """Yield the document of the file at `path`, or of every workbook and PDF below the folder.

    The options are those of `parse`.
    """
    for file in files_at(path, (".xlsx", ".pdf"), options):
        yield parse(opened(file), file=file.name, **options)


def _agency(name: str, state: str, digest: str, file: str) -> PrintedName:
    """Return whose table it is: as the options say, else as known of this very file."""
    if not name and digest in _KNOWN:
        return _KNOWN[digest]
    if not clean(name):
        raise ImportProblem("the table doesn't say whose it is: give agency and state", file=file, field="agency")
    code = state or state_in_name(name)
    if code not in US_STATES:
        raise ImportProblem(f"not a state's two letters: {code[:20]!r}", file=file, field="state")
    return PrintedName(clean(name), code)


def _dated(text: str) -> date | None:
    """Return the date in the name of a sheet or file, None without one.

    A month alone gives its last day: by then the table was made, while on its first day it may not have been.
    """
    try:
        if worded := _WORDED.search(text):
            return date(int(worded[1]), _MONTHS[worded[2].lower()], int(worded[3]))
        if day := _DAY.search(text):
            return date(*map(int, day.groups()))
        if month := _MONTH.search(text):
            year, number = map(int, month.groups())
            return date(year, number, calendar.monthrange(year, number)[1])
    except ValueError:  # "2025_99_07" is some other number
        return None
    return None


def _source(agency: PrintedName) -> ParsedSource:
    """Return the source of all tables of one agency."""
    slug = slugify(f"{agency.text} {agency.state if state_in_name(agency.text) != agency.state else ''}")
    return ParsedSource(
        slug=f"flock-shared-networks-{slug[:100]}",
        title=f"Flock shared networks table of {agency.text}",
        kind="foia",
        publisher=agency.text,
        network="flock",
        agency=agency,
    )


def _lists(table: Table, agency: PrintedName) -> list[ParsedList]:
    """Return what the agency shares and what is shared with it."""
    rows = joined(table.rows)
    shared = [grant for row in rows for grant in _shared(row, agency)]
    received = [grant for row in rows for grant in _received(row, agency)]
    return [
        ParsedList("flock", "configured_access", side, section, "complete" if grants else "empty", heading, grants)
        for side, section, heading, grants in (
            ("grantor", SHARED, _SHARED_HEADING, shared),
            ("grantee", RECEIVED, _RECEIVED_HEADING, received),
        )
    ]


def _shared(row: TableRow, agency: PrintedName) -> Iterator[ParsedGrant]:
    """Yield what the agency shares with a row's organisation: each network of its own under its printed name."""
    names = split_names(row.shared)
    for number, name in enumerate(names, start=1):
        yield ParsedGrant(
            PrintedName(name, agency.state),
            PrintedName(row.organisation, agency.state),
            row.organisation,
            f"{row.place}, {_SHARED_HEADING}, name {number} of {len(names)}",
            account_status(row.organisation),
        )


def _received(row: TableRow, agency: PrintedName) -> Iterator[ParsedGrant]:
    """Yield what a row's organisation shares with the agency.

    The row says whose the networks are, so the organisation is the grantor, whatever its networks are called.
    """
    names = split_names(row.received)
    for number, name in enumerate(names, start=1):
        statuses = account_status(name), account_status(row.organisation)
        yield ParsedGrant(
            PrintedName(row.organisation, agency.state),
            agency,
            row.organisation,
            f"{row.place}, {_RECEIVED_HEADING}, name {number} of {len(names)}: {_unless_withheld(name)}",
            next((status for status in statuses if status != "active"), "active"),
        )


def _kept(row: TableRow) -> str:
    """Return a row as the record keeps it."""
    cells = [[row.organisation], split_names(row.received), split_names(row.shared)]
    return f"{row.place}: " + " | ".join(", ".join(map(_unless_withheld, names)) for names in cells)


def _unless_withheld(name: str) -> str:
    """Return a name, or a mark where it is one that is never shown: residents stand among the organisations."""
    return "[withheld]" if is_withheld(name) else name
