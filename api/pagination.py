"""Pages by cursor, inside the envelope that every list has.

A cursor holds the values of all columns of the order, the last of which is unique, and a page begins where they end.
DRF's own holds the first column only and counts rows of the same value, up to 1,000: where more are alike, as links
last seen on one day are, it gives the same rows for ever.
"""

from collections.abc import Iterable, Sequence
from itertools import takewhile
from typing import Any

import orjson
from django.core.exceptions import ValidationError
from django.db.models import F, Func, QuerySet, TextField, Value
from django.db.models.constants import LOOKUP_SEP
from django.db.models.lookups import GreaterThan, GreaterThanOrEqual, LessThan, LessThanOrEqual
from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.errors import InvalidParameters
from api.terms import AS_OF, ATTRIBUTION, LICENCE, dated_terms

PAGE_PARAMETERS = ("cursor", "page_size", "count")


def beyond(queryset: QuerySet[Any], ordering: Sequence[str], position: Sequence[Any], backwards: bool) -> QuerySet[Any]:
    """Keep the rows after a position in this order, or before it; one comparison of rows, as an index has them.

    All columns of the order must run the same way. Where the first are another table's, those are compared by
    themselves, too, as that table's index has them. Raises ValidationError or ValueError for what no row can have.
    """
    names = [name.lstrip("-") for name in ordering]
    fields = [_field(queryset.model, name) for name in names]
    values = [field.clean(value, None) for field, value in zip(fields, position, strict=True)]
    held = [Value(value, output_field=field) for value, field in zip(values, fields, strict=True)]
    downwards = ordering[0].startswith("-") != backwards
    compare, compare_others = (LessThan, LessThanOrEqual) if downwards else (GreaterThan, GreaterThanOrEqual)
    others = len(list(takewhile(lambda name: LOOKUP_SEP in name, names)))
    if others:
        queryset = queryset.filter(compare_others(_row(map(F, names[:others])), _row(held[:others])))
    return queryset.filter(compare(_row(map(F, names)), _row(held)))


def _field(model: Any, path: str) -> Any:
    """Return the field of a column that an order names, as `capture__uuid`; of a foreign key the one it points at."""
    first, _, rest = path.partition(LOOKUP_SEP)
    field = model._meta.get_field(first)
    return _field(field.related_model, rest) if rest else getattr(field, "target_field", field)


def _row(parts: Iterable[Any]) -> Func:
    """Return a row of expressions. Rows have no type of field: the one given here is not looked at."""
    return Func(*parts, function="ROW", output_field=TextField())


class RecordPagination(CursorPagination):
    """Order by the view's `ordering`, whose last column is unique; count only when asked."""

    page_size = 50
    max_page_size = 200
    page_size_query_param = "page_size"
    template = None
    total: int | None = None

    def paginate_queryset(  # type: ignore[override]
        self, queryset: QuerySet[Any], request: Request, view: APIView | None = None
    ) -> list[Any] | None:
        """Return the page's rows; a cursor that fits no row's position is refused like a malformed one."""
        self.total = queryset.order_by().count() if self._wants_count(request) else None
        self.base_url = request.build_absolute_uri()
        ordering: tuple[str, ...] = view.chosen_ordering  # type: ignore[union-attr]
        self.ordering = ordering
        size, self.cursor = self.get_page_size(request), self.decode_cursor(request)
        try:
            rows = self._rows(queryset, size + 1)
        except (ValidationError, ValueError) as error:
            if self.cursor is None:
                raise
            raise self._bad_cursor() from error
        backwards, more = self.cursor is not None and self.cursor.reverse, len(rows) > size
        self.page = rows[:size][:: -1 if backwards else 1]
        self.has_next, self.has_previous = backwards or more, more if backwards else self.cursor is not None
        return self.page

    def _rows(self, queryset: QuerySet[Any], limit: int) -> list[Any]:
        """Return the first rows beyond the cursor, the nearest first."""
        if self.cursor is None:
            return list(queryset.order_by(*self.ordering)[:limit])
        position = orjson.loads(str(self.cursor.position or ""))
        if not (isinstance(position, list) and all(isinstance(value, str) for value in position)):
            raise ValueError("a position is a list of texts")
        rows = beyond(queryset, self.ordering, position, self.cursor.reverse).order_by(*self.ordering)
        return list((rows.reverse() if self.cursor.reverse else rows)[:limit])

    def get_next_link(self) -> str | None:
        """Return the address of the page after this one."""
        return self._link(-1, reverse=False) if self.has_next else None

    def get_previous_link(self) -> str | None:
        """Return the address of the page before this one."""
        return self._link(0, reverse=True) if self.has_previous else None

    def _link(self, row: int, reverse: bool) -> str:
        """Return the address of what lies beyond a row of this page; of an empty one, beyond its own cursor."""
        position: Any = self.cursor.position if self.cursor else None
        if self.page:
            position = orjson.dumps([str(self.page[row][name.lstrip("-")]) for name in self.ordering]).decode()
        return self.encode_cursor(Cursor(offset=0, reverse=reverse, position=position))

    def get_page_size(self, request: Request) -> int:
        """Return the size asked for; refuse what is no number from 1 to the maximum."""
        asked = request.query_params.get("page_size")
        if asked is None:
            return 50
        if not (asked.isascii() and asked.isdigit() and 1 <= int(asked[:9]) <= self.max_page_size):
            raise InvalidParameters({"page_size": [f"A whole number from 1 to {self.max_page_size}."]})
        return int(asked)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """Return the cursor; refuse a malformed one."""
        try:
            return super().decode_cursor(request)
        except NotFound as error:
            raise self._bad_cursor() from error

    def get_paginated_response(self, data: Any) -> Response:
        """Return the envelope, and the same links in the Link header."""
        links = {"next": self.get_next_link(), "previous": self.get_previous_link()}
        counted = {} if self.total is None else {"count": self.total}
        header = ", ".join(f'<{address}>; rel="{rel}"' for rel, address in links.items() if address)
        return Response(
            {**links, **counted, **dated_terms(), "results": data}, headers={"Link": header} if header else None
        )

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Describe the envelope."""
        link = {"type": ["string", "null"], "format": "uri"}
        return {
            "type": "object",
            "required": ["next", "previous", "results", "as_of", "generated_at", "licence", "attribution"],
            "properties": {
                "next": {**link, "description": "Address of the next page; null: this is the last."},
                "previous": {**link, "description": "Address of the page before; null: this is the first."},
                "count": {"type": "integer", "description": "Rows in all pages; only with `count=true`."},
                "as_of": {"type": ["string", "null"], "format": "date", "description": AS_OF},
                "generated_at": {"type": "string", "format": "date-time", "description": "When this was made."},
                "licence": {"type": "string", "format": "uri", "description": "Licence.", "example": LICENCE},
                "attribution": {"type": "string", "description": "Credit to give.", "example": ATTRIBUTION},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """Describe the parameters that every list takes."""
        size = {"type": "integer", "minimum": 1, "maximum": self.max_page_size, "default": 50}
        described: tuple[tuple[str, dict[str, Any], str], ...] = (
            ("cursor", {"type": "string", "minLength": 1}, "Opaque; take it from `next` or `previous`."),
            ("page_size", size, "Rows a page."),
            ("count", {"type": "boolean", "default": False}, "Count the rows of all pages; slow on long lists."),
            ("fields", {"type": "string", "minLength": 1}, "Only these fields of each row, separated by commas."),
        )
        orderings = list(getattr(view, "orderings", ()))
        if orderings:
            described += (("ordering", {"type": "string", "enum": orderings}, "Order of the rows."),)
        optional = view.get_serializer_class().optional()  # type: ignore[attr-defined]
        if optional:
            text = f"Fields to add, separated by commas: {', '.join(optional)}."
            described += (("include", {"type": "string", "minLength": 1}, text),)
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": schema}
            for name, schema, text in described
        ]

    @staticmethod
    def _wants_count(request: Request) -> bool:
        """Tell whether the count was asked for."""
        asked = request.query_params.get("count", "false")
        if asked not in ("true", "false"):
            raise InvalidParameters({"count": ["Either true or false."]})
        return asked == "true"

    @staticmethod
    def _bad_cursor() -> InvalidParameters:
        """Return the error for a cursor that this list did not make."""
        return InvalidParameters({"cursor": ["Not a cursor of this list. Take it from `next` or `previous`."]})
