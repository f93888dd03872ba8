"""A read-only resource over rows of `.values()`."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.http import StreamingHttpResponse
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.base import PublicView, site_of
from api.errors import InvalidParameters
from api.pagination import PAGE_PARAMETERS, RecordPagination
from api.renderers import CsvRenderer, GeoJSONRenderer, NdjsonRenderer, OrjsonRenderer
from api.rows import Row, Rows, RowSerializer, plan
from api.streams import CHUNK, csv_lines, feature_collection, json_lines
from api.throttling import AddressThrottle

STREAM_COST = 10
"""Requests that a streamed answer counts as, against the rate limit: it may read a whole table."""


class RecordViewSet(PublicView, GenericViewSet):
    """A list with filters and pages, and one row by its name; the number of queries does not grow with the page."""

    follows_from_record = True
    keeps_answers = True
    pagination_class = RecordPagination
    ordering: tuple[str, ...]
    orderings: dict[str, tuple[str, ...]] = {}
    """Other orders that `ordering=` may ask for; the first column of each is indexed."""
    ranges: dict[str, str] = {}
    """Filters of few rows among many, and the order in which such rows lie together; `ordering=` goes before."""
    serializer_class: type[RowSerializer]
    detail_serializer_class: type[RowSerializer] | None = None
    detail_parameters: tuple[str, ...] = ()
    extra_columns: tuple[str, ...] = ()
    list_actions: tuple[str, ...] = ("list",)
    has_geometry = False

    def get_serializer_class(self) -> type[RowSerializer]:
        """Return the full form for one row, where there is one."""
        if self.action == "retrieve" and self.detail_serializer_class is not None:
            return self.detail_serializer_class
        return self.serializer_class

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the address of the site, and the fields asked for."""
        request = getattr(self, "request", None)
        context = {**super().get_serializer_context(), "site": site_of(request) if request else ""}
        return {**context, "only": self.fields_wanted} if request and self.action else context

    def get_renderers(self) -> Any:
        """Offer the streamed formats for lists; and where the method is refused, which then is what is said."""
        if self.action not in (*self.list_actions, None):
            return [OrjsonRenderer()]
        geometry = [GeoJSONRenderer()] if self.has_geometry else []
        return [OrjsonRenderer(), CsvRenderer(), NdjsonRenderer(), *geometry]

    def allowed_parameters(self) -> set[str]:
        """Return the filters and page parameters of a list, or what one row takes; a streamed list has no pages."""
        if self.action not in self.list_actions:
            return {"format", "fields", *self.detail_parameters}
        filters = getattr(self, "filterset_class", None)
        allowed = {"format", "fields", *(filters.get_filters() if filters else ())}
        allowed |= {"include"} if self.get_serializer_class().optional() else set()
        if self.streamed:
            return allowed - {"fields", "include"} if self.streamed == "geojson" else allowed
        return {*allowed, *PAGE_PARAMETERS, *({"ordering"} if self.orderings else ())}

    @property
    def streamed(self) -> str:
        """Return the streamed format asked for, or "" for pages of JSON."""
        wanted = getattr(getattr(self.request, "accepted_renderer", None), "format", "json")
        return "" if wanted == "json" else wanted

    @property
    def fields_wanted(self) -> frozenset[str] | None:
        """Return the fields that `fields=` and `include=` ask for, None for the usual ones."""
        given = self.request.query_params
        if "fields" not in given and "include" not in given:
            return None
        serializer = self.get_serializer_class()
        usual, optional = serializer.usual(), frozenset(serializer.optional())
        fields = self._names("fields", usual) if "fields" in given else usual
        # A single place takes `include` by itself.
        return fields | self._names("include", optional) if "include" in given and optional else fields

    def _names(self, parameter: str, known: frozenset[str]) -> frozenset[str]:
        """Return the names that a parameter gives, separated by commas; an unknown one is refused."""
        asked = self.request.query_params[parameter]
        wanted = frozenset(part.strip() for part in asked.split(","))
        if unknown := sorted(wanted - known):
            text = f"No field {', '.join(unknown)}. One of: {', '.join(sorted(known))}."
            raise InvalidParameters({parameter: [text]})
        return wanted

    def wants(self, field: str) -> bool:
        """Tell whether a field that is not always there was asked for."""
        return field in (self.fields_wanted or ())

    @property
    def chosen_ordering(self) -> tuple[str, ...]:
        """Return the order that `ordering=` asks for, or the list's own; an unknown one is refused."""
        asked = self.request.query_params.get("ordering")
        if asked is None:
            return next((self.orderings[by] for name, by in self.ranges.items() if self._has(name)), self.ordering)
        if asked not in self.orderings:
            raise InvalidParameters({"ordering": [f"One of: {', '.join(self.orderings)}."]})
        return self.orderings[asked]

    def _has(self, parameter: str) -> bool:
        """Tell whether the address has a parameter."""
        return parameter in self.request.query_params

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Return a page of the rows that pass the filters; all of them where a streamed format is asked for."""
        return self.answer(self.filter_queryset(self.get_queryset()))

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return one row."""
        row = self.row_of(self.get_queryset().filter(**{self.lookup_field: self.named}))
        if row is None:
            raise self.missing()
        self.complete([row])
        return Response(self.get_serializer(row).data)

    @property
    def named(self) -> str:
        """Return what the address calls the row."""
        return str(self.kwargs[self.lookup_url_kwarg or self.lookup_field])

    def answer(self, queryset: QuerySet[Any]) -> Any:
        """Return one page of a queryset in the envelope, or all of it as a stream."""
        return self.stream_of(queryset) if self.streamed else self.page_of(queryset)

    def page_of(self, queryset: QuerySet[Any]) -> Response:
        """Return one page of a queryset, in the envelope."""
        rows = self.paginate_queryset(queryset.values(*self._columns(self.chosen_ordering))) or []
        self.complete(rows)
        shape, site = plan(self.get_serializer_class(), only=self.fields_wanted)[1], site_of(self.request)
        return self.get_paginated_response([shape(row, site) for row in rows])

    def stream_of(self, queryset: QuerySet[Any]) -> StreamingHttpResponse:
        """Return all rows of a queryset as CSV, NDJSON or GeoJSON; counts as ten requests."""
        AddressThrottle().charge(self.request, STREAM_COST - 1)
        site, only, form = site_of(self.request), self.fields_wanted, self.streamed
        serializer = self.get_serializer_class()
        shape = plan(serializer, only=only)[1]

        def complete(rows: Rows) -> Rows:
            self.complete(rows)
            return [self.feature(row, site) if form == "geojson" else shape(row, site) for row in rows]

        ordering = self.chosen_ordering
        columns = [*self._columns(ordering), *(self.feature_columns() if form == "geojson" else ())]
        rows = queryset.order_by(*ordering).values(*dict.fromkeys(columns)).iterator(chunk_size=CHUNK)
        parts = {
            "csv": lambda: csv_lines(rows, complete, serializer(), only),
            "ndjson": lambda: json_lines(rows, complete),
            "geojson": lambda: feature_collection(rows, complete),
        }[form]()
        return StreamingHttpResponse(parts, content_type=self.request.accepted_renderer.media_type)

    def row_of(self, queryset: QuerySet[Any]) -> Row | None:
        """Return the columns of the first row, or None."""
        columns = dict.fromkeys([*self.get_serializer_class().columns(), *self.extra_columns])
        return queryset.order_by().values(*columns).first() if columns else None

    def complete(self, rows: Rows) -> None:
        """Put into the rows what stands in other tables; nothing by default."""

    def feature(self, row: Row, site: str) -> Row:
        """Return a row as a GeoJSON feature, for resources that have a geometry."""
        raise NotImplementedError

    def feature_columns(self) -> Sequence[str]:
        """Return the columns that features need besides those of the rows."""
        return ()

    def missing(self) -> Exception:
        """Return the error for a row that is not there."""
        return NotFound("Nothing on record has this name.")

    def _columns(self, ordering: tuple[str, ...]) -> Sequence[str]:
        """Return what a list selects: its fields' columns, those that `complete` needs, and what orders it."""
        columns = [*self.get_serializer_class().columns(self.fields_wanted), *self.extra_columns]
        return tuple(dict.fromkeys([*columns, *(name.lstrip("-") for name in ordering)]))
