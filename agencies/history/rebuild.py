"""Changes rebuilt from statements: those of all sources, or of the few that an import touched."""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import chain
from typing import NamedTuple

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from agencies.copying import copy_new, packed, reserve_ids
from agencies.history.drafts import COLUMNS
from agencies.history.facts import FactRows, fact_changes, read_facts
from agencies.history.lists import Lists, list_changes, read_lists
from agencies.history.names import Names
from agencies.models import Change, Source
from agencies.network.rebuild import lock_record
from agencies.network.withdrawn import Withdrawn
from agencies.writing_behind import WritingBehind

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


def refresh_changes_meanwhile(sources: Collection[int], behind: WritingBehind) -> Counter[str]:
    """Do what `refresh_changes` does, while the caller waits for other work of `behind`.

    The counts are filled when its block is left. The caller holds the record's lock, in a transaction.
    """
    return _meanwhile(Source.objects.filter(pk__in=sources), behind)


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
    with WritingBehind() as behind:
        counts = _meanwhile(sources, behind)
    return counts


def _meanwhile(sources: QuerySet[Source], behind: WritingBehind) -> Counter[str]:
    """Have the caller bring the changes of these sources up to date; the counts are there when it leaves the block."""
    work = _Work(behind)
    several = sources.annotate(copies=Count("captures")).filter(copies__gt=1)
    if found := list(several.order_by("pk").values_list("pk", flat=True)):
        behind.meanwhile(work.steps(found, Withdrawn.read()))
    return work.counts


class _Material(NamedTuple):
    """What was read of some sources: the changes that stand (id by UUID in hex), lists, facts."""

    standing: dict[str, int]
    lists: Lists
    facts: FactRows


def _read(sources: list[int], withdrawn: Withdrawn) -> _Material:
    """Read all that changes of sources (ids) are made from; four queries."""
    rows = Change.objects.filter(capture__source__in=sources).order_by().values_list("uuid", "pk")
    standing = {ident.hex: pk for ident, pk in rows}
    return _Material(standing, read_lists(sources, withdrawn), read_facts(sources))


def _write(lines: list[str], noted_at: str) -> None:
    """Write changes, noted at a moment."""
    ids = reserve_ids(Change, len(lines))
    rows = (f"{pk}\t{noted_at}\t{line}" for pk, line in zip(ids, lines, strict=True))
    copy_new(Change, ("id", "noted_at", *COLUMNS), packed(rows), ids)


@dataclass(slots=True)
class _Work:
    """What is kept from one batch of sources to the next: names, lines yet to be written, counts.

    All that is new is noted at one moment, however many batches it takes, so that a feed has it in the order of days.
    """

    behind: WritingBehind
    noted_at: str = field(default_factory=lambda: str(timezone.now()))
    names: Names = field(default_factory=Names)
    lines: list[str] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)

    def steps(self, sources: list[int], withdrawn: Withdrawn) -> Iterator[None]:
        """Bring the changes of sources (ids) up to date, some sources at a step."""
        batches = [sources[start : start + AT_A_TIME] for start in range(0, len(sources), AT_A_TIME)]
        # While some sources are held against each other, the next are read.
        for material in self.behind.ahead(partial(_read, some, withdrawn) for some in batches):
            self.refresh(material)
            yield
        self.write()

    def refresh(self, material: _Material) -> None:
        """Take in the changes of sources that are not there yet, and remove those that no longer follow."""
        standing = material.standing
        for draft in chain(list_changes(material.lists, self.names), fact_changes(material.facts, self.names)):
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
        """Begin to write the lines there are."""
        lines, self.lines = self.lines, []
        if lines:
            self.behind.begin(partial(_write, lines, self.noted_at))
