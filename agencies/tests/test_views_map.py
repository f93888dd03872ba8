"""The map's page, its tables, and its two payloads."""

import gzip
import json
from datetime import date
from typing import Any

from django.core.cache import cache
from django.test import TestCase
from django.utils.text import slugify

from agencies.models import Agency
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_fact,
    make_grant,
    make_link,
    make_list,
    make_place,
    make_serving,
    make_source,
)

HERE: dict[str, Any] = {"latitude": 37.5876, "longitude": -122.0258, "coordinate_precision": "place_centroid"}
COUNTY: dict[str, Any] = {"latitude": 37.6504, "longitude": -121.9176, "coordinate_precision": "county_centroid"}


class MapTestCase(TestCase):
    """A clear cache, and agencies to draw."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.union_city = make_agency("Union City Police Department", **HERE)
        cls.sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff", **COUNTY)
        cls.postal = make_agency("Postal Inspection Service", state="", kind="federal")

    def setUp(self) -> None:
        cache.clear()


class AgenciesJsonTests(MapTestCase):
    """/map/agencies.json"""

    def read(self) -> dict[str, Any]:
        """Return the payload."""
        return json.loads(self.client.get("/map/agencies.json").content)

    def entry(self, agency: Agency) -> tuple[list[Any], list[Any]]:
        """Return an agency's point and entry."""
        found = [(point, entry) for point in self.read()["points"] for entry in point[4] if entry[0] == agency.name]
        return found[0]

    def test_point_has_its_precision_and_state(self) -> None:
        point, entry = self.entry(self.sheriff)
        self.assertEqual(point[:4], [37650, -121918, 1, "CA"])
        self.assertEqual(self.read()["precisions"][1], "county_centroid")
        self.assertEqual(self.read()["kinds"][entry[2]], "sheriff")

    def test_agency_without_coordinates_has_no_point(self) -> None:
        names = [entry[0] for point in self.read()["points"] for entry in point[4]]
        self.assertEqual(sorted(names), [self.sheriff.name, self.union_city.name])

    def test_agencies_of_one_centre_share_a_point(self) -> None:
        make_agency("Alameda County District Attorney", kind="prosecutor", **COUNTY)
        self.assertEqual(sorted(len(point[4]) for point in self.read()["points"]), [1, 2])

    def test_merged_agencies_and_posts_of_state_police_are_left_out(self) -> None:
        make_agency("Old Union City Police", merged_into=self.union_city, **HERE)
        patrol = make_agency("Highway Patrol", kind="state_police", **COUNTY)
        make_agency("Highway Patrol Post 12", kind="state_police", parent=patrol, **COUNTY)
        names = [entry[0] for point in self.read()["points"] for entry in point[4]]
        self.assertEqual(sorted(names), [self.sheriff.name, patrol.name, self.union_city.name])

    def test_slug_is_given_only_where_it_does_not_follow_from_the_name(self) -> None:
        self.assertEqual(self.entry(self.union_city)[1][1], 0)
        self.assertEqual(self.union_city.slug, slugify(f"{self.union_city.name} {self.union_city.state}"))
        Agency.objects.filter(pk=self.union_city.pk).update(slug="union-city")
        cache.clear()
        self.assertEqual(self.entry(self.union_city)[1][1], "union-city")

    def test_nothing_known_is_not_researched(self) -> None:
        self.assertEqual(self.read()["knowledge"][self.entry(self.union_city)[1][3]], "none")

    def test_fact_alone_is_a_document_without_a_list(self) -> None:
        make_fact(self.union_city, "cameras", 12)
        self.assertEqual(self.read()["knowledge"][self.entry(self.union_city)[1][3]], "documents")

    def test_ended_link_makes_an_agency_listed_but_is_not_counted(self) -> None:
        make_link(self.sheriff, self.union_city, status="ended", ended_as_of=date(2026, 5, 1))
        entry = self.entry(self.union_city)[1]
        self.assertEqual((self.read()["knowledge"][entry[3]], entry[4]), ("listed", 0))

    def test_listed_link_counts_on_both_sides(self) -> None:
        make_link(self.sheriff, self.union_city)
        self.assertEqual([self.entry(agency)[1][4] for agency in (self.sheriff, self.union_city)], [1, 1])

    def test_own_list_makes_a_publisher_and_absent_section_does_not(self) -> None:
        source = make_source(agency_alias=make_alias(self.union_city.name, self.union_city))
        make_list(make_capture(source), completeness="absent")
        self.assertEqual(self.read()["knowledge"][self.entry(self.union_city)[1][3]], "none")
        make_list(make_capture(source))
        cache.clear()
        self.assertEqual(self.read()["knowledge"][self.entry(self.union_city)[1][3]], "publishes")

    def test_unchanged_record_is_answered_with_304(self) -> None:
        etag = self.client.get("/map/agencies.json")["ETag"]
        again = self.client.get("/map/agencies.json", headers={"If-None-Match": etag})
        self.assertEqual((again.status_code, again.content), (304, b""))

    def test_new_statement_gives_a_new_payload(self) -> None:
        etag = self.client.get("/map/agencies.json")["ETag"]
        make_link(self.union_city, self.sheriff)
        make_grant(self.union_city, self.sheriff)
        response = self.client.get("/map/agencies.json", headers={"If-None-Match": etag})
        self.assertEqual(response.status_code, 200)

    def test_compressed_where_the_reader_takes_it(self) -> None:
        plain = self.client.get("/map/agencies.json")
        zipped = self.client.get("/map/agencies.json", headers={"Accept-Encoding": "gzip"})
        self.assertEqual(zipped["Content-Encoding"], "gzip")
        self.assertEqual(gzip.decompress(zipped.content), plain.content)

    def test_same_number_of_queries_for_one_agency_and_for_ten(self) -> None:
        self.read()
        cache.clear()
        with self.assertNumQueries(14):
            self.client.get("/map/agencies.json")
        for number in range(10):
            make_link(make_agency(f"Agency {number}", **HERE), self.union_city)
        cache.clear()
        with self.assertNumQueries(14):
            self.client.get("/map/agencies.json")

    def test_cached_payload_takes_only_the_look_at_the_record_state(self) -> None:
        self.read()
        with self.assertNumQueries(6):
            self.client.get("/map/agencies.json")


class AgencyLinksJsonTests(MapTestCase):
    """/map/agencies/<slug>/links.json"""

    def test_listed_links_both_ways_with_their_dates(self) -> None:
        make_link(self.union_city, self.sheriff, disputed_on=date(2026, 6, 1))
        make_link(self.sheriff, self.union_city)
        data = self.client.get("/map/agencies/union-city-police-department-ca/links.json").json()
        self.assertEqual(data["name"], "Union City Police Department")
        self.assertEqual(
            data["links"],
            [
                [self.sheriff.slug, 0, "g", "Flock", "2024-04-26", "2026-04-23", "2026-06-01"],
                [self.sheriff.slug, 0, "r", "Flock", "2024-04-26", "2026-04-23", None],
            ],
        )

    def test_body_without_a_point_is_named(self) -> None:
        make_link(self.union_city, self.postal)
        (row,) = self.client.get("/map/agencies/union-city-police-department-ca/links.json").json()["links"]
        self.assertEqual(row[:3], [self.postal.slug, "Postal Inspection Service", "g"])

    def test_inactive_and_ended_links_are_not_drawn(self) -> None:
        make_link(self.union_city, self.sheriff, status="inactive", inactive_as_of=date(2026, 5, 1))
        make_link(self.union_city, self.postal, status="ended", ended_as_of=date(2026, 5, 1))
        data = self.client.get("/map/agencies/union-city-police-department-ca/links.json").json()
        self.assertEqual(data["links"], [])

    def test_unknown_agency_is_404(self) -> None:
        self.assertEqual(self.client.get("/map/agencies/none/links.json").status_code, 404)


class MapPageTests(MapTestCase):
    """/map/"""

    def test_overview_counts_by_state_and_names_bodies_without_a_point(self) -> None:
        make_place("California", kind="state", geoid="06")
        make_link(self.union_city, self.postal)
        response = self.client.get("/map/")
        self.assertContains(response, '<a href="?state=CA">California</a>', html=True)
        self.assertContains(response, f'href="?agency={self.postal.slug}"')
        self.assertEqual(
            response.context["by_state"][0],
            {"code": "CA", "name": "California", "all": 2, "listed": 1, "none": 1},
        )

    def test_chosen_agency_has_an_equal_table_with_evidence(self) -> None:
        link = make_link(self.union_city, self.sheriff)
        response = self.client.get("/map/?agency=union-city-police-department-ca")
        self.assertContains(response, self.sheriff.name.replace("'", "&#x27;"))
        self.assertContains(response, f'href="{link.get_absolute_url()}"')
        self.assertContains(response, "23 April 2026")
        self.assertContains(response, "does not show that a search took place")

    def test_federal_grantees_are_named_with_their_date(self) -> None:
        make_link(self.union_city, self.postal)
        response = self.client.get("/map/?agency=union-city-police-department-ca")
        self.assertEqual([link.grantee for link in response.context["federal"]], [self.postal])
        self.assertContains(response, "not on the map")

    def test_inactive_and_ended_links_are_counted_not_listed(self) -> None:
        make_link(self.union_city, self.sheriff, status="inactive", inactive_as_of=date(2026, 5, 1))
        response = self.client.get("/map/?agency=union-city-police-department-ca")
        self.assertContains(response, "marked inactive 1, no longer listed 0")
        self.assertEqual(list(response.context["page"]), [])

    def test_no_links_is_not_shown_as_a_no(self) -> None:
        response = self.client.get("/map/?agency=union-city-police-department-ca")
        self.assertContains(response, "no sign that it shares nothing")

    def test_county_centre_is_told(self) -> None:
        response = self.client.get(f"/map/?agency={self.sheriff.slug}")
        self.assertContains(response, "centre of its county")

    def test_merged_agency_leads_to_the_one_that_replaces_it(self) -> None:
        old = make_agency("Old Union City Police", merged_into=self.union_city)
        response = self.client.get(f"/map/?agency={old.slug}")
        self.assertRedirects(response, "/map/?agency=union-city-police-department-ca", 301)

    def test_unknown_agency_and_state_are_404(self) -> None:
        self.assertEqual(self.client.get("/map/?agency=none").status_code, 404)
        self.assertEqual(self.client.get("/map/?state=ZZ").status_code, 404)

    def test_search_finds_by_name_and_by_place(self) -> None:
        make_serving(self.union_city, make_place("Union City"))
        response = self.client.get("/map/", {"q": "94587"})
        self.assertEqual(response.context["found"], [self.union_city])
        response = self.client.get("/map/", {"q": "alameda"})
        self.assertContains(response, f'href="?agency={self.sheriff.slug}"')

    def test_search_text_is_escaped(self) -> None:
        response = self.client.get("/map/", {"q": "<script>x"})
        self.assertNotContains(response, "<script>x")

    def test_state_lists_its_agencies(self) -> None:
        make_place("California", kind="state", geoid="06")
        response = self.client.get("/map/?state=CA")
        self.assertEqual(list(response.context["page"]), [self.sheriff, self.union_city])

    def test_same_number_of_queries_for_one_link_and_for_ten(self) -> None:
        make_link(self.union_city, self.postal)
        with self.assertNumQueries(7):
            self.client.get("/map/?agency=union-city-police-department-ca")
        for number in range(10):
            make_link(self.union_city, make_agency(f"Agency {number}", kind="federal", state=""))
        with self.assertNumQueries(7):
            self.client.get("/map/?agency=union-city-police-department-ca")

    def test_no_tile_server_is_named_and_inline_scripts_bear_the_nonce(self) -> None:
        response = self.client.get("/map/")
        policy = response["Content-Security-Policy"]
        self.assertIn("'nonce-", policy)
        self.assertNotContains(response, "openstreetmap")
        self.assertNotContains(response, 'nonce=""')
        self.assertContains(response, '<script type="importmap" nonce="')
