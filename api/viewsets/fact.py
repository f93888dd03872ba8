"""Facts of agencies as a list."""

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber
from drf_spectacular.utils import extend_schema, extend_schema_view

from agencies.models import Fact, FactField, Statement
from agencies.querysets import first_of_day
from api.base import site_of
from api.filters.fact import FactFilterSet
from api.rows import Rows, plan
from api.serializers.fact import FactRowSerializer
from api.serializers.refs import CaptureRef
from api.viewsets.base import RecordViewSet
from api.viewsets.withdrawn import missing_or_withdrawn

_CAPTURE_COLUMNS, _capture = plan(CaptureRef, "statement__capture__")
_AGENCY = Coalesce("alias__decision__agency__merged_into", "alias__decision__agency")


@extend_schema_view(list=extend_schema(summary="List facts"), retrieve=extend_schema(summary="One fact"))
class FactViewSet(RecordViewSet):
    """What agencies publish of themselves, the newest of each field and network; older ones are statements."""

    serializer_class = FactRowSerializer
    extra_columns = ("statement__uuid", *_CAPTURE_COLUMNS)
    filterset_class = FactFilterSet
    ordering = ("statement_id",)
    lookup_field = "statement__uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"

    def get_queryset(self) -> QuerySet[Fact]:
        """Return the newest standing fact of each agency, network and field; of one day that fetched first."""
        # The kind is said twice, so that PostgreSQL reads an index of facts and not all statements.
        said = Statement.objects.standing().filter(kind="fact")
        standing = Fact.objects.filter(statement__in=said, statement__kind="fact", alias__decision__outcome="matched")
        # A field's facts are told from each other only: the others need not be sorted.
        field = self.request.query_params.get("field") if getattr(self, "request", None) else None
        standing = standing.filter(field=field) if field in FactField.values else standing
        # Sorted once: to look for a newer one of each fact takes a second where there are thousands.
        place = Window(
            RowNumber(),
            partition_by=[_AGENCY, F("network_id"), F("field")],
            order_by=[
                F("statement__observed_on").desc(),
                *first_of_day("statement__capture"),
                F("statement__uuid").asc(),
            ],
        )
        newest = standing.annotate(place=place).filter(place=1).order_by().values("pk")
        return Fact.objects.filter(pk__in=newest, statement__kind="fact")

    def complete(self, rows: Rows) -> None:
        """Add what says so."""
        for row in rows:
            source = {"statement": row["statement__uuid"], "capture": _capture(row, site_of(self.request))}
            row["sources"] = [source]

    def missing(self) -> Exception:
        """Return a 410 for a fact whose statement was withdrawn."""
        return missing_or_withdrawn(self.named)
