"""Networks, sources, and the captures of their documents."""

from django.db.models import Count, Q
from drf_spectacular.utils import extend_schema, extend_schema_view

from agencies.models import Capture, Network, SharingList, Source, Statement
from api.filters.source import CaptureFilterSet, SourceFilterSet
from api.rows import Rows
from api.serializers.source import (
    CaptureDetailSerializer,
    CaptureListSerializer,
    CaptureSerializer,
    NetworkSerializer,
    SourceSerializer,
)
from api.viewsets.base import RecordViewSet
from api.viewsets.withdrawn import missing_or_gone


@extend_schema_view(list=extend_schema(summary="List networks"), retrieve=extend_schema(summary="One network"))
class NetworkViewSet(RecordViewSet):
    """Vendors' sharing systems."""

    queryset = Network.objects.all()
    serializer_class = NetworkSerializer
    ordering = ("slug",)
    lookup_field = "slug"
    lookup_value_converter = "slug"


@extend_schema_view(list=extend_schema(summary="List sources"), retrieve=extend_schema(summary="One source"))
class SourceViewSet(RecordViewSet):
    """Publishers of documents: portals, records releases, articles; each with its licence; 410 where no copy stands."""

    queryset = Source.objects.standing()
    serializer_class = SourceSerializer
    filterset_class = SourceFilterSet
    ordering = ("slug",)
    lookup_field = "slug"
    lookup_value_converter = "slug"

    def missing(self) -> Exception:
        """Return a 410 for a source of which all copies were withdrawn."""
        return missing_or_gone(Q(capture__source__slug=self.named))


@extend_schema_view(list=extend_schema(summary="List captures"), retrieve=extend_schema(summary="One capture"))
class CaptureViewSet(RecordViewSet):
    """Dated copies of documents, the last recorded first; a withdrawn capture answers 410."""

    queryset = Capture.objects.standing()
    serializer_class = CaptureSerializer
    detail_serializer_class = CaptureDetailSerializer
    filterset_class = CaptureFilterSet
    ordering = ("-id",)
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def complete(self, rows: Rows) -> None:
        """Add to a single capture the lists that it shows."""
        if self.action != "retrieve":
            return
        for row in rows:
            said = Statement.objects.standing().filter(capture__uuid=row["uuid"], kind="sharing").order_by()
            counts = dict(said.values_list("sharing__sharing_list").annotate(number=Count("pk")))
            lists = SharingList.objects.filter(capture__uuid=row["uuid"]).order_by("stream__section", "pk")
            row["lists"] = [
                {**shown, "statement_count": counts.get(shown["pk"], 0)}
                for shown in lists.values("pk", *CaptureListSerializer.columns())
            ]

    def missing(self) -> Exception:
        """Return a 410 for a capture that was withdrawn."""
        return missing_or_gone(Q(capture__uuid=self.named))
