"""Any CSV table through a saved column mapping: rows in, a document for every copy (address and dates) out."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from agencies.ingest.compiled_table import opened
from agencies.ingest.mapped_rows import DATES, MappedRow, TableMapping, parse_row, read_date, table_rows
from agencies.ingest.parsed import ImportProblem, ParsedCapture, ParsedDocument, ParsedGrant, ParsedList
from agencies.ingest.saved_mapping import saved_mapping


def parse(
    data: bytes, mapping: TableMapping, *, file: str, capture: ParsedCapture | None = None
) -> Iterator[ParsedDocument]:
    """Yield a document for every address and set of dates in the table, in the order in which they first stand there.

    `capture` holds what is known of the whole table: its hash, and dates and address where no column has them.
    A pair that stands twice in a document is one grant. Raises ImportProblem, with the row, for a heading that is
    missing, a cell that can't be read, a row without a date, a table without rows, and a list that should be
    complete but whose rows are of several dates or addresses.
    """
    known = capture or ParsedCapture("", sha256=hashlib.sha256(data).hexdigest())
    found: dict[ParsedCapture, list[MappedRow]] = {}
    for number, _, cells in table_rows(data, mapping, file=file):
        row = parse_row(cells, mapping, row=number, file=file)
        found.setdefault(_capture_of(row, known, file), []).append(row)
    if not found:
        raise ImportProblem("a table without rows", file=file)
    if mapping.completeness == "complete" and len(found) > 1:
        raise ImportProblem(f"a complete list is one copy, but its rows are of {len(found):,}", file=file)
    for copy, rows in found.items():
        yield ParsedDocument(source=mapping.source, capture=copy, file=file, lists=[_list(mapping, rows)])


def read(
    path: Path,
    *,
    mapping: str | TableMapping = "",
    published_on: str = "",
    retrieved_on: str = "",
    first_reported_on: str = "",
    url: str = "",
    archive_url: str = "",
    compiled_by: str = "",
    sha256: str = "",
    encoding: str = "",
) -> Iterator[ParsedDocument]:
    """Yield the documents of the table at `path`, read through a mapping, or the saved one of that name.

    The other options hold where no column and no constant of the mapping says otherwise; dates are ISO dates.
    """
    saved = mapping if isinstance(mapping, TableMapping) else saved_mapping(mapping, file=path.name)
    data = opened(path)
    dates = zip(DATES, (published_on, retrieved_on, first_reported_on), strict=True)
    known: dict[str, Any] = {name: read_date(text, name, file=path.name) for name, text in dates if text}
    capture = ParsedCapture(
        url,
        archive_url=archive_url,
        compiled_by=compiled_by,
        **known,
        sha256=sha256 or hashlib.sha256(data).hexdigest(),
    )
    yield from parse(data, replace(saved, encoding=encoding) if encoding else saved, file=path.name, capture=capture)


def _capture_of(row: MappedRow, known: ParsedCapture, file: str) -> ParsedCapture:
    """Return the copy that a row belongs to: what the row says, and what is known of the whole table."""
    said: dict[str, Any] = dict(row.capture)
    copy = replace(known, **said, bytes_kept="original")
    if not (copy.published_on or copy.retrieved_on or copy.first_reported_on):
        raise ImportProblem("no date: give one in a column, a constant or an option", file=file, row=row.number)
    return copy


def _list(mapping: TableMapping, rows: Iterable[MappedRow]) -> ParsedList:
    """Return the one list of a document, a grant a pair; an agency's own name on its own list is none."""
    grants: dict[tuple[object, object], ParsedGrant] = {}
    for row in rows:
        if row.grant.grantor.text != row.grant.grantee.text:
            grants.setdefault((row.grant.grantor, row.grant.grantee), row.grant)
    completeness = "empty" if mapping.completeness == "complete" and not grants else mapping.completeness
    return ParsedList(
        mapping.network,
        mapping.access,
        mapping.reported_by,
        mapping.section,
        completeness,
        grants=list(grants.values()),
    )
