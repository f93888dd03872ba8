"""Places and boundaries from Census files: states, counties and cities, with centroids and simplified outlines."""

import csv
import gzip
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely import STRtree, make_valid, set_precision
from shapely.geometry import MultiPolygon, Point, Polygon, mapping, shape
from shapely.geometry.base import BaseGeometry

from agencies.ingest.packed import write_packed, write_packed_csv
from agencies.ingest.topojson import decode

COLUMNS = (
    "geoid", "kind", "name", "full_name", "state", "county_geoid", "latitude", "longitude", "land_area_m2", "source",
)  # fmt: skip
SOURCE_CITY = "US Census Bureau, TIGER/Line places 2019"
SOURCE_COUNTY = "US Census Bureau county names; us-atlas boundaries"
SOURCE_STATE = "us-atlas states (US Census Bureau boundaries)"
NAMES_THE_BOUNDARIES_LACK = {"02261": ("Valdez-Cordova Census Area", "AK")}
"""Counties that stand in the boundary file only: abolished in 2019, in use in the FBI's tables."""
NO_STATE = "UM"
"""The minor outlying islands: no resident, no agency, and no state row to hang a county on."""
STATE_NAMES = {"69": "Northern Mariana Islands", "78": "U.S. Virgin Islands"}
"""Everyday names of territories that the boundary file names in full."""
_BALANCE = re.compile(r"( city| (metropolitan|metro|unified|consolidated) government)? \(balance\)$")
"""What the Census adds to consolidated cities' names: Nashville-Davidson, Indianapolis and Milford do without."""
GRID = 0.0001
"""Coordinates are kept to four decimals of a degree, about 11 m."""
DETAIL = {"city": 0.001, "county": 0.002, "state": 0.004}
"""Tolerance of the outlines in degrees: about 100 m, 200 m and 400 m."""


@dataclass(frozen=True)
class Place:
    """A place with its true outline (None where the boundary files have none)."""

    geoid: str
    kind: str
    name: str
    full_name: str
    state: str
    outline: BaseGeometry | None
    latitude: str
    longitude: str
    source: str
    county_geoid: str = ""
    land_area_m2: str = ""
    class_code: str = ""

    @property
    def is_incorporated(self) -> bool:
        """Return whether the Census classes the place as incorporated (C...), not as a CDP (U..., M...)."""
        return self.class_code.startswith("C")

    def row(self) -> dict[str, str]:
        """Return the place as a row of `places.csv`."""
        return {column: getattr(self, column) for column in COLUMNS}


class Gazetteer:
    """All places of the Census files, held in memory and searchable by point."""

    def __init__(self, states: list[Place], counties: list[Place], cities: list[Place]) -> None:
        self.states, self.counties, self.cities = states, counties, cities
        self.by_geoid = {place.geoid: place for place in (*states, *counties, *cities)}

    def places(self) -> list[Place]:
        """Return every place, sorted by GEOID."""
        return [self.by_geoid[geoid] for geoid in sorted(self.by_geoid)]


def load_gazetteer(geo: Path, extra: Path) -> Gazetteer:
    """Read the `geo` folder of Census files and the hand-made table of places that those lack.

    Raises FileNotFoundError when a file is missing.
    """
    abbreviations = _state_abbreviations(geo / "us_counties.json")
    records = _city_records(geo / "places_index.csv")
    outlines = dict(_city_outlines(geo / "places_simplified.ndjson.gz"))
    independent = {(record["state_abbr"], f"{record['name']} city"): outlines[record["geoid"]] for record in records}
    counties = list(_counties(geo, independent))
    cities = [*_cities(records, outlines, counties), *_extra_cities(extra)]
    return Gazetteer(list(_states(geo, abbreviations)), counties, cities)


def write_places(gazetteer: Gazetteer, folder: Path) -> None:
    """Write `places.csv.gz` and `boundaries.ndjson.gz` into `folder`."""
    places = gazetteer.places()
    write_packed_csv(folder / "places.csv.gz", COLUMNS, (place.row() for place in places))
    lines = (boundary_line(place) for place in places)
    write_packed(folder / "boundaries.ndjson.gz", "".join(line for line in lines if line))


def boundary_line(place: Place) -> str:
    """Return a place's outline as one line of JSON, or an empty string when it has none."""
    if place.outline is None:
        return ""
    outline = tidy(place.outline, DETAIL[place.kind])
    geometry = _rounded(mapping(outline))
    return json.dumps({"geoid": place.geoid, "geometry": geometry}, separators=(",", ":")) + "\n"


def tidy(outline: BaseGeometry, tolerance: float) -> BaseGeometry:
    """Return a valid, simplified outline on the coordinate grid; never empty, the original rather than nothing."""
    simple = outline.simplify(tolerance, preserve_topology=True)
    snapped = _polygons_only(set_precision(make_valid(simple), GRID))
    return snapped if not snapped.is_empty else _polygons_only(set_precision(make_valid(outline), GRID))


def _polygons_only(geometry: BaseGeometry) -> BaseGeometry:
    """Return the polygons of a geometry, without the lines and points that repairs leave behind."""
    parts = getattr(geometry, "geoms", [geometry])
    polygons: list[Polygon] = []
    for part in parts:
        polygons.extend(part.geoms if isinstance(part, MultiPolygon) else [part] if isinstance(part, Polygon) else [])
    polygons = [polygon for polygon in polygons if not polygon.is_empty]
    return polygons[0] if len(polygons) == 1 else MultiPolygon(polygons)


def _rounded(geometry: Any) -> Any:
    """Return a GeoJSON structure with its numbers at four decimals."""
    if isinstance(geometry, float):
        return round(geometry, 4)
    if isinstance(geometry, dict):
        return {key: _rounded(value) for key, value in geometry.items()}
    return [_rounded(value) for value in geometry] if isinstance(geometry, (list, tuple)) else geometry


def _state_abbreviations(path: Path) -> dict[str, str]:
    """Return two-letter codes by state FIPS code, as the county list pairs them."""
    return {county["fips"][:2]: county["state"] for county in json.loads(path.read_text())}


def _inner_point(outline: BaseGeometry | None) -> tuple[str, str]:
    """Return latitude and longitude of a point inside the outline, empty where there is no outline."""
    if outline is None:
        return "", ""
    point = outline.representative_point()
    return f"{point.y:.4f}", f"{point.x:.4f}"


def _outlines(path: Path, layer: str) -> dict[str, tuple[str, BaseGeometry]]:
    """Return printed name and valid outline by FIPS code."""
    shapes = decode(json.loads(path.read_text()), layer)
    return {item.id: (item.name, _polygons_only(make_valid(shape(item.geometry)))) for item in shapes}


def _states(geo: Path, abbreviations: dict[str, str]) -> Iterator[Place]:
    for fips, (printed, outline) in _outlines(geo / "states-10m.json", "states").items():
        name = STATE_NAMES.get(fips, printed)
        yield Place(fips, "state", name, printed, abbreviations[fips], outline, *_inner_point(outline), SOURCE_STATE)


def _counties(geo: Path, independent: dict[tuple[str, str], BaseGeometry]) -> Iterator[Place]:
    """Yield counties; an independent city too small for the county file (Falls Church) takes its place's outline."""
    outlines = _outlines(geo / "counties-10m.json", "counties")
    listed = json.loads((geo / "us_counties.json").read_text())
    names = {county["fips"]: (county["name"], county["state"]) for county in listed} | NAMES_THE_BOUNDARIES_LACK
    for fips, (name, state) in names.items():
        if state != NO_STATE:
            outline = outlines[fips][1] if fips in outlines else independent.get((state, name))
            yield Place(fips, "county", name, name, state, outline, *_inner_point(outline), SOURCE_COUNTY)


def _city_records(path: Path) -> list[dict[str, str]]:
    """Return the index's records, one a GEOID: places of two names (Krupp and Marlin) stand in it twice."""
    with path.open(encoding="utf-8", newline="") as file:
        return list({record["geoid"]: record for record in csv.DictReader(file)}.values())


def _cities(records: list[dict[str, str]], outlines: dict[str, BaseGeometry], counties: list[Place]) -> Iterator[Place]:
    finder = CountyFinder(counties)
    for record in records:
        latitude, longitude = float(record["lat"]), float(record["lon"])
        yield Place(
            geoid=record["geoid"], kind="city", name=_BALANCE.sub("", record["name"]), full_name=record["namelsad"],
            state=record["state_abbr"], outline=outlines.get(record["geoid"]),
            latitude=f"{latitude:.4f}", longitude=f"{longitude:.4f}", source=SOURCE_CITY,
            county_geoid=finder.county_of(latitude, longitude, record["statefp"]),
            land_area_m2=record["aland_m2"], class_code=record["classfp"],
        )  # fmt: skip


def _extra_cities(path: Path) -> Iterator[Place]:
    """Yield cities without outline or centroid, of which only GEOID, name and county are known."""
    with path.open(encoding="utf-8", newline="") as file:
        for record in csv.DictReader(file):
            yield Place(
                geoid=record["geoid"], kind="city", name=record["name"], full_name=record["name"],
                state=record["state"], outline=None, latitude="", longitude="", source=record["source"],
                county_geoid=record["county_geoid"],
            )  # fmt: skip


def _city_outlines(path: Path) -> Iterator[tuple[str, BaseGeometry]]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            feature = json.loads(line)
            yield feature["id"], _polygons_only(make_valid(shape(feature["geometry"])))


class CountyFinder:
    """Finds the county that holds a point or meets an outline."""

    def __init__(self, counties: list[Place]) -> None:
        self._counties = [county for county in counties if county.outline is not None]
        self._tree = STRtree([county.outline for county in self._counties])

    def county_of(self, latitude: float, longitude: float, state_fips: str) -> str:
        """Return the GEOID of the state's county that holds the point, else its nearest, else empty.

        Of two that hold it the smaller is meant: an independent city cut out of a county. The nearest serves
        places on the water's edge, where the county's outline is coarser than the place's.
        """
        point = Point(longitude, latitude)
        within = self._in_state(self._tree.query(point, predicate="within"), state_fips)
        if within:
            return min(within, key=lambda county: county.outline.area if county.outline else 0).geoid
        near = self._in_state(self._tree.query(point.buffer(0.1)), state_fips)
        distances = [(county.outline.distance(point), county.geoid) for county in near if county.outline]
        return min(distances)[1] if distances else ""

    def counties_meeting(self, outline: BaseGeometry, state_fips: str) -> set[str]:
        """Return the GEOIDs of the state's counties that an outline has ground in."""
        found = self._in_state(self._tree.query(outline, predicate="intersects"), state_fips)
        return {county.geoid for county in found}

    def _in_state(self, indexes: Any, state_fips: str) -> list[Place]:
        found = [self._counties[index] for index in sorted(indexes)]
        return [county for county in found if county.geoid.startswith(state_fips)]
