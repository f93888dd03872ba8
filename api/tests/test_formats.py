"""Lists as CSV, NDJSON and GeoJSON: the same rows, streamed to the end."""

import csv
import io
import json
from typing import Any
from unittest.mock import patch

from agencies.models import Agency
from agencies.tests.factories import make_agency
from api.tests.base import RecordTestCase
from api.tests.test_throttling import TWO_A_MINUTE


class StreamedTests(RecordTestCase):
    """?format="""

    def body(self, path: str, media_type: str) -> str:
        """Return the text of a streamed answer."""
        response: Any = self.client.get(f"/api/v1/{path}")
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (200, media_type))
        return b"".join(response.streaming_content).decode()

    def table(self, path: str) -> list[dict[str, str]]:
        """Return the rows of a CSV."""
        return list(csv.DictReader(io.StringIO(self.body(path, "text/csv"), newline=""), strict=True))

    def lines(self, path: str) -> list[Any]:
        """Return the rows of an NDJSON answer."""
        return [json.loads(line) for line in self.body(path, "application/x-ndjson").splitlines()]

    def test_ndjson_has_the_rows_of_the_list(self) -> None:
        for path in ("agencies/?state=CA", "links/?grantor_state=CA", "statements/?kind=fact", "places/?kind=county"):
            with self.subTest(path):
                rows = self.get(f"/api/v1/{path}")["results"]
                self.assertTrue(rows)
                self.assertCountEqual(self.lines(f"{path}&format=ndjson"), rows)

    def test_csv_flattens_what_a_row_refers_to(self) -> None:
        row = next(row for row in self.table("links/?format=csv") if row["grantee_slug"] == "ice")
        self.assertEqual(row["grantor_name"], "Union City Police Department")
        self.assertEqual((row["network_slug"], row["disputed_on"], row["ended_as_of"]), ("flock", "2019-04-01", ""))

    def test_csv_of_statements_has_a_column_for_each_kind(self) -> None:
        rows = self.table("statements/?format=csv")
        fact = next(row for row in rows if row["kind"] == "fact")
        self.assertEqual(
            (fact["fact_field"], fact["fact_value"], fact["sharing_network_slug"]), ("retention_days", "30", "")
        )

    def test_text_never_becomes_a_formula(self) -> None:
        make_agency('=HYPERLINK("x")', slug="formula", state="WY")
        self.assertEqual(self.table("agencies/?state=WY&format=csv")[0]["name"], '\'=HYPERLINK("x")')
        self.assertEqual(self.lines("agencies/?state=WY&format=ndjson")[0]["name"], '=HYPERLINK("x")')
        self.assertEqual(self.table("agencies/?ori=CA0011200&format=csv")[0]["longitude"], "-122.0")

    def test_only_the_fields_asked_for(self) -> None:
        self.assertEqual(list(self.table("agencies/?fields=name,state&format=csv")[0]), ["name", "state"])
        self.assertEqual(
            self.lines("agencies/?fields=slug&ori=CA0011200&format=ndjson"), [{"slug": self.union_city.slug}]
        )
        self.assertEqual(
            self.get("/api/v1/agencies/?fields=slug,county&ori=CA0011200")["results"],
            [
                {
                    "slug": self.union_city.slug,
                    "county": {"geoid": "06001", "name": "Alameda", "kind": "county", "state": "CA"},
                }
            ],
        )
        problem = self.get("/api/v1/agencies/?fields=slug,plate", status=400)
        self.assertEqual(problem["errors"][0]["parameter"], "fields")

    def test_links_are_lines_and_places_points(self) -> None:
        Agency.objects.filter(pk=self.sheriff.pk).update(
            latitude=37.7, longitude=-121.9, coordinate_precision="county_centroid"
        )
        features = json.loads(self.body("links/?format=geojson", "application/geo+json"))["features"]
        lines = {feature["properties"]["grantee"]["slug"]: feature["geometry"] for feature in features}
        self.assertEqual(
            lines[self.sheriff.slug], {"type": "LineString", "coordinates": [[-122.0, 37.6], [-121.9, 37.7]]}
        )
        self.assertIsNone(lines["ice"])
        places = json.loads(self.body("places/?format=geojson&kind=city", "application/geo+json"))["features"]
        self.assertEqual(places[0]["geometry"], {"type": "Point", "coordinates": [-122.0, 37.6]})

    def test_stream_goes_on_past_a_page_and_a_chunk(self) -> None:
        with patch("api.streams.CHUNK", 2):
            self.assertEqual(len(self.lines("agencies/?format=ndjson")), Agency.objects.count())
            self.assertEqual(len(self.table("agencies/?format=csv")), Agency.objects.count())

    @TWO_A_MINUTE
    def test_stream_counts_as_ten_requests(self) -> None:
        self.assertEqual(self.client.get("/api/v1/agencies/?format=csv").status_code, 429)


class OrderTests(RecordTestCase):
    """?ordering="""

    def test_links_by_date_in_pages(self) -> None:
        dates = []
        path = "/api/v1/links/?ordering=-last_seen&page_size=1"
        while path:
            page = self.get(path)
            dates += [row["last_seen"] for row in page["results"]]
            path = page["next"]
        self.assertEqual(dates, sorted(dates, reverse=True))
        self.assertEqual(len(dates), 2)

    def test_unknown_order_names_the_known_ones(self) -> None:
        problem = self.get("/api/v1/links/?ordering=plate", status=400)
        self.assertIn("last_seen", problem["errors"][0]["detail"])


class WhereAndWhenTests(RecordTestCase):
    """near, in_bbox, modified_since and figures."""

    def test_near_measures_kilometres(self) -> None:
        # Half a degree of latitude is 55.6 km.
        make_agency("North PD", slug="north", latitude=38.1, longitude=-122.0, coordinate_precision="place_centroid")
        self.assertEqual(self.names("/api/v1/agencies/?near=37.6,-122,55"), ["Union City Police Department"])
        self.assertEqual(len(self.names("/api/v1/agencies/?near=37.6,-122,56")), 2)
        self.assertEqual(self.names("/api/v1/agencies/?near=37.6,-122,0"), ["Union City Police Department"])

    def test_near_reaches_over_the_antimeridian(self) -> None:
        make_agency("Attu PD", slug="attu", latitude=52.9, longitude=173.0, coordinate_precision="place_centroid")
        self.assertEqual(self.names("/api/v1/agencies/?near=52.9,-179.5,600"), ["Attu PD"])
        self.assertEqual(self.names("/api/v1/agencies/?in_bbox=170,50,-179,60"), ["Attu PD"])

    def test_box_keeps_what_lies_within(self) -> None:
        self.assertEqual(self.names("/api/v1/agencies/?in_bbox=-123,37,-121,38"), ["Union City Police Department"])
        self.assertEqual(self.names("/api/v1/agencies/?in_bbox=-121,37,-120,38"), [])

    def test_bad_numbers_are_named(self) -> None:
        for query in ("near=1,2", "near=91,0,5", "near=a,b,c", "near=0,0,nan", "in_bbox=1,2,3"):
            with self.subTest(query):
                problem = self.get(f"/api/v1/agencies/?{query}", status=400)
                self.assertEqual(problem["errors"][0]["parameter"], query.partition("=")[0])

    def test_modified_since_keeps_what_changed_later(self) -> None:
        stamp = self.get("/api/v1/links/")["results"][0]["modified_at"]
        for path in ("links", "agencies", "statements", "captures"):
            self.assertTrue(self.get(f"/api/v1/{path}/?modified_since={stamp}")["results"], path)
            self.assertEqual(self.get(f"/api/v1/{path}/?modified_since=2999-01-01T00:00:00Z")["results"], [])
        self.assertEqual(
            self.get("/api/v1/links/?modified_since=yesterday", status=400)["errors"][0]["parameter"], "modified_since"
        )

    def test_figures_compare_the_newest_known_value(self) -> None:
        self.assertEqual(self.names("/api/v1/agencies/?retention_days__gte=30"), ["Union City Police Department"])
        self.assertEqual(self.names("/api/v1/agencies/?retention_days__gte=31"), [])
        self.assertEqual(self.names("/api/v1/agencies/?retention_days__lte=30"), ["Union City Police Department"])
        self.assertEqual(self.names("/api/v1/agencies/?cameras__lte=5"), [], "unknown is no number")
