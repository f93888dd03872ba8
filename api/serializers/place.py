"""Places, and the agencies that serve them."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.models import AgencyPlace, Place
from api.rows import AddressField, Row, RowSerializer, plan
from api.serializers.refs import AgencyRef, PlaceRef
from api.streams import line_or_point


class PlaceSerializer(RowSerializer):
    """A place in a list."""

    county = PlaceRef(allow_null=True, help_text="County of its centroid.")
    api_url = AddressField("api:place-detail", "geoid", help_text="This resource.")
    page_url = AddressField("place-detail", "geoid", help_text="The page for readers.")

    class Meta:
        model = Place
        fields = [
            *("geoid", "kind", "name", "full_name", "state", "county", "latitude", "longitude", "land_area_m2"),
            *("api_url", "page_url"),
        ]


class ServingAgencySerializer(RowSerializer):
    """An agency that serves the place, or the county or state around it."""

    agency = AgencyRef()
    place = PlaceRef(help_text="The place it serves: this one, its county or its state.")

    class Meta:
        model = AgencyPlace
        fields = ["agency", "place", "basis", "source"]


@extend_schema_field({"type": ["object", "null"]})
class GeometryField(serializers.JSONField):
    """A GeoJSON geometry."""


class PlaceDetailSerializer(PlaceSerializer):
    """A place with the agencies that serve it."""

    agencies = ServingAgencySerializer(many=True, help_text="Agencies serving it, its county or its state.")
    boundary = GeometryField(help_text="Outline as a GeoJSON geometry, simplified; null unless `include=boundary`.")

    class Meta(PlaceSerializer.Meta):
        fields = [*PlaceSerializer.Meta.fields, "agencies", "boundary"]
        given = ("boundary",)


def as_point(row: Row, site: str) -> Row:
    """Return a place as a GeoJSON feature: the point inside it that stands for it."""
    return {
        "type": "Feature",
        "id": row["geoid"],
        "geometry": line_or_point((row["longitude"], row["latitude"])),
        "properties": plan(PlaceSerializer)[1](row, site),
    }
