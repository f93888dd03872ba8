"""Filters of statements."""

from typing import Any

import django_filters
from django.db.models import Q, QuerySet

from agencies.models import (
    Access,
    Agency,
    Alias,
    Answer,
    Capture,
    Fact,
    FactField,
    Network,
    SharingStatement,
    Source,
    Statement,
)
from api.filters.fields import AgencyFilter, DayFilter, ModifiedSinceFilter, NamedFilter, StrictBooleanFilter
from api.lookups import matched_to


class StatementFilterSet(django_filters.FilterSet):
    """What the list of statements can be narrowed by."""

    kind = django_filters.ChoiceFilter(choices=Statement.Kind.choices)
    capture = NamedFilter(queryset=Capture.objects.all(), named_by="uuid", help_text="Id of the capture.")
    source = NamedFilter(
        field_name="capture__source", queryset=Source.objects.all(), named_by="slug", help_text="Slug of the source."
    )
    network = NamedFilter(
        queryset=Network.objects.all(), named_by="slug", method="in_network", help_text="Slug of the network."
    )
    agency = AgencyFilter(method="naming", help_text="Naming this agency in any part: id or slug.")
    grantor = AgencyFilter(method="granted_by", help_text="Whose reads are shared: id or slug of the agency.")
    grantee = AgencyFilter(method="granted_to", help_text="Who gets access: id or slug of the agency.")
    access = django_filters.ChoiceFilter(
        field_name="sharing__sharing_list__stream__access", choices=Access.choices, help_text="Kind of access."
    )
    field = django_filters.ChoiceFilter(
        field_name="fact__field", choices=FactField.choices, help_text="Field of a fact."
    )
    resolved = StrictBooleanFilter(method="all_matched", help_text="Whether every name is matched to an agency.")
    observed_on__gte = DayFilter(
        field_name="capture__observed_on", lookup_expr="gte", help_text="Observed on or after."
    )
    observed_on__lte = DayFilter(
        field_name="capture__observed_on", lookup_expr="lte", help_text="Observed on or before."
    )

    modified_since = ModifiedSinceFilter(field_name="recorded_at")

    class Meta:
        model = Statement
        fields: list[str] = []

    def in_network(self, queryset: QuerySet[Statement], name: str, network: Network) -> QuerySet[Statement]:
        """Keep sharing statements and facts of the network."""
        return queryset.filter(Q(sharing__sharing_list__stream__network=network) | Q(fact__network=network))

    def naming(self, queryset: QuerySet[Statement], name: str, agency: Agency) -> QuerySet[Statement]:
        """Keep statements with a name matched to the agency."""
        return queryset.filter(pk__in=_naming(_aliases_of(agency)))

    def granted_by(self, queryset: QuerySet[Statement], name: str, agency: Agency) -> QuerySet[Statement]:
        """Keep sharing statements whose grantor is the agency."""
        return queryset.filter(sharing__grantor_alias__in=_aliases_of(agency))

    def granted_to(self, queryset: QuerySet[Statement], name: str, agency: Agency) -> QuerySet[Statement]:
        """Keep sharing statements whose grantee is the agency."""
        return queryset.filter(sharing__grantee_alias__in=_aliases_of(agency))

    def all_matched(self, queryset: QuerySet[Statement], name: str, wanted: bool) -> QuerySet[Statement]:
        """Keep statements whose names are all matched, or those with one that is not."""
        unmatched = Alias.objects.exclude(decision__isnull=False, decision__outcome="matched").order_by().values("pk")
        doubtful = _naming(unmatched)
        return queryset.exclude(pk__in=doubtful) if wanted else queryset.filter(pk__in=doubtful)


def _naming(aliases: Any) -> QuerySet[Any]:
    """Return the keys of statements that hold one of the names: a union that uses each table's index."""
    grants = SharingStatement.objects.filter(grantor_alias__in=aliases).values("pk")
    receipts = SharingStatement.objects.filter(grantee_alias__in=aliases).values("pk")
    facts = Fact.objects.filter(alias__in=aliases).values("pk")
    return grants.union(receipts, facts, Answer.objects.filter(alias__in=aliases).values("pk"))


def _aliases_of(agency: Agency) -> list[int]:
    """Return the keys of the names that are matched to the agency today."""
    matched = Alias.objects.filter(matched_to(agency, "decision"))
    return list(matched.order_by().values_list("pk", flat=True))
