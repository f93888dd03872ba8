"""A list loses more than a third of its names from one complete copy to the next."""

from collections.abc import Iterator
from itertools import pairwise

from agencies.findings.draft import Draft, Rule
from agencies.findings.material import Material
from agencies.models import Access, Completeness, Finding, ReportedBy, SharingList
from agencies.summaries import NameCounts, count_names

DAYS_APART = 92
"""A fall is sudden when no more days than this lie between the copies."""
SMALLEST = 12
"""Lists shorter than this before the fall are left out: three of eight names are no event."""


def find(material: Material) -> Iterator[Draft]:
    """Yield a finding for each fall between neighbouring complete copies of an agency's own list; two queries.

    Every name counts as it is printed, accounts marked inactive among them: it is the list that is measured.
    """
    copies = _copies(material)
    names = count_names([one.pk for stream in copies.values() for one in stream])
    for (owner, _stream), stream in copies.items():
        for before, after in pairwise(stream):
            was, now = _printed(names[before.pk]), _printed(names[after.pk])
            days = (after.capture.observed_on - before.capture.observed_on).days
            if was >= SMALLEST and days <= DAYS_APART and 3 * (was - now) > was:
                yield _draft(owner, before, after, was, now)


def _printed(names: NameCounts) -> int:
    """Return how many names a list prints."""
    return names.active + names.inactive + names.persons


def _draft(owner: int, before: SharingList, after: SharingList, was: int, now: int) -> Draft:
    """Return the finding on one fall."""
    return Draft(
        severity=Finding.Severity.LOW,
        agency=owner,
        network=after.stream.network_id,
        as_of=after.capture.observed_on,
        key=(str(after.uuid),),
        data={
            "before": before.capture.observed_on.isoformat(),
            "after": after.capture.observed_on.isoformat(),
            "was": was,
            "now": now,
            "heading": after.heading or after.stream.section,
            "inbound": after.stream.reported_by == ReportedBy.GRANTEE,
        },
        lists=(before.pk, after.pk),
    )


def _copies(material: Material) -> dict[tuple[int, int], list[SharingList]]:
    """Return by owner and stream the complete copies of agencies' own lists, oldest first; one query."""
    lists = (
        SharingList.objects.standing()
        .filter(completeness=Completeness.COMPLETE, stream__access=Access.CONFIGURED)
        .exclude(stream__reported_by=ReportedBy.THIRD_PARTY)
        .select_related("stream", "capture")
        .only(
            "uuid",
            "heading",
            "stream__source",
            "stream__network",
            "stream__section",
            "stream__reported_by",
            "capture__observed_on",
        )
    )
    found: dict[tuple[int, int], list[SharingList]] = {}
    for one in lists.order_by("stream_id", "capture__observed_on", "pk"):
        if owner := material.publisher(one.stream.source_id):
            found.setdefault((owner, one.stream_id), []).append(one)
    return {key: copies for key, copies in found.items() if len(copies) > 1}


RULE = Rule("list-fall", 1, find)
