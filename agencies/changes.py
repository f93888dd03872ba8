"""What changed of late, as the documents' own dates tell it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Q, QuerySet
from django.db.models.functions import Greatest

from agencies.models import Capture, SharingLink
from agencies.querysets import SharingLinkQuerySet

DAYS_SHOWN = 8
LINKS_SHOWN = 10
CAPTURES_SHOWN = 6


@dataclass
class DayOfChanges:
    """How many links were seen first, were no longer listed, or were listed as inactive as of one day."""

    day: date
    first_seen: int = 0
    ended: int = 0
    inactive: int = 0


@dataclass(frozen=True)
class RecentChanges:
    """The newest days on which something changed, and the newest links that are no longer listed as active."""

    days: list[DayOfChanges]
    closed: list[SharingLink]


def recent_changes(within: Q | None = None) -> RecentChanges:
    """Return recent changes of the links that meet a condition, or of all. Four queries."""
    links = SharingLink.objects.filter(within or Q()).order_by()
    return RecentChanges(_days(links), _closed(links))


def _days(links: QuerySet[SharingLink]) -> list[DayOfChanges]:
    """Return the newest days with a change, newest first."""
    counts: dict[date, dict[str, int]] = defaultdict(dict)
    for field, name in (("first_seen", "first_seen"), ("ended_as_of", "ended"), ("inactive_as_of", "inactive")):
        rows = links.filter(**{f"{field}__isnull": False}).values_list(field).annotate(n=Count("pk"))
        for day, number in rows.order_by(F(field).desc())[:DAYS_SHOWN]:
            counts[day][name] = number
    return [DayOfChanges(day, **counts[day]) for day in sorted(counts, reverse=True)[:DAYS_SHOWN]]


def _closed(links: SharingLinkQuerySet) -> list[SharingLink]:
    """Return the newest links that are no longer listed, or listed as inactive."""
    closed = links.filter(Q(ended_as_of__isnull=False) | Q(inactive_as_of__isnull=False)).with_ends()
    # PostgreSQL's GREATEST passes over nulls.
    return list(closed.order_by(Greatest("ended_as_of", "inactive_as_of").desc(), "-pk")[:LINKS_SHOWN])


def newest_captures() -> list[Capture]:
    """Return the documents of the newest dates; one query."""
    found = Capture.objects.standing().select_related("source").defer("kept_text")
    return list(found.order_by("-observed_on", "-pk")[:CAPTURES_SHOWN])
