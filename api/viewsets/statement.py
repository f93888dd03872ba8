"""Statements, standing ones only."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from agencies.models import Statement
from api.base import site_of
from api.filters.statement import StatementFilterSet
from api.payloads import add_payloads
from api.rows import Rows
from api.serializers.statement import StatementSerializer
from api.viewsets.base import RecordViewSet
from api.viewsets.withdrawn import missing_or_withdrawn


@extend_schema_view(list=extend_schema(summary="List statements"), retrieve=extend_schema(summary="One statement"))
class StatementViewSet(RecordViewSet):
    """What captures say, in the order in which it was recorded; a withdrawn statement answers 410."""

    queryset = Statement.objects.standing()
    serializer_class = StatementSerializer
    filterset_class = StatementFilterSet
    ordering = ("id",)
    extra_columns = ("pk", "kind", "printed")
    orderings = {
        "recorded_at": ("id",),
        "-recorded_at": ("-id",),
        "-observed_on": ("-capture__observed_on", "-capture__uuid", "-id"),
    }
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def complete(self, rows: Rows) -> None:
        """Add the payloads: at most five queries."""
        add_payloads(rows, site_of(self.request))

    def missing(self) -> Exception:
        """Return a 410 for a statement that was withdrawn."""
        return missing_or_withdrawn(self.named)
