"""The search audit that a Flock portal offers for download: rows in, numbers by month and kind of reason out.

An audit is a CSV inside a link, one row a search: who searched, when, often why, sometimes with names, plates and case
numbers. Nothing of a row leaves this module: only how many rows stand there, by month and by a reason's category.
"""

import csv
import io
import json
import re
from base64 import b64decode
from binascii import Error as Base64Error
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote_to_bytes

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agencies.ingest.parsed import ImportProblem

AUDIT_HEADING = "Public Search Audit"
"""Heading of the item in which the link stands."""

SEARCH = "searchdate"
OF_A_SEARCH = frozenset({"userid", "networkcount", "reason", "casenumber", "offensetype"})
"""Headings of an audit's table, in small letters: the one that all have, and those of which each has some."""

COUNTS = "searches-seen"
"""Name of the element that holds, in a page as stored, the numbers that were kept of its audit."""

UNKNOWN_MONTH = "unknown"
"""Month of a row whose date can't be read."""

IMMIGRATION, NUMBER_ONLY, UNSPECIFIC = "immigration", "number_only", "unspecific"
NOT_GIVEN, OTHER = "not_given", "other"

_KINDS: tuple[tuple[str, str], ...] = (
    (
        "federal_assist",
        r"\b(?:HSI|FBI|DEA|ATF|USMS|DHS|CBP|USBP)\b|\bU\.?S\.? marshal|border patrol|homeland security|secret service",
    ),
    (
        "missing_person",
        r"missing|endangered|run ?away|amber|silver alert|welfare|suicid|at.risk|check.{0,8}wel",
    ),
    ("stolen_vehicle", r"motor vehicle theft|\bstolen\b(?! property)|\bgta\b|\b10851|vehicle theft|stolen veh"),
    (
        "violence",
        r"robbery|homicide|murder|assault|battery|shoot|shots? fired|stabb|kidnap|abduct|\brape|sex(?:ual)? |domestic"
        r"|weapon|firearm|\bgun\b|car ?jack|threat|stalk|human trafficking|brandish|\barson",
    ),
    ("theft", r"burglar|theft|larceny|shoplift|stolen property|fraud|embezzle|financial crime|scam"),
    ("drugs", r"narco|drug|fentanyl|cocaine|\bmeth\b|marijuana"),
    (
        "traffic",
        r"hit (?:and|&|n) run|collision|car accident|\bd[uw]i\b|reckless|traffic|road rage|pursuit|failure to yield"
        r"|flee(?:ing)?\b|eluding|evading",
    ),
    ("wanted_person", r"warrant|wanted|fugitive|parole|probation|sex offender"),
)
_PATTERNS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _KINDS)

REASONS = (IMMIGRATION, *(kind for kind, _ in _KINDS), UNSPECIFIC, NUMBER_ONLY, OTHER, NOT_GIVEN)
"""Every category that a reason can have, in a fixed order; docs/sources/flock-portals.md tells what each takes in."""

_IMMIGRATION = re.compile(
    r"\bimmigra(?:tion|nts?)\b|\bdeport(?:ation|ed|able|ee)s?\b"
    r"|^\W*(?-i:ICE)\W*$"  # the whole reason
    r"|\bice[ /&+-]+(?:and )?(?:ero|hold|detainer|warrant|assist|case|request|removal|administrative|ops?|operation)\b"
    r"|\b(?:assist(?:ing)?|aoa)[ -]ice\b",
    re.IGNORECASE,
)
"""What alone counts as a search for immigration: words that mean nothing else. "HSI" alone does not, nor "ice" within
other words (which is also a drug)."""

_DENIED = re.compile(r"\b(?:not?|non|never|without)\b[^.;]{0,30}\b(?:immigra|deport)", re.IGNORECASE)
"""A reason that says it is not about immigration."""

_NUMBER = re.compile(r"[A-Z]{0,4}[\s#-]*\d[\d\s.,/#()-]*[A-Z]{0,3}", re.IGNORECASE)
"""A case number, a section of a code, a call sign: a reason that gives no purpose in words."""

_UNSPECIFIC = re.compile(
    r"(?:(?:criminal|follow|up|law|enforcement|inv\w*|susp?(?:ect|icious)?|victim|vehicle|veh|car|info(?:rmation)?|review"
    r"|case|intel|locate|atl|attempt|to|id|identification|confirmation|plate|search|test|of)(?:\W+|$))+",
    re.IGNORECASE,
)
"""Words that any search could give: "Investigation", "suspect vehicle", "attempt to locate"."""

_EARLIEST, _LATEST = 2010, 2100
"""Years outside which a date is a slip."""


def kind_of_reason(reason: str, offence: str = "") -> str:
    """Return the category of a search: immigration wherever it stands, else the vendor's own kind of offence, else the
    reason's words."""
    if any(_IMMIGRATION.search(text) and not _DENIED.search(text) for text in (offence, reason)):
        return IMMIGRATION
    for text in (offence, reason):
        found = next((kind for kind, words in _PATTERNS if words.search(text)), None)
        if found:
            return found
    return OTHER if offence.strip() else _kind_without_subject(reason.strip())


def _kind_without_subject(reason: str) -> str:
    """Return the category of a reason that names no subject."""
    if not reason:
        return NOT_GIVEN
    if _NUMBER.fullmatch(reason):
        return NUMBER_ONLY
    return UNSPECIFIC if _UNSPECIFIC.fullmatch(reason) else OTHER


def month_of(stamp: str) -> str:
    """Return the UTC month (YYYY-MM) of a time stamp, or "unknown"."""
    try:
        moment = datetime.fromisoformat(stamp.strip())
        moment = moment.astimezone(UTC) if moment.tzinfo else moment
    except (ValueError, OverflowError):
        return UNKNOWN_MONTH
    return f"{moment:%Y-%m}" if _EARLIEST <= moment.year <= _LATEST else UNKNOWN_MONTH


def rows_seen(table: str) -> Counter[tuple[str, str]]:
    """Return how many rows of an audit's CSV stand under each (month, category); raises csv.Error."""
    counted: Counter[tuple[str, str]] = Counter()
    for row in csv.DictReader(io.StringIO(table, newline="")):
        cells = {name: text for name, text in row.items() if isinstance(text, str)}
        kind = kind_of_reason(cells.get("reason", ""), cells.get("offenseType", ""))
        counted[month_of(cells.get("searchDate", "")), kind] += 1
    return counted


def is_heading(cells: Iterable[str]) -> bool:
    """Tell whether the cells of a row, in whatever letters, are the headings of an audit."""
    words = {cell.lower() for cell in cells}
    return SEARCH in words and not words.isdisjoint(OF_A_SEARCH)


def searches_seen(tree: LexborHTMLParser, *, file: str) -> dict[str, dict[str, int]] | None:
    """Return the rows of the audits that a page embeds as {month: {category: number}}; None where it embeds none.

    A number is of rows seen in this copy, not of searches made: copies are cut, and audits reach back 30 days, so that
    two copies overlap. Raises ImportProblem, without a word of the audit, for one that can't be read.
    """
    counted: Counter[tuple[str, str]] = Counter()
    try:
        tables = [table for table in map(_table, map(_address, data_links(tree))) if table is not None]
        for table in tables:
            counted += rows_seen(table)
    except (csv.Error, Base64Error):
        raise ImportProblem("the search audit is no CSV table", file=file, field=AUDIT_HEADING) from None
    return _by_month(counted) if tables else _counted_before(tree)


def _counted_before(tree: LexborHTMLParser) -> dict[str, dict[str, int]] | None:
    """Return the numbers that stand in a page whose audit was cut out before it was stored; None where none do."""
    node = tree.css_first(f"meta[name={COUNTS}]")
    try:
        found: Any = json.loads(node.attributes.get("content") or "") if node else None
        rows = {(month, kind): int(n) for month, kinds in found.items() for kind, n in kinds.items()}
    except (AttributeError, TypeError, ValueError):
        return None
    counted: Counter[tuple[str, str]] = Counter(rows)
    known = all(kind in REASONS and re.fullmatch(rf"\d{{4}}-\d\d|{UNKNOWN_MONTH}", month) for month, kind in counted)
    return _by_month(counted) if known and counted else None


def data_links(tree: LexborHTMLParser) -> list[LexborNode]:
    """Return a page's links whose address is itself data."""
    return [link for link in tree.css("a[href]") if _address(link).lower().startswith("data:")]


def embeds_audit(tree: LexborHTMLParser) -> bool:
    """Tell whether a page has a link that holds a CSV table: no portal offers another."""
    return any("csv" in _address(link).partition(",")[0].lower() for link in data_links(tree))


def _address(link: LexborNode) -> str:
    """Return a link's address as a browser reads it, without tabs and line breaks."""
    return re.sub(r"[\t\r\n]", "", link.attributes.get("href") or "").strip()


def _table(address: str) -> str | None:
    """Return the CSV text in a data: address; None for data of another type. Raises binascii.Error."""
    kind, _, body = address.partition(",")
    if "csv" not in kind.lower():
        return None
    data = unquote_to_bytes(body)
    if ";base64" in kind.lower():
        data = b64decode(data)
    return data.decode("utf-8", "replace").lstrip("\ufeff")


def _by_month(counted: Counter[tuple[str, str]]) -> dict[str, dict[str, int]]:
    """Return counts as a mapping of months, oldest first, each with its categories in their fixed order."""
    months: dict[str, dict[str, int]] = {}
    for (month, kind), number in sorted(counted.items(), key=lambda pair: (pair[0][0], REASONS.index(pair[0][1]))):
        months.setdefault(month, {})[kind] = number
    return months
