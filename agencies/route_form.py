"""What a reader can ask of the page of routes: from whom, to whom, in how many links, as of when."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agencies.models import Agency
from agencies.network.paths import MOST_HOPS
from agencies.network.routes import DEFAULT_HOPS
from agencies.search import find

EARLIEST = date(2000, 1, 1)
"""No document on plate readers is older; a graph holds no date before 1970."""
LONGEST = 100
CANDIDATES = 12
"""Agencies offered where a name fits several."""


@dataclass(frozen=True)
class Candidate:
    """An agency that a name may mean, and the query that asks for it."""

    agency: Agency
    address: str


class AgencyField(forms.CharField):
    """Takes an agency's slug, id or name; `candidates` are those that a name may mean."""

    def __init__(self, **kwargs: Any) -> None:
        """Offer what suggestions the page's script finds."""
        super().__init__(max_length=LONGEST, widget=forms.TextInput({"autocomplete": "off", "size": 34}), **kwargs)
        self.candidates: list[Agency] = []

    def clean(self, value: Any) -> Agency | None:
        """Return the agency that is meant, or what it was merged into; refuse none, and several."""
        text = super().clean(value)
        if not text:
            return None
        found = agency_of(text)
        if found is None:
            self.candidates = find(text).agencies[:CANDIDATES]
            if len(self.candidates) != 1:
                several, none = _("Choose below which agency is meant."), _("No agency is called so.")
                raise ValidationError(several if self.candidates else none)
            found = self.candidates[0]
        return found.merged_into or found


def agency_of(text: str) -> Agency | None:
    """Return the agency with exactly this slug, id or name (as in "Irvine Police Department (CA)"); None for others."""
    try:
        wanted = Q(uuid=UUID(text))
    except ValueError:
        wanted = Q(slug=text.lower())
        if named := re.fullmatch(r"(.+) \(([A-Za-z]{2})\)", text):
            wanted |= Q(name__iexact=named[1], state=named[2].upper())
        else:
            wanted |= Q(name__iexact=text)
    found = list(Agency.objects.filter(wanted).select_related("merged_into")[:2])
    return found[0] if len(found) == 1 else None


class RouteForm(forms.Form):
    """Two agencies, the number of links, and a day. Without `to`: ICE, CBP and their parts."""

    hops = forms.TypedChoiceField(
        label=_("Links at most"),
        choices=[(number, number) for number in range(1, MOST_HOPS + 1)],
        coerce=int,
        required=False,
        initial=DEFAULT_HOPS,
    )
    as_of = forms.DateField(
        label=_("As of"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("A day, written YYYY-MM-DD.")},
    )

    def __init__(self, data: Mapping[str, str] | None = None) -> None:
        """Put the two agencies before the rest; `from` is no name that a class can have."""
        super().__init__({"hops": str(DEFAULT_HOPS), **{name: data[name] for name in data}} if data else None)
        ends = {
            "from": AgencyField(label=_("From agency"), error_messages={"required": _("Name an agency.")}),
            "to": AgencyField(label=_("To agency"), required=False),
        }
        self.fields = {**ends, **self.fields}

    def clean_hops(self) -> int:
        """Return the number of links asked for, else the usual one."""
        return self.cleaned_data["hops"] or DEFAULT_HOPS

    def clean_as_of(self) -> date | None:
        """Refuse days that no record is of."""
        day: date | None = self.cleaned_data["as_of"]
        if day is not None and not EARLIEST <= day <= timezone.localdate():
            raise ValidationError(_("A day from %(first)s to today."), params={"first": EARLIEST.isoformat()})
        return day

    def clean(self) -> None:
        """Refuse one agency at both ends."""
        ends = self.cleaned_data.get("from"), self.cleaned_data.get("to")
        if ends[0] is not None and ends[0] == ends[1]:
            self.add_error("to", _("Name two different agencies."))

    def candidates(self, asked: QueryDict) -> list[tuple[str, list[Candidate]]]:
        """Return the agencies that may be meant at each end, where its name fits several."""
        found = ((name, self.fields[name]) for name in ("from", "to") if name in self.errors)
        return [
            (name, [Candidate(one, _address(asked, name, one)) for one in field.candidates])
            for name, field in found
            if isinstance(field, AgencyField)
        ]


def _address(asked: QueryDict, name: str, agency: Agency) -> str:
    """Return the query that names the agency in place of what was typed."""
    query = asked.copy()
    query[name] = agency.slug
    return f"?{query.urlencode()}"
