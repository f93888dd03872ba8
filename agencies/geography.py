"""Which places a point lies in: outlines in memory, searched by a tree, no PostGIS."""

from collections.abc import Iterable
from functools import cache

import numpy as np
from shapely import STRtree, from_wkb
from shapely.geometry import Point

from agencies.models import Place, PlaceBoundary

AT_ONCE = 2_000
"""Rows read at once, so that the outlines are never in memory twice."""


class OutlineIndex:
    """Outlines of places in a search tree. Immutable once built; safe to share between threads."""

    def __init__(self, rows: Iterable[tuple[int, bytes | memoryview]]) -> None:
        """Build from (place id, WKB in WGS 84) rows."""
        places: list[int] = []
        outlines = []
        for place, wkb in rows:
            places.append(place)
            outlines.append(from_wkb(bytes(wkb)))
        self._places = np.array(places, dtype=np.int64)
        self._tree = STRtree(outlines)

    def at(self, latitude: float, longitude: float) -> list[int]:
        """Return the ids of the places that cover a point (WGS 84 degrees), in no order; a border counts."""
        hits = self._tree.query(Point(longitude, latitude), predicate="covered_by")
        return [int(place) for place in self._places[hits]]


@cache
def outline_index() -> OutlineIndex:
    """Return the index of all outlines, built at the first use in a process; one query.

    33,000 outlines take 0.35 s and 60 MB, in the process of the one reader in many who asks for it: not worth having
    every process pay it at its start.
    """
    rows = PlaceBoundary.objects.order_by("pk").values_list("place_id", "wkb")
    return OutlineIndex(rows.iterator(chunk_size=AT_ONCE))


def place_at(latitude: float, longitude: float) -> Place | None:
    """Return the city that covers a point, else its county subdivision, county or state; None outside the country."""
    narrowest = {kind: rank for rank, kind in enumerate(("city", "county_subdivision", "county", "state"))}
    found = Place.objects.filter(pk__in=outline_index().at(latitude, longitude))
    return min(found, key=lambda place: (narrowest[place.kind], place.land_area_m2 or 0), default=None)
