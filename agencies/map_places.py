"""Names of a state's cities for the map when near, with their points; larger ones that have an agency first."""

import gzip
import hashlib
from typing import NamedTuple

import orjson
from django.core.cache import cache
from django.db.models import Count, F, Max, Q
from django.shortcuts import get_object_or_404

from agencies.map_data import SECONDS_KEPT, steps
from agencies.models import AgencyPlace, Place
from agencies.revision import record_marks

SIZES = (2_000, 5_000, 10_000, 20_000, 40_000, 80_000, 160_000, 320_000)
"""People served from which a name has size 2, 3 and so on to 9; 1: fewer or not known; 0: no agency serves it."""


class NamesPayload(NamedTuple):
    """The payload of one state, compressed."""

    etag: str
    compressed: bytes


def names_payload(state: str) -> NamesPayload:
    """Return the names of a state's cities, the same in every language, from the cache where it is there; 404 for no
    state."""
    key = f"map-places:1:{state}:{'-'.join(map(str, record_marks()))}"
    payload: NamesPayload | None = cache.get(key)
    if payload is None:
        get_object_or_404(Place, kind=Place.Kind.STATE, state=state)
        payload = _build(state)
        cache.set(key, payload, SECONDS_KEPT)
    return payload


def _build(state: str) -> NamesPayload:
    """Read the cities of which a point is known: thousandths of a degree (about 100 m), each less the one before it.

    People are those of the largest agency that bears the city's name; a sheriff who polices it by contract serves more
    than the city. Of cities without an agency the larger in area come first. One query.
    """
    serving = Q(servings__agency__merged_into__isnull=True)
    named = serving & Q(servings__basis=AgencyPlace.Basis.NAME)
    cities = Place.objects.filter(kind=Place.Kind.CITY, state=state, latitude__isnull=False, longitude__isnull=False)
    cities = cities.annotate(
        people=Max("servings__agency__population_served", filter=named), served=Count("servings", filter=serving)
    )
    columns = ("name", "latitude", "longitude", "people", "served")
    rows = list(cities.values_list(*columns).order_by(F("land_area_m2").desc(nulls_last=True), "name", "geoid"))
    rows.sort(key=lambda row: (not row[4], -(row[3] or 0)))
    body = orjson.dumps(
        {
            "name": "\n".join(row[0] for row in rows),
            "latitude": steps([round(row[1] * 1000) for row in rows]),
            "longitude": steps([round(row[2] * 1000) for row in rows]),
            "size": "".join(str(_size(people) if served else 0) for *_, people, served in rows),
        }
    )
    return NamesPayload(hashlib.sha256(body).hexdigest()[:20], gzip.compress(body, 9, mtime=0))


def _size(people: int | None) -> int:
    """Return 1 to 9; see `SIZES`."""
    return 1 + sum((people or 0) >= end for end in SIZES)
