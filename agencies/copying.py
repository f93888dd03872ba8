"""Rows written by PostgreSQL's COPY in the open transaction: many at once, with every constraint."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from typing import Any

from django.db import connection
from django.db.models import Model

from agencies.copied_keys import check_keys

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


def copy_objects(objects: Sequence[Model]) -> None:
    """Write unsaved rows of one model as `bulk_create` does; each gets its primary key.

    Of plain columns only: all values are there, and PostgreSQL reads each as it is told by `str`; so no JSON.

    Raises django.db.Error for a row that the table refuses.
    """
    if not objects:
        return
    model = type(objects[0])
    fields: list[Any] = [one for one in model._meta.concrete_fields if not (one.primary_key or one.generated)]
    ids = reserve_ids(model, len(objects))
    lines = []
    for pk, row in zip(ids, objects, strict=True):
        lines.append("\t".join([str(pk), *[cell(field.pre_save(row, True)) for field in fields]]))
    copy_rows(model, ["id", *(field.column for field in fields)], packed(lines))
    for pk, row in zip(ids, objects, strict=True):
        row.pk, row._state.adding, row._state.db = pk, False, connection.alias


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
        # A table that was empty when it was last analysed is taken for empty: each key would be sought row by row.
        cursor.execute("SET LOCAL session_replication_role = DEFAULT; SET LOCAL enable_seqscan = off")
        check_keys(cursor, model, ids)
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
