"""Facts of agencies as a list."""

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from drf_spectacular.utils import extend_schema, extend_schema_view

from agencies.models import Fact, Statement
from api.filters.fact import FactFilterSet
from api.serializers.fact import FactRowSerializer
from api.viewsets.base import RecordViewSet

_AGENCY = Coalesce("alias__decision__agency__merged_into", "alias__decision__agency")


@extend_schema_view(list=extend_schema(summary="List facts"), retrieve=extend_schema(summary="One fact"))
class FactViewSet(RecordViewSet):
    """What agencies publish of themselves, the newest of each field and network; older ones are statements."""

    serializer_class = FactRowSerializer
    filterset_class = FactFilterSet
    ordering = ("statement_id",)
    lookup_field = "statement__uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Fact]:
        """Return the newest standing fact of each agency, network and field; of one day that with the lowest id."""
        standing = Fact.objects.filter(statement__in=Statement.objects.standing(), alias__decision__outcome="matched")
        # Sorted once: to look for a newer one of each fact takes a second where there are thousands.
        place = Window(
            RowNumber(),
            partition_by=[_AGENCY, F("network_id"), F("field")],
            order_by=[F("statement__observed_on").desc(), F("statement__uuid")],
        )
        return Fact.objects.filter(pk__in=standing.annotate(place=place).filter(place=1).order_by().values("pk"))
