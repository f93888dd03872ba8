"""Rows written by PostgreSQL's COPY in the open transaction: many at once, with every constraint."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from io import BytesIO
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, connection
from django.db.models import Model

from agencies.copied_keys import keys_query

_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})

_NOT_ASIDE = "SET LOCAL session_replication_role = DEFAULT"
"""Has triggers work again that were put aside."""

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
        # All in one piece: for each that is asked for, a thread behind Python's back waits until Python lets it.
        cursor.copy_expert(text, BytesIO(rows), len(rows) + 1)


def line_of(row: Model, first: Sequence[str] = ()) -> str:
    """Return an unsaved row as COPY takes it, without its primary key and the fields `first`, known only later.

    Of plain columns only: all values are there, and PostgreSQL reads each as it is told by `str`; so no JSON.
    """
    stamped, values = _plan(type(row), tuple(first))
    for field in stamped:
        field.pre_save(row, True)
    return "\t".join(map(cell, values(row)))


def copy_lines(model: type[Model], lines: Sequence[str], first: Sequence[str] = ()) -> Sequence[int]:
    """Write rows, each the cells of the fields `first` and then what `line_of` gives; return their primary keys.

    Raises django.db.Error for a row that the table refuses.
    """
    if not lines:
        return ()
    ids = reserve_ids(model, len(lines))
    fields: list[Any] = [*map(model._meta.get_field, first), *_rest(model, first)]
    copy_rows(
        model,
        ["id", *(field.column for field in fields)],
        packed(f"{pk}\t{line}" for pk, line in zip(ids, lines, strict=True)),
    )
    return ids


@cache
def _plan(model: type[Model], first: tuple[str, ...]) -> tuple[list[Any], Callable[[Model], tuple[Any, ...]]]:
    """Return the fields of a line that Django sets at the last moment, and what gives the values of all of them."""
    fields = _rest(model, first)
    stamped = [field for field in fields if getattr(field, "auto_now", False) or getattr(field, "auto_now_add", False)]
    return stamped, attrgetter(*(field.attname for field in fields))


def _rest(model: type[Model], first: Sequence[str]) -> list[Any]:
    """Return the fields that are written of a new row besides its primary key and the fields `first`."""
    fields: list[Any] = list(model._meta.concrete_fields)
    return [one for one in fields if not (one.primary_key or one.generated or one.name in first)]


class KeysLater:
    """Rows written by COPY of whose foreign keys no check was made yet: one look at all of them is still to come."""

    def __init__(self) -> None:
        self._written: dict[type[Model], tuple[int, int]] = {}

    def add(self, model: type[Model], ids: Sequence[int]) -> None:
        """Take in rows by their primary keys, ascending."""
        first, last = self._written.get(model, (ids[0], ids[-1]))
        self._written[model] = min(first, ids[0]), max(last, ids[-1])

    def check(self) -> None:
        """Check the keys of all rows; raises IntegrityError for one that points at nothing."""
        for model, ends in self._written.items():
            _check_keys(model, ends)
        self._written.clear()


@contextmanager
def keys_checked_later() -> Iterator[KeysLater]:
    """Have foreign keys of what `copy_new` writes in the block checked when it is left, unless by an error."""
    later = KeysLater()
    yield later
    later.check()


def copy_new(
    model: type[Model],
    columns: Sequence[str],
    rows: bytes,
    ids: Sequence[int],
    *,
    later: KeysLater | None = None,
) -> None:
    """Write rows as `copy_rows` does, their primary keys being `ids`, ascending; each foreign key is checked once.

    PostgreSQL checks a foreign key by a query of its own for each row: two thirds of the time that statements take.
    Here a query checks a key of all rows at once, and holds the rows they point at as the server's own check does;
    with those of other writes where `later` is given. A few rows are checked one by one, and all are where the role
    may not put the server's checks aside or the table has a trigger of its own for new rows, other than one that is
    always enabled: that runs all the same.
    Raises django.db.Error for a row that the table refuses, IntegrityError for a key that points at nothing.
    """
    if not ids:
        return
    is_aside = len(ids) >= MANY and _put_checks_aside(model)
    copy_rows(model, columns, rows)
    if not is_aside:
        return
    if later is None:
        _check_keys(model, ids, first=_NOT_ASIDE)
    else:
        later.add(model, ids)
        with connection.cursor() as cursor:
            cursor.execute(_NOT_ASIDE)


def _check_keys(model: type[Model], ids: Sequence[int], first: str = "") -> None:
    """Carry out `first`, then raise IntegrityError where new rows, of these keys and all between, point at nothing.

    By indexes, because a table that was empty when it was last analysed is taken for empty: each key would be sought
    in all of it. All of it in one query: a thread behind Python's back waits for Python after each.
    """
    keys, dangling = keys_query(model, ids)
    text = f"""
        {first};
        SELECT set_config('atlas.seqscan', current_setting('enable_seqscan'), true),
            set_config('enable_seqscan', 'off', true);
        SELECT set_config('enable_seqscan', current_setting('atlas.seqscan'), true), found.* FROM ({dangling}) AS found
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text)
        _, *numbers = cursor.fetchone()
    for key, number in zip(keys, numbers, strict=True):
        if number:
            raise IntegrityError(f"{number} values of {key}")


def _put_checks_aside(model: type[Model]) -> bool:
    """Put triggers of foreign keys aside if the role may and no other trigger is wanted; tell whether it was done."""
    text = """
        SELECT set_config('session_replication_role', 'replica', true)
        WHERE has_parameter_privilege('session_replication_role', 'SET') AND NOT EXISTS (
            SELECT FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgtype & 4 <> 0
                AND tgenabled <> 'A'
        )
    """  # 4 is the bit of INSERT, A is ALWAYS.
    with connection.cursor() as cursor:
        cursor.execute(text, [model._meta.db_table])
        return cursor.fetchone() is not None


def reserve_ids(model: type[Model], number: int) -> Sequence[int]:
    """Return `number` primary keys of `model` that nobody else gets, ascending."""
    # The sequence is looked up once. Keys stand side by side unless somebody else takes some at the same time.
    text = """
        SELECT min(key), CASE WHEN max(key) - min(key) + 1 > count(*) THEN array_agg(key) END
        FROM (SELECT nextval((SELECT pg_get_serial_sequence(%s, 'id')::regclass)) FROM generate_series(1, %s)) AS _(key)
    """
    if not number:
        return ()
    with connection.cursor() as cursor:
        cursor.execute(text, [model._meta.db_table, number])
        first, apart = cursor.fetchone()
    return apart or range(first, first + number)


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
