"""What a reader can ask of the map, in its address: the filters of links, and a second day to compare with."""

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.link_filter import LISTED, LinkFilter, LinkFilterForm


class MapFilterForm(LinkFilterForm):
    """The filters of links, and the day to compare with."""

    as_of_before = forms.DateField(
        label=_("Compared with"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("A day, written YYYY-MM-DD.")},
    )

    def clean_as_of_before(self) -> date | None:
        """Refuse a day that is not before the other."""
        before: date | None = self.cleaned_data["as_of_before"]
        day: date | None = self.cleaned_data.get("as_of")
        if before and day and before >= day:
            raise ValidationError(_("A day before the other one."))
        return before


@dataclass(frozen=True)
class MapFilter:
    """What is asked of links, and the day to compare with; `form` has the words where a parameter cannot be used."""

    form: MapFilterForm
    links: LinkFilter
    before: date | None

    @property
    def is_asked(self) -> bool:
        """Tell whether anything but the usual is asked for."""
        return self.links != LinkFilter(status=LISTED) or self.before is not None or bool(self.form.errors)


def read_filter(data: QueryDict) -> MapFilter:
    """Read the filters from an address; one that cannot be used is told by the form, and nothing is filtered."""
    form = MapFilterForm(data, status=LISTED)
    if not form.is_valid():
        return MapFilter(form, LinkFilter(status=LISTED), None)
    return MapFilter(form, form.chosen(), form.cleaned_data["as_of_before"])
