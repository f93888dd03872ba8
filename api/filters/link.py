"""Filters of sharing links: of all of them, and of one agency's."""

from dataclasses import replace
from typing import Any

import django_filters
from django.db.models import QuerySet

from agencies.link_filter import ALL, BOTH, DISPUTED, ENDS, GRANTS, RECEIPTS, LinkFilter
from agencies.matching.states import STATE_NAMES
from agencies.models import Access, Agency, Network, SharingLink
from agencies.querysets import SharingLinkQuerySet
from api.filters.fields import (
    AgencyFilter,
    DayFilter,
    ModifiedSinceFilter,
    NamedFilter,
    PastDayFilter,
    StrictBooleanFilter,
    state_filter,
)

FEW = 3_000
"""Up to so many agencies are named by key: the database then begins with their links instead of reading all."""

_DIRECTIONS = ((GRANTS, "access is given"), (RECEIPTS, "access is got"), (BOTH, "either"))
_STATUSES = (*SharingLink.Status.choices, (DISPUTED, "an answer denies it"), (ALL, "any"))
_AS_OF = (
    "Links as they stood that day, by the dates of today's record: first seen up to it, and of the `status` asked for "
    "on that day."
)


class _CommonFilterSet(django_filters.FilterSet):
    """What any list of links can be narrowed by; those of `LinkFilter` are the pages' own and work as they do there."""

    kind = django_filters.ChoiceFilter(choices=Agency.Kind.choices, help_text="Kind of the partner.")
    federal = django_filters.ChoiceFilter(
        choices=(("yes", "yes"), ("no", "no")), help_text="Whether the partner is a federal agency."
    )
    state = django_filters.ChoiceFilter(
        choices=sorted(STATE_NAMES.items()), help_text="State of the partner, by its USPS code."
    )
    as_of = PastDayFilter(help_text=_AS_OF)
    network = NamedFilter(queryset=Network.objects.all(), named_by="slug", help_text="Slug of the network.")
    access = django_filters.ChoiceFilter(choices=Access.choices, help_text="Kind of access.")
    status = django_filters.ChoiceFilter(choices=_STATUSES)
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

    SHARED = ("direction", "status", "kind", "federal", "state", "as_of")
    """What `LinkFilter` decides, all of it together: a status is as of the day, and all that is asked is of one end."""

    def filter_queryset(self, queryset: SharingLinkQuerySet) -> SharingLinkQuerySet:
        """Keep the links that pass."""
        given = dict(self.form.cleaned_data)
        shared = {name: given.pop(name) for name in self.SHARED}
        for name, value in given.items():
            queryset = self.filters[name].filter(queryset, value)
        return self.fitting(LinkFilter(**{name: value for name, value in shared.items() if value}), queryset)

    def fitting(self, wanted: LinkFilter, links: SharingLinkQuerySet) -> SharingLinkQuerySet:
        """Keep the links that fit what the pages ask as well."""
        raise NotImplementedError


class LinkFilterSet(_CommonFilterSet):
    """What the list of all links can be narrowed by."""

    direction = django_filters.ChoiceFilter(
        choices=_DIRECTIONS,
        help_text="Which end is the partner: the grantee (grants), the grantor (receipts), either (both). Without it: "
        "the end that is not named where `grantor` or `grantee` is given, else either.",
    )
    grantor = AgencyFilter(help_text="Whose reads are shared: id or slug of the agency.")
    grantee = AgencyFilter(help_text="Who gets access: id or slug of the agency.")

    class Meta:
        model = SharingLink
        fields: list[str] = []

    def fitting(self, wanted: LinkFilter, links: SharingLinkQuerySet) -> SharingLinkQuerySet:
        """Keep the links that fit; the partner is at the end asked for, else away from the one end that is named."""
        given = self.form.cleaned_data
        named = [way for way, (own, _) in ENDS.items() if given[own]]
        wanted = replace(wanted, direction=given["direction"] or (named[0] if len(named) == 1 else BOTH))
        if named or not wanted.asks_of_partner:
            return wanted.apply(links)
        keys = list(_partners(wanted)[: FEW + 1])
        return wanted.apply(links, partners=keys if len(keys) <= FEW else None)


class AgencyLinkFilterSet(_CommonFilterSet):
    """What one agency's links can be narrowed by; the view has the agency as its `subject`."""

    direction = django_filters.ChoiceFilter(
        choices=_DIRECTIONS,
        help_text="grants: it gives access; receipts: it gets access. Both without it.",
    )

    class Meta:
        model = SharingLink
        fields: list[str] = []

    def fitting(self, wanted: LinkFilter, links: SharingLinkQuerySet) -> SharingLinkQuerySet:
        """Keep the agency's links that fit."""
        agency = self.request.parser_context["view"].subject
        return wanted.apply(links, agency, partners=_partners(wanted) if wanted.asks_of_partner else None)


def _partners(wanted: LinkFilter) -> QuerySet[Agency, Any]:
    """Return the keys of the agencies that are asked for as partners."""
    return Agency.objects.filter(wanted.partner()).order_by().values_list("pk", flat=True)
