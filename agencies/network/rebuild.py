"""Sharing links rebuilt from statements: all of them, or only those that a change can touch."""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import asdict, fields
from datetime import date
from itertools import groupby
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from agencies.identifiers import record_id
from agencies.models import (
    Agency,
    Alias,
    MatchDecision,
    Network,
    SharingLink,
    SharingList,
    SharingStatement,
    Statement,
)
from agencies.network.summary import LinkSummary, Sighting, summarise

LinkKey = tuple[int, int, int, str]
"""(grantor id, grantee id, network id, kind of access)."""

SUMMARY_FIELDS = [field.name for field in fields(LinkSummary)]
RECORD_LOCK = 0x414C5052
"""Advisory lock that whoever changes statements, decisions or links holds: one writer at a time."""


def lock_record() -> None:
    """Wait for the record's writer lock; PostgreSQL lets go of it when the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RECORD_LOCK])


def note_statistics() -> None:
    """Have PostgreSQL look at the tables that links are made from, so that it plans for their size.

    Needed after many rows were written in the open transaction: the server's own look comes only after its end.
    """
    models = (Statement, SharingStatement, SharingList, Alias, MatchDecision, SharingLink)
    with connection.cursor() as cursor:
        cursor.execute(f"ANALYZE {', '.join(model._meta.db_table for model in models)}")


def _evidence() -> QuerySet[Any]:
    """Return sharing statements whose two names are matched, with the key of their link."""
    matched = Q(grantor_alias__decision__outcome="matched", grantee_alias__decision__outcome="matched")
    ends = {
        side: Coalesce(f"{side}_alias__decision__agency__merged_into", f"{side}_alias__decision__agency")
        for side in ("grantor", "grantee")
    }
    rows = SharingStatement.objects.filter(matched).annotate(
        grantor=ends["grantor"],
        grantee=ends["grantee"],
        network=F("sharing_list__stream__network"),
        access=F("sharing_list__stream__access"),
    )
    return rows.exclude(grantor=F("grantee"))


def _keys_touched(streams: Collection[int], agencies: Collection[int]) -> set[LinkKey]:
    """Return the keys of links that a change of these streams or agencies can touch, withdrawn rows included."""
    names = ("grantor", "grantee", "network", "access")
    touched = Q(sharing_list__stream__in=streams) | Q(grantor__in=agencies) | Q(grantee__in=agencies)
    keys = set(_evidence().filter(touched).order_by().values_list(*names).distinct())
    existing = SharingLink.objects.filter(Q(grantor__in=agencies) | Q(grantee__in=agencies))
    return keys | set(existing.values_list("grantor_id", "grantee_id", "network_id", "access"))


def _sightings(keys: set[LinkKey] | None, as_of: date | None) -> Iterator[tuple[LinkKey, list[Sighting]]]:
    """Yield each key with its standing sightings, in order of key. One streamed query."""
    standing = Statement.objects.standing()
    if as_of is not None:
        standing = standing.as_of(as_of)
    rows = _evidence().filter(statement__in=standing.values("pk"))
    if keys is not None:
        rows = rows.filter(grantor__in={key[0] for key in keys}, grantee__in={key[1] for key in keys})
    denied = Q(answers__effect="denies", answers__statement__in=standing.values("pk"))
    rows = rows.annotate(
        stream=F("sharing_list__stream"),
        reporter=F("sharing_list__stream__reported_by"),
        seen_on=F("statement__observed_on"),
        denied_on=Max("answers__statement__observed_on", filter=denied),
    ).order_by("grantor", "grantee", "network", "access")
    columns = ("grantor", "grantee", "network", "access", "stream", "reporter", "seen_on", "account_status")
    values = rows.values_list(*columns, "denied_on").iterator(chunk_size=5000)
    for key, group in groupby(values, key=lambda row: row[:4]):
        if keys is None or key in keys:
            yield key, [Sighting(s, by, on, status == "active", no) for *_, s, by, on, status, no in group]


def _complete_lists(as_of: date | None) -> dict[int, list[date]]:
    """Return, for each stream, the dates of its standing complete lists, oldest first."""
    rows = SharingList.objects.standing().filter(completeness="complete")
    if as_of is not None:
        rows = rows.filter(capture__observed_on__lte=as_of)
    dates: dict[int, list[date]] = {}
    for stream, day in rows.order_by("stream", "capture__observed_on").values_list("stream", "capture__observed_on"):
        dates.setdefault(stream, []).append(day)
    return dates


def summaries(keys: set[LinkKey] | None = None, as_of: date | None = None) -> Iterator[tuple[LinkKey, LinkSummary]]:
    """Yield the summary of each link, of `keys` or of the whole record, replayed up to `as_of`."""
    complete = _complete_lists(as_of)
    for key, sightings in _sightings(keys, as_of):
        yield key, summarise(sightings, complete)


@transaction.atomic
def refresh_links(*, streams: Collection[int] = (), agencies: Collection[int] = ()) -> Counter[str]:
    """Bring up to date the links that a change of these streams (ids) or agencies (ids) can touch.

    Returns how many links were new, changed, ended, removed or the same. Waits for the record's lock.
    """
    lock_record()
    keys = _keys_touched(streams, agencies)
    return _store(keys, summaries(keys)) if keys else Counter()


@transaction.atomic
def rebuild_links() -> Counter[str]:
    """Rebuild every link from every statement; the same as `refresh_links` gave step by step."""
    lock_record()
    return _store(None, summaries())


def _store(keys: set[LinkKey] | None, found: Iterable[tuple[LinkKey, LinkSummary]]) -> Counter[str]:
    """Write the summaries that differ from the links that stand, and remove links without evidence."""
    standing = _standing_links(keys)
    ids = _public_ids()
    counts: Counter[str] = Counter()
    writes: list[SharingLink] = []
    for key, summary in found:
        _, before = standing.pop(key, (None, None))
        counts[_change(before, summary)] += 1
        if before != summary:
            writes.append(_link(key, summary, ids))
    SharingLink.objects.bulk_create(
        writes,
        batch_size=5000,
        update_conflicts=True,
        unique_fields=["grantor", "grantee", "network", "access"],
        update_fields=SUMMARY_FIELDS,
    )
    if standing:
        SharingLink.objects.filter(pk__in=[link for link, _ in standing.values()]).delete()
        counts["removed"] = len(standing)
    return counts


def _change(before: LinkSummary | None, after: LinkSummary) -> str:
    """Return the word for what happened to a link."""
    if before is None:
        return "new"
    if before == after:
        return "same"
    return "ended" if after.status != "listed" and before.status == "listed" else "changed"


def _standing_links(keys: set[LinkKey] | None) -> dict[LinkKey, tuple[int, LinkSummary]]:
    """Return the links that stand now, of `keys` or all, each with its primary key."""
    rows = SharingLink.objects.order_by()
    if keys is not None:
        rows = rows.filter(grantor__in={key[0] for key in keys}, grantee__in={key[1] for key in keys})
    columns = ("pk", "grantor_id", "grantee_id", "network_id", "access", *SUMMARY_FIELDS)
    found: dict[LinkKey, tuple[int, LinkSummary]] = {}
    for link, grantor, grantee, network, access, *rest in rows.values_list(*columns):
        key = (grantor, grantee, network, access)
        if keys is None or key in keys:
            found[key] = link, LinkSummary(**dict(zip(SUMMARY_FIELDS, rest, strict=True)))
    return found


def _public_ids() -> tuple[dict[int, Any], dict[int, str]]:
    """Return agencies' UUIDs and networks' slugs by id, from which a link's UUID is made."""
    return dict(Agency.objects.order_by().values_list("id", "uuid")), dict(Network.objects.values_list("id", "slug"))


def _link(key: LinkKey, summary: LinkSummary, ids: tuple[dict[int, Any], dict[int, str]]) -> SharingLink:
    """Return the unsaved link of a key."""
    grantor, grantee, network, access = key
    agencies, networks = ids
    return SharingLink(
        uuid=record_id("link", agencies[grantor], agencies[grantee], networks[network], access),
        grantor_id=grantor,
        grantee_id=grantee,
        network_id=network,
        access=access,
        **asdict(summary),
    )
