"""Sharing links."""

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view

from agencies.models import SharingLink
from api.base import site_of
from api.evidence import LINK_KEY, add_statements
from api.filters.link import LinkFilterSet
from api.rows import Row, Rows
from api.serializers.link import ENDS, LINK_ORDERINGS, LinkSerializer, as_line
from api.viewsets.base import RecordViewSet

_INCLUDE = OpenApiParameter("include", str, enum=["statements"], description="Add the statements behind it.")


@extend_schema_view(
    list=extend_schema(summary="List sharing links"),
    retrieve=extend_schema(summary="One link", parameters=[_INCLUDE]),
)
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
    extra_columns = LINK_KEY
    detail_parameters = ("include",)
    orderings = LINK_ORDERINGS
    ranges = {
        "modified_since": "modified_at",
        **dict.fromkeys(("first_seen__gte", "first_seen__lte", "as_of"), "first_seen"),
    }

    def complete(self, rows: Rows) -> None:
        """Add the statements behind the links, where they are asked for: three queries."""
        if self.wants("statements"):
            add_statements(rows, site_of(self.request))

    def feature(self, row: Row, site: str) -> Row:
        """Return a line from grantor to grantee."""
        return as_line(row, site)

    def feature_columns(self) -> list[str]:
        """Return the coordinates of both ends."""
        return list(ENDS)
