"""Outlines of states, ready to draw small."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from shapely import LineString

from agencies.matching.states import STATE_NAMES

SIZE = 150
"""Longer side of the picture, in its own units."""
SMALLEST = 3.0
"""Islands of a smaller extent, in units, are left out unless nothing larger is there."""

TOLERANCE = 0.4
"""How far, in units, the drawn line may be from the true one."""

Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Outline:
    """A shape in a picture: equirectangular, with its own middle latitude true to scale."""

    path: str
    width: float
    height: float
    west: float
    north: float
    scale: float
    squeeze: float

    def place(self, latitude: float, longitude: float) -> tuple[float, float]:
        """Return where a point (WGS 84 degrees) lies in the picture."""
        x = (longitude - self.west) * self.squeeze * self.scale
        return round(x, 1), round((self.north - latitude) * self.scale, 1)


def outline(rings: Sequence[Ring]) -> Outline:
    """Fit rings of (longitude, latitude) into a picture whose longer side is SIZE."""
    longitudes = [point[0] for ring in rings for point in ring]
    latitudes = [point[1] for ring in rings for point in ring]
    west, north, south = min(longitudes), max(latitudes), min(latitudes)
    squeeze = math.cos(math.radians((north + south) / 2))
    across, down = (max(longitudes) - west) * squeeze, north - south
    scale = SIZE / max(across, down)
    empty = Outline("", round(across * scale, 1), round(down * scale, 1), west, north, scale, squeeze)
    drawn = [[empty.place(y, x) for x, y in ring] for ring in rings]
    largest = max(map(_extent, drawn))
    path = "".join(_ring(ring) for ring in drawn if _extent(ring) >= min(SMALLEST, largest))
    return Outline(path, empty.width, empty.height, west, north, scale, squeeze)


def _extent(ring: Sequence[tuple[float, float]]) -> float:
    """Return the longer side of a ring's box."""
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return max(max(xs) - min(xs), max(ys) - min(ys))


def _ring(ring: Sequence[tuple[float, float]]) -> str:
    """Return a closed path with no more points than the eye can tell; "" where less than a triangle is left."""
    points = LineString(ring).simplify(TOLERANCE).coords[:-1]
    return "M" + "L".join(f"{x:g} {y:g}" for x, y in points) + "Z" if len(points) > 2 else ""


@cache
def _states() -> dict[str, list[Ring]]:
    """Return the rings of each state by name, from the map's own file."""
    found = finders.find("geo/states.json")
    if not found:
        return {}
    collection = json.loads(Path(found).read_text(encoding="utf-8"))
    return {
        feature["properties"]["name"]: [ring for part in feature["geometry"]["coordinates"] for ring in part]
        for feature in collection["features"]
    }


@cache
def state_outline(code: str) -> Outline | None:
    """Return a state's outline by USPS code; None where the map has none."""
    rings = _states().get(STATE_NAMES.get(code, ""))
    return outline(rings) if rings else None
