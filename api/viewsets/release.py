"""Releases."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from agencies.models import Release
from api.serializers.release import ReleaseDetailSerializer, ReleaseSerializer
from api.viewsets.base import RecordViewSet


@extend_schema_view(list=extend_schema(summary="List releases"), retrieve=extend_schema(summary="One release"))
class ReleaseViewSet(RecordViewSet):
    """Immutable, checksummed publications of the whole record, the newest first."""

    queryset = Release.objects.all()
    serializer_class = ReleaseSerializer
    detail_serializer_class = ReleaseDetailSerializer
    ordering = ("-released_on", "-number")
    lookup_field = "name"
    lookup_value_converter = "slug"
