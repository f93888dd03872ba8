"""Foreign keys of rows that were written together, checked together."""

from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError
from django.db.models import ForeignKey, Model


def check_keys(cursor: Any, model: type[Model], ids: Sequence[int]) -> None:
    """Raise IntegrityError where one of the new rows points at nothing; see to it that what they point at stays.

    The new rows are those of `ids`, their primary keys, ascending. One query for all keys, and one where the primary
    key is one, too.
    """
    fields: list[Any] = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    between = f"BETWEEN {int(ids[0])} AND {int(ids[-1])}"
    dangling: dict[Any, int] = {}
    for field in fields:
        if field.primary_key:
            cursor.execute(_halves_query(field, between))
            dangling[field] = cursor.fetchone()[0]
    if others := [field for field in fields if not field.primary_key]:
        cursor.execute(_keys_query(model, others, between))
        dangling.update(zip(others, cursor.fetchone(), strict=True))
    for field, number in dangling.items():
        if number:
            at, parent = f"{model._meta.db_table}.{field.column}", field.target_field.model._meta.db_table
            raise IntegrityError(f"{number} values of {at} point at no row of {parent}")


def _halves_query(field: Any, between: str) -> str:
    """Return the query that counts new rows which are one half of a row whose other half is missing.

    The other half was written in this transaction, and is nobody else's to remove.
    """
    parent, key = field.target_field.model._meta.db_table, field.target_field.column
    other = f"SELECT FROM {parent} AS other WHERE other.{key} = new.{field.column} AND other.{key} {between}"
    table = field.model._meta.db_table
    return f"SELECT count(*) FROM {table} AS new WHERE new.{field.column} {between} AND NOT EXISTS ({other})"  # noqa: S608


def _keys_query(model: type[Model], fields: Sequence[Any], between: str) -> str:
    """Return the query that counts, for each of the fields, the values in new rows that point at nothing.

    It goes over the rows once for all fields, and holds what they point at as the server's own check does.
    """
    columns = [field.column for field in fields]
    new = f"SELECT {', '.join(columns)} FROM {model._meta.db_table} WHERE {model._meta.pk.column} {between}"  # noqa: S608
    parts = [f"pointed AS MATERIALIZED ({new} GROUP BY GROUPING SETS ({', '.join(f'({name})' for name in columns)}))"]
    for name, field in zip(columns, fields, strict=True):
        parent, key = field.target_field.model._meta.db_table, field.target_field.column
        held = f"SELECT FROM {parent} WHERE {key} IN (SELECT {name} FROM pointed) FOR KEY SHARE"  # noqa: S608
        parts.append(f"held_{name} AS MATERIALIZED ({held})")
    counts = ", ".join(f"count({name}) - (SELECT count(*) FROM held_{name})" for name in columns)  # noqa: S608
    return f"WITH {', '.join(parts)} SELECT {counts} FROM pointed"  # noqa: S608
