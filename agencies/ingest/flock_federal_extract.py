"""An extract of Flock portals, retrieved on 2025-06-11, federal bodies only: CSV in, a document a portal out.

Its rows are captures of the portals themselves, but a filtered extract only adds: it never ends a link.
"""

import hashlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from agencies.ingest.compiled_table import opened, rows
from agencies.ingest.flock_portal import portal_agency, portal_source
from agencies.ingest.flock_portal_address import portal_slug
from agencies.ingest.flock_portal_lists import OUTBOUND, sharing_list
from agencies.ingest.parsed import ImportProblem, ParsedCapture, ParsedDocument

COMPILER = "an extract of Flock portals that keeps federal bodies only (compiler not named)"
COLUMNS = ("grantor_printed", "grantee_printed", "retrieved_on", "portal_url")


def parse(data: bytes, *, file: str) -> Iterator[ParsedDocument]:
    """Yield a document for every (portal, date) of the table, in the order of the table.

    Raises ImportProblem for a missing column, an empty cell, a bad date, an address that is no portal's, or
    a portal that stands under two agencies.
    """
    grants: dict[tuple[str, date], list[str]] = {}
    agencies: dict[str, str] = {}
    for row, record in rows(data, COLUMNS, file=file):
        slug = portal_slug(record["portal_url"])
        if slug is None:
            raise ImportProblem("not a portal's address", file=file, row=row, field="portal_url")
        if agencies.setdefault(slug, record["grantor_printed"]) != record["grantor_printed"]:
            raise ImportProblem("the portal stands under another agency too", file=file, row=row, field="portal_url")
        grants.setdefault((slug, _date(record["retrieved_on"], file, row)), []).append(record["grantee_printed"])
    digest = hashlib.sha256(data).hexdigest()
    for (slug, retrieved_on), names in grants.items():
        agency = portal_agency(agencies[slug])
        source = portal_source(slug, agency)
        yield ParsedDocument(
            source=source,
            capture=ParsedCapture(source.url, compiled_by=COMPILER, retrieved_on=retrieved_on, sha256=digest),
            file=file,
            lists=[sharing_list(agency, OUTBOUND, "extract", "", names)],
        )


def read(path: Path) -> Iterator[ParsedDocument]:
    """Yield the documents of the table at `path`."""
    yield from parse(opened(path), file=path.name)


def _date(text: str, file: str, row: int) -> date:
    """Return an ISO date."""
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ImportProblem("not a date (YYYY-MM-DD)", file=file, row=row, field="retrieved_on") from problem
