"""Filters of facts."""

import django_filters
from django.db.models import QuerySet

from agencies.models import Agency, Fact, FactField, Knowledge, Network
from api.filters.fields import AgencyFilter, DayFilter, ModifiedSinceFilter, NamedFilter, state_filter
from api.lookups import matched_to


class FactFilterSet(django_filters.FilterSet):
    """What the list of facts can be narrowed by."""

    agency = AgencyFilter(method="of_agency", help_text="Whose facts: id or slug.")
    agency_state = state_filter("alias__decision__agency__state", "State of the agency, by its USPS code.")
    field = django_filters.ChoiceFilter(choices=FactField.choices, help_text="What it is a value of.")
    network = NamedFilter(queryset=Network.objects.all(), named_by="slug", help_text="Slug of the network.")
    state = django_filters.ChoiceFilter(
        field_name="knowledge", choices=Knowledge.choices, help_text="State of knowledge."
    )
    as_of__gte = DayFilter(field_name="statement__observed_on", lookup_expr="gte", help_text="Dated on or after.")
    as_of__lte = DayFilter(field_name="statement__observed_on", lookup_expr="lte", help_text="Dated on or before.")
    modified_since = ModifiedSinceFilter(field_name="statement__recorded_at")

    class Meta:
        model = Fact
        fields: list[str] = []

    def of_agency(self, queryset: QuerySet[Fact], name: str, agency: Agency) -> QuerySet[Fact]:
        """Keep facts of the agency."""
        return queryset.filter(matched_to(agency, "alias__decision"))
