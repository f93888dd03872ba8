"""What a reader can ask of a page of changes, and of its feed."""

from collections.abc import Collection, Mapping

import django_filters
from django.db.models import QuerySet
from django.forms import DateInput, TextInput
from django.utils.translation import gettext_lazy as _

from agencies.changes import in_state
from agencies.folding import fold
from agencies.matching.states import STATE_NAMES
from agencies.models import Change, ChangeKind, Network

DAY = DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ChangeFilter(django_filters.FilterSet):
    """Narrow changes by whose document they are in, by network, kind and date; what is invalid is ignored."""

    agency = django_filters.CharFilter(
        label=_("Agency's name holds"), method="by_agency", widget=TextInput({"size": 14})
    )
    state = django_filters.ChoiceFilter(
        label=_("State"), choices=sorted((code, code) for code in STATE_NAMES), method="by_state", empty_label=_("any")
    )
    network = django_filters.ModelChoiceFilter(
        label=_("Network"), queryset=Network.objects.all(), to_field_name="slug", empty_label=_("any")
    )
    kind = django_filters.ChoiceFilter(label=_("Kind of change"), choices=ChangeKind.choices, empty_label=_("any"))
    from_date = django_filters.DateFilter(label=_("From"), field_name="observed_on", lookup_expr="gte", widget=DAY)
    to_date = django_filters.DateFilter(label=_("To"), field_name="observed_on", lookup_expr="lte", widget=DAY)

    class Meta:
        model = Change
        fields: list[str] = []

    def __init__(self, data: Mapping[str, str], queryset: QuerySet[Change], *, without: Collection[str] = ()) -> None:
        """Leave out the filters `without`, which the page answers by itself."""
        super().__init__(data, queryset=queryset)
        for name in without:
            del self.filters[name]

    def by_agency(self, changes: QuerySet[Change], _name: str, value: str) -> QuerySet[Change]:
        """Keep documents of agencies whose name holds the text, accents and punctuation aside."""
        decision = "about__decision__"
        named = {f"{decision}agency__search_key__contains": fold(value), f"{decision}outcome": "matched"}
        return changes.filter(**named)

    def by_state(self, changes: QuerySet[Change], _name: str, value: str) -> QuerySet[Change]:
        """Keep documents of the state's agencies."""
        return changes.filter(in_state(value))
