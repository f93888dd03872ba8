"""Filters of findings."""

import django_filters

from agencies.findings.rules import RULES
from agencies.findings.status import FindingStatus
from agencies.models import Finding, Law, Network
from api.filters.fields import AgencyFilter, DayFilter, ModifiedSinceFilter, NamedFilter, state_filter


class FindingFilterSet(django_filters.FilterSet):
    """What the list of findings can be narrowed by."""

    rule = django_filters.ChoiceFilter(choices=[(rule.slug, rule.slug) for rule in RULES], help_text="Rule.")
    severity = django_filters.ChoiceFilter(choices=Finding.Severity.choices)
    status = django_filters.ChoiceFilter(choices=FindingStatus.choices, help_text="What has become of it.")
    agency = AgencyFilter(field_name="agency", help_text="About this agency: id or slug.")
    state = state_filter("agency__state", "State of the agency, by its USPS code.")
    network = NamedFilter(queryset=Network.objects.all(), named_by="slug", help_text="Slug of the network.")
    law = NamedFilter(queryset=Law.objects.all(), named_by="slug", help_text="Slug of the law.")
    as_of = DayFilter(field_name="as_of", lookup_expr="lte", help_text="Resting on documents up to that day only.")
    modified_since = ModifiedSinceFilter(field_name="noted_at")

    class Meta:
        model = Finding
        fields: list[str] = []
