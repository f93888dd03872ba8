"""Changes rebuilt from statements: those of all sources, or of the few that an import touched."""

from collections import Counter
from collections.abc import Collection, Iterator
from itertools import chain

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from agencies.copying import copy_new, packed, reserve_ids
from agencies.history.drafts import COLUMNS
from agencies.history.facts import fact_changes
from agencies.history.lists import list_changes
from agencies.models import Change, Source
from agencies.network.rebuild import lock_record

AT_A_TIME = 100
"""Sources read at a time: few queries, and memory that does not grow with the record."""

BATCH = 2000
"""Changes written at a time."""


@transaction.atomic
def refresh_changes(sources: Collection[int]) -> Counter[str]:
    """Bring the changes of these sources (ids) up to date with what stands in the record.

    Returns how many were new, removed or the same. A row that is found again is left as it is, `noted_at` too.
    Six queries for each 100 sources of which there are two copies, and the writes. Waits for the record's lock.
    """
    lock_record()
    counts: Counter[str] = Counter()
    for batch in _batches(sources):
        counts.update(_refresh(batch))
    return counts


def rebuild_changes() -> Counter[str]:
    """Rebuild the changes of every source; the same as `refresh_changes` gave import by import."""
    return refresh_changes(list(Source.objects.order_by().values_list("pk", flat=True)))


def sources_naming(aliases: Collection[int]) -> list[int]:
    """Return the sources (ids) with a change that names one of these aliases (ids); one query.

    A new decision on a name can make two of its prints one body's, or part them again.
    """
    named = Q(name__in=aliases) | Q(new_name__in=aliases) | Q(about__in=aliases)
    return list(Change.objects.filter(named).order_by().values_list("capture__source", flat=True).distinct())


def _batches(sources: Collection[int]) -> Iterator[list[int]]:
    """Yield the sources of which there are two copies, withdrawn or not, in order and some at a time; one query."""
    several = Source.objects.filter(pk__in=sources).annotate(copies=Count("captures")).filter(copies__gt=1)
    found = list(several.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(found), AT_A_TIME):
        yield found[start : start + AT_A_TIME]


def _refresh(sources: list[int]) -> Counter[str]:
    """Write the changes that are not there yet, and remove those that no longer follow."""
    standing = dict(Change.objects.filter(capture__source__in=sources).order_by().values_list("uuid", "pk"))
    counts: Counter[str] = Counter()
    new: list[str] = []
    for draft in chain(list_changes(sources), fact_changes(sources)):
        ident = draft.ident()
        if standing.pop(ident, None) is not None:
            counts["same"] += 1
            continue
        counts["new"] += 1
        new.append(draft.line(ident))
        if len(new) >= BATCH:
            _write(new)
            new = []
    _write(new)
    if standing:
        counts["removed"] += Change.objects.filter(pk__in=standing.values()).delete()[0]
    return counts


def _write(lines: list[str]) -> None:
    """Write new changes, noted now."""
    if not lines:
        return
    ids, now = reserve_ids(Change, len(lines)), timezone.now()
    rows = (f"{pk}\t{now}\t{line}" for pk, line in zip(ids, lines, strict=True))
    copy_new(Change, ("id", "noted_at", *COLUMNS), packed(rows), ids)
