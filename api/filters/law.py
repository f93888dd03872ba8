"""Filters of laws."""

import django_filters
from django.db.models import QuerySet

from agencies.models import Law, Place
from api.filters.fields import DayFilter, NamedFilter, StrictBooleanFilter, state_filter


class LawFilterSet(django_filters.FilterSet):
    """What the list of laws can be narrowed by."""

    state = state_filter("place__state")
    place = NamedFilter(queryset=Place.objects.all(), named_by="geoid", help_text="GEOID of the place it binds.")
    kind = django_filters.ChoiceFilter(choices=Law.Kind.choices)
    limits = django_filters.ChoiceFilter(choices=Law.Limit.choices, method="limiting", help_text="What it limits.")
    verified = StrictBooleanFilter(
        field_name="verified_on", lookup_expr="isnull", exclude=True, help_text="Whether it was held against the text."
    )
    as_of = DayFilter(method="in_force", help_text="In force on that day, as far as its dates are known.")

    class Meta:
        model = Law
        fields: list[str] = []

    def limiting(self, queryset: QuerySet[Law], name: str, limit: str) -> QuerySet[Law]:
        """Keep laws that limit it."""
        return queryset.filter(limits__contains=[limit])

    def in_force(self, queryset: QuerySet[Law], name: str, day: object) -> QuerySet[Law]:
        """Leave out laws that began later or ended before."""
        return queryset.exclude(in_force_from__gt=day).exclude(in_force_to__lt=day)
