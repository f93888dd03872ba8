"""Filters of sources and captures."""

import django_filters
from django.db.models import QuerySet

from agencies.models import Agency, Capture, Source
from api.filters.fields import AgencyFilter, DayFilter, ModifiedSinceFilter, NamedFilter
from api.lookups import matched_to


class SourceFilterSet(django_filters.FilterSet):
    """What the list of sources can be narrowed by."""

    kind = django_filters.ChoiceFilter(choices=Source.Kind.choices)
    agency = AgencyFilter(method="published_by", help_text="Published by this agency: id or slug.")

    class Meta:
        model = Source
        fields: list[str] = []

    def published_by(self, queryset: QuerySet[Source], name: str, agency: Agency) -> QuerySet[Source]:
        """Keep the agency's own publications."""
        return queryset.filter(matched_to(agency, "agency_alias__decision"))


class CaptureFilterSet(django_filters.FilterSet):
    """What the list of captures can be narrowed by."""

    source = NamedFilter(queryset=Source.objects.all(), named_by="slug", help_text="Slug of the source.")
    agency = AgencyFilter(method="published_by", help_text="Of this agency's own publications: id or slug.")
    observed_on__gte = DayFilter(field_name="observed_on", lookup_expr="gte", help_text="Observed on or after.")
    observed_on__lte = DayFilter(field_name="observed_on", lookup_expr="lte", help_text="Observed on or before.")

    modified_since = ModifiedSinceFilter(field_name="created_at")

    class Meta:
        model = Capture
        fields: list[str] = []

    def published_by(self, queryset: QuerySet[Capture], name: str, agency: Agency) -> QuerySet[Capture]:
        """Keep captures of the agency's own publications."""
        return queryset.filter(matched_to(agency, "source__agency_alias__decision"))
