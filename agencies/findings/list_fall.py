"""A list loses more than a third of its names from one complete copy to the next."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from typing import NamedTuple
from uuid import UUID

from agencies.findings.draft import Draft, Rule
from agencies.findings.material import Material
from agencies.models import Access, Completeness, Finding, ReportedBy, SharingList
from agencies.summaries import NameCounts, count_names

DAYS_APART = 92
"""A fall is sudden when no more days than this lie between the copies."""
SMALLEST = 12
"""Lists shorter than this before the fall are left out: three of eight names are no event."""


class _Copy(NamedTuple):
    """One copy of a list, in the order of COLUMNS."""

    pk: int
    uuid: UUID
    heading: str
    day: date
    stream: int
    source: int
    network: int
    section: str
    reported_by: str


COLUMNS = (
    *("pk", "uuid", "heading", "capture__observed_on"),
    *("stream", "stream__source", "stream__network", "stream__section", "stream__reported_by"),
)


def find(material: Material) -> Iterator[Draft]:
    """Yield a finding for each fall between neighbouring complete copies of an agency's own list; two queries.

    Every name counts as it is printed, accounts marked inactive among them: it is the list that is measured.
    """
    copies = _copies(material)
    names = count_names([one.pk for stream in copies.values() for one in stream])
    for (owner, _stream), stream in copies.items():
        for before, after in pairwise(stream):
            was, now = _printed(names[before.pk]), _printed(names[after.pk])
            days = (after.day - before.day).days
            if was >= SMALLEST and days <= DAYS_APART and 3 * (was - now) > was:
                yield _draft(owner, before, after, was, now)


def _printed(names: NameCounts) -> int:
    """Return how many names a list prints."""
    return names.active + names.inactive + names.persons


def _draft(owner: int, before: _Copy, after: _Copy, was: int, now: int) -> Draft:
    """Return the finding on one fall."""
    return Draft(
        severity=Finding.Severity.LOW,
        agency=owner,
        network=after.network,
        as_of=after.day,
        key=(str(after.uuid),),
        data={
            "before": before.day.isoformat(),
            "after": after.day.isoformat(),
            "was": was,
            "now": now,
            "heading": after.heading or after.section,
            "inbound": after.reported_by == ReportedBy.GRANTEE,
        },
        lists=(before.pk, after.pk),
    )


def _copies(material: Material) -> dict[tuple[int, int], list[_Copy]]:
    """Return by owner and stream the complete copies of agencies' own lists, one a day, oldest first; one query."""
    lists = (
        SharingList.objects.standing()
        .filter(completeness=Completeness.COMPLETE, stream__access=Access.CONFIGURED)
        .exclude(stream__reported_by=ReportedBy.THIRD_PARTY)
    )
    found: dict[tuple[int, int], list[_Copy]] = {}
    for one in map(_Copy._make, lists.one_a_day().values_list(*COLUMNS)):
        if owner := material.publisher(one.source):
            found.setdefault((owner, one.stream), []).append(one)
    return {key: copies[::-1] for key, copies in found.items() if len(copies) > 1}


RULE = Rule("list-fall", 1, find)
