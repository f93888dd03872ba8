"""Laws and policies."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from agencies.models import Law
from api.filters.law import LawFilterSet
from api.serializers.law import LawSerializer
from api.viewsets.base import RecordViewSet


@extend_schema_view(list=extend_schema(summary="List laws"), retrieve=extend_schema(summary="One law"))
class LawViewSet(RecordViewSet):
    """Laws and policies that limit what becomes of plate reads, each with its state of checking. No legal opinion."""

    queryset = Law.objects.all()
    serializer_class = LawSerializer
    filterset_class = LawFilterSet
    ordering = ("slug",)
    lookup_field = "slug"
    lookup_value_converter = "slug"
