"""Names as printed, with the agencies that they are matched to."""

from collections.abc import Iterable

from django.db.models.functions import Coalesce

from agencies.history.drafts import Name
from agencies.models import Alias

AT_A_TIME = 10_000
"""Aliases asked for in one query."""


def load_names(aliases: Iterable[int]) -> dict[int, Name]:
    """Return names by key of their alias; one query for each 10,000."""
    wanted = sorted(set(aliases))
    agency = Coalesce("decision__agency__merged_into", "decision__agency")
    names: dict[int, Name] = {}
    for start in range(0, len(wanted), AT_A_TIME):
        found = Alias.objects.filter(pk__in=wanted[start : start + AT_A_TIME]).annotate(meant=agency).order_by()
        for pk, ident, printed, outcome, meant in found.values_list(
            "pk", "uuid", "printed_name", "decision__outcome", "meant"
        ):
            names[pk] = Name(pk, ident, printed, meant if outcome == "matched" else None)
    return names
