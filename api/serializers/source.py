"""Networks, sources and captures: where statements come from."""

from rest_framework import serializers

from agencies.models import Access, Capture, Network, ReportedBy, SharingList, Source
from api.rows import AddressField, RowSerializer
from api.serializers.refs import STABLE_ID, MatchedAgency, NetworkRef, SourceRef


class NetworkSerializer(RowSerializer):
    """A vendor's sharing system."""

    api_url = AddressField("api:network-detail", "slug", help_text="This resource.")
    page_url = AddressField("network-detail", "slug", help_text="The page for readers.")

    class Meta:
        model = Network
        fields = ["slug", "name", "vendor", "url", "source", "api_url", "page_url"]


class SourceSerializer(RowSerializer):
    """A publisher of documents."""

    agency = MatchedAgency(
        source="agency_alias.decision", allow_null=True, help_text="Agency whose own publication it is; null: none."
    )
    api_url = AddressField("api:source-detail", "slug", help_text="This resource.")
    page_url = AddressField("source-detail", "slug", help_text="The page for readers.")

    class Meta:
        model = Source
        fields = [
            *("slug", "title", "kind", "publisher", "url", "licence", "licence_url", "credit"),
            *("agency", "api_url", "page_url"),
        ]


class CaptureSerializer(RowSerializer):
    """One dated copy of one document."""

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)
    source = SourceRef(help_text="Who publishes it.")  # type: ignore[assignment]
    recorded_at = serializers.DateTimeField(source="created_at", help_text="When the atlas recorded it.")
    api_url = AddressField("api:capture-detail", "uuid", help_text="This resource.")
    statements_url = AddressField("api:statement-list", query={"capture": "uuid"}, help_text="All that it says.")
    page_url = AddressField("capture-detail", "uuid", help_text="The page for readers.")

    class Meta:
        model = Capture
        fields = [
            *(
                "id",
                "source",
                "url",
                "archive_url",
                "compiled_by",
                "licence",
                "licence_url",
                "observed_on",
                "published_on",
                "retrieved_on",
            ),
            *("first_reported_on", "sha256", "bytes_kept", "recorded_at"),
            *("api_url", "statements_url", "page_url"),
        ]


class CaptureListSerializer(RowSerializer):
    """One list that the capture shows, and how complete it is."""

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)
    network = NetworkRef(source="stream.network", help_text="Network it is about.")
    access = serializers.ChoiceField(source="stream.access", choices=Access.choices, help_text="Kind of access.")
    reported_by = serializers.ChoiceField(
        source="stream.reported_by", choices=ReportedBy.choices, help_text="Side that publishes it."
    )
    section = serializers.CharField(source="stream.section", help_text="Canonical name of the section.")
    statement_count = serializers.IntegerField(help_text="Statements read from it.")

    class Meta:
        model = SharingList
        fields = [
            *("id", "network", "access", "reported_by", "section", "heading", "completeness", "statement_count"),
        ]
        given = ("statement_count",)


class CaptureDetailSerializer(CaptureSerializer):
    """A capture with the lists that it shows. Only a complete list can end links."""

    lists = CaptureListSerializer(many=True, help_text="Lists it shows.")

    class Meta(CaptureSerializer.Meta):
        fields = [*CaptureSerializer.Meta.fields, "lists"]
