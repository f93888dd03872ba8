"""TopoJSON to GeoJSON: arcs are decoded (and may be simplified) once, so that shared borders stay shared."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from shapely import LineString

Point = tuple[float, float]
Arc = list[Point]


@dataclass(frozen=True)
class Shape:
    """One geometry of a topology: its id (a FIPS code in us-atlas), printed name and GeoJSON geometry."""

    id: str
    name: str
    geometry: dict[str, Any]


def decode_arcs(topology: dict[str, Any], tolerance: float = 0.0) -> list[Arc]:
    """Return the topology's arcs as longitude/latitude points.

    `tolerance` is in degrees (Douglas-Peucker); the ends of an arc, where borders meet, never move.
    Follows the TopoJSON specification, section 2.1.3: quantised arcs are delta-encoded.
    """
    transform = topology.get("transform")
    arcs = [_unquantise(arc, transform) if transform else [(x, y) for x, y in arc] for arc in topology["arcs"]]
    return [_simplify(arc, tolerance) for arc in arcs] if tolerance else arcs


def decode(topology: dict[str, Any], layer: str, tolerance: float = 0.0) -> Iterator[Shape]:
    """Yield the polygons of a topology's `layer`; rings that simplify to nothing are left out.

    Raises KeyError for an unknown layer and ValueError for a geometry that is no polygon.
    """
    arcs = decode_arcs(topology, tolerance)
    for geometry in topology["objects"][layer]["geometries"]:
        polygons = [_polygon(rings, arcs) for rings in _polygon_arcs(geometry)]
        coordinates = [polygon for polygon in polygons if polygon]
        if coordinates:
            name = geometry.get("properties", {}).get("name", "")
            yield Shape(str(geometry["id"]), name, _as_geojson(coordinates))


def _unquantise(arc: list[list[int]], transform: dict[str, list[float]]) -> Arc:
    (scale_x, scale_y), (shift_x, shift_y) = transform["scale"], transform["translate"]
    xs = accumulate(step[0] for step in arc)
    ys = accumulate(step[1] for step in arc)
    return [(x * scale_x + shift_x, y * scale_y + shift_y) for x, y in zip(xs, ys, strict=True)]


def _simplify(arc: Arc, tolerance: float) -> Arc:
    if len(arc) < 3:
        return arc
    return [(x, y) for x, y in LineString(arc).simplify(tolerance, preserve_topology=False).coords]


def _polygon_arcs(geometry: dict[str, Any]) -> list[list[list[int]]]:
    """Return a geometry's polygons, each a list of rings, each a list of arc indexes."""
    match geometry["type"]:
        case "Polygon":
            polygons: list[list[list[int]]] = [geometry["arcs"]]
        case "MultiPolygon":
            polygons = geometry["arcs"]
        case other:
            raise ValueError(f"cannot decode a TopoJSON geometry of type {other!r}")
    return polygons


def _polygon(rings: list[list[int]], arcs: list[Arc]) -> list[Arc]:
    """Return a polygon's rings, or an empty list when its outer ring has collapsed."""
    outer, *holes = [_ring(ring, arcs) for ring in rings]
    if len(outer) < 4:
        return []
    return [outer, *(hole for hole in holes if len(hole) >= 4)]


def _ring(indexes: list[int], arcs: list[Arc]) -> Arc:
    """Stitch arcs into a closed ring; a negative index means the arc `~index`, backwards."""
    points: Arc = []
    for index in indexes:
        arc = arcs[index] if index >= 0 else arcs[~index][::-1]
        points.extend(arc[1:] if points else arc)
    return points


def _as_geojson(polygons: list[list[Arc]]) -> dict[str, Any]:
    if len(polygons) == 1:
        return {"type": "Polygon", "coordinates": polygons[0]}
    return {"type": "MultiPolygon", "coordinates": polygons}
