"""Rows written by PostgreSQL's COPY in the open transaction: many at once, with every constraint."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import ForeignKey, Model

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


BLOCK = 1 << 20
"""Bytes handed to PostgreSQL at a time: by the kilobyte, Python would be asked a hundred times as often."""

MANY = 100
"""Rows from which on it is worth asking once for each foreign key instead of for each row."""


def cell(value: object) -> str:
    """Return a value as a cell of COPY's text format; None is null."""
    if value is None:
        return r"\N"
    text = str(value)
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def packed(lines: Iterable[str]) -> bytes:
    """Return rows as COPY takes them: each a line of tab-separated cells, without its end."""
    return "\n".join([*lines, ""]).encode()


def copy_rows(model: type[Model], columns: Sequence[str], rows: bytes) -> None:
    """Write rows of `model`, as `packed` gives them, for the named columns.

    Raises django.db.Error for a row that the table refuses.
    """
    quote = connection.ops.quote_name
    text = f"COPY {quote(model._meta.db_table)} ({', '.join(map(quote, columns))}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(text, BytesIO(rows), BLOCK)


def copy_new(model: type[Model], columns: Sequence[str], rows: bytes, ids: Sequence[int], *, done: str = "") -> None:
    """Write rows as `copy_rows` does, their primary keys being `ids`, ascending; each foreign key is checked once.

    PostgreSQL checks a foreign key by a query of its own for each row: two thirds of the time that statements take.
    Here a query checks a key of all rows at once, and holds the rows they point at as the server's own check does.
    A few rows are checked one by one, and all are where the role may not put the server's checks aside or the table
    has a trigger of its own for new rows: other than one that is always enabled, which runs all the same, and that
    named `done`, whose work the rows bring with them.
    Raises django.db.Error for a row that the table refuses, IntegrityError for a key that points at nothing.
    """
    if not ids:
        return
    if len(ids) < MANY or not _may_check_together(model, done):
        copy_rows(model, columns, rows)
        return
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        copy_rows(model, columns, rows)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        # A table that was empty when it was last analysed is taken for empty: each key would be sought row by row.
        cursor.execute("SET LOCAL enable_seqscan = off")
        _check_keys(cursor, model, ids)
        cursor.execute("SET LOCAL enable_seqscan = DEFAULT")


def _may_check_together(model: type[Model], done: str = "") -> bool:
    """Tell whether the role may put triggers aside, and none would be that is wanted beside those of foreign keys."""
    text = """
        SELECT has_parameter_privilege('session_replication_role', 'SET') AND NOT EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgtype & 4 <> 0
                AND tgenabled <> 'A' AND NOT starts_with(tgname, %s)
        )
    """  # 4 is the bit of INSERT, A is ALWAYS.
    with connection.cursor() as cursor:
        cursor.execute(text, [model._meta.db_table, f"pgtrigger_{done}_" if done else "-"])
        return bool(cursor.fetchone()[0])


def _check_keys(cursor: Any, model: type[Model], ids: Sequence[int]) -> None:
    """Raise IntegrityError where one of the new rows points at nothing; see to it that what they point at stays.

    A row that is the other half of a new one was written in this transaction, and is nobody else's to remove.
    """
    fields: list[Any] = [field for field in model._meta.concrete_fields if isinstance(field, ForeignKey)]
    if not fields:
        return
    table = model._meta.db_table
    between = f"BETWEEN {int(ids[0])} AND {int(ids[-1])}"
    columns = ", ".join(field.column for field in fields)
    # The new rows are looked at once for all their keys.
    parts = [f"new AS MATERIALIZED (SELECT {columns} FROM {table} WHERE {model._meta.pk.column} {between})"]  # noqa: S608
    counts = []
    for number, field in enumerate(fields):
        target = field.target_field
        parent, key = target.model._meta.db_table, target.column
        pointed = f"SELECT DISTINCT {field.column} AS at FROM new WHERE {field.column} IS NOT NULL"  # noqa: S608
        those = f"{key} {between}" if field.primary_key else "TRUE"
        held = f"SELECT FROM {parent} WHERE {those} AND {key} IN (SELECT at FROM pointed_{number})"  # noqa: S608
        held += "" if field.primary_key else " FOR KEY SHARE"
        parts += [f"pointed_{number} AS MATERIALIZED ({pointed})", f"held_{number} AS MATERIALIZED ({held})"]
        counts.append(f"(SELECT count(*) FROM pointed_{number}) - (SELECT count(*) FROM held_{number})")  # noqa: S608
    cursor.execute(f"WITH {', '.join(parts)} SELECT {', '.join(counts)}")
    for field, dangling in zip(fields, cursor.fetchone(), strict=True):
        if dangling:
            parent = field.target_field.model._meta.db_table
            raise IntegrityError(f"{dangling} values of {table}.{field.column} point at no row of {parent}")


def reserve_ids(model: type[Model], number: int) -> list[int]:
    """Return `number` primary keys of `model` that nobody else gets, ascending."""
    # The sequence is looked up once, and the keys come as one row.
    text = """
        SELECT array_agg(nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass))) FROM generate_series(1, %s)
    """
    with connection.cursor() as cursor:
        cursor.execute(text, [model._meta.db_table, number])
        return list(cursor.fetchone()[0] or [])


@contextmanager
def checked_at_once() -> Iterator[None]:
    """Have foreign keys checked at the end of each write in the block instead of all at the transaction's end.

    Else PostgreSQL remembers every row until then; and what it remembers it searches again at every row for which a
    trigger of django-pgtrigger runs, because such a trigger is a subtransaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        yield
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
