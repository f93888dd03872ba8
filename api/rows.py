"""Serializers that describe a row of `.values()` and shape it, without a model instance between.

A DRF ModelSerializer tells the schema what there is; the same declaration is compiled once into the columns to
select and a function over the row. A page of 200 links costs one query and no model.
"""

from collections.abc import Callable
from functools import cache, lru_cache, partial
from typing import Any

from rest_framework import serializers

from api.addresses import address_pattern

Row = dict[str, Any]
Rows = list[Row]
Reader = Callable[[Row, str], Any]
"""Takes a row and the address of the site without a final slash."""


class AddressField(serializers.URLField):
    """The absolute address of a route, filled in from columns of the row."""

    def __init__(self, route: str, *columns: str, query: dict[str, str] | None = None, **kwargs: Any) -> None:
        """Take a URL name, the columns of its path, and query parameters with the column of each."""
        super().__init__(**{"read_only": True, **kwargs})
        self.route, self.columns, self.query = route, columns, query or {}

    def reader(self, prefix: str) -> tuple[list[str], Reader]:
        """Return the columns needed and the function that fills the pattern in."""
        pattern = address_pattern(self.route, self.columns)
        if self.query:
            pattern += "?" + "&".join(f"{name}={{}}" for name in self.query)
        columns = [prefix + column for column in (*self.columns, *self.query.values())]
        return columns, lambda row, site: site + pattern.format(*[row[column] for column in columns])


class RowSerializer(serializers.ModelSerializer):
    """A ModelSerializer of read-only fields over rows; empty text is null.

    `Meta.given` names fields that the view puts into the row ready made; a list of RowSerializers reads rows that
    the view puts there. `Meta.optional` names fields that are there only where `include=` asks for them.
    """

    def get_fields(self) -> dict[str, serializers.Field]:
        """Return the fields, none of them for writing."""
        fields = super().get_fields()
        for field in fields.values():
            field.read_only, field.required = True, False
            if getattr(field, "allow_blank", False):
                field.allow_blank, field.allow_null = False, True  # type: ignore[attr-defined]
        for name in self.optional():
            fields[name].read_only = False  # What is read only is always there, says the OpenAPI document.
        return fields

    @classmethod
    def optional(cls) -> tuple[str, ...]:
        """Return the names of the fields that `include=` may ask for."""
        return tuple(getattr(cls.Meta, "optional", ()))

    @classmethod
    def usual(cls) -> frozenset[str]:
        """Return the names of the fields that are there without being asked for."""
        return _usual(cls)

    @classmethod
    def columns(cls, only: frozenset[str] | None = None) -> list[str]:
        """Return the columns that `.values()` must select, for all fields or only some."""
        return plan(cls, only=only)[0]

    @classmethod
    def row_plan(cls, prefix: str, only: frozenset[str] | None = None) -> tuple[list[str], Reader]:
        """Compile the declared fields, or only some; the first column decides whether a related row is there."""
        columns: list[str] = []
        readers: list[tuple[str, Reader]] = []
        for name, field in cls().fields.items():
            if name not in only if only is not None else name in cls.optional():
                continue
            needed, read = _field_plan(field, prefix, given=name in getattr(cls.Meta, "given", ()))
            columns += needed
            readers.append((str(name), read))
        return columns, lambda row, site: {name: read(row, site) for name, read in readers}

    def to_representation(self, instance: Row) -> Row:
        """Return the payload of a row."""
        return plan(type(self), only=self.context.get("only"))[1](instance, self.context["site"])


@cache
def _usual(serializer: type[RowSerializer]) -> frozenset[str]:
    """Return the names of a serializer's usual fields, once a process: to make the fields takes milliseconds."""
    return frozenset(map(str, serializer().fields)) - frozenset(serializer.optional())


def plan(
    serializer: type[RowSerializer], prefix: str = "", only: frozenset[str] | None = None
) -> tuple[list[str], Reader]:
    """Return the columns that a serializer needs, under a prefix of joins, and the function that shapes a row.

    `only` narrows it to some of its fields.
    """
    return _plan(serializer, prefix, only)


@lru_cache(maxsize=512)
def _plan(serializer: type[RowSerializer], prefix: str, only: frozenset[str] | None) -> tuple[list[str], Reader]:
    """Compile a serializer, once for each choice of its fields."""
    return serializer.row_plan(prefix, only)


def _field_plan(field: serializers.Field, prefix: str, given: bool) -> tuple[list[str], Reader]:
    """Return the columns of one field and its reader; what is `given` the view puts into the row, ready made."""
    column = prefix + str(field.source).replace(".", "__")
    if given:
        return [], lambda row, site: row[column]
    if isinstance(field, AddressField):
        return field.reader(prefix)
    if isinstance(field, RowSerializer):
        return _nested_plan(field, column)
    if isinstance(field, serializers.ListSerializer):
        shape = plan(type(field.child))[1]  # type: ignore[arg-type]
        return [], lambda row, site: [shape(part, site) for part in row[column]]
    if field.allow_null and isinstance(field, serializers.CharField | serializers.ChoiceField):
        return [column], lambda row, site: row[column] or None
    return [column], lambda row, site: row[column]


def _nested_plan(field: RowSerializer, column: str) -> tuple[list[str], Reader]:
    """Return the plan of a related row: null where its first column is."""
    columns, shape = plan(type(field), f"{column}__")
    return columns, partial(_nested, columns[0], shape)


def _nested(key: str, shape: Reader, row: Row, site: str) -> Row | None:
    """Return the related row's payload, or None where there is none."""
    return None if row[key] is None else shape(row, site)
