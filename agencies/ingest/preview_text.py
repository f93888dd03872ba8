"""A preview as lines for a terminal."""

from collections.abc import Iterator
from typing import Any

from agencies.ingest.plain import plain
from agencies.ingest.preview import (
    FactsPreview,
    ListPreview,
    Preview,
    agency_in_words,
    copy_in_words,
    portal_in_words,
)

KINDS = {
    "new": "+",
    "gone": "-",
    "renamed": "~",
    "marked": "!",
    "unresolved": "?",
}
"""Sign before a name, by kind: new, no longer listed, renamed, marked otherwise, unresolved."""

NAMES = 20
"""Names of a kind that a terminal shows for each list."""


def preview_lines(preview: Preview) -> Iterator[str]:
    """Yield a preview line by line: second copies, counts, totals, other agencies and portals, then what differs."""
    more = preview.get("more", {})
    for copy in preview.get("copies", []):
        yield copy_in_words(copy)
        yield f"  recording them adds a second copy, of {copy['now']}"
    yield from _left_out(more, "copies", "whose bytes are on record already, as a copy of another date or source")
    yield "Would change: " + _numbers(preview["counts"])
    yield "In all: " + _numbers({word.replace("gone", "no longer listed"): n for word, n in preview["totals"].items()})
    for other in preview.get("agencies", ()):
        yield _name(f"another agency: {agency_in_words(other)}")
    yield from _left_out(more, "agencies", "pages of another agency than earlier copies")
    for portal in preview.get("portals", ()):
        yield _name(f"another portal: {portal_in_words(portal)}")
    yield from _left_out(more, "portals", "new portals of agencies with one under another name")
    for found in preview["lists"]:
        yield from _list_lines(found)
    yield from _left_out(more, "lists", "lists")
    for facts in preview["facts"]:
        yield from _fact_lines(facts)
    yield from _left_out(more, "facts", "documents with facts")
    for capture in preview["known"]:
        yield f"on record already: {capture}"
    yield from _left_out(more, "known", "on record already")


def _left_out(more: dict[str, int], kind: str, what: str) -> Iterator[str]:
    """Yield how many rows of a kind the preview does not hold, where that is any."""
    if kind in more:
        yield f"and {more[kind]:,} more {what}"


def _numbers(counts: dict[str, int]) -> str:
    """Return counts as "word: 1,234", those that are 0 left out."""
    return ", ".join(f"{word}: {number:,}" for word, number in counts.items() if number) or "nothing"


def _list_lines(found: ListPreview) -> Iterator[str]:
    """Yield the lines about one list."""
    before = "no earlier copy" if found["before"] is None else f"{found['before']:,} names on {found['before_on']}"
    flags = f" [{', '.join(found['flags'])}]" if found["flags"] else ""
    yield f"{found['title']}, {found['section']}, {found['observed_on']}{flags}: {before}, now {found['after']:,}:"
    yield f"  {_numbers(_in_words(found))}"
    for kind, sign in KINDS.items():
        names = found["names"][kind]
        yield from (f"  {sign} {_name(name)}" for name in names[:NAMES])
        if (rest := int(found[kind]) - min(NAMES, len(names))) > 0:  # type: ignore[literal-required]
            yield f"  {sign} and {rest:,} more"


def _in_words(found: ListPreview) -> dict[str, int]:
    """Return the numbers of a list by what they count."""
    return {
        "confirmed": found["confirmed"],
        "new": found["new"],
        "no longer listed": found["gone"],
        "printed differently": found["renamed"],
        "marked otherwise": found["marked"],
        "unresolved": found["unresolved"],
    }


def _name(name: Any) -> str:
    """Return a name, or a name with what it was and is: control characters of a document never reach a terminal."""
    text = name if isinstance(name, str) else " → ".join(name)
    return plain(text)


def _fact_lines(facts: FactsPreview) -> Iterator[str]:
    """Yield the lines about one document's facts."""
    flags = f" [{', '.join(facts['flags'])}]" if facts["flags"] else ""
    numbers = {"new": facts["new"], "no longer stated": facts["gone"], "changed": facts["changed"]}
    yield f"{facts['title']}, facts, {facts['observed_on']}{flags}: {_numbers(numbers)}"
    for change in facts["changes"][:NAMES]:
        values = f"{_name(str(change['old']))} → {_name(str(change['new']))}"
        yield f"  {_name(change['agency'])}, {change['field']}: {values}"
    if (rest := facts["changed"] - min(NAMES, len(facts["changes"]))) > 0:
        yield f"  and {rest:,} more changed"
