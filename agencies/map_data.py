"""What the map draws: every agency with a point in one small payload, and one agency's links."""

import gzip
import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any, NamedTuple

import orjson
from django.core.cache import cache
from django.db.models import Case, Count, IntegerField, Max, Model, Q, QuerySet, When
from django.db.models.functions import Coalesce
from django.utils.text import slugify
from django.utils.translation import get_language

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
    """The payload, compressed, with the counts that the table beside the map shows."""

    etag: str
    compressed: bytes
    by_state: dict[str, Counter[str]]


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
    key = f"map-agencies:1:{get_language()}:{record_state()}"
    payload: MapPayload | None = cache.get(key)
    if payload is None:
        payload = build_payload()
        cache.set(key, payload, SECONDS_KEPT)
    return payload


def build_payload() -> MapPayload:
    """Read every agency and its number of links; five queries, about a second for two million links."""
    agencies = Agency.objects.current().main_bodies()
    listed, known = _listed_counts(), _knowledge()
    by_state: dict[str, Counter[str]] = {}
    for state, pk, latitude in agencies.values_list("state", "pk", "latitude").order_by("state"):
        counts = by_state.setdefault(state, Counter())
        counts.update(["all", KNOWLEDGE[known.get(pk, 0)], *(["unplaced"] if latitude is None else [])])
    columns = [field for field in AgencyRow._fields]
    placed = agencies.filter(latitude__isnull=False)
    rows = [AgencyRow(*row) for row in placed.values_list(*columns).order_by(*columns[:5], "pk")]
    kinds = [choice.value for choice in Agency.Kind]
    body = orjson.dumps(
        {
            "kinds": [str(choice.label) for choice in Agency.Kind],
            "precisions": PRECISIONS,
            "knowledge": KNOWLEDGE,
            "points": [
                [*_point(place), [_entry(row, kinds, known, listed) for row in group]]
                for place, group in groupby(rows, key=lambda row: row[:4])
            ],
        }
    )
    etag = hashlib.sha256(body).hexdigest()[:20]
    return MapPayload(etag, gzip.compress(body, 9, mtime=0), by_state)


def _point(place: tuple[Any, ...]) -> list[Any]:
    """Return [latitude, longitude (thousandths of a degree, about 100 m), precision code, state]."""
    state, latitude, longitude, precision = place
    return [round(latitude * 1000), round(longitude * 1000), PRECISIONS.index(precision), state]


def _entry(row: AgencyRow, kinds: list[str], known: dict[int, int], listed: Counter[int]) -> list[Any]:
    """Return [name, slug, kind code, knowledge code, listed links]; slug 0 where it follows from the name."""
    derived = slugify(f"{row.name} {row.state}") == row.slug
    return [row.name, 0 if derived else row.slug, kinds.index(row.kind), known.get(row.pk, 0), listed[row.pk]]


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


def drawn_links(agency: Agency) -> list[list[Any]]:
    """Return the agency's listed links as [slug, name or 0, direction, network, first seen, last seen, disputed on].

    Direction is "g" where the agency grants and "r" where it receives; a name stands only where the other side
    has no point, as the map knows the others. Two queries.
    """
    rows: list[list[Any]] = []
    for side, far, direction in (("grantor", "grantee", "g"), ("grantee", "grantor", "r")):
        columns = [f"{far}__slug", f"{far}__name", f"{far}__latitude", "network__name"]
        links = SharingLink.objects.listed().filter(**{side: agency}).order_by(f"{far}__name", "pk")
        found = links.values_list(*columns, "first_seen", "last_seen", "disputed_on")
        for slug, name, latitude, network, *dates in found:
            rows.append([slug, name if latitude is None else 0, direction, network, *map(_iso, dates)])
    return rows


def _iso(day: date | None) -> str | None:
    """Return the date as YYYY-MM-DD."""
    return day.isoformat() if day else None
