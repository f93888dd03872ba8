"""Sharing links rebuilt from statements: all of them, or only those that a change can touch.

All is done inside PostgreSQL, so that memory does not grow with the record; only a new link comes by here, to get
its stable id.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import fields
from functools import partial
from math import ceil
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from agencies.copying import KeysLater, checked_at_once, copy_new, keys_checked_later, packed, reserve_ids
from agencies.identifiers import named_hexes
from agencies.models import (
    Agency,
    Alias,
    Capture,
    MatchDecision,
    Network,
    SharingLink,
    SharingList,
    SharingStatement,
    Statement,
    Stream,
)
from agencies.network.evidence import LinkKey, aliases_of, summaries
from agencies.network.summary import LinkSummary
from agencies.network.summary_sql import summary_query
from agencies.network.touched import touched_query
from agencies.network.withdrawn import Withdrawn
from agencies.writing_behind import WritingBehind

__all__ = ["LinkKey", "SUMMARY_FIELDS", "lock_record", "note_statistics", "rebuild_links", "refresh_links", "summaries"]

SUMMARY_FIELDS = [field.name for field in fields(LinkSummary)]
COLUMNS = ["grantor_id", "grantee_id", "network_id", "access", *SUMMARY_FIELDS]
"""What a summary gives: the key of a link, and all that it says."""

RECORD_LOCK = 0x414C5052
"""Advisory lock that whoever changes statements, decisions or links holds: one writer at a time."""

FEW = 1000
"""Agencies up to which statements are looked for by their names; beyond, reading all statements is faster."""

MOST = 0.5
"""Share of all streams beyond which all links are summed up: to look first for what is touched takes longer."""

BATCH = 5000
"""New links in memory at a time."""

_LINK = SharingLink._meta.db_table
_SAME_KEY = " AND ".join(f"link.{name} = found.{name}" for name in ("grantor_id", "grantee_id", "network_id", "access"))
_IS, _SHOULD = (f"({', '.join(f'{table}.{name}' for name in SUMMARY_FIELDS)})" for table in ("link", "found"))
"""All that a link says: as it stands, and as it should."""


def lock_record() -> None:
    """Wait for the record's writer lock; PostgreSQL lets go of it when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECORD_LOCK])


def note_statistics() -> None:
    """Have PostgreSQL look at the tables that links are made from, so that it plans for their size.

    Needed after many rows were written in the open transaction: the server's own look comes only after its end.
    """
    written = (Statement, SharingStatement, SharingList, Stream, Capture, Alias, MatchDecision, Agency, SharingLink)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in written)}")


@transaction.atomic
def refresh_links(
    *, streams: Collection[int] = (), agencies: Collection[int] = (), behind: WritingBehind | None = None
) -> Counter[str]:
    """Bring up to date the links that a change of these streams (ids) or agencies (ids) can touch.

    Returns how many links were new, changed, ended, removed or the same: the same are all others where most streams
    changed, else those that could have been touched. New ones are written by `behind` where it is given. Waits for
    the record's lock.
    """
    lock_record()
    if not (streams or agencies):
        return Counter()
    if len(streams) > MOST * Stream.objects.count():
        return rebuild_links(behind)
    with _table("link_touched", *touched_query(streams, agencies)):
        grantors, grantees = _ends("link_touched")
        if not grantors:
            return Counter()
        lines = _standing_lines()
        if max(len(grantors), len(grantees)) <= FEW:
            lines = lines.filter(grantor_alias__in=aliases_of(grantors), grantee_alias__in=aliases_of(grantees))
        return _store(lines, f"JOIN link_touched AS touched ON {_SAME_KEY.replace('found.', 'touched.')}", behind)


@transaction.atomic
def rebuild_links(behind: WritingBehind | None = None) -> Counter[str]:
    """Rebuild every link from every statement; the same as `refresh_links` gave step by step."""
    lock_record()
    return _store(_standing_lines(), "", behind)


def _standing_lines() -> QuerySet[SharingStatement]:
    """Return the lines of lists that count."""
    return SharingStatement.objects.filter(Withdrawn.read().standing())


def _ends(table: str) -> tuple[list[int], list[int]]:
    """Return the grantors and the grantees of a table of keys."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT array_agg(DISTINCT grantor_id), array_agg(DISTINCT grantee_id) FROM {table}")  # noqa: S608
        grantors, grantees = cursor.fetchone()
    return grantors or [], grantees or []


@contextmanager
def _table(name: str, query: str, values: list[Any]) -> Iterator[None]:
    """Keep the rows of a query in a temporary table while the block works."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMPORARY TABLE {name} ON COMMIT DROP AS {query}", values)
        cursor.execute(f"ANALYZE {name}")
        yield
        cursor.execute(f"DROP TABLE {name}")


def _store(lines: QuerySet[SharingStatement], only: str, behind: WritingBehind | None) -> Counter[str]:
    """Write the summaries that differ from the links that stand, and remove links without evidence.

    `only` is the join that keeps a link (or a summary) named "link" to the keys at hand; empty: all of them.
    """
    query, values = summary_query(lines)
    chosen = f"SELECT link.* FROM ({query}) AS link {only}"  # noqa: S608
    with _table("link_summary", chosen, values), checked_at_once():
        counts = _differences()
        removed = _remove(only)
        if counts["changed"] or counts["ended"]:
            _update()
        if counts["new"]:
            with WritingBehind() if behind is None else nullcontext(behind) as behind:
                _insert(counts["new"], behind)
    return counts + Counter(removed=removed)


def _differences() -> Counter[str]:
    """Count what happens to the links of which there is evidence."""
    text = f"""
        SELECT CASE WHEN link.id IS NULL THEN 'new' WHEN {_IS} IS NOT DISTINCT FROM {_SHOULD} THEN 'same'
            WHEN found.status <> 'listed' AND link.status = 'listed' THEN 'ended' ELSE 'changed' END AS word, count(*)
        FROM link_summary AS found LEFT JOIN {_LINK} AS link ON {_SAME_KEY} GROUP BY word
    """  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(text)
        return Counter(dict(cursor.fetchall()))


def _update() -> None:
    """Let links say what their evidence says."""
    values = ", ".join(f"{name} = found.{name}" for name in SUMMARY_FIELDS)
    text = f"UPDATE {_LINK} AS link SET {values} FROM link_summary AS found WHERE {_SAME_KEY}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"{text} AND {_IS} IS DISTINCT FROM {_SHOULD}")


def _insert(number: int, behind: WritingBehind) -> None:
    """Write the links that are not there yet, so many, a batch at a time.

    PostgreSQL gives the name that a link's id is made from, and the rest of its line: keys, dates and words of the
    house, none of which needs an escape. While it writes some, lines of the next are made.
    """
    agencies, network = Agency._meta.db_table, Network._meta.db_table
    cells = ", ".join(f"coalesce(found.{name}::text, '\\N')" for name in COLUMNS)
    text = f"""
        SELECT concat_ws(E'\\x1f', 'link', grantor.uuid, grantee.uuid, network.slug, found.access),
            concat_ws(E'\\t', {cells})
        FROM link_summary AS found
        JOIN {agencies} AS grantor ON grantor.id = found.grantor_id
        JOIN {agencies} AS grantee ON grantee.id = found.grantee_id
        JOIN {network} AS network ON network.id = found.network_id
        WHERE NOT EXISTS (SELECT FROM {_LINK} AS link WHERE {_SAME_KEY})
        ORDER BY found.grantor_id, found.grantee_id, found.network_id, found.access
    """  # noqa: S608
    ids = reserve_ids(SharingLink, number)
    with keys_checked_later() as later, connection.chunked_cursor() as cursor:
        cursor.execute(text)
        try:
            for rows in behind.ahead([partial(cursor.fetchmany, BATCH)] * ceil(number / BATCH)):
                own, ids = ids[: len(rows)], ids[len(rows) :]
                behind.begin(partial(_copy, own, _lines(own, rows), later))
        finally:
            behind.settle()  # The cursor's end is asked for past the turns.


def _lines(ids: Sequence[int], rows: list[tuple[str, str]]) -> bytes:
    """Return links as COPY takes them: of each its key, its id, made from a name, and the rest."""
    idents = named_hexes(name for name, _ in rows)
    return packed(f"{pk}\t{ident}\t{rest}" for pk, ident, (_, rest) in zip(ids, idents, rows, strict=True))


def _copy(ids: Sequence[int], lines: bytes, later: KeysLater) -> None:
    """Write new links."""
    copy_new(SharingLink, ("id", "uuid", *COLUMNS), lines, ids, later=later)


def _remove(only: str) -> int:
    """Remove the links that have lost their evidence; return how many."""
    lost = f"SELECT link.id FROM {_LINK} AS link {only} WHERE NOT EXISTS (SELECT FROM link_summary AS found WHERE {_SAME_KEY})"  # noqa: S608, E501
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {_LINK} WHERE id IN ({lost})")  # noqa: S608
        return int(cursor.rowcount)
