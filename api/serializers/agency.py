"""Agencies: in lists, in full, and as GeoJSON features."""

from drf_spectacular.utils import extend_schema_serializer
from rest_framework import serializers

from agencies.models import Agency, AgencyPlace, FactField, Knowledge, Source
from api.rows import AddressField, Row, RowSerializer, plan
from api.serializers.refs import STABLE_ID, AgencyRef, CaptureRef, NetworkRef, PlaceRef, ValueField
from api.streams import line_or_point
from api.terms import DatedTermsSerializer


class ServedPlaceSerializer(RowSerializer):
    """A place that the agency serves."""

    place = PlaceRef()

    class Meta:
        model = AgencyPlace
        fields = ["place", "basis", "source"]


class PortalSerializer(RowSerializer):
    """A transparency portal; the last part of its address is the vendor's name for the agency."""

    class Meta:
        model = Source
        fields = ["slug", "title", "url"]


class FactSourceSerializer(serializers.Serializer):
    """The statement and the capture that say it."""

    statement = serializers.UUIDField(help_text="Id of the statement.")
    capture = CaptureRef(help_text="The copy that says it.")


class FactSerializer(serializers.Serializer):
    """The newest standing statement of one fact."""

    field = serializers.ChoiceField(choices=FactField.choices, help_text="What it is a value of.")
    network = NetworkRef(allow_null=True, help_text="Network it is about, if one.")
    value = ValueField(help_text="The value; null unless known.")
    state = serializers.ChoiceField(
        choices=Knowledge.choices, help_text="State of knowledge; a field that nobody researched is in not_researched."
    )
    as_of = serializers.DateField(help_text="Date of the statement.")
    disputed_on = serializers.DateField(allow_null=True, help_text="Date of the newest answer that denies it.")
    sources = FactSourceSerializer(many=True, help_text="What says so.")


class AgencySerializer(RowSerializer):
    """An agency in a list."""

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)
    county = PlaceRef(allow_null=True, help_text="Its county.")
    places = ServedPlaceSerializer(many=True, help_text="With `include=places`: what it serves, and how that is known.")
    facts = FactSerializer(many=True, help_text="With `include=facts`: the newest of each field and network.")
    api_url = AddressField("api:agency-detail", "uuid", help_text="This resource.")
    page_url = AddressField("agency-detail", "slug", help_text="The page for readers.")

    class Meta:
        model = Agency
        fields = [
            *("id", "slug", "ori", "name", "kind", "state", "county", "status", "population_served", "officers"),
            *("latitude", "longitude", "coordinate_precision", "modified_at", "places", "facts"),
            *("api_url", "page_url"),
        ]
        given: tuple[str, ...] = ("facts",)
        optional: tuple[str, ...] = ("places", "facts")


_PLAIN = [name for name in AgencySerializer.Meta.fields if name not in AgencySerializer.Meta.optional]


class AgencyDetailSerializer(AgencySerializer):
    """An agency in full: its facts with their state of knowledge, and where its links are."""

    parent = AgencyRef(allow_null=True, help_text="Body it is a part of.")
    operated_by = AgencyRef(allow_null=True, help_text="Agency that polices for it.")
    parts = AgencyRef(many=True, help_text="Bodies that are a part of it.")
    places = ServedPlaceSerializer(many=True, help_text="Places it serves, with the basis of each.")
    grants_listed = serializers.IntegerField(
        allow_null=True, help_text="Agencies listed as getting access; null: nothing on record, which is not a no."
    )
    receipts_listed = serializers.IntegerField(
        allow_null=True, help_text="Agencies listed as giving it access; null: nothing on record, which is not a no."
    )
    facts = FactSerializer(many=True, help_text="The newest statement of each field and network.")
    not_researched = serializers.ListField(
        child=serializers.ChoiceField(choices=FactField.choices),
        help_text="Fields that no document on record bears on.",
    )
    geoid = serializers.CharField(
        allow_null=True, help_text="Census GEOID of the place it is named after, or of its county; null: none."
    )
    portals = PortalSerializer(many=True, help_text="Its own transparency portals.")
    links_url = AddressField("api:agency-links", "uuid", help_text="Its sharing links.")
    statements_url = AddressField(
        "api:statement-list", query={"agency": "uuid"}, help_text="Every statement that names it."
    )

    class Meta(AgencySerializer.Meta):
        fields = [
            *_PLAIN,
            *("geoid", "portals", "registry_name", "source", "parent", "operated_by", "parts", "places"),
            *("grants_listed", "receipts_listed", "facts", "not_researched", "links_url", "statements_url"),
        ]
        given = ("geoid", "grants_listed", "receipts_listed", "facts", "not_researched")
        optional = ()


class PointSerializer(serializers.Serializer):
    """A GeoJSON point."""

    type = serializers.ChoiceField(choices=["Point"])
    coordinates = serializers.ListField(
        child=serializers.FloatField(), min_length=2, max_length=2, help_text="Longitude, latitude (WGS 84)."
    )


class AgencyPropertiesSerializer(AgencySerializer):
    """What a GeoJSON feature says of its agency; its point is the geometry."""

    class Meta(AgencySerializer.Meta):
        fields = [name for name in _PLAIN if name not in ("latitude", "longitude")]
        optional = ()


class AgencyFeatureSerializer(serializers.Serializer):
    """An agency as a GeoJSON feature."""

    type = serializers.ChoiceField(choices=["Feature"])
    id = serializers.UUIDField(help_text=STABLE_ID)
    geometry = PointSerializer(allow_null=True, help_text="Null where no coordinates are known.")
    properties = AgencyPropertiesSerializer(help_text="As in the list; coordinate_precision says what the point is of.")


@extend_schema_serializer(many=False)
class AgencyCollectionSerializer(DatedTermsSerializer):
    """All agencies that pass the filter, as one GeoJSON document."""

    type = serializers.ChoiceField(choices=["FeatureCollection"])
    features = AgencyFeatureSerializer(many=True)


def as_feature(row: Row, site: str) -> Row:
    """Return a row as a GeoJSON feature."""
    return {
        "type": "Feature",
        "id": row["uuid"],
        "geometry": line_or_point((row["longitude"], row["latitude"])),
        "properties": plan(AgencyPropertiesSerializer)[1](row, site),
    }
