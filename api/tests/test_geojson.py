"""Agencies as GeoJSON."""

import json
import tracemalloc
from typing import Any

from agencies.identifiers import agency_id
from agencies.models import Agency
from api.tests.base import RecordTestCase


class GeoJSONTests(RecordTestCase):
    """GET /api/v1/agencies/?format=geojson"""

    def read(self, path: str, **headers: str) -> Any:
        """Return the document of a streamed answer."""
        response: Any = self.client.get(path, headers=headers)
        self.assertEqual(response.status_code, 200)
        self.assertEqual(response.headers["Content-Type"], "application/geo+json")
        return json.loads(b"".join(response.streaming_content))

    def test_feature_has_a_point_with_its_precision(self) -> None:
        data = self.read("/api/v1/agencies/?format=geojson&ori=CA0011200")
        feature = data["features"][0]
        self.assertEqual(feature["id"], str(self.union_city.uuid))
        self.assertEqual(feature["geometry"], {"type": "Point", "coordinates": [-122.0, 37.6]})
        self.assertEqual(feature["properties"]["coordinate_precision"], "place_centroid")
        self.assertEqual(data["type"], "FeatureCollection")
        self.assertIn("licence", data)

    def test_unknown_coordinates_are_a_null_geometry(self) -> None:
        feature = self.read("/api/v1/agencies/?format=geojson&q=quiet")["features"][0]
        self.assertIsNone(feature["geometry"])

    def test_accept_header_asks_for_it_too(self) -> None:
        data = self.read("/api/v1/agencies/?state=CA", accept="application/geo+json")
        self.assertEqual(len(data["features"]), 2)

    def test_nothing_found_is_an_empty_collection(self) -> None:
        self.assertEqual(self.read("/api/v1/agencies/?format=geojson&state=WY")["features"], [])

    def test_whole_result_is_given_with_bounded_memory(self) -> None:
        rows = [(f"Agency {n:05d}", f"agency-{n}") for n in range(6000)]
        Agency.objects.bulk_create(
            Agency(uuid=agency_id(slug=slug), slug=slug, name=name, kind="other", state="WY", search_key=name)
            for name, slug in rows
        )
        response: Any = self.client.get("/api/v1/agencies/?format=geojson&state=WY")
        tracemalloc.start()
        size = sum(len(part) for part in response.streaming_content)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        self.assertGreater(size, 2_500_000)
        self.assertLess(peak, 2_500_000, "memory grew with the result")

    def test_pages_are_refused(self) -> None:
        problem = self.get("/api/v1/agencies/?format=geojson&page_size=10", status=400)
        self.assertEqual(problem["errors"][0]["parameter"], "page_size")

    def test_other_resources_have_no_geojson(self) -> None:
        problem = self.get("/api/v1/networks/?format=geojson", status=400)
        self.assertEqual(problem["errors"][0]["detail"], "The formats are: csv, json, ndjson.")
