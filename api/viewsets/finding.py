"""Findings."""

from django.db.models import QuerySet
from django.utils import translation
from drf_spectacular.utils import extend_schema, extend_schema_view

from agencies.findings.reading import shown_findings, standing_findings
from agencies.findings.status import with_status
from agencies.findings.wording import words
from agencies.models import Finding
from api.filters.finding import FindingFilterSet
from api.rows import Rows
from api.serializers.finding import FindingDetailSerializer, FindingSerializer
from api.viewsets.base import RecordViewSet


@extend_schema_view(list=extend_schema(summary="List findings"), retrieve=extend_schema(summary="One finding"))
class FindingViewSet(RecordViewSet):
    """Statements and laws that do not fit together, as fixed rules find them."""

    serializer_class = FindingSerializer
    detail_serializer_class = FindingDetailSerializer
    filterset_class = FindingFilterSet
    ordering = ("uuid",)
    extra_columns = ("uuid",)
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Finding]:
        """Return findings of whose evidence something stands."""
        return with_status(standing_findings())

    def complete(self, rows: Rows) -> None:
        """Add the words, in English; to a single finding its statements too. One query each."""
        found = {finding.uuid: finding for finding in shown_findings().filter(uuid__in=[row["uuid"] for row in rows])}
        with translation.override("en"):
            for row in rows:
                row["text"] = " ".join(map(str, words(found[row["uuid"]])))
        if self.action == "retrieve":
            for row in rows:
                statements = found[row["uuid"]].statements.order_by("pk")
                row["statements"] = list(statements.values_list("uuid", flat=True))
