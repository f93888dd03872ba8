"""The map's points: every agency that has one, in columns, with what is known of it and its rung of the ladder."""

import gzip
import hashlib
from collections import Counter
from dataclasses import dataclass
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from django.core.cache import cache
from django.db.models import Case, Count, IntegerField, Max, Model, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.text import slugify
from django.utils.translation import get_language

from agencies.map_rungs import Rungs, rungs_by_agency
from agencies.models import (
    Agency,
    Fact,
    MatchDecision,
    SharingLink,
    SharingList,
    Statement,
    Withdrawal,
    WithdrawalLift,
)

KNOWLEDGE = ["none", "documents", "listed", "publishes"]
"""State of knowledge by its code in the payload: not researched; other documents; named in lists; own list."""

PRECISIONS = [choice.value for choice in Agency.Precision]
KINDS = [choice.value for choice in Agency.Kind]
SECONDS_KEPT = 300
"""How long a payload is served at most after a change that `record_state` does not see."""


class AgencyRow(NamedTuple):
    """One agency as the payload needs it; the first four columns are what agencies at one point share."""

    state: str
    latitude: float
    longitude: float
    coordinate_precision: str
    name: str
    slug: str
    kind: str
    pk: int


@dataclass(frozen=True)
class MapPayload:
    """The payload, compressed, with the counts that the table beside the map shows; they count rungs as "rung1"."""

    etag: str
    compressed: bytes
    by_state: dict[str, Counter[str]]
    has_rungs: bool


def record_state() -> str:
    """Return a short text that changes whenever statements, decisions, withdrawals or agencies do. Six queries.

    All of these tables only ever grow; changes of agencies are in their history.
    """
    history = Agency._meta.apps.get_model("agencies", "AgencyEvent")
    newest: list[type[Model]] = [Statement, MatchDecision, Withdrawal, Agency, history]
    marks = [model._default_manager.aggregate(mark=Max("pk"))["mark"] for model in newest]
    marks.append(WithdrawalLift.objects.count())
    return "-".join(str(mark or 0) for mark in marks)


def map_payload() -> MapPayload:
    """Return the payload of the record as it stands, in the reader's language, from the cache where it is there."""
    key = f"map-agencies:2:{get_language()}:{record_state()}"
    payload: MapPayload | None = cache.get(key)
    if payload is None:
        payload = build_payload()
        cache.set(key, payload, SECONDS_KEPT)
    return payload


def build_payload() -> MapPayload:
    """Read every agency, its number of links and its rung; a dozen queries, two seconds for two million links."""
    agencies = Agency.objects.current().main_bodies()
    listed, known, rungs = _listed_counts(), _knowledge(), rungs_by_agency()
    by_state: dict[str, Counter[str]] = {}
    for state, pk, latitude in agencies.values_list("state", "pk", "latitude").order_by("state"):
        told = ["all", KNOWLEDGE[known.get(pk, 0)], f"rung{rungs.top.get(pk, 0)}"]
        by_state.setdefault(state, Counter()).update([*told, *(["unplaced"] if latitude is None else [])])
    columns = [field for field in AgencyRow._fields]
    placed = agencies.filter(latitude__isnull=False)
    rows = [AgencyRow(*row) for row in placed.values_list(*columns).order_by(*columns[:5], "pk")]
    body = orjson.dumps(_points(rows) | _agencies(rows, known, listed, rungs))
    etag = hashlib.sha256(body).hexdigest()[:20]
    return MapPayload(etag, gzip.compress(body, 9, mtime=0), by_state, bool(rungs.top))


def _points(rows: list[AgencyRow]) -> dict[str, Any]:
    """Return the columns of the points: thousandths of a degree (about 100 m), each less the one before.

    `size` is how many of the agencies, which follow in the same order, stand at the point.
    """
    places = [(place, len(list(group))) for place, group in groupby(rows, key=lambda row: row[:4])]
    return {
        "precisions": PRECISIONS,
        "state": [[state, len(list(group))] for state, group in groupby(places, key=lambda place: place[0][0])],
        "latitude": steps([round(place[1] * 1000) for place, _ in places]),
        "longitude": steps([round(place[2] * 1000) for place, _ in places]),
        "precision": "".join(str(PRECISIONS.index(place[3])) for place, _ in places),
        "size": [size for _, size in places],
    }


def steps(numbers: list[int]) -> list[int]:
    """Return each number less the one before it: small ones, which compress well."""
    return [number - before for before, number in zip([0, *numbers], numbers, strict=False)]


def _agencies(rows: list[AgencyRow], known: dict[int, int], listed: Counter[int], rungs: Rungs) -> dict[str, Any]:
    """Return the columns of the agencies, a letter or digit each where that is enough; `slug` is empty where it
    follows from the name, the rungs where the ladder is not built."""
    derived = [slugify(f"{row.name} {row.state}") == row.slug for row in rows]
    return {
        "kinds": [str(choice.label) for choice in Agency.Kind],
        "knowledges": KNOWLEDGE,
        "name": "\n".join(row.name for row in rows),
        "slug": "\n".join("" if is_derived else row.slug for row, is_derived in zip(rows, derived, strict=True)),
        "kind": "".join(chr(ord("a") + KINDS.index(row.kind)) for row in rows),
        "knowledge": "".join(str(known.get(row.pk, 0)) for row in rows),
        "rung": "".join(str(rungs.top.get(row.pk, 0)) for row in rows) if rungs.top else "",
        "past": "".join(str(rungs.past.get(row.pk, 0)) for row in rows) if rungs.top else "",
        "links": [listed[row.pk] for row in rows],
    }


def _listed_counts() -> Counter[int]:
    """Count the listed links of each agency, on both sides."""
    counts: Counter[int] = Counter()
    for side in ("grantor", "grantee"):
        rows = SharingLink.objects.listed().order_by().values_list(side).annotate(n=Count("pk"))
        counts.update(dict(rows))
    return counts


def _knowledge() -> dict[int, int]:
    """Return the knowledge code of each agency that any document bears on, by primary key."""
    facts = Fact.objects.filter(statement__in=Statement.objects.standing(), alias__decision__outcome="matched")
    lists = SharingList.objects.standing().filter(capture__source__agency_alias__decision__outcome="matched")
    groups = [
        (1, _decided(facts, "alias__decision__agency")),
        (2, SharingLink.objects.order_by().values_list("grantor", flat=True).distinct()),
        (2, SharingLink.objects.order_by().values_list("grantee", flat=True).distinct()),
        (3, _decided(lists.exclude(completeness="absent"), "capture__source__agency_alias__decision__agency")),
    ]
    return {pk: code for code, agencies in groups for pk in agencies}


def _decided(rows: QuerySet[Any], path: str) -> QuerySet[Any, int]:
    """Return the agencies that the decisions at `path` name, or what these were merged into."""
    return rows.order_by().values_list(Coalesce(f"{path}__merged_into", path), flat=True).distinct()


def unplaced_with_links() -> QuerySet[Agency]:
    """Return agencies without coordinates that have a listed link, federal ones first. One query."""
    linked = SharingLink.objects.listed().order_by()
    sides = Q(pk__in=linked.values("grantor")) | Q(pk__in=linked.values("grantee"))
    unplaced = Agency.objects.current().filter(sides, latitude__isnull=True)
    federal_first = Case(When(kind=Agency.Kind.FEDERAL, then=0), default=1, output_field=IntegerField())
    return unplaced.with_link_counts().order_by(federal_first, "name", "pk")
