"""Releases."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.models import Release
from api.rows import AddressField, RowSerializer


class ReleaseSerializer(RowSerializer):
    """An immutable publication of the whole public record."""

    before = serializers.CharField(
        source="before.name", allow_null=True, help_text="Release that its delta starts from."
    )
    api_url = AddressField("api:release-detail", "name", help_text="This resource.")
    page_url = AddressField("release-detail", "name", help_text="The page for readers, below which its files lie.")

    class Meta:
        model = Release
        fields = ["name", "released_on", "schema_version", "record_sha256", "before", "api_url", "page_url"]


@extend_schema_field({"type": "object"})
class ManifestField(serializers.JSONField):
    """A manifest."""


class ReleaseDetailSerializer(ReleaseSerializer):
    """A release with its manifest: files with rows, sizes and SHA-256, and sources with their licences."""

    manifest = ManifestField(help_text="Files with rows, sizes and SHA-256; licences of sources.")

    class Meta(ReleaseSerializer.Meta):
        fields = [*ReleaseSerializer.Meta.fields, "manifest"]
