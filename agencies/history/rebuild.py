"""Changes rebuilt from statements: those of all sources, or of the few that an import touched."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import chain

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from agencies.copying import copy_new, packed, reserve_ids
from agencies.history.drafts import COLUMNS
from agencies.history.facts import fact_changes
from agencies.history.lists import list_changes
from agencies.history.names import Names
from agencies.models import Change, Source
from agencies.network.rebuild import lock_record
from agencies.network.withdrawn import Withdrawn

AT_A_TIME = 100
"""Sources read at a time: few queries, and memory that does not grow with the record."""

BATCH = 5000
"""Changes written at a time."""


def refresh_changes(sources: Collection[int]) -> Counter[str]:
    """Bring the changes of these sources (ids) up to date with what stands in the record.

    Returns how many were new, removed or the same. A row that is found again is left as it is, `noted_at` too.
    Four queries for each 100 sources of which there are two copies, those for names not yet read, and the writes.
    Waits for the record's lock.
    """
    return _bring_up_to_date(Source.objects.filter(pk__in=sources))


def rebuild_changes() -> Counter[str]:
    """Rebuild the changes of every source; the same as `refresh_changes` gave import by import."""
    return _bring_up_to_date(Source.objects.all())


def sources_naming(aliases: Collection[int]) -> list[int]:
    """Return the sources (ids) with a change that names one of these aliases (ids); one query.

    A new decision on a name can make two of its prints one body's, or part them again.
    """
    named = Q(name__in=aliases) | Q(new_name__in=aliases) | Q(about__in=aliases)
    return list(Change.objects.filter(named).order_by().values_list("capture__source", flat=True).distinct())


@transaction.atomic
def _bring_up_to_date(sources: QuerySet[Source]) -> Counter[str]:
    """Bring the changes of these sources up to date."""
    lock_record()
    several = sources.annotate(copies=Count("captures")).filter(copies__gt=1)
    found = list(several.order_by("pk").values_list("pk", flat=True))
    if not found:
        return Counter()
    work = _Work(Withdrawn.read())
    for start in range(0, len(found), AT_A_TIME):
        work.refresh(found[start : start + AT_A_TIME])
    if work.lines:
        work.write()
    return work.counts


@dataclass(slots=True)
class _Work:
    """What is kept from one batch of sources to the next: what was read of the record, and lines yet to be written."""

    withdrawn: Withdrawn
    names: Names = field(default_factory=Names)
    lines: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def refresh(self, sources: list[int]) -> None:
        """Take in the changes of sources (ids) that are not there yet, and remove those that no longer follow."""
        rows = Change.objects.filter(capture__source__in=sources).order_by().values_list("uuid", "pk")
        standing = {ident.hex: pk for ident, pk in rows}
        of_lists = list_changes(sources, self.names, self.withdrawn)
        for draft in chain(of_lists, fact_changes(sources, self.names)):
            ident = draft.ident()
            if standing.pop(ident, None) is not None:
                self.counts["same"] += 1
                continue
            self.counts["new"] += 1
            self.lines.append(draft.line(ident))
            if len(self.lines) >= BATCH:
                self.write()
        if standing:
            self.counts["removed"] += Change.objects.filter(pk__in=standing.values()).delete()[0]

    def write(self) -> None:
        """Write the lines there are, noted now."""
        ids, now = reserve_ids(Change, len(self.lines)), str(timezone.now())
        rows = (f"{pk}\t{now}\t{line}" for pk, line in zip(ids, self.lines, strict=True))
        copy_new(Change, ("id", "noted_at", *COLUMNS), packed(rows), ids)
        self.lines.clear()
