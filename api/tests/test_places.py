"""Places and the agencies that serve them."""

import shapely

from agencies.models import PlaceBoundary
from agencies.tests.factories import make_agency, make_serving
from api.tests.base import RecordTestCase


class PlaceTests(RecordTestCase):
    """GET /api/v1/places/ and /api/v1/places/{geoid}/"""

    def test_filters_narrow(self) -> None:
        for query, expected in {
            "kind=county": ["Alameda"],
            "state=NV": [],
            "county=06001": ["Union City"],
            "q=union": ["Union City"],
        }.items():
            with self.subTest(query):
                self.assertEqual(self.names(f"/api/v1/places/?{query}"), expected)

    def test_place_names_its_own_agency_before_those_around_it(self) -> None:
        highway = make_agency("California Highway Patrol", kind="state_police")
        post = make_agency("California Highway Patrol Post", kind="state_police", parent=highway)
        make_serving(highway, self.state, basis="statewide")
        make_serving(post, self.state, basis="statewide")
        served = self.get("/api/v1/places/0681204/")["agencies"]
        self.assertEqual(
            [(row["agency"]["name"], row["basis"], row["place"]["geoid"]) for row in served],
            [
                ("Union City Police Department", "name", "0681204"),
                ("Alameda County Sheriff's Office", "county", "06001"),
                ("California Highway Patrol", "statewide", "06"),
            ],
        )

    def test_boundary_only_when_included(self) -> None:
        PlaceBoundary.objects.create(place=self.city, wkb=shapely.to_wkb(shapely.box(-122.1, 37.5, -122.0, 37.6)))
        self.assertIsNone(self.get("/api/v1/places/0681204/")["boundary"])
        outline = self.get("/api/v1/places/0681204/?include=boundary")["boundary"]
        self.assertEqual(outline["type"], "Polygon")
        self.assertIsNone(self.get("/api/v1/places/06001/?include=boundary")["boundary"])

    def test_unknown_include_is_refused(self) -> None:
        problem = self.get("/api/v1/places/0681204/?include=people", status=400)
        self.assertEqual(problem["errors"], [{"parameter": "include", "detail": "One of: boundary."}])
