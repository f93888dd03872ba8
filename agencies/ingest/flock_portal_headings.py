"""Which headings of a portal are read, which are left with a reason, and which nobody has seen yet."""

import re

from selectolax.lexbor import LexborHTMLParser

from agencies.ingest.flock_audit import AUDIT_HEADING
from agencies.ingest.flock_portal import portal_items
from agencies.ingest.flock_portal_fields import Item, field_of, policy_items
from agencies.ingest.flock_portal_lists import is_list_heading
from agencies.ingest.flock_portal_policy import DECLARING_HEADING

IGNORED: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.IGNORECASE), reason)
    for pattern, reason in (
        (r"", "an item without a heading and without a text (Menlo Park)"),
        (r"hotlist policy", "how alerts are checked: says nothing of sharing"),
        (r"(?:recent )?success stor(?:y|ies|y's)|solved stories\b.*", "stories may name people"),
        (
            r"additional info(?:rmation)?|additional flock safety information",
            "free text; its policy addresses are read",
        ),
        (r"live feed data retention\b.*", "how long live video is held: another figure than plate reads"),
        (r"(?:full |link to .+ )?alpr policy", "a policy without an address"),
        (
            r".*\b(?:camera map locations|camera use information)\b.*",
            "maps and leaflets: places of cameras are not kept",
        ),
    )
)
"""Headings that are left (whole, any case), each with the reason."""


def is_read(item: Item) -> bool:
    """Tell whether something of an item is read: a list, a fact, the audit, a declaration or a policy's address."""
    heading = item.heading
    return (
        is_list_heading(heading)
        or field_of(heading) is not None
        or heading == AUDIT_HEADING
        or DECLARING_HEADING.fullmatch(heading) is not None
        or bool(policy_items([item]))
    )


def reason_ignored(heading: str) -> str | None:
    """Return why a heading is left, or None when it is not one of those."""
    return next((reason for words, reason in IGNORED if words.fullmatch(heading)), None)


def unknown_headings(data: bytes) -> list[str]:
    """Return the headings of a page that are neither read nor left for a reason: a sign of a new or changed section."""
    items = portal_items(LexborHTMLParser(data))
    return [item.heading for item in items if not is_read(item) and reason_ignored(item.heading) is None]
