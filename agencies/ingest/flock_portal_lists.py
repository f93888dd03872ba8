"""The two sharing lists of a Flock portal: headings and comma-separated names in, grants out."""

import re

from agencies.ingest.flock_portal_fields import Item
from agencies.ingest.parsed import ImportProblem, ParsedGrant, ParsedList, PrintedName
from agencies.ingest.portal_names import account_status, split_names
from agencies.matching.withheld import is_withheld

OUTBOUND, INBOUND = "organizations-with-access", "organizations-sharing"
"""Canonical names of the two lists: who has access to the agency's reads, whose reads it has access to."""

LONGEST_NAME = 150
"""Longest name, in characters, that a list may hold; the longest seen has 77. Longer ones are sentences."""

_OUTBOUND_HEADING = re.compile(
    r"organizations granted access to .+ data"  # Flock's own wording
    r"|only agencies with external access"  # Hayward
    r"|agencies .+ shares with"  # NCRIC
    r"|external organizations with access\b.*",  # Rio Vista, which goes on with a sentence
    re.IGNORECASE,
)
_INBOUND_HEADING = re.compile(r"organizations sharing their data with .+", re.IGNORECASE)
_SAYS_NONE = re.compile(r"[\s\-\u2013:]+none\W*$", re.IGNORECASE)


def portal_lists(items: list[Item], agency: PrintedName, file: str) -> tuple[list[ParsedList], set[Item]]:
    """Return the page's sharing lists and the items that they stand in.

    The outbound list is always there, as absent when the page has no such heading.
    """
    outbound = [item for item in items if _is_under(_OUTBOUND_HEADING, item.heading)]
    inbound = [item for item in items if _is_under(_INBOUND_HEADING, item.heading)]
    for found in (outbound, inbound):
        if len(found) > 1:
            raise ImportProblem("the same list stands there twice", file=file, field=found[1].heading)
    lists = [sharing_list(agency, OUTBOUND, "absent", "", [])]
    if outbound:
        lists = [_list_of(outbound[0], agency, OUTBOUND, file)]
    if inbound:
        lists.append(_list_of(inbound[0], agency, INBOUND, file))
    return lists, {*outbound, *inbound}


def without_persons(text: str) -> str:
    """Return a list's text with "[withheld]" in place of names that are known to be persons'."""
    names = split_names(text)
    if not any(map(is_withheld, names)):
        return text
    return ", ".join("[withheld]" if is_withheld(name) else name for name in names)


def is_list_heading(heading: str) -> bool:
    """Tell whether one of the two sharing lists stands under a heading."""
    return _is_under(_OUTBOUND_HEADING, heading) or _is_under(_INBOUND_HEADING, heading)


def _is_under(words: re.Pattern[str], heading: str) -> bool:
    """Tell whether a heading, without a "NONE" at its end, is that of a list."""
    return words.fullmatch(_SAYS_NONE.sub("", heading)) is not None


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
