"""Facts of agencies as a list."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
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
        """Return the facts of agencies that none of the same agency, field and network is newer than."""
        standing = Fact.objects.filter(
            statement__in=Statement.objects.standing(), alias__decision__outcome="matched"
        ).annotate(agency=_AGENCY, about=Coalesce("network_id", 0))
        later = Q(statement__observed_on__gt=OuterRef("statement__observed_on"))
        same_day = Q(statement__observed_on=OuterRef("statement__observed_on"))
        newer = standing.filter(
            later | same_day & Q(statement__uuid__lt=OuterRef("statement__uuid")),
            agency=OuterRef("agency"),
            about=OuterRef("about"),
            field=OuterRef("field"),
        )
        return standing.filter(~Exists(newer))
