"""A read-only resource over rows of `.values()`."""

from typing import Any

from django.db.models import QuerySet
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.viewsets import GenericViewSet

from api.base import PublicView, site_of
from api.pagination import PAGE_PARAMETERS, RecordPagination
from api.rows import Row, Rows, RowSerializer


class RecordViewSet(PublicView, GenericViewSet):
    """A list with filters and pages, and one row by its name; the number of queries does not grow with the page."""

    pagination_class = RecordPagination
    ordering: tuple[str, ...]
    serializer_class: type[RowSerializer]
    detail_serializer_class: type[RowSerializer] | None = None
    detail_parameters: tuple[str, ...] = ()
    extra_columns: tuple[str, ...] = ()
    list_actions: tuple[str, ...] = ("list",)

    def get_serializer_class(self) -> type[RowSerializer]:
        """Return the full form for one row, where there is one."""
        if self.action == "retrieve" and self.detail_serializer_class is not None:
            return self.detail_serializer_class
        return self.serializer_class

    def get_serializer_context(self) -> dict[str, Any]:
        """Add the address of the site."""
        request = getattr(self, "request", None)
        return {**super().get_serializer_context(), "site": site_of(request) if request else ""}

    def allowed_parameters(self) -> set[str]:
        """Return the filters and page parameters of a list, or what one row takes."""
        if self.action not in self.list_actions:
            return {"format", *self.detail_parameters}
        filters = getattr(self, "filterset_class", None)
        return {"format", *PAGE_PARAMETERS, *(filters.get_filters() if filters else ())}

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return a page of the rows that pass the filters."""
        return self.page_of(self.filter_queryset(self.get_queryset()))

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

    def page_of(self, queryset: QuerySet[Any]) -> Response:
        """Return one page of a queryset, in the envelope."""
        serializer = self.get_serializer_class()
        columns = dict.fromkeys([*serializer.columns(), *self.extra_columns, self.ordering[0].lstrip("-")])
        rows = self.paginate_queryset(queryset.values(*columns)) or []
        self.complete(rows)
        return self.get_paginated_response(self.get_serializer(rows, many=True).data)

    def row_of(self, queryset: QuerySet[Any]) -> Row | None:
        """Return the columns of the first row, or None."""
        columns = dict.fromkeys([*self.get_serializer_class().columns(), *self.extra_columns])
        return queryset.order_by().values(*columns).first() if columns else None

    def complete(self, rows: Rows) -> None:
        """Put into the rows what stands in other tables; nothing by default."""

    def missing(self) -> Exception:
        """Return the error for a row that is not there."""
        return NotFound("Nothing on record has this name.")
