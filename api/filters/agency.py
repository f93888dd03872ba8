"""Filters of agencies."""

from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.models import Agency, AgencyPlace, Network, Place, SharingLink
from api.filters.fields import ModifiedSinceFilter, NamedFilter, StrictBooleanFilter, search_filter, state_filter
from api.filters.figures import FigureFilterSet
from api.filters.nearby import BoxFilter, NearFilter
from api.filters.search import with_words


class AgencyFilterSet(FigureFilterSet):
    """What the list of agencies can be narrowed by."""

    state = state_filter()
    kind = django_filters.ChoiceFilter(choices=Agency.Kind.choices)
    status = django_filters.ChoiceFilter(choices=Agency.Status.choices)
    ori = django_filters.CharFilter(max_length=9, help_text="FBI Originating Agency Identifier, exactly.")
    county = NamedFilter(
        queryset=Place.objects.filter(kind="county"), named_by="geoid", help_text="GEOID of its county."
    )
    served_place = NamedFilter(
        queryset=Place.objects.all(), named_by="geoid", method="serving", help_text="GEOID of a place it serves."
    )
    network = NamedFilter(
        queryset=Network.objects.all(), named_by="slug", method="in_network", help_text="With a link in this network."
    )
    has_links = StrictBooleanFilter(method="linked", help_text="With any sharing link on record, whatever its status.")
    modified_since = ModifiedSinceFilter()
    near = NearFilter(help_text="Within so many kilometres of a point: latitude,longitude,km.")
    in_bbox = BoxFilter(help_text="Within a box: west,south,east,north.")
    q = search_filter("Words of the name, in any order.")

    class Meta:
        model = Agency
        fields: list[str] = []

    def serving(self, queryset: QuerySet[Agency], name: str, place: Place) -> QuerySet[Agency]:
        """Keep agencies that serve the place."""
        return queryset.filter(Exists(AgencyPlace.objects.filter(agency=OuterRef("pk"), place=place)))

    def in_network(self, queryset: QuerySet[Agency], name: str, network: Network) -> QuerySet[Agency]:
        """Keep agencies with a link in the network."""
        return queryset.filter(_has_link(network=network))

    def linked(self, queryset: QuerySet[Agency], name: str, wanted: bool) -> QuerySet[Agency]:
        """Keep agencies with a link, or those without."""
        return queryset.filter(_has_link()) if wanted else queryset.exclude(_has_link())

    def search(self, queryset: QuerySet[Agency], name: str, text: str) -> QuerySet[Agency]:
        """Keep agencies whose name has the words."""
        return with_words(queryset, text)


def _has_link(**where: Any) -> Q:
    """Return the condition that an agency is at either end of a link."""
    links = SharingLink.objects.filter(**where)
    return Q(Exists(links.filter(grantor=OuterRef("pk")))) | Q(Exists(links.filter(grantee=OuterRef("pk"))))
