"""Places and the agencies that serve them."""

import orjson
import shapely
from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

from agencies.models import Agency, AgencyPlace, Place, PlaceBoundary
from api.errors import InvalidParameters
from api.filters.place import PlaceFilterSet
from api.rows import Row, Rows
from api.serializers.place import PlaceDetailSerializer, PlaceSerializer, ServingAgencySerializer, as_point
from api.viewsets.base import RecordViewSet


@extend_schema_view(
    list=extend_schema(summary="List places"),
    retrieve=extend_schema(
        summary="One place",
        parameters=[
            OpenApiParameter("include", str, enum=["boundary"], description="Add the outline."),
            OpenApiParameter("geoid", str, OpenApiParameter.PATH, description="Census GEOID."),
        ],
    ),
)
class PlaceViewSet(RecordViewSet):
    """States, counties, county subdivisions and cities, by Census GEOID."""

    queryset = Place.objects.all()
    serializer_class = PlaceSerializer
    detail_serializer_class = PlaceDetailSerializer
    filterset_class = PlaceFilterSet
    ordering = ("geoid",)
    lookup_field = "geoid"
    lookup_value_converter = "slug"
    detail_parameters = ("include",)
    has_geometry = True

    def feature(self, row: Row, site: str) -> Row:
        """Return a point."""
        return as_point(row, site)

    def feature_columns(self) -> list[str]:
        """Return the coordinates."""
        return ["latitude", "longitude"]

    def complete(self, rows: Rows) -> None:
        """Add to a single place its agencies, and its outline where asked for."""
        if self.action != "retrieve":
            return
        for row in rows:
            row["agencies"] = list(_serving(row).values(*ServingAgencySerializer.columns()))
            row["boundary"] = _outline(row["geoid"]) if self._wants_boundary else None

    @property
    def _wants_boundary(self) -> bool:
        """Tell whether the outline was asked for."""
        included = self.request.query_params.get("include")
        if included not in (None, "boundary"):
            raise InvalidParameters({"include": ["One of: boundary."]})
        return included == "boundary"


def _serving(place: Row) -> QuerySet[AgencyPlace]:
    """Return what serves a place, its county and its state, the nearest first."""
    around = Q(place__geoid__in=[place["geoid"], place["county__geoid"]]) | Q(
        place__kind="state", place__state=place["state"]
    )
    servings = AgencyPlace.objects.filter(around, agency__in=Agency.objects.current().main_bodies())
    return servings.order_by(Length("place__geoid").desc(), "agency__name", "pk")


def _outline(geoid: str) -> orjson.Fragment | None:
    """Return the outline as GeoJSON text, or None where there is none."""
    wkb = PlaceBoundary.objects.filter(place__geoid=geoid).values_list("wkb", flat=True).first()
    return None if wkb is None else orjson.Fragment(shapely.to_geojson(shapely.from_wkb(bytes(wkb))))
