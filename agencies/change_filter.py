"""What a reader can ask of a page of changes, and of its feed."""

from collections.abc import Collection, Mapping

import django_filters
from django.db.models import QuerySet
from django.forms import DateInput, TextInput
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.changes import in_state
from agencies.folding import fold
from agencies.matching.states import STATE_NAMES
from agencies.models import Change, ChangeKind, Network

DAY = DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class ChangeFilter(django_filters.FilterSet):
    """Narrow changes by whose document they are in, by network, kind and date; what is invalid is refused."""

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

    def rows(self) -> QuerySet[Change]:
        """Return the changes asked for; none where a filter cannot be used."""
        return self.qs if self.is_valid() else self.queryset.none()

    def refusals(self, given: QueryDict) -> list[str]:
        """Return a line for each parameter that cannot be used, with what is allowed; none where all can."""
        told = [
            f"{name}: no such parameter; allowed are {', '.join(self.filters)}" for name in given.keys() - self.filters
        ]
        told += [
            f"{name}: given more than once; allowed is one value"
            for name in self.filters
            if len(given.getlist(name)) > 1
        ]
        told += [f"{name}: {self._allowed(name)}" for name in self.form.errors]
        return sorted(told)

    def _allowed(self, name: str) -> str:
        """Return what values a filter takes; up to one query."""
        found = self.filters[name]
        if isinstance(found, django_filters.ModelChoiceFilter):
            return f"allowed are {', '.join(Network.objects.order_by('slug').values_list('slug', flat=True))}"
        if isinstance(found, django_filters.ChoiceFilter):
            return f"allowed are {', '.join(str(value) for value, _label in found.extra['choices'])}"
        if isinstance(found, django_filters.DateFilter):
            return "allowed is a day, written YYYY-MM-DD"
        return "allowed is a text without NUL"

    def by_agency(self, changes: QuerySet[Change], _name: str, value: str) -> QuerySet[Change]:
        """Keep documents of agencies whose name holds the text, accents and punctuation aside."""
        decision = "about__decision__"
        named = {f"{decision}agency__search_key__contains": fold(value), f"{decision}outcome": "matched"}
        return changes.filter(**named)

    def by_state(self, changes: QuerySet[Change], _name: str, value: str) -> QuerySet[Change]:
        """Keep documents of the state's agencies."""
        return changes.filter(in_state(value))
