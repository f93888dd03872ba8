"""Lines of lists that were withdrawn: most often there are none to look for."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Self

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Exists, OuterRef, Q

from agencies.models import Statement, Withdrawal


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What withdrawals in force can touch a line of a list: imports (ids), and captures or statements, or none.

    They are read once for as long as the record's lock is held, so that what nobody withdrew costs nothing.
    """

    runs: frozenset[int] = frozenset()
    has_captures: bool = False
    has_statements: bool = False

    @classmethod
    def read(cls) -> Self:
        """Ask the record; one query."""
        of_runs = ArrayAgg("run", distinct=True, filter=Q(run__isnull=False), default=[])
        in_force = Withdrawal.objects.filter(lift__isnull=True)
        found = in_force.aggregate(runs=of_runs, captures=Count("capture"), statements=Count("statement"))
        return cls(frozenset(found["runs"]), bool(found["captures"]), bool(found["statements"]))

    def standing(self, captures: Collection[int] | None = None) -> Q:
        """Return the condition that a line of a list stands; of lists in `captures` (ids), which stand, where given."""
        in_force, condition = Withdrawal.objects.filter(lift__isnull=True), Q()
        if self.has_statements:
            condition &= Q(~Exists(in_force.filter(statement=OuterRef("pk"))))
        if self.has_captures and captures is None:
            condition &= Q(~Exists(in_force.filter(capture=OuterRef("sharing_list__capture"))))
        if self.runs:
            of_runs = Statement.objects.filter(run__in=self.runs, pk=OuterRef("pk"))
            # Without their captures PostgreSQL would read all statements there are, for each hundred sources.
            condition &= Q(~Exists(of_runs if captures is None else of_runs.filter(capture__in=captures)))
        return condition
