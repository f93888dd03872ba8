"""Filters of places."""

import django_filters
from django.db.models import QuerySet

from agencies.models import Place
from api.filters.fields import NamedFilter, search_filter, state_filter
from api.filters.nearby import BoxFilter, NearFilter
from api.filters.search import with_words


class PlaceFilterSet(django_filters.FilterSet):
    """What the list of places can be narrowed by."""

    kind = django_filters.ChoiceFilter(choices=Place.Kind.choices)
    state = state_filter()
    county = NamedFilter(
        queryset=Place.objects.filter(kind="county"), named_by="geoid", help_text="GEOID of the county it lies in."
    )
    near = NearFilter(help_text="Within so many kilometres of a point: latitude,longitude,km.")
    in_bbox = BoxFilter(help_text="Within a box: west,south,east,north.")
    q = search_filter("Words of the name, in any order.")

    class Meta:
        model = Place
        fields: list[str] = []

    def search(self, queryset: QuerySet[Place], name: str, text: str) -> QuerySet[Place]:
        """Keep places whose name has the words."""
        return with_words(queryset, text)
