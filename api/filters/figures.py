"""Filters of agencies by what they publish of themselves: `retention_days__gte=30`."""

from operator import ge, le
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from agencies.models import Fact, Statement
from agencies.querysets import first_of_day
from api.filters.fields import described

_COMPARISONS = {"gte": "or more", "lte": "or less"}


class FigureFilter(django_filters.NumberFilter):
    """Keep agencies whose newest known figure of a field, in any network, meets a comparison; unknown is no number."""

    def __init__(self, figure: str, comparison: str) -> None:
        """Take the fact, which must be one number, and `gte` or `lte`."""
        super().__init__(help_text=f"Newest published {figure}: this {_COMPARISONS[comparison]}.", min_value=0)
        self.figure, self.comparison = figure, comparison
        described(self, type="number", minimum=0)

    def filter(self, queryset: QuerySet[Any], value: Any) -> QuerySet[Any]:
        """Look at the newest standing statement of each agency and network."""
        if value is None:
            return queryset
        return queryset.filter(pk__in=_agencies_with(self.figure, self.comparison, float(value)))


def _agencies_with(figure: str, comparison: str, value: float) -> set[int]:
    """Return the ids of agencies whose newest figure meets the comparison.

    One query: the newest fact of each agency and network, whichever of its names it is stated of.
    """
    standing = Statement.objects.standing().filter(kind="fact")
    facts = Fact.objects.filter(field=figure, statement__kind="fact", statement__in=standing)
    newest = (
        facts.filter(alias__decision__outcome="matched")
        .annotate(agency=Coalesce("alias__decision__agency__merged_into", "alias__decision__agency"))
        .order_by(
            "agency", "network_id", "-statement__observed_on", *first_of_day("statement__capture"), "statement__uuid"
        )
        .distinct("agency", "network_id")
        .values_list("agency", "knowledge", "value")
    )
    meets = {"gte": ge, "lte": le}[comparison]
    return {
        agency
        for agency, knowledge, found in newest
        if knowledge == "known" and isinstance(found, int | float) and meets(found, value)
    }


class FigureFilterSet(django_filters.FilterSet):
    """The figures that agencies publish."""

    retention_days__gte = FigureFilter("retention_days", "gte")
    retention_days__lte = FigureFilter("retention_days", "lte")
    cameras__gte = FigureFilter("cameras", "gte")
    cameras__lte = FigureFilter("cameras", "lte")
    vehicles_30d__gte = FigureFilter("vehicles_30d", "gte")
    vehicles_30d__lte = FigureFilter("vehicles_30d", "lte")
    unique_vehicles_30d__gte = FigureFilter("unique_vehicles_30d", "gte")
    unique_vehicles_30d__lte = FigureFilter("unique_vehicles_30d", "lte")
    hotlist_hits_30d__gte = FigureFilter("hotlist_hits_30d", "gte")
    hotlist_hits_30d__lte = FigureFilter("hotlist_hits_30d", "lte")
    searches_30d__gte = FigureFilter("searches_30d", "gte")
    searches_30d__lte = FigureFilter("searches_30d", "lte")
