"""The News & Observer's tables of Flock portals, April 2024 (MIT licence): two CSV tables in, a document a portal out.

The tables were made from portals, so each portal's rows are a capture of that portal, in the same streams as
captures of the page itself.
"""

import csv
import hashlib
import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from agencies.ingest.compiled_table import opened, rows
from agencies.ingest.flock_portal import portal_agency, portal_source
from agencies.ingest.flock_portal_address import portal_slug
from agencies.ingest.flock_portal_fields import Item, fact, number, short_list
from agencies.ingest.flock_portal_lists import OUTBOUND, sharing_list
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedCapture,
    ParsedDocument,
    ParsedFact,
    ParsedList,
    PrintedName,
)
from agencies.ingest.portal_names import split_names

COMPILER = "The News & Observer"
LICENCE, LICENCE_URL = "MIT", "https://opensource.org/license/mit"
ACCESS_FILE, USAGE_FILE = "agency_access20240426.csv", "latest_usage04262023.csv"
"""Names of the two tables read. The usage table's name says 2023; what is in it is of 2024-04-26."""

NOT_THERE = "NA"
"""What the tables hold where the scraper found nothing, which is not the same as the page saying nothing."""

NAMES_NOBODY = re.compile(
    r"decommissioned org|duplicate please delete|do not use(?: - duplicate account)?|inactive", re.IGNORECASE
)
"""Entries of pages' lists that are a mark and no name."""

_ACCESS_COLUMNS = ("src_agency", "external_agency")
_NUMBERS = {
    "data_retention_in_days": "retention_days",
    "number_of_owned_cameras": "cameras",
    "vehicles_detected_in_the_last_30_days": "vehicles_30d",
    "hotlist_hits_in_the_last_30_days": "hotlist_hits_30d",
    "searches_in_the_last_30_days": "searches_30d",
}
_USAGE_COLUMNS = (
    "agency",
    "updated",
    "accessed",
    "url",
    "external_organizations_with_access",
    "hotlists_alerted_on",
    "public_search_audit",
    *_NUMBERS,
)


def parse(
    access: bytes, usage: bytes, *, file: str, names: tuple[str, str] = (ACCESS_FILE, USAGE_FILE)
) -> Iterator[ParsedDocument]:
    """Yield a document for every portal of the usage table, in its order: its list and its usage facts.

    `access` holds the grants, one a row. `names` are those of both files, for messages. Raises ImportProblem for a
    missing column, an empty cell, a grant of a portal that is not in the usage table, or a cell that can't be read.
    """
    access_file, usage_file = (f"{file}/{name}" for name in names)
    listed: dict[str, list[str]] = defaultdict(list)
    for _, record in rows(access, _ACCESS_COLUMNS, file=access_file, may_be_empty=True):
        listed[record["src_agency"]].append(record["external_agency"])
    digest = hashlib.sha256(access + usage).hexdigest()
    portals = list(rows(usage, _USAGE_COLUMNS, file=usage_file))
    strangers = set(listed) - {record["agency"] for _, record in portals}
    if strangers:
        raise ImportProblem(
            f"grants of {min(strangers)!r}, which is not in {names[1]}", file=access_file, field="src_agency"
        )
    for row, record in portals:
        yield _document(record, listed, digest, usage_file, row)


def read(path: Path) -> Iterator[ParsedDocument]:
    """Yield the documents of a folder that holds both tables; ImportProblem where it lacks one, and for a file."""
    if path.is_file():
        raise ImportProblem("one table is not enough: give the folder that holds both", file=path.name)
    files = _table(path, ACCESS_FILE, _ACCESS_COLUMNS), _table(path, USAGE_FILE, _USAGE_COLUMNS)
    access, usage = map(opened, files)
    yield from parse(access, usage, file=path.name, names=(files[0].name, files[1].name))


def _table(folder: Path, name: str, columns: tuple[str, ...]) -> Path:
    """Return a folder's table of this name, else the one that has the columns, as uploaded files have any name."""
    if (folder / name).is_file():
        return folder / name
    found = [file for file in sorted(folder.iterdir()) if file.is_file() and set(columns) <= _headings(file)]
    if len(found) != 1:
        told = "several tables" if found else "no table"
        raise ImportProblem(f"{told} with the columns {', '.join(columns[:2])}, ... of {name}", file=folder.name)
    return found[0]


def _headings(file: Path) -> set[str]:
    """Return the headings in a table's first line; what is no table has none that count."""
    line = opened(file).partition(b"\n")[0].decode("utf-8-sig", "replace")
    return set(next(csv.reader([line]), []))


def _document(record: dict[str, str], names: dict[str, list[str]], digest: str, file: str, row: int) -> ParsedDocument:
    """Return what the tables say of one portal."""
    agency = portal_agency(record["agency"])
    slug = portal_slug(record["url"])
    if slug is None:
        raise ImportProblem("not a portal's address", file=file, row=row, field="url")
    listed = names.get(agency.text, [])
    return ParsedDocument(
        source=portal_source(slug, agency),
        capture=ParsedCapture(
            url=record["url"],
            compiled_by=COMPILER,
            licence=LICENCE,
            licence_url=LICENCE_URL,
            published_on=_date(record, "updated", file, row),
            retrieved_on=_date(record, "accessed", file, row),
            sha256=digest,
        ),
        file=file,
        lists=[_list(agency, listed, record["external_organizations_with_access"])] if listed else [],
        facts=list(_facts(agency, record, file, row)),
    )


def _date(record: dict[str, str], column: str, file: str, row: int) -> date | None:
    """Return the UTC date of a time stamp, or None where there is none."""
    if record[column] == NOT_THERE:
        return None
    try:
        return datetime.fromisoformat(record[column]).astimezone(UTC).date()
    except ValueError as problem:
        raise ImportProblem("not a time", file=file, row=row, field=column) from problem


def _list(agency: PrintedName, listed: list[str], page_list: str) -> ParsedList:
    """Return the portal's list of the access table, complete when it holds every name of the page's own list."""
    completeness = "complete" if is_whole(agency.text, listed, page_list) else "extract"
    return sharing_list(agency, OUTBOUND, completeness, "", listed)


def is_whole(agency: str, listed: list[str], page_list: str) -> bool:
    """Tell whether the access table has every name of the page's list, as the usage table holds that list.

    Left out of account: the agency's own name, names that name nobody ("Decommissioned Org"), which the
    compiler dropped, and commas inside names, which the compiler removed. Where the usage table holds a number
    instead of names, that number must be the table's.
    """
    if page_list.isdigit():
        return int(page_list) == len(listed)
    on_page = {name.replace(",", "") for name in split_names(page_list)}
    missing = on_page - set(listed) - {agency}
    return all(NAMES_NOBODY.fullmatch(name) for name in missing)


def _facts(agency: PrintedName, record: dict[str, str], file: str, row: int) -> Iterator[ParsedFact]:
    """Yield the usage facts of one portal; a cell that holds "NA" says nothing."""
    where = f"{file}, row {row}"
    for column, field in _NUMBERS.items():
        if record[column] != NOT_THERE:
            yield fact(agency, Item(column, record[column]), field, number, file=where)
    if record["hotlists_alerted_on"] != NOT_THERE:
        item = Item("hotlists_alerted_on", record["hotlists_alerted_on"])
        yield fact(agency, item, "hotlists", short_list, file=where)
    audit = record["public_search_audit"]
    if audit not in {"0", "1"}:
        raise ImportProblem("neither 0 nor 1", file=file, row=row, field="public_search_audit")
    yield ParsedFact(agency, "audit_published", audit == "1", "flock", locator="public_search_audit")
