"""Nested rows as flat ones, for CSV: `grantor.name` becomes the column `grantor_name`."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any
from uuid import UUID

import orjson
from rest_framework import serializers

from api.rows import Row, RowSerializer

Cell = Callable[[Row], Any]

_FORMULA = frozenset("=+-@\t\r")
"""First characters that spreadsheets take for a formula (OWASP, "CSV Injection")."""


def flat_columns(serializer: RowSerializer, only: frozenset[str] | None = None) -> list[tuple[str, Cell]]:
    """Return the name of each column of a table, and what reads its cell from a shaped row.

    A related row gives a column for each of its fields; lists and free values are JSON in one cell.
    """
    columns: list[tuple[str, Cell]] = []
    chosen = serializer.usual() if only is None else only
    for name, field in serializer.fields.items():
        if name in chosen:
            columns += _columns_of(str(name), field, (str(name),))
    return columns


def _columns_of(name: str, field: serializers.Field, path: tuple[str, ...]) -> list[tuple[str, Cell]]:
    """Return the columns of one field."""
    if isinstance(field, serializers.Serializer):
        return [
            column
            for part, inner in field.fields.items()
            for column in _columns_of(f"{name}_{part}", inner, (*path, str(part)))
        ]
    if len(path) == 1:
        return [(name, lambda row: _cell(row[path[0]]))]
    return [(name, lambda row: _cell(_at(row, path)))]


def _at(row: Row, path: Iterable[str]) -> Any:
    """Return the value at a path; None where a related row is missing."""
    value: Any = row
    for part in path:
        if value is None:
            return None
        value = value[part]
    return value


def _cell(value: Any) -> Any:
    """Return a value as CSV holds it: empty for unknown, JSON for lists and objects, no formula in a text.

    Types are asked for exactly, and the frequent ones first: a stream has millions of cells.
    """
    if value is None:
        return ""
    kind = type(value)
    if kind is str:
        return f"'{value}" if value[:1] in _FORMULA else value
    if kind is int or kind is float or kind is UUID:
        return value
    if kind is bool:
        return "true" if value else "false"
    if kind is date or kind is datetime:
        return value.isoformat()
    return orjson.dumps(value, default=str).decode()
