"""Changes."""

from drf_spectacular.utils import extend_schema, extend_schema_view

from agencies.models import Change
from api.filters.change import ChangeFilterSet
from api.serializers.change import ChangeSerializer
from api.viewsets.base import RecordViewSet


@extend_schema_view(list=extend_schema(summary="List changes"), retrieve=extend_schema(summary="One change"))
class ChangeViewSet(RecordViewSet):
    """What differs between neighbouring copies of documents, the last noted first."""

    queryset = Change.objects.all()
    serializer_class = ChangeSerializer
    filterset_class = ChangeFilterSet
    ordering = ("-id",)
    orderings = {
        "-noted_at": ("-id",),
        "noted_at": ("id",),
        "-observed_on": ("-observed_on", "-id"),
        "observed_on": ("observed_on", "id"),
    }
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
