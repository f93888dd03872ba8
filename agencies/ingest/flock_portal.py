"""Flock Safety transparency portals: one captured HTML page in, one document out.

A page is read by known sections only. Search audits (a CSV inside a link), images, stories and
free texts are never read, so that they can't reach the record.
"""

import hashlib
import re
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

from selectolax.lexbor import LexborHTMLParser, LexborNode

from agencies.ingest.flock_portal_fields import Item, fact, field_of, policy_items
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedCapture,
    ParsedDocument,
    ParsedFact,
    ParsedGrant,
    ParsedList,
    ParsedSource,
    PrintedName,
)
from agencies.ingest.portal_names import account_status, clean, split_names, state_in_name

PORTAL_ADDRESS = "https://transparency.flocksafety.com/"
OUTBOUND, INBOUND = "organizations-with-access", "organizations-sharing"
"""Canonical names of the two lists: who has access to the agency's reads, whose reads it has access to."""

LONGEST_NAME = 150
"""Longest name, in characters, that a list may hold; the longest seen has 77. Longer ones are sentences."""

COLLECTED = "a collection of portal pages (collector not named)"
"""Who made the copies in a folder of captures, unless the caller knows better."""

AUDIT_HEADING = "Public Search Audit"

_OUTBOUND_HEADING = re.compile(
    r"organizations granted access to .+ data"  # Flock's own wording
    r"|only agencies with external access"  # Hayward
    r"|agencies .+ shares with"  # NCRIC
    r"|external organizations with access\b.*",  # Rio Vista, which goes on with a sentence
    re.IGNORECASE,
)
_INBOUND_HEADING = re.compile(r"organizations sharing their data with .+", re.IGNORECASE)
_SAYS_NONE = re.compile(r"[\s\-\u2013:]+none\W*$", re.IGNORECASE)
_STATES_BY_HAND = {
    "NCRIC": "CA",
    "Shasta County SO": "CA",
    "Yuba County Sheriffs Office": "CA",
    "University of Louisiana at Lafayette PD": "LA",
}
"""States of agencies whose printed name carries none."""


def portal_source(slug: str, agency: PrintedName) -> ParsedSource:
    """Return the source that every capture and table of one portal belongs to.

    Its name here is the portal's slug in plain letters, digits and single hyphens: some addresses hold
    brackets, full stops or a hyphen at an end ("centralia-pd-(wa)", "hamlet-pd-").
    """
    name = re.sub(r"-+", "-", re.sub(r"[^a-z0-9-]", "", slug)).strip("-")
    return ParsedSource(
        slug=f"flock-portal-{name}",
        title=f"Flock Safety transparency portal of {agency.text}",
        kind="portal",
        publisher=agency.text,
        url=f"{PORTAL_ADDRESS}{slug}",
        network="flock",
        agency=agency,
    )


def portal_agency(name: str) -> PrintedName:
    """Return a portal's agency as printed, with its state: "" for the vendor's own demonstration portals."""
    return PrintedName(name, state_in_name(name) or _STATES_BY_HAND.get(name, ""))


def portal_slug(url: str) -> str | None:
    """Return the portal's slug in an address, or None when it is no portal's address."""
    slug = url.removeprefix(PORTAL_ADDRESS).strip("/")
    return slug if url.startswith(PORTAL_ADDRESS) and re.fullmatch(r"[a-z0-9().-]+", slug) else None


def parse(
    data: bytes, *, file: str, slug: str, retrieved_on: date | None = None, compiled_by: str = ""
) -> ParsedDocument:
    """Return what one captured portal page says: its lists, its facts, and the text of what was read.

    `slug` is the last part of the portal's address. Raises ImportProblem for a page that is no portal or
    a text that can't be read.
    """
    tree = LexborHTMLParser(data)
    agency = _agency(tree, file)
    items = _items(tree)
    lists, list_items = _lists(items, agency, file)
    facts, fact_items = _facts(items, agency, file)
    return ParsedDocument(
        source=portal_source(slug, agency),
        capture=ParsedCapture(
            url=f"{PORTAL_ADDRESS}{slug}",
            compiled_by=compiled_by,
            published_on=_last_updated(tree, file),
            retrieved_on=retrieved_on,
            sha256=hashlib.sha256(data).hexdigest(),
            bytes_kept="reduced",
        ),
        file=file,
        lists=lists,
        facts=facts,
        kept_text=_kept_text(items, list_items | fact_items),
    )


def read(path: Path, *, compiled_by: str = COLLECTED) -> Iterator[ParsedDocument]:
    """Yield the document of a file SLUG/DATE.html, or of every such file below a folder, oldest first."""
    files = [path] if path.is_file() else sorted(path.glob("*/*.html"), key=lambda file: (file.stem, file.parent.name))
    if not files:
        raise ImportProblem("no portal captures (SLUG/DATE.html) found", file=str(path))
    for file in files:
        name = f"{file.parent.name}/{file.name}"
        try:
            retrieved_on = date.fromisoformat(file.stem)
        except ValueError as problem:
            raise ImportProblem("the file's name is no date", file=name) from problem
        yield parse(
            file.read_bytes(), file=name, slug=file.parent.name, retrieved_on=retrieved_on, compiled_by=compiled_by
        )


def _agency(tree: LexborHTMLParser, file: str) -> PrintedName:
    """Return the agency as the page's h1 prints it."""
    heading = tree.css_first("h1")
    name = clean(heading.text()) if heading else ""
    if not name or len(name) > LONGEST_NAME or tree.css_first("#usage") is None:
        raise ImportProblem("not a transparency portal: no name or no usage section", file=file)
    return portal_agency(name)


def _last_updated(tree: LexborHTMLParser, file: str) -> date | None:
    """Return the UTC date of the page's "Last Updated" stamp, or None when there is none."""
    span = tree.css_first("header span[title]")
    stamp = span.attributes.get("title") if span else None
    if not stamp:
        return None
    try:
        return datetime.fromisoformat(stamp).astimezone(UTC).date()
    except ValueError as problem:
        raise ImportProblem(f"not a time: {stamp[:40]!r}", file=file, field="Last Updated") from problem


def _items(tree: LexborHTMLParser) -> list[Item]:
    """Return the items of the page's policy, usage and additional sections.

    Links that carry data (the search audit) are cut out first.
    """
    for link in tree.css('a[href^="data:"]'):
        link.decompose()
    found = []
    for paragraph in tree.css("#policies p, #usage p, #additionalInfo p"):
        body = _next_element(paragraph)
        if body is not None:
            links = tuple(dict.fromkeys(link.attributes.get("href") or "" for link in body.css("a")))
            found.append(Item(clean(paragraph.text()), clean(body.text()), links))
    return found


def _next_element(node: LexborNode) -> LexborNode | None:
    """Return the element that follows a node among its siblings."""
    following = node.next
    while following is not None and (following.tag or "").startswith("-"):
        following = following.next
    return following


def _lists(items: list[Item], agency: PrintedName, file: str) -> tuple[list[ParsedList], set[Item]]:
    """Return the page's sharing lists and the items that they stand in.

    The outbound list is always there, as absent when the page has no such heading.
    """
    outbound = [item for item in items if _OUTBOUND_HEADING.fullmatch(_SAYS_NONE.sub("", item.heading))]
    inbound = [item for item in items if _INBOUND_HEADING.fullmatch(_SAYS_NONE.sub("", item.heading))]
    for found in (outbound, inbound):
        if len(found) > 1:
            raise ImportProblem("the same list stands there twice", file=file, field=found[1].heading)
    lists = [sharing_list(agency, OUTBOUND, "absent", "", [])]
    if outbound:
        lists = [_list_of(outbound[0], agency, OUTBOUND, file)]
    if inbound:
        lists.append(_list_of(inbound[0], agency, INBOUND, file))
    return lists, {*outbound, *inbound}


def _list_of(item: Item, agency: PrintedName, section: str, file: str) -> ParsedList:
    """Return the list under one heading, with how complete it is."""
    names = split_names(item.text)
    if _SAYS_NONE.search(item.heading) or item.text.lower().strip(" .-") == "none":
        return sharing_list(agency, section, "none", item.heading, [])
    longest = max(names, key=len, default="")
    if len(longest) > LONGEST_NAME:
        raise ImportProblem(f"too long for a name: {longest[:40]!r}...", file=file, field=item.heading[:80])
    others = any(name != agency.text for name in names)
    return sharing_list(agency, section, "complete" if others else "empty", item.heading, names)


def sharing_list(agency: PrintedName, section: str, completeness: str, heading: str, names: list[str]) -> ParsedList:
    """Return a portal's list with one grant a name, in the direction of its section.

    A name printed twice is one grant. The agency's own name, which some portals list, is none.
    """
    outbound = section == OUTBOUND
    words = "list of organizations with access" if outbound else "list of organizations sharing their data"
    places: dict[str, int] = {}
    for position, name in enumerate(names, start=1):
        places.setdefault(name, position)
    places.pop(agency.text, None)
    grants = []
    for name, position in places.items():
        listed = PrintedName(name, agency.state)
        grantor, grantee = (agency, listed) if outbound else (listed, agency)
        place = f"{words}, name {position} of {len(names)}"
        grants.append(ParsedGrant(grantor, grantee, name, place, account_status(name)))
    reported_by = "grantor" if outbound else "grantee"
    return ParsedList("flock", "configured_access", reported_by, section, completeness, heading[:300], grants)


def _facts(items: list[Item], agency: PrintedName, file: str) -> tuple[list[ParsedFact], set[Item]]:
    """Return the page's facts and the items that they stand in."""
    facts: dict[str, ParsedFact] = {}
    used: set[Item] = set()
    for item in items:
        known = field_of(item.heading)
        if known is None or known[0] in facts:
            continue
        facts[known[0]] = fact(agency, item, *known, file=file)
        used.add(item)
    policies = policy_items(items)
    if policies:
        addresses = list(dict.fromkeys(link for _, links in policies for link in links))
        facts["policy_url"] = ParsedFact(agency, "policy_url", addresses, "flock", locator=policies[0][0].heading)
    audit = any(item.heading == AUDIT_HEADING for item in items)
    facts["audit_published"] = ParsedFact(agency, "audit_published", audit, "flock", locator="usage section")
    return list(facts.values()), used


def _kept_text(items: list[Item], used: set[Item]) -> str:
    """Return heading and text of the items that were read, in the page's order, and policies' addresses."""
    blocks = [f"{item.heading}\n{item.text}".rstrip() for item in items if item in used]
    blocks += ["\n".join([item.heading, *links]).lstrip() for item, links in policy_items(items)]
    return "\n\n".join(blocks)
