"""Releases."""

from typing import Any

from drf_spectacular.utils import extend_schema, extend_schema_view
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Release
from agencies.releases.store import taken_down
from api.errors import Gone
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

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a release; 410 with the reason where its files had to be taken down."""
        if taken := taken_down(self.named):
            raise Gone("taken_down", *taken)
        return super().retrieve(request, *args, **kwargs)
