"""The names of cities on the map when near: /map/states/<code>/places.json"""

import json
from itertools import accumulate
from typing import Any

from django.core.cache import cache
from django.test import TestCase

from agencies.tests.factories import make_agency, make_place, make_serving

ADDRESS = "/map/states/CA/places.json"
AT: dict[str, Any] = {"latitude": 37.58761, "longitude": -122.02584}


class PlaceNamesTests(TestCase):
    """One state with a city that has police of its own."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_place("California", kind="state", geoid="06", latitude=37.0, longitude=-119.0)
        make_place("Alameda", kind="county", geoid="06001", latitude=37.65, longitude=-121.9)
        cls.city = make_place("Union City", **AT)
        cls.police = make_agency("Union City Police Department", population_served=70_000)
        make_serving(cls.police, cls.city)

    def setUp(self) -> None:
        cache.clear()

    def names(self) -> dict[str, int]:
        """Return the size of each name, in the payload's order."""
        data = json.loads(self.client.get(ADDRESS).content)
        return dict(zip(data["name"].split("\n"), map(int, data["size"]), strict=True))

    def test_points_are_thousandths_of_a_degree_each_less_the_one_before(self) -> None:
        make_place("Albany", latitude=37.8868, longitude=-122.2978)
        data = json.loads(self.client.get(ADDRESS).content)
        self.assertEqual(data["name"], "Union City\nAlbany")
        self.assertEqual(list(accumulate(data["latitude"])), [37588, 37887])
        self.assertEqual(list(accumulate(data["longitude"])), [-122026, -122298])

    def test_only_cities_of_the_state_whose_point_is_known(self) -> None:
        make_place("Nowhere")
        make_place("Reno", state="NV", **AT)
        self.assertEqual(list(self.names()), ["Union City"])

    def test_those_of_an_agency_come_first_by_people_and_unknown_is_no_number(self) -> None:
        make_place("Wide Valley", land_area_m2=10**9, **AT)
        make_place("Small Camp", land_area_m2=10, **AT)
        for name, people in (("Oakland", 430_000), ("Colma", 1_500), ("Unknown City", None)):
            make_serving(make_agency(f"{name} Police", population_served=people), make_place(name, **AT))
        found = {"Oakland": 9, "Union City": 6, "Colma": 1, "Unknown City": 1, "Wide Valley": 0, "Small Camp": 0}
        self.assertEqual(list(self.names().items()), list(found.items()))

    def test_sheriff_by_contract_and_a_merged_record_give_no_people(self) -> None:
        lakewood, gone = make_place("Lakewood", **AT), make_place("Gone", **AT)
        make_serving(make_agency("County Sheriff", population_served=900_000), lakewood, "contract")
        make_serving(make_agency("Gone Police", population_served=900_000, merged_into=self.police), gone)
        self.assertEqual(self.names(), {"Union City": 6, "Lakewood": 1, "Gone": 0})

    def test_unchanged_record_is_answered_with_304_in_every_language(self) -> None:
        etag = self.client.get(ADDRESS)["ETag"]
        for address in (ADDRESS, f"/es{ADDRESS}"):
            again = self.client.get(address, headers={"If-None-Match": etag})
            self.assertEqual((again.status_code, again.content), (304, b""))
        make_place("Albany", **AT)
        self.assertEqual(self.client.get(ADDRESS, headers={"If-None-Match": etag}).status_code, 200)

    def test_three_queries_for_one_city_and_for_ten_and_one_when_kept(self) -> None:
        with self.assertNumQueries(3):
            self.names()
        with self.assertNumQueries(1):
            self.names()
        for number in range(10):
            make_serving(make_agency(f"Police {number}"), make_place(f"City {number}", **AT))
        with self.assertNumQueries(3):
            self.names()

    def test_state_without_cities_is_empty_and_no_state_404(self) -> None:
        make_place("Guam", state="GU", kind="state", geoid="66")
        self.assertEqual(self.client.get("/map/states/GU/places.json").json()["name"], "")
        self.assertEqual(self.client.get("/map/states/XX/places.json").status_code, 404)
