"""How many changes there were on which day, as far as a day can be told."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, F, Q, QuerySet

from agencies.models import Change, ChangeKind

CLOSE = 45
"""Days that two copies may lie apart for a change between them to count as one of the newer copy's day."""

SPAN = 92
"""Days that are shown, up to the newest."""


@dataclass
class DayOfChanges:
    """How many changes copies of one day show."""

    day: date
    counts: Counter[str] = field(default_factory=Counter)

    @property
    def added(self) -> int:
        """Return the number of names added."""
        return self.counts[ChangeKind.ADDED]

    @property
    def removed(self) -> int:
        """Return the number of names no longer listed."""
        return self.counts[ChangeKind.REMOVED]

    @property
    def others(self) -> int:
        """Return the number of changes of other kinds."""
        return self.counts.total() - self.added - self.removed


@dataclass(frozen=True)
class DaysOfChanges:
    """The newest days, newest first; how many changes there are in all, and how many between copies far apart."""

    days: list[DayOfChanges]
    total: int
    far_apart: int

    @property
    def is_drawn(self) -> bool:
        """Tell whether there is anything to draw: two days, and names that came or went."""
        return len(self.days) > 1 and any(day.added or day.removed for day in self.days)


def days_of(changes: QuerySet[Change]) -> DaysOfChanges:
    """Count changes by day; one query."""
    close = Q(before__observed_on__gte=F("observed_on") - timedelta(days=CLOSE))
    rows = changes.order_by().values_list("observed_on", "kind")
    by_day: dict[date, DayOfChanges] = {}
    total = far_apart = 0
    for day, kind, number, near in rows.annotate(n=Count("pk"), near=Count("pk", filter=close)):
        total, far_apart = total + number, far_apart + number - near
        if near:
            by_day.setdefault(day, DayOfChanges(day)).counts[kind] += near
    newest = max(by_day, default=date.min)
    shown = [by_day[day] for day in sorted(by_day, reverse=True) if (newest - day).days < SPAN]
    return DaysOfChanges(shown, total, far_apart)
