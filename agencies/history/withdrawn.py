"""Lines of lists that were withdrawn by themselves or with their import: most often there are none to look for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from django.db.models import Exists, OuterRef, Q

from agencies.models import Statement, Withdrawal


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What withdrawals in force can touch a line of a list that stands itself: imports (ids), and statements or none.

    They are read once for as long as the record's lock is held, so that what nobody withdrew costs nothing.
    """

    runs: frozenset[int]
    has_statements: bool

    @classmethod
    def read(cls) -> Self:
        """Ask the record; one query."""
        in_force = Withdrawal.objects.filter(lift__isnull=True, capture__isnull=True).order_by()
        runs = set(in_force.values_list("run", flat=True).distinct())
        return cls(frozenset(runs - {None}), None in runs)

    def standing(self, captures: Collection[int]) -> Q:
        """Return the condition that a line of a list in one of these captures (ids) stands."""
        condition = Q()
        if self.has_statements:
            condition &= Q(~Exists(Withdrawal.objects.filter(lift__isnull=True, statement=OuterRef("pk"))))
        if self.runs:
            # Without their captures PostgreSQL would read all statements there are, for each hundred sources.
            of_runs = Statement.objects.filter(capture__in=captures, run__in=self.runs)
            condition &= Q(~Exists(of_runs.filter(pk=OuterRef("pk"))))
        return condition
