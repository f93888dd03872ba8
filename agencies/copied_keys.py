"""Foreign keys of rows that were written together, checked together."""

from collections.abc import Sequence
from typing import Any

from django.db.models import ForeignKey, Model


def keys_query(model: type[Model], ids: Sequence[int]) -> tuple[list[str], str]:
    """Return what foreign keys point at, in words, and the query for how many values of each point at nothing.

    The new rows are those of `ids`, their primary keys, ascending. One row, one number a key. The query sees to it
    that what they point at stays.
    """
    first, last = int(ids[0]), int(ids[-1])
    between = f"BETWEEN {first} AND {last}"
    fields: list[Any] = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    others = [field for field in fields if not field.primary_key]
    counts = [_half(field, first, last, between) if field.primary_key else _dangling(field) for field in fields]
    parts = [_pointed(model, others, between), *map(_held, others)] if others else []
    text = f"{'WITH ' if parts else ''}{', '.join(parts)} SELECT {', '.join(counts)}"
    return [f"{model._meta.db_table}.{field.column} point at no row of {_parent(field)}" for field in fields], text


def _parent(field: Any) -> str:
    """Return the table that a foreign key points at."""
    return str(field.target_field.model._meta.db_table)


def _half(field: Any, first: int, last: int, between: str) -> str:
    """Return the number of new rows which are one half of a row whose other half is missing.

    The other half was written in this transaction, and is nobody else's to remove. Where every key of the range is
    that of another half, none is missing: most imports reserve no key that they don't use, and to count is less than
    to compare.
    """
    name, key, parent = field.column, field.target_field.column, _parent(field)
    all_there = f"(SELECT count(*) FROM {parent} AS other WHERE other.{key} {between}) = {last - first + 1}"  # noqa: S608
    other = f"SELECT FROM {parent} AS other WHERE other.{key} = new.{name} AND other.{key} {between}"
    missing = f"new.{name} {between} AND NOT EXISTS ({other})"
    counted = f"SELECT count(*) FROM {field.model._meta.db_table} AS new WHERE {missing}"  # noqa: S608
    return f"CASE WHEN {all_there} THEN 0 ELSE ({counted}) END AS of_{name}"


def _pointed(model: type[Model], fields: Sequence[Any], between: str) -> str:
    """Return the table of what new rows point at, a column a key: it goes over the rows once for all of them."""
    columns = [field.column for field in fields]
    new = f"SELECT {', '.join(columns)} FROM {model._meta.db_table} WHERE {model._meta.pk.column} {between}"  # noqa: S608
    return f"pointed AS MATERIALIZED ({new} GROUP BY GROUPING SETS ({', '.join(f'({name})' for name in columns)}))"


def _held(field: Any) -> str:
    """Return the table of what a key points at, held as the server's own check does."""
    key, name = field.target_field.column, field.column
    rows = f"SELECT FROM {_parent(field)} WHERE {key} IN (SELECT {name} FROM pointed) FOR KEY SHARE"  # noqa: S608
    return f"held_{name} AS MATERIALIZED ({rows})"


def _dangling(field: Any) -> str:
    """Return the number of values of a key that point at nothing."""
    name = field.column
    return f"(SELECT count({name}) FROM pointed) - (SELECT count(*) FROM held_{name}) AS of_{name}"  # noqa: S608
