"""Sharing links."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from agencies.models import SharingLink
from api.filters.link import LinkFilterSet
from api.rows import Row
from api.serializers.link import ENDS, LINK_ORDERINGS, LinkSerializer, as_line
from api.viewsets.base import RecordViewSet


@extend_schema_view(list=extend_schema(summary="List sharing links"), retrieve=extend_schema(summary="One link"))
class LinkViewSet(RecordViewSet):
    """The current summary of all standing statements about a grantor, a grantee, a network and a kind of access."""

    queryset = SharingLink.objects.all()
    serializer_class = LinkSerializer
    filterset_class = LinkFilterSet
    ordering = ("uuid",)
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    has_geometry = True
    orderings = LINK_ORDERINGS

    def feature(self, row: Row, site: str) -> Row:
        """Return a line from grantor to grantee."""
        return as_line(row, site)

    def feature_columns(self) -> list[str]:
        """Return the coordinates of both ends."""
        return list(ENDS)
