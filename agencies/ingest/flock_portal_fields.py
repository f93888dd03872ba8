"""What a portal's items say of an agency: (heading, text, links) in, facts out."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urlsplit

from agencies.ingest.parsed import ImportProblem, ParsedFact, PrintedName
from agencies.ingest.portal_names import clean

NOT_PUBLISHED = frozenset({"data unavailable", "-infinity days"})
"""What Flock's pages print in place of a number that they do not show."""

LONGEST_PRINTED = 80
"""Longest text, in characters, that a fact repeats as printed; longer texts stand in the kept text only."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a portal page: its heading, its text and the addresses that it links to."""

    heading: str
    text: str
    links: tuple[str, ...] = ()


def number(text: str) -> int:
    """Return the whole number at the start of a text such as "502,867" or "30 days"; ValueError for any other."""
    match = re.fullmatch(r"(\d{1,3}(?:,\d{3})+|\d+)(?: days?)?", text)
    if match is None:
        raise ValueError(f"not a whole number: {text[:40]!r}")
    return int(match[1].replace(",", ""))


def short_list(text: str) -> list[str]:
    """Return the entries of a comma-separated list, without a closing full stop."""
    return [entry for entry in (clean(part).rstrip(".") for part in text.split(",")) if entry]


PROHIBITED = (
    ("immigration_enforcement", r"immigra"),
    ("traffic_enforcement", r"(?:traffic|speed) enforcement"),
    ("harassment_or_intimidation", r"harr?assment|intimidation"),
    ("protected_class", r"protecti?(?:ed|ve) class"),
    ("personal_use", r"personal use|personal purpose"),
    ("reproductive_care", r"reproductive|abortion"),
    ("gender_affirming_care", r"gender.(?:affirming|conforming|and reproductive)"),
    ("out_of_state_or_federal", r"out.of.state|federal agenc"),
    ("first_amendment", r"first amendment|free speech|protest"),
    ("non_law_enforcement", r"non.law enforcement"),
)
"""Categories of prohibited uses and the words that stand for them."""

_FILLER = re.compile(r"^(?:and|or|additionally|)$", re.IGNORECASE)


def prohibited_uses(text: str) -> list[str]:
    """Return the categories of uses that a text prohibits, in a fixed order.

    A clause that fits none adds "other", so that nothing said is passed over. Brackets (which list
    examples: race, sex, religion) are not read.
    """
    body = re.sub(r"\([^)]*\)", "", text)
    found = [category for category, words in PROHIBITED if re.search(words, body, re.IGNORECASE)]
    clauses = [clean(clause) for clause in re.split(r"[,.;]", body)]
    known = re.compile("|".join(words for _, words in PROHIBITED), re.IGNORECASE)
    rest = [clause for clause in clauses if not known.search(clause) and not _FILLER.match(clause)]
    return [*found, "other"] if rest else found


FIELDS: tuple[tuple[str, re.Pattern[str], Callable[[str], object]], ...] = tuple(
    (field, re.compile(pattern, re.IGNORECASE), reader)
    for field, pattern, reader in (
        ("detected", r"what.s detected", short_list),
        ("not_detected", r"what.s not detected", short_list),
        ("prohibited_uses", r"prohibited uses", prohibited_uses),
        ("retention_days", r"(?:flock )?data retention\b.*", number),
        ("cameras", r"number of (?:active |owned )?(?:lpr (?:and other )?)?cameras", number),
        ("hotlists", r"hotlists alerted on\b.*", short_list),
        ("vehicles_30d", r"vehicles detected in the last 30 days", number),
        ("unique_vehicles_30d", r"unique vehicles detected in the last 30 days", number),
        ("hotlist_hits_30d", r"hotlist hits in the last 30 days", number),
        ("searches_30d", r"(?:.+ )?searches in the last 30 days", number),
    )
)
"""Field, the headings that it stands under (whole, any case) and what reads its text.

"Live Feed Data retention" is not here: it is a second figure beside the retention of plate reads.
"""


def field_of(heading: str) -> tuple[str, Callable[[str], object]] | None:
    """Return the field that stands under a heading and its reader, or None."""
    return next(((name, reader) for name, words, reader in FIELDS if words.fullmatch(heading)), None)


def fact(agency: PrintedName, item: Item, field: str, reader: Callable[[str], object], *, file: str) -> ParsedFact:
    """Return an item's fact; a printed "Data Unavailable" is the agency not publishing it.

    Raises ImportProblem, naming file and heading, for a text that the field's reader can't read.
    """
    printed = item.text if len(item.text) <= LONGEST_PRINTED else ""
    if item.text.lower() in NOT_PUBLISHED:
        return ParsedFact(agency, field, None, "flock", "not_published", printed, item.heading)
    try:
        value = reader(item.text)
    except ValueError as problem:
        raise ImportProblem(str(problem), file=file, field=item.heading) from problem
    if value == []:
        return ParsedFact(agency, field, None, "flock", "not_published", printed, item.heading)
    return ParsedFact(agency, field, value, "flock", "known", printed, item.heading)


_POLICY = re.compile(r"polic(?:y|ies)\b|manual|procedure|license.?plate.?reader", re.IGNORECASE)
_POLICY_ADDRESS = re.compile(r"polic(?:y|ies)(?![a-z])|manual|procedure|license.?plate.?reader", re.IGNORECASE)


def policy_items(items: Iterable[Item]) -> list[tuple[Item, list[str]]]:
    """Return the items that lead to an ALPR policy, each with the addresses of policies in it.

    An item counts when its heading speaks of a policy or the end of an address does. Where only some of an
    item's addresses do, the rest (maps, contracts) are left. Flock's own pages are no agency's policy.
    """
    found = []
    for item in items:
        links = [link for link in item.links if _is_agency_page(link)]
        named = [link for link in links if _POLICY_ADDRESS.search(_end_of(link))]
        addresses = named or (links if _POLICY.search(item.heading) else [])
        if addresses:
            found.append((item, addresses))
    return found


def _is_agency_page(link: str) -> bool:
    """Tell whether an address is a web page that is not the vendor's."""
    try:
        parts = urlsplit(link)
    except ValueError:
        return False
    host = parts.hostname or ""
    return parts.scheme in {"http", "https"} and bool(host) and not host.endswith("flocksafety.com")


def _end_of(link: str) -> str:
    """Return the last step of an address's path with its query and fragment."""
    return link.rstrip("/").rsplit("/", 1)[-1]
