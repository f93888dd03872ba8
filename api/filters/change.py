"""Filters of changes."""

import django_filters
from django.db.models import Q, QuerySet

from agencies.changes import changes_in, changes_of
from agencies.models import Agency, Capture, Change, ChangeKind, FactField, Network, Place
from api.filters.fields import AgencyFilter, DayFilter, ModifiedSinceFilter, NamedFilter, state_filter


class ChangeFilterSet(django_filters.FilterSet):
    """What the list of changes can be narrowed by."""

    kind = django_filters.ChoiceFilter(choices=ChangeKind.choices)
    agency = AgencyFilter(method="of_agency", help_text="In its documents, or naming it: id or slug.")
    place = NamedFilter(
        queryset=Place.objects.all(), named_by="geoid", method="in_place", help_text="Of agencies that serve it: GEOID."
    )
    state = state_filter("about__decision__agency__state", "State of the document's agency, by its USPS code.")
    network = NamedFilter(queryset=Network.objects.all(), named_by="slug", help_text="Slug of the network.")
    capture = NamedFilter(queryset=Capture.objects.all(), named_by="uuid", help_text="Id of the newer copy.")
    field = django_filters.ChoiceFilter(choices=FactField.choices, help_text="Field of a fact.")
    observed_on__gte = DayFilter(field_name="observed_on", lookup_expr="gte", help_text="Newer copy dated on or after.")
    observed_on__lte = DayFilter(
        field_name="observed_on", lookup_expr="lte", help_text="Newer copy dated on or before."
    )
    modified_since = ModifiedSinceFilter(field_name="noted_at")

    class Meta:
        model = Change
        fields: list[str] = []

    def of_agency(self, queryset: QuerySet[Change], name: str, agency: Agency) -> QuerySet[Change]:
        """Keep changes of the agency."""
        return queryset.filter(Q(pk__in=changes_of(agency).order_by().values("pk")))

    def in_place(self, queryset: QuerySet[Change], name: str, place: Place) -> QuerySet[Change]:
        """Keep changes of the agencies that serve the place; of a state, of all its agencies."""
        return queryset.filter(Q(pk__in=changes_in(place).order_by().values("pk")))
