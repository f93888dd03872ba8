"""What the map's script draws of an agency, a place, the states: links with their dates, outlines, flows."""

from datetime import date
from typing import Any

import shapely
from django.core.cache import cache
from django.test import TestCase

from agencies.models import PlaceBoundary
from agencies.tests.factories import make_agency, make_link, make_place, make_serving

HERE: dict[str, Any] = {"latitude": 37.5876, "longitude": -122.0258, "coordinate_precision": "place_centroid"}
THERE: dict[str, Any] = {"latitude": 37.6504, "longitude": -121.9176, "coordinate_precision": "county_centroid"}


class MapJsonTestCase(TestCase):
    """A city, its county and state, and agencies in and around them."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.state = make_place("California", kind="state", geoid="06", latitude=37.0, longitude=-119.0)
        cls.county = make_place("Alameda", kind="county", geoid="06001", latitude=37.65, longitude=-121.9)
        cls.other_county = make_place("Yolo", kind="county", geoid="06113", latitude=38.7, longitude=-121.9)
        cls.city = make_place("Union City", county=cls.county, latitude=37.6, longitude=-122.0)
        cls.union_city = make_agency("Union City Police Department", county=cls.county, **HERE)
        make_serving(cls.union_city, cls.city)
        cls.sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff", county=cls.county, **THERE)
        cls.davis = make_agency("Davis Police Department", county=cls.other_county, **THERE)
        cls.postal = make_agency("Postal Inspection Service", state="", kind="federal")

    def setUp(self) -> None:
        cache.clear()

    def links(self, query: str = "", subject: str = "agencies/union-city-police-department-ca") -> list[Any]:
        """Return the rows of links of a subject."""
        return self.client.get(f"/map/{subject}/links.json{query}").json()["links"]


class AgencyLinksTests(MapJsonTestCase):
    """/map/agencies/<slug>/links.json"""

    def test_links_both_ways_with_their_dates(self) -> None:
        make_link(self.union_city, self.sheriff, disputed_on=date(2026, 6, 1))
        make_link(self.sheriff, self.union_city)
        data = self.client.get("/map/agencies/union-city-police-department-ca/links.json").json()
        self.assertEqual(data["name"], "Union City Police Department")
        dates = ["2024-04-26", "2026-04-23", 0, 0]
        start = [self.sheriff.slug, 0]
        self.assertEqual(
            data["links"],
            [
                [*start, "g", 0, "configured_access", 0, 1, *dates, "2026-06-01"],
                [*start, "r", 0, "configured_access", 0, 1, *dates, 0],
            ],
        )
        self.assertEqual(data["networks"], ["Flock"])

    def test_body_without_a_point_is_named_and_marked_federal(self) -> None:
        make_link(self.union_city, self.postal)
        (row,) = self.links()
        self.assertEqual(row[:6], [self.postal.slug, "Postal Inspection Service", "g", 0, "configured_access", 1])

    def test_ended_and_inactive_links_come_with_their_day(self) -> None:
        make_link(self.union_city, self.sheriff, status="inactive", inactive_as_of=date(2026, 5, 1))
        make_link(self.union_city, self.postal, status="ended", ended_as_of=date(2026, 5, 2))
        self.assertEqual([row[9:11] for row in self.links()], [[0, "2026-05-01"], ["2026-05-02", 0]])

    def test_filters_of_the_partner_and_of_direction(self) -> None:
        make_link(self.union_city, self.postal)
        make_link(self.sheriff, self.union_city)
        self.assertEqual([row[0] for row in self.links("?federal=yes")], [self.postal.slug])
        self.assertEqual([row[0] for row in self.links("?direction=receipts")], [self.sheriff.slug])

    def test_unknown_agency_is_404_and_bad_filter_400(self) -> None:
        self.assertEqual(self.client.get("/map/agencies/none/links.json").status_code, 404)
        response = self.client.get(f"/map/agencies/{self.union_city.slug}/links.json?network=none")
        self.assertEqual((response.status_code, list(response.json()["errors"])), (400, ["network"]))

    def test_same_number_of_queries_for_one_link_and_for_ten(self) -> None:
        address = f"/map/agencies/{self.union_city.slug}/links.json"
        make_link(self.union_city, self.postal)
        with self.assertNumQueries(3):
            self.client.get(address)
        for number in range(10):
            make_link(self.union_city, make_agency(f"Agency {number}"))
        with self.assertNumQueries(3):
            self.client.get(address)


class PlaceLinksTests(MapJsonTestCase):
    """/map/places/<geoid>/links.json"""

    def test_county_has_its_outline_its_agencies_and_links_across_its_border(self) -> None:
        square = shapely.box(-122, 37, -121, 38)
        PlaceBoundary.objects.create(place=self.county, wkb=shapely.to_wkb(square))
        make_link(self.union_city, self.sheriff)
        make_link(self.union_city, self.davis)
        make_link(self.sheriff, self.davis)
        data = self.client.get("/map/places/06001/links.json").json()
        self.assertEqual([len(ring) for ring in data["outline"]], [5])
        self.assertEqual(data["agencies"], [self.sheriff.slug, self.union_city.slug])
        self.assertEqual([(row[0], row[2], row[6]) for row in data["links"]], [(self.davis.slug, "g", 2)])

    def test_place_without_an_outline_has_none(self) -> None:
        self.assertEqual(self.client.get(f"/map/places/{self.city.geoid}/links.json").json()["outline"], [])

    def test_state_has_flows_between_counties_and_counts_what_it_cannot_place(self) -> None:
        make_link(self.union_city, self.davis)
        make_link(self.union_city, self.sheriff)
        make_link(self.union_city, make_agency("Harbor Police"))
        data = self.client.get("/map/places/06/links.json").json()
        self.assertEqual(data["flows"], [["06001", "06113", 1, "2026-04-23"]])
        self.assertEqual((data["within"], data["without"], data["all"]), ({"06001": 1}, 1, 1))
        self.assertEqual(data["counties"]["06113"], ["Yolo city", 38.7, -121.9])

    def test_state_takes_the_same_number_of_queries_for_ten_links(self) -> None:
        make_link(self.union_city, self.davis)
        with self.assertNumQueries(5):
            self.client.get("/map/places/06/links.json")
        for number in range(10):
            make_link(self.union_city, make_agency(f"Agency {number}", county=self.other_county))
        with self.assertNumQueries(5):
            self.client.get("/map/places/06/links.json")

    def test_unknown_place_is_404(self) -> None:
        self.assertEqual(self.client.get("/map/places/99999/links.json").status_code, 404)


class StatesJsonTests(MapJsonTestCase):
    """/map/states.json"""

    def test_states_count_out_of_all_agencies(self) -> None:
        make_link(self.union_city, self.postal)
        data = self.client.get("/map/states.json").json()
        counts = dict(zip(data["columns"], data["states"]["CA"], strict=True))
        self.assertEqual((counts["all"], counts["listed"], counts["none"], counts["rung7"]), (3, 1, 2, 3))
        self.assertEqual(data["places"]["CA"], ["06", "California", 37.0, -119.0])

    def test_flows_keep_their_direction_and_what_has_no_state_is_counted(self) -> None:
        reno = make_agency("Reno Police Department", state="NV")
        make_link(self.union_city, reno)
        make_link(self.davis, reno)
        make_link(reno, self.davis)
        make_link(self.union_city, self.davis)
        make_link(self.union_city, self.postal)
        data = self.client.get("/map/states.json").json()
        self.assertEqual(data["flows"], [["CA", "NV", 2], ["NV", "CA", 1]])
        self.assertEqual((data["inside"], data["placeless"]), ({"CA": 1}, [0, 1]))

    def test_filters_narrow_the_flows(self) -> None:
        reno = make_agency("Reno Police Department", state="NV")
        make_link(self.union_city, reno, first_seen=date(2026, 1, 2))
        self.assertEqual(self.client.get("/map/states.json?as_of=2026-01-01").json()["flows"], [])
        self.assertEqual(self.client.get("/map/states.json?as_of=nonsense").status_code, 400)
