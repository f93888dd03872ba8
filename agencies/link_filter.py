"""What a reader can ask of links, in the address: one set of filters for map, tables, network view and exports.

Names are the API's where it has the same filter (`network`, `access`, `status`, `direction`; `kind` and `state` as of
agencies). `kind`, `state` and `federal` ask about the partner: the end of a link that is not what the page is about.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _

from agencies.matching.states import STATE_NAMES
from agencies.models import Access, Agency, Network, Place
from agencies.querysets import AgencyQuerySet, SharingLinkQuerySet
from agencies.route_form import EARLIEST

GRANTS, RECEIPTS, BOTH = "grants", "receipts", "both"
LISTED, INACTIVE, ENDED, DISPUTED, ALL = "listed", "inactive", "ended", "disputed", "all"
ANY = [("", _("any"))]
STATE_CHOICES = [*ANY, *sorted(STATE_NAMES.items(), key=lambda pair: pair[1])]
ENDS = {GRANTS: ("grantor", "grantee"), RECEIPTS: ("grantee", "grantor")}
"""Which end of a link the page is about, and which is the partner's, by direction."""

About = Agency | Place | Iterable[int] | None
"""What links are asked of: an agency, the agencies of a place, several by primary key; None: the whole record."""


class BadFilterError(ValueError):
    """A parameter cannot be used; `errors` has the words for each."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        super().__init__("; ".join(f"{name}: {' '.join(told)}" for name, told in errors.items()))
        self.errors = errors


class LinkFilterForm(forms.Form):
    """The filters as fields; `without` leaves out those that a page's own address answers."""

    direction = forms.ChoiceField(
        label=_("Direction"),
        required=False,
        choices=[(GRANTS, _("gives access")), (RECEIPTS, _("gets access")), (BOTH, _("both"))],
    )
    status = forms.ChoiceField(
        label=_("Status"),
        required=False,
        choices=[
            (ALL, _("any")),
            (LISTED, _("listed when last seen")),
            (INACTIVE, _("listed as inactive")),
            (ENDED, _("no longer listed")),
            (DISPUTED, _("disputed")),
        ],
    )
    network = forms.ModelChoiceField(
        label=_("Network"),
        required=False,
        queryset=Network.objects.order_by("name"),
        to_field_name="slug",
        empty_label=_("any"),
    )
    access = forms.ChoiceField(label=_("Kind of access"), required=False, choices=[*ANY, *Access.choices])
    kind = forms.ChoiceField(label=_("Kind of agency"), required=False, choices=[*ANY, *Agency.Kind.choices])
    federal = forms.ChoiceField(
        label=_("Federal agency"), required=False, choices=[*ANY, ("yes", _("yes")), ("no", _("no"))]
    )
    state = forms.ChoiceField(label=_("State"), required=False, choices=STATE_CHOICES)
    as_of = forms.DateField(
        label=_("As of"),
        required=False,
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput({"type": "date"}, format="%Y-%m-%d"),
        error_messages={"invalid": _("A day, written YYYY-MM-DD.")},
    )

    def __init__(
        self,
        data: Mapping[str, str],
        *,
        direction: str = BOTH,
        status: str = ALL,
        without: Iterable[str] = (),
    ) -> None:
        """Take what is asked for; `direction` and `status` are what the page shows where neither is named."""
        self.usual = {"direction": direction, "status": status}
        super().__init__({**self.usual, **{name: data[name] for name in data if data[name]}})
        for name in without:
            del self.fields[name]

    def clean_as_of(self) -> date | None:
        """Refuse days that no record is of."""
        day: date | None = self.cleaned_data["as_of"]
        if day is not None and not EARLIEST <= day <= timezone.localdate():
            raise ValidationError(_("A day from %(first)s to today."), params={"first": EARLIEST.isoformat()})
        return day

    def chosen(self) -> "LinkFilter":
        """Return the filters asked for; raises BadFilterError where one cannot be used."""
        if not self.is_valid():
            raise BadFilterError({name: [str(text) for text in told] for name, told in self.errors.items()})
        asked: dict[str, Any] = {field.name: self.cleaned_data.get(field.name) or "" for field in fields(LinkFilter)}
        network = asked["network"].slug if asked["network"] else ""
        usual = {name: asked[name] or value for name, value in self.usual.items()}
        return LinkFilter(**{**asked, **usual, "network": network, "as_of": asked["as_of"] or None})


@dataclass(frozen=True)
class LinkFilter:
    """What is asked of links; "" and None: not asked.

    `as_of` keeps links as they stood that day by the dates of today's record: first seen up to it, and neither ended
    nor listed as inactive by then where `status` says "listed". A link that ended and came back has only its newest
    dates; the ladder and routes replay the documents themselves.
    """

    direction: str = BOTH
    status: str = ALL
    network: str = ""
    access: str = ""
    kind: str = ""
    federal: str = ""
    state: str = ""
    as_of: date | None = None

    @classmethod
    def parse(cls, data: Mapping[str, str], *, direction: str = BOTH, status: str = ALL) -> "LinkFilter":
        """Read the filters from an address; raises BadFilterError. Other parameters are not looked at."""
        return LinkFilterForm(data, direction=direction, status=status).chosen()

    def query(self, **more: str) -> str:
        """Return the one query string that asks for this on any page; `more` comes first."""
        asked = {field.name: getattr(self, field.name) for field in fields(self)}
        return urlencode({**more, **{name: value for name, value in asked.items() if value}})

    @property
    def asks_of_partner(self) -> bool:
        """Tell whether it asks who the partner is."""
        return bool(self.kind or self.federal or self.state)

    def apply(self, links: SharingLinkQuerySet, about: About = None, partners: Any = None) -> SharingLinkQuerySet:
        """Keep the links of `about` that fit; no query of its own for an agency or keys.

        `partners` are the keys (or a subquery of them) of the agencies that `partner` keeps, where the caller has them.
        """
        sides = ENDS if self.direction == BOTH else {self.direction: ENDS[self.direction]}
        whose = _agencies(about)
        fits = [self._side(own, far, whose, partners) for own, far in sides.values()]
        narrowed = self.standing(links)
        # An empty condition is true, but Q drops it from an "or".
        return narrowed.filter(reduce(or_, fits)) if all(fits) else narrowed

    def _side(self, own: str, far: str, whose: Any, partners: Any) -> Q:
        """Return the condition of a link seen from its end `own`."""
        fits = self.partner(far) if partners is None else Q(**{f"{far}__in": partners})
        return fits if whose is None else Q(**{f"{own}__in": whose}) & fits

    def standing(self, links: SharingLinkQuerySet) -> SharingLinkQuerySet:
        """Keep links by network, kind of access, status and day, whoever their ends are."""
        which: dict[str, Any] = {"network__slug": self.network, "access": self.access}
        narrowed = links.filter(self._stands(), **{name: value for name, value in which.items() if value})
        return narrowed if self.as_of is None else narrowed.filter(first_seen__lte=self.as_of)

    def _stands(self) -> Q:
        """Return the condition of the status, as of the day where one is asked for."""
        if self.status == ALL:
            return Q()
        if self.status == DISPUTED:
            return Q(disputed_on__lte=self.as_of) if self.as_of else Q(disputed_on__isnull=False)
        if self.as_of is None:
            return Q(status=self.status)
        ended, inactive = Q(ended_as_of__lte=self.as_of), Q(inactive_as_of__lte=self.as_of)
        return {ENDED: ended, INACTIVE: inactive, LISTED: ~ended & ~inactive}[self.status]

    def partner(self, path: str = "") -> Q:
        """Return the condition of who the agency at `path` is; without a path, of agencies themselves."""
        at = f"{path}__" if path else ""
        named = {f"{at}kind": self.kind, f"{at}state": self.state}
        fits = Q(**{name: value for name, value in named.items() if value})
        if self.federal:
            is_federal = Q(**{f"{at}kind": Agency.Kind.FEDERAL})
            fits &= is_federal if self.federal == "yes" else ~is_federal
        return fits


def agencies_of(place: Place) -> AgencyQuerySet:
    """Return the current agencies of a place: all of a state or county, those that serve a city."""
    current = Agency.objects.current()
    if place.kind == Place.Kind.STATE:
        return current.filter(state=place.state)
    if place.kind == Place.Kind.COUNTY:
        return current.filter(Q(county=place) | Q(places=place)).distinct()
    return current.filter(places=place).distinct()


def _agencies(about: About) -> Any:
    """Return what stands behind `__in` for the agencies that links are asked of; None for all."""
    if about is None:
        return None
    if isinstance(about, Agency):
        return [about.pk]
    if isinstance(about, Place):
        return agencies_of(about).order_by().values("pk")
    return list(about)
