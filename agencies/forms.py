"""What a reader can ask of search: a name, or where they stand."""

from django import forms
from django.utils.translation import gettext_lazy as _


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
