"""Filters of sharing links: of all of them, and of one agency's."""

import django_filters
from django.db.models import F, QuerySet

from agencies.models import Access, Network, SharingLink
from api.filters.fields import (
    AgencyFilter,
    DayFilter,
    ModifiedSinceFilter,
    NamedFilter,
    StrictBooleanFilter,
    state_filter,
)


class _CommonFilterSet(django_filters.FilterSet):
    """What any list of links can be narrowed by."""

    network = NamedFilter(queryset=Network.objects.all(), named_by="slug", help_text="Slug of the network.")
    access = django_filters.ChoiceFilter(choices=Access.choices, help_text="Kind of access.")
    status = django_filters.ChoiceFilter(choices=SharingLink.Status.choices)
    reported_by = django_filters.ChoiceFilter(choices=SharingLink.Reporter.choices)
    grantor_state = state_filter("grantor__state", "State of the grantor, by its USPS code.")
    grantee_state = state_filter("grantee__state", "State of the grantee, by its USPS code.")
    disputed = StrictBooleanFilter(
        field_name="disputed_on", lookup_expr="isnull", exclude=True, help_text="Whether an answer denies it."
    )
    first_seen__gte = DayFilter(field_name="first_seen", lookup_expr="gte", help_text="First seen on or after.")
    first_seen__lte = DayFilter(field_name="first_seen", lookup_expr="lte", help_text="First seen on or before.")
    last_seen__gte = DayFilter(field_name="last_seen", lookup_expr="gte", help_text="Last seen on or after.")
    last_seen__lte = DayFilter(field_name="last_seen", lookup_expr="lte", help_text="Last seen on or before.")
    modified_since = ModifiedSinceFilter()


class LinkFilterSet(_CommonFilterSet):
    """What the list of all links can be narrowed by."""

    grantor = AgencyFilter(help_text="Whose reads are shared: id or slug of the agency.")
    grantee = AgencyFilter(help_text="Who gets access: id or slug of the agency.")

    class Meta:
        model = SharingLink
        fields: list[str] = []


class AgencyLinkFilterSet(_CommonFilterSet):
    """What one agency's links can be narrowed by; its rows carry the agency's key as `subject`."""

    direction = django_filters.ChoiceFilter(
        choices=(("grants", "it gives access"), ("receipts", "it gets access")),
        method="in_direction",
        help_text="grants: it gives access; receipts: it gets access. Both without it.",
    )

    class Meta:
        model = SharingLink
        fields: list[str] = []

    def in_direction(self, queryset: QuerySet[SharingLink], name: str, value: str) -> QuerySet[SharingLink]:
        """Keep links with the agency at one end."""
        end = {"grants": "grantor", "receipts": "grantee"}[value]
        return queryset.filter(**{end: F("subject")})
