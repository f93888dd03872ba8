"""What an import would change, list by list, and whether a person must look first. Pure: values in, JSON out."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict

from agencies.models import ImportRun
from agencies.models.vocabulary import AccountStatus, Completeness

NAMES_SHOWN = 200
"""Names of a kind that the preview of one list holds; the rest is counted."""

SHOWN = {"lists": 300, "facts": 300, "known": 50, "agencies": 300, "portals": 300, "copies": 50}
"""Rows of a kind that a preview holds; how many more there are stands under `more`."""

Key = tuple[int, int]
"""Ids of both names of a grant: grantor and grantee."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a list: `name` as shown to an editor, its account's mark, whether the name is matched."""

    name: str
    status: str = AccountStatus.ACTIVE
    is_matched: bool = True


class Differences(TypedDict):
    """How many names of a list are new, confirmed, ... against an earlier copy; `names` holds some of them."""

    new: int
    confirmed: int
    gone: int
    renamed: int
    marked: int
    unresolved: int
    names: dict[str, list[Any]]


class ListPreview(Differences):
    """One list against the newest earlier whole copy of it. Numbers count names.

    `before` is None where there is no earlier copy. `flags` are of "shrinks", "older", the completeness of a list that
    named somebody before and names nobody now, and "same day": the copy before is of this day and says otherwise.
    """

    title: str
    section: str
    observed_on: str
    before_on: str | None
    completeness: str
    before: int | None
    after: int
    flags: list[str]


class FactsPreview(TypedDict):
    """The facts of one document against its newest earlier copy; `changes` holds agency, field, old and new value.

    `flags` are of "shrinks", "older" and "same day".
    """

    title: str
    observed_on: str
    before_on: str | None
    before: int | None
    after: int
    new: int
    gone: int
    changed: int
    changes: list[dict[str, Any]]
    flags: list[str]


class OtherAgency(TypedDict):
    """A source of which a document names another agency (`page`) than earlier copies (`before`)."""

    title: str
    page: str
    before: str


class SecondPortal(TypedDict):
    """A new portal (`slug`) of an agency of which another portal (`before`, a slug, with its address) is on record."""

    agency: str
    slug: str
    before: str
    address: str


class SecondCopy(TypedDict):
    """A document whose bytes are on record already: dates of that copy (`before`) and of the new one, in words.

    `address` is that of the earlier capture's page. Where that copy is of another source, `source` is this one's slug,
    and `title` is the slug of the new one.
    """

    title: str
    address: str
    before: str
    now: str
    source: NotRequired[str]


class Preview(TypedDict):
    """All that an import would change. `known` names captures that are on record already.

    `led_to` is the address at which the fetch of a first copy ended, where it is another than the watched one. `more`
    is how many rows of a kind it does not hold, where that is any. Previews that were stored before `agencies`,
    `portals`, `copies` and `led_to` were looked for, and `more` was counted, lack them.
    """

    counts: dict[str, int]
    totals: dict[str, int]
    lists: list[ListPreview]
    facts: list[FactsPreview]
    known: list[str]
    agencies: NotRequired[list[OtherAgency]]
    portals: NotRequired[list[SecondPortal]]
    copies: NotRequired[list[SecondCopy]]
    led_to: NotRequired[str]
    more: NotRequired[dict[str, int]]
    reason: NotRequired[str]


@dataclass(frozen=True, slots=True)
class Shrunken:
    """A list that lost more than a third of its names since its newest earlier whole copy."""

    title: str
    observed_on: str
    before: int
    after: int

    def __str__(self) -> str:
        return f"{self.title}, {self.observed_on}: from {self.before:,} to {self.after:,} names"


def shrinks(before: int, after: int) -> bool:
    """Tell whether a list lost more than a third of its names."""
    return (before - after) * 3 > before


def compare(
    before: Mapping[Key, Entry],
    after: Mapping[Key, Entry],
    *,
    is_whole: bool,
    renames: Collection[tuple[int, int]] = (),
) -> Differences:
    """Return the numbers and names in which a list differs from its earlier copy.

    Only a whole list can lose names. `renames` are pairs of names (ids) proposed to be the same body's: neither
    stands under new or gone, and where the account's mark is another, too, the pair stands under marked alone.
    """
    new = {key: entry for key, entry in after.items() if key not in before}
    gone = {key: entry for key, entry in before.items() if is_whole and key not in after}
    renamed = _renamed(gone, new, renames)
    names: dict[str, list[Any]] = {
        "new": [entry.name for key, entry in new.items() if key not in renamed.values()],
        "gone": [entry.name for key, entry in gone.items() if key not in renamed],
        "renamed": [
            [gone[old].name, new[now].name] for old, now in renamed.items() if gone[old].status == new[now].status
        ],
        "marked": _marked(before, after, renamed),
        "unresolved": sorted({entry.name for entry in after.values() if not entry.is_matched}),
    }
    return {
        "new": len(names["new"]),
        "confirmed": len(after) - len(new),
        "gone": len(names["gone"]),
        "renamed": len(names["renamed"]),
        "marked": len(names["marked"]),
        "unresolved": len(names["unresolved"]),
        "names": {kind: sorted(found)[:NAMES_SHOWN] for kind, found in names.items()},
    }


def _renamed(gone: Collection[Key], new: Collection[Key], renames: Iterable[tuple[int, int]]) -> dict[Key, Key]:
    """Return, of the grants that went, those of which one end stayed and the other is proposed to be renamed."""
    names: dict[int, list[int]] = defaultdict(list)
    for old, now in renames:
        names[old].append(now)
    found: dict[Key, Key] = {}
    for grantor, grantee in gone:
        likely = [(name, grantee) for name in names[grantor]] + [(grantor, name) for name in names[grantee]]
        for key in likely:
            if key in new:
                found[grantor, grantee] = key
    return found


def _marked(before: Mapping[Key, Entry], after: Mapping[Key, Entry], renamed: Mapping[Key, Key]) -> list[list[str]]:
    """Return name, former and present mark of every account whose mark is another, or that comes with one."""
    former = {now: before[old] for old, now in renamed.items()}
    found = []
    for key, entry in after.items():
        was = before.get(key) or former.get(key)
        status = was.status if was else AccountStatus.ACTIVE.value
        if entry.status != status:
            found.append([entry.name, str(status), str(entry.status)])
    return found


def flags_of(completeness: str, before: int | None, after: int) -> list[str]:
    """Return what is remarkable about a list beside its earlier whole copy of `before` names; None: there is none."""
    if not before:
        return []
    if completeness == Completeness.COMPLETE:
        return ["shrinks"] if shrinks(before, after) else []
    return [completeness] if completeness != Completeness.EXTRACT else []


def upheld(before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> dict[Key, Entry]:
    """Return the lines of a list as they count beside a copy of the same day: active where either says so."""
    return {
        key: entry if key not in before or entry.status == AccountStatus.ACTIVE else before[key]
        for key, entry in after.items()
    }


def same_day_flags(completeness: str, before: Mapping[Key, Entry], after: Mapping[Key, Entry]) -> list[str]:
    """Return what is remarkable about a list beside a whole copy of the same day: that it says otherwise.

    Neither is later, so nothing shrank or turned empty. An extract says less than a whole copy, not otherwise.
    """
    if not before or completeness == Completeness.EXTRACT:
        return []
    said = ({key: entry.status for key, entry in lines.items()} for lines in (before, after))
    return ["same day"] if completeness != Completeness.COMPLETE or next(said) != next(said) else []


def totals_of(lists: Iterable[ListPreview], facts: Iterable[FactsPreview]) -> dict[str, int]:
    """Return sums over all lists and facts of a preview."""
    lists, facts = list(lists), list(facts)
    return {
        "lists": len(lists),
        "new": sum(found["new"] for found in lists),
        "confirmed": sum(found["confirmed"] for found in lists),
        "gone": sum(found["gone"] for found in lists),
        "renamed": sum(found["renamed"] for found in lists),
        "marked": sum(found["marked"] for found in lists),
        "unresolved": sum(found["unresolved"] for found in lists),
        "facts new": sum(found["new"] for found in facts),
        "facts gone": sum(found["gone"] for found in facts),
        "facts changed": sum(found["changed"] for found in facts),
        "flagged": sum(bool(found["flags"]) for found in lists) + sum(bool(found["flags"]) for found in facts),
    }


def needs_person(run: ImportRun, preview: Preview) -> str | None:
    """Return why a person must look before the run records anything, or None.

    An upload always waits, and a run that was asked to; a schedule waits unless it is trusted, the change is small, the
    page is of the same agency as before or, as a first copy, from the very address that is watched and of an agency
    without another portal, no document's bytes are on record already, and no fact of a document with another value; a
    command never waits.
    """
    if run.accepted_at is not None or (run.watch is None and not run.needs_review):
        return None
    if others := preview.get("agencies"):
        return agency_in_words(others[0])
    if portals := preview.get("portals"):
        return portal_in_words(portals[0])
    if run.watch is None:
        return "that was asked for when it was begun"
    if address := preview.get("led_to"):
        return f"{run.watch.url} led to {address}, and no earlier copy tells whether that is the same agency's page"
    if not run.watch.is_trusted:
        return "its schedule is not trusted"
    if copies := preview.get("copies"):
        return copy_in_words(copies[0])
    if preview["totals"].get("other values"):
        return "facts of the same documents are on record with another value"
    flagged = [found for found in [*preview["lists"], *preview["facts"]] if set(found["flags"]) - {"older"}]
    if flagged:
        return f"{_plainly(flagged[0]['flags'])}: {flagged[0]['title']}"
    largest = run.watch.largest_change
    changed = [found for found in preview["lists"] if changes_more_than(largest, found)]
    return f"more than {largest} % of the names changed: {changed[0]['title']}" if changed else None


def agency_in_words(found: OtherAgency) -> str:
    """Return of whom a document is and of whom earlier copies are, for the log and the preview."""
    return f"the page names {found['page']}, earlier copies {found['before']}: {found['title']}"


def portal_in_words(found: SecondPortal) -> str:
    """Return that a new portal is of an agency that has another one, for the log and the preview."""
    return f"a portal of {found['agency']} is on record under another name, {found['before']}: {found['slug']}"


def copy_in_words(found: SecondCopy) -> str:
    """Return as what the bytes of a document are on record already, for the log and the preview."""
    of_source = f" of {found['source']}" if "source" in found else ""
    return f"the same bytes are on record as the copy{of_source} of {found['before']}: {found['title']}"


def changes_more_than(percent: int, found: ListPreview) -> bool:
    """Tell whether more names than `percent` of the former ones are new, gone, renamed or marked otherwise.

    A first list is all new.
    """
    changed = found["new"] + found["gone"] + found["renamed"] + found["marked"]
    return changed * 100 > percent * (found["before"] or 0) if changed else False


def _plainly(flags: list[str]) -> str:
    """Return the first of a list's or document's flags in words."""
    words = {
        "shrinks": "it shrank by more than a third",
        "empty": "it was a list of names and is empty now",
        "none": "it was a list of names and says “none” now",
        "absent": "it was a list of names and is not shown now",
        "same day": "another copy of the same day is on record and says otherwise",
    }
    return next(words[flag] for flag in flags if flag in words)
