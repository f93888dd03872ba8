"""Real portal pages for tests: as the parser reads them, and as a plain search of their text does."""

import csv
import io
import re
from functools import cache
from html import unescape
from urllib.parse import unquote

from agencies.ingest import flock_portal
from agencies.ingest.parsed import ParsedDocument
from agencies.tests.portal_factories import SHARED

PORTALS = SHARED / "flock_portals"
NO_PORTALS = f"shared portal captures not found at {PORTALS}"

_ACCESS_LIST = re.compile(r"Organizations granted access to [^<]* data</p><div[^>]*>(.*?)</div>", re.DOTALL)
_AUDIT = re.compile(r'href="data:text/csv;charset=utf-8,([^"]*)"')


@cache
def real() -> tuple[ParsedDocument, ...]:
    """Return the documents of every shared capture; about three seconds."""
    return tuple(flock_portal.read(PORTALS))


def names_on_page(page: str) -> set[str] | None:
    """Return what stands between commas in a page's list of organizations with access; None without such a list."""
    found = _ACCESS_LIST.search(page)
    if found is None:
        return None
    text = unescape(re.sub(r"<[^>]*>", "", found[1]))
    return {" ".join(part.split()) for part in text.split(",")} - {""}


def audit_rows(page: str) -> list[dict[str, str]]:
    """Return the rows of the search audits that a page embeds."""
    tables = [unquote(unescape(body)) for body in _AUDIT.findall(page)]
    return [row for table in tables for row in csv.DictReader(io.StringIO(table))]
