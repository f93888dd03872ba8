"""Rows written by PostgreSQL's COPY in the open transaction: many at once, with every constraint and trigger."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO

from django.db import connection
from django.db.models import Model

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def cell(value: object) -> str:
    """Return a value as a cell of COPY's text format; None is null."""
    if value is None:
        return r"\N"
    text = str(value)
    return text if text.isprintable() and "\\" not in text else text.translate(_ESCAPES)


def copy_rows(model: type[Model], columns: Sequence[str], lines: Iterable[str]) -> None:
    """Write rows of `model`: each a line of tab-separated cells, without its end, for the named columns.

    Raises django.db.Error for a row that the table refuses.
    """
    quote = connection.ops.quote_name
    data = BytesIO("".join(f"{line}\n" for line in lines).encode())
    text = f"COPY {quote(model._meta.db_table)} ({', '.join(map(quote, columns))}) FROM STDIN"
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(text, data)


def reserve_ids(model: type[Model], number: int) -> list[int]:
    """Return `number` primary keys of `model` that nobody else gets, ascending."""
    text = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
    with connection.cursor() as cursor:
        cursor.execute(text, [model._meta.db_table, number])
        return [row[0] for row in cursor.fetchall()]


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
