"""What a reader can ask of a page: the search box, and the filters over a table of links."""

from collections.abc import Mapping

import django_filters
from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from agencies.folding import fold
from agencies.models import Network, SharingLink


class SearchForm(forms.Form):
    """The one search box."""

    q = forms.CharField(
        label=_("City, county, ZIP code or agency"),
        max_length=100,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


class HereForm(forms.Form):
    """Where a reader stands, in WGS 84 degrees."""

    latitude = forms.FloatField(min_value=-90, max_value=90)
    longitude = forms.FloatField(min_value=-180, max_value=180)

    def point(self) -> tuple[float, float]:
        """Return latitude and longitude to two decimals, about a kilometre: enough for a city."""
        return round(self.cleaned_data["latitude"], 2), round(self.cleaned_data["longitude"], 2)


class LinkFilter(django_filters.FilterSet):
    """Narrow and order an agency's links; `far` names the end that is not the agency."""

    far = "grantee"
    SORTS = {
        "name": ["{far}__name", "id"],
        "state": ["{far}__state", "{far}__name", "id"],
        "last-seen": ["-last_seen", "{far}__name", "id"],
    }

    q = django_filters.CharFilter(label=_("Name holds"), method="by_name")
    state = django_filters.ChoiceFilter(label=_("State"), method="by_state", empty_label=_("any"))
    network = django_filters.ModelChoiceFilter(
        label=_("Network"), queryset=Network.objects.all(), to_field_name="slug", empty_label=_("any")
    )
    status = django_filters.ChoiceFilter(
        label=_("Status"),
        empty_label=_("any"),
        choices=[
            ("listed", _("listed when last seen")),
            ("inactive", _("listed as inactive")),
            ("ended", _("no longer listed")),
            ("disputed", _("disputed")),
        ],
        method="by_status",
    )
    sort = django_filters.ChoiceFilter(
        label=_("Order by"),
        empty_label=None,
        choices=[("name", _("name")), ("state", _("state")), ("last-seen", _("last seen"))],
        method="ordered",
    )

    class Meta:
        model = SharingLink
        fields: list[str] = []

    def __init__(self, data: Mapping[str, str], queryset: QuerySet[SharingLink], *, far: str) -> None:
        """Offer the states that occur among the links, one query."""
        self.far = far
        super().__init__(data, queryset=queryset)
        states = queryset.exclude(**{f"{far}__state": ""}).order_by(f"{far}__state")
        names = states.values_list(f"{far}__state", flat=True).distinct()
        self.filters["state"].extra["choices"] = [(name, name) for name in names]

    def by_name(self, links: QuerySet[SharingLink], _name: str, value: str) -> QuerySet[SharingLink]:
        """Keep links whose other end's name holds the text, accents and punctuation aside."""
        return links.filter(**{f"{self.far}__search_key__contains": fold(value)})

    def by_state(self, links: QuerySet[SharingLink], _name: str, value: str) -> QuerySet[SharingLink]:
        """Keep links whose other end lies in the state."""
        return links.filter(**{f"{self.far}__state": value})

    def by_status(self, links: QuerySet[SharingLink], _name: str, value: str) -> QuerySet[SharingLink]:
        """Keep links of a status; "disputed" is one that an answer gives to a link of any status."""
        return links.filter(disputed_on__isnull=False) if value == "disputed" else links.filter(status=value)

    def ordered(self, links: QuerySet[SharingLink], _name: str, value: str) -> QuerySet[SharingLink]:
        """Leave the order to `rows`."""
        return links

    def rows(self) -> QuerySet[SharingLink]:
        """Return the links that pass, in the order asked for; an invalid filter is ignored."""
        asked = self.form.cleaned_data.get("sort") if self.form.is_valid() else ""
        order = self.SORTS[asked or "name"]
        return self.qs.with_ends().order_by(*(part.format(far=self.far) for part in order))
