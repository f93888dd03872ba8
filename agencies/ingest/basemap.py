"""The site's own basemap: state and county outlines as small GeoJSON files for Leaflet."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shapely import make_valid
from shapely.geometry import mapping, shape
from shapely.geometry.base import BaseGeometry

from agencies.ingest.topojson import decode

FILES = {"states-far": ("states", 0.03), "states": ("states", 0.006), "counties": ("counties", 0.012)}
"""Layer and tolerance in degrees of each file: arcs are simplified before they are stitched, so neighbours keep one
border. The first is what a reader of the whole country gets, a third of the second's size."""
SMALLEST_ISLAND = 0.0004
"""Parts smaller than this many square degrees (about 4 km2) are left out, unless a shape has nothing larger."""
ALASKA = "02"


def write_basemap(geo: Path, names: dict[str, str], folder: Path) -> None:
    """Write the basemap's files from the TopoJSON files in `geo`; `names` are by GEOID."""
    for name, (layer, tolerance) in FILES.items():
        topology = json.loads((geo / f"{layer}-10m.json").read_text())
        collection = outlines(topology, layer, tolerance, names)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(collection, separators=(",", ":")) + "\n", encoding="utf-8")


def outlines(topology: dict[str, Any], layer: str, tolerance: float, names: dict[str, str]) -> dict[str, Any]:
    """Return a topology's layer as a GeoJSON FeatureCollection, sorted by GEOID, with GEOID and name only."""
    coarse = {item.id: item.geometry for item in decode(topology, layer, tolerance)}
    fine = {item.id: item.geometry for item in decode(topology, layer)}
    features = [_feature(geoid, coarse.get(geoid, fine[geoid]), names.get(geoid, "")) for geoid in sorted(fine)]
    return {"type": "FeatureCollection", "features": features}


def _feature(geoid: str, geometry: dict[str, Any], name: str) -> dict[str, Any]:
    polygons = _worth_drawing(_parts(make_valid(shape(geometry))))
    coordinates = [_points(mapping(polygon)["coordinates"], geoid[:2] == ALASKA) for polygon in polygons]
    geometry = {"type": "MultiPolygon", "coordinates": coordinates}
    return {"type": "Feature", "properties": {"geoid": geoid, "name": name}, "geometry": geometry}


def _parts(geometry: BaseGeometry) -> list[BaseGeometry]:
    """Return a geometry's polygons, without the lines that repairs leave behind."""
    if geometry.geom_type == "Polygon":
        return [geometry]
    return [polygon for part in getattr(geometry, "geoms", ()) for polygon in _parts(part)]


def _worth_drawing(polygons: list[BaseGeometry]) -> list[BaseGeometry]:
    large = [polygon for polygon in polygons if polygon.area >= SMALLEST_ISLAND]
    return large or [max(polygons, key=lambda polygon: polygon.area)]


def _points(rings: Iterable[Iterable[tuple[float, float]]], is_alaska: bool) -> list[list[list[float]]]:
    """Return rings at three decimals; Alaska's islands beyond the antimeridian move west of it.

    Left at +172 degrees they would be drawn on the map's far side.
    """
    return [[[round(x - 360 if is_alaska and x > 0 else x, 3), round(y, 3)] for x, y in ring] for ring in rings]
