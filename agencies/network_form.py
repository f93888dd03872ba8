"""What a reader can ask of the network view: an agency or a place, and the filters of all views."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from agencies.link_filter import GRANTS, LISTED, LinkFilterForm
from agencies.models import Agency, Place
from agencies.route_form import AgencyField, Candidate


class PlaceField(forms.CharField):
    """Takes a place's GEOID."""

    def clean(self, value: Any) -> Place | None:
        """Return the place; refuse a number that none has."""
        geoid = super().clean(value)
        place = Place.objects.filter(geoid=geoid).first() if geoid else None
        if geoid and place is None:
            raise ValidationError(_("No place has this number."))
        return place


class NetworkForm(LinkFilterForm):
    """An agency or a place, and the filters. Where they say nothing: whom it gives access, as listed when last seen."""

    agency = AgencyField(label=_("Agency"), required=False)
    place = PlaceField(label=_("Place, by its GEOID"), required=False, max_length=20)
    field_order = ["agency", "place", "direction"]

    def __init__(self, data: Mapping[str, str]) -> None:
        """Take an agency or a place, and filters."""
        super().__init__(data, direction=GRANTS, status=LISTED)
        self.asked = data
        self.fields["place"].widget.attrs["size"] = 10

    def clean(self) -> None:
        """Refuse an agency and a place at once."""
        if self.cleaned_data.get("agency") and self.cleaned_data.get("place"):
            self.add_error("place", _("Name an agency or a place, not both."))

    @property
    def body(self) -> Agency | Place | None:
        """Return what is asked about; None where nothing is, or where it is not known."""
        if not self.is_valid():
            return None
        named: Agency | Place | None = self.cleaned_data["agency"] or self.cleaned_data["place"]
        return named

    def candidates(self) -> list[Candidate]:
        """Return the agencies that may be meant, where a name fits several."""
        field = self.fields["agency"]
        if "agency" not in self.errors or not isinstance(field, AgencyField):
            return []
        rest = {name: self.asked[name] for name in self.asked if name != "agency"}
        return [Candidate(one, _address(rest, one)) for one in field.candidates]


def _address(rest: Mapping[str, str], agency: Agency) -> str:
    """Return the query that names the agency in place of what was typed."""
    query = QueryDict(mutable=True)
    query.update({"agency": agency.slug, **rest})
    return f"?{query.urlencode()}"
