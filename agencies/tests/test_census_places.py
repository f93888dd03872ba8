"""Places: counties by point, outlines that stay valid, and the files that ship."""

import gzip
import json
import os
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import tag
from shapely import Polygon, box
from shapely.geometry import Point, shape

from agencies.ingest.census_places import CountyFinder, boundary_line, load_gazetteer, tidy
from agencies.ingest.packed import read_packed_csv, write_packed
from agencies.ingest.registry_files import build_registry_files
from agencies.tests.registry_factories import city, county, gazetteer, state

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
MEGABYTE = 1_000_000


class CountyFinderTests(unittest.TestCase):
    def setUp(self) -> None:
        self.finder = CountyFinder(gazetteer().counties)

    def test_point_within_a_county(self) -> None:
        self.assertEqual(self.finder.county_of(0.5, 1.5, "06"), "06085")

    def test_point_just_off_the_coast_takes_the_nearest(self) -> None:
        self.assertEqual(self.finder.county_of(-0.01, 1.5, "06"), "06085")

    def test_county_of_another_state_is_no_answer(self) -> None:
        self.assertEqual(self.finder.county_of(0.5, 3.5, "06"), "")

    def test_independent_city_goes_before_the_county_around_it(self) -> None:
        around = county("51059", "Fairfax County", "VA", 9)
        within = city("51610", "Falls Church", "VA", 9, "")
        self.assertEqual(CountyFinder([around, within]).county_of(0.5, 9.5, "51"), "51610")


class OutlineTests(unittest.TestCase):
    def test_repaired_outline_is_valid_and_not_empty(self) -> None:
        bow_tie = Polygon([(0, 0), (1, 1), (1, 0), (0, 1)])
        self.assertTrue(tidy(bow_tie, 0.001).is_valid)

    def test_place_smaller_than_the_tolerance_keeps_an_outline(self) -> None:
        self.assertFalse(tidy(box(0, 0, 0.0005, 0.0005), 0.01).is_empty)

    def test_coordinates_have_four_decimals(self) -> None:
        line = json.loads(boundary_line(city("0620018", "Dublin", "CA", 0, "06001")))
        self.assertEqual(line["geoid"], "0620018")
        for x, y in line["geometry"]["coordinates"][0]:
            self.assertEqual((x, y), (round(x, 4), round(y, 4)))

    def test_place_without_outline_has_no_line(self) -> None:
        self.assertEqual(boundary_line(state("06", "California", "CA")), "")


class PackedTests(unittest.TestCase):
    def test_same_text_gives_the_same_bytes(self) -> None:
        with TemporaryDirectory() as folder:
            for name in ("first.gz", "second.gz"):
                write_packed(Path(folder) / name, "geoid\n06\n")
            self.assertEqual((Path(folder) / "first.gz").read_bytes(), (Path(folder) / "second.gz").read_bytes())


class ShippedPlacesTests(unittest.TestCase):
    """What `data/places` and `static/geo` hold."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.folder = ROOT / "data" / "places"
        cls.rows = {row["geoid"]: row for row in read_packed_csv(cls.folder / "places.csv.gz")}

    def of_kind(self, kind: str) -> list[dict[str, str]]:
        return [row for row in self.rows.values() if row["kind"] == kind]

    def test_numbers_of_places(self) -> None:
        self.assertEqual(len(self.of_kind("state")), 56)
        self.assertEqual(len(self.of_kind("county")), 3_235)
        self.assertEqual(len(self.of_kind("city")), 29_685)

    def test_county_names_are_whole(self) -> None:
        self.assertEqual(self.rows["06001"]["name"], "Alameda County")

    def test_consolidated_cities_have_everyday_names(self) -> None:
        self.assertEqual(self.rows["4752006"]["name"], "Nashville-Davidson")
        self.assertEqual(self.rows["1836003"]["name"], "Indianapolis")

    def test_city_stands_in_its_county(self) -> None:
        union_city = self.rows["0681204"]
        self.assertEqual((union_city["name"], union_city["county_geoid"]), ("Union City", "06001"))
        self.assertEqual(self.rows["5127200"]["county_geoid"], "51610")

    def test_every_county_reference_resolves(self) -> None:
        for row in self.rows.values():
            self.assertTrue(not row["county_geoid"] or row["county_geoid"] in self.rows, row)

    def test_centroids_of_counties_lie_in_them(self) -> None:
        for geoid, geometry in self.outlines("06001", "25025", "51610"):
            row = self.rows[geoid]
            self.assertTrue(shape(geometry).contains(Point(float(row["longitude"]), float(row["latitude"]))), geoid)

    def test_every_outline_is_a_valid_polygon_of_a_place(self) -> None:
        for geoid, geometry in self.outlines():
            self.assertIn(geoid, self.rows)
            outline = shape(geometry)
            self.assertIn(outline.geom_type, {"Polygon", "MultiPolygon"})
            self.assertTrue(outline.is_valid and not outline.is_empty, geoid)

    def test_files_stay_small(self) -> None:
        self.assertLess(sum(path.stat().st_size for path in self.folder.iterdir()), 10 * MEGABYTE)
        for name, limit in (("states.json", 120_000), ("counties.json", 300_000)):
            self.assertLess(len(gzip.compress((ROOT / "static" / "geo" / name).read_bytes())), limit)

    def test_basemap_does_not_streak_across_the_antimeridian(self) -> None:
        collection = json.loads((ROOT / "static" / "geo" / "states.json").read_text())
        alaska = next(item for item in collection["features"] if item["properties"]["geoid"] == "02")
        west, _, east, _ = shape(alaska["geometry"]).bounds
        self.assertGreater(west, -190)
        self.assertLess(east, -129)
        self.assertEqual(set(alaska["properties"]), {"geoid", "name"})

    def outlines(self, *geoids: str) -> list[tuple[str, dict[str, object]]]:
        with gzip.open(self.folder / "boundaries.ndjson.gz", "rt") as lines:
            features = [json.loads(line) for line in lines]
        return [(item["geoid"], item["geometry"]) for item in features if not geoids or item["geoid"] in geoids]


def content(path: Path) -> bytes:
    """Return a file's content unpacked: how tightly gzip packs it differs between machines."""
    data = path.read_bytes()
    return gzip.decompress(data) if path.suffix == ".gz" else data


class SharedDataTests(unittest.TestCase):
    """A whole build from the shared data."""

    def setUp(self) -> None:
        if not (SHARED / "geo").is_dir():
            self.skipTest(f"needs the Census files in {SHARED / 'geo'}")

    @tag("deep")
    def test_shipped_files_are_what_the_builder_makes(self) -> None:
        with TemporaryDirectory() as folder:
            data = Path(folder) / "data"
            for name in ("registry", "places"):
                (data / name).mkdir(parents=True)
                for table in (ROOT / "data" / name).glob("*.csv"):
                    (data / name / table.name).write_bytes(table.read_bytes())
            build_registry_files(SHARED, data, Path(folder) / "geo")
            for made in [*data.glob("*/*.gz"), *(Path(folder) / "geo").iterdir()]:
                shipped = ROOT / ("static/geo" if made.suffix == ".json" else f"data/{made.parent.name}") / made.name
                self.assertTrue(content(made) == content(shipped), f"{made.name} differs from what ships")

    def test_missing_file_is_named(self) -> None:
        with TemporaryDirectory() as folder, self.assertRaises(FileNotFoundError):
            load_gazetteer(Path(folder), ROOT / "data" / "places" / "extra_places.csv")
