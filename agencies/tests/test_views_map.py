"""The map's page, its tables, and its two payloads."""

import gzip
import json
from datetime import date
from itertools import accumulate
from typing import Any
from unittest.mock import patch

from django.core.cache import cache
from django.test import TestCase
from django.utils import timezone
from django.utils.text import slugify

from agencies.map_data import KINDS
from agencies.models import Agency
from agencies.network.graph_store import GraphNotBuiltError
from agencies.network.rebuild import rebuild_links
from agencies.network.rungs import Rung
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
from agencies.tests.graph_factories import make_bodies, own_list

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

    def entry(self, agency: Agency) -> dict[str, Any]:
        """Return what the payload's columns say of an agency and of its point."""
        data = self.read()
        index = data["name"].split("\n").index(agency.name)
        point = next(n for n, end in enumerate(accumulate(data["size"])) if index < end)
        states = [state for state, count in data["state"] for _ in range(count)]
        return {
            "slug": data["slug"].split("\n")[index],
            "kind": KINDS[ord(data["kind"][index]) - ord("a")],
            "knowledge": data["knowledges"][int(data["knowledge"][index])],
            "rung": int(data["rung"][index]),
            "links": data["links"][index],
            "at": (list(accumulate(data["latitude"]))[point], list(accumulate(data["longitude"]))[point]),
            "precision": data["precisions"][int(data["precision"][point])],
            "state": states[point],
        }

    def test_point_has_its_precision_and_state(self) -> None:
        found = self.entry(self.sheriff)
        self.assertEqual((found["at"], found["precision"]), ((37650, -121918), "county_centroid"))
        self.assertEqual((found["state"], found["kind"]), ("CA", "sheriff"))

    def test_agency_without_coordinates_has_no_point(self) -> None:
        self.assertEqual(sorted(self.read()["name"].split("\n")), [self.sheriff.name, self.union_city.name])

    def test_agencies_of_one_centre_share_a_point(self) -> None:
        make_agency("Alameda County District Attorney", kind="prosecutor", **COUNTY)
        self.assertEqual(sorted(self.read()["size"]), [1, 2])
        self.assertEqual(self.entry(self.union_city)["precision"], "place_centroid")

    def test_merged_agencies_and_posts_of_state_police_are_left_out(self) -> None:
        make_agency("Old Union City Police", merged_into=self.union_city, **HERE)
        patrol = make_agency("Highway Patrol", kind="state_police", **COUNTY)
        make_agency("Highway Patrol Post 12", kind="state_police", parent=patrol, **COUNTY)
        names = sorted(self.read()["name"].split("\n"))
        self.assertEqual(names, [self.sheriff.name, patrol.name, self.union_city.name])

    def test_slug_is_given_only_where_it_does_not_follow_from_the_name(self) -> None:
        self.assertEqual(self.entry(self.union_city)["slug"], "")
        self.assertEqual(self.union_city.slug, slugify(f"{self.union_city.name} {self.union_city.state}"))
        Agency.objects.filter(pk=self.union_city.pk).update(slug="union-city")
        cache.clear()
        self.assertEqual(self.entry(self.union_city)["slug"], "union-city")

    def test_nothing_known_is_not_researched(self) -> None:
        found = self.entry(self.union_city)
        self.assertEqual((found["knowledge"], found["rung"]), ("none", Rung.NOT_RESEARCHED))

    def test_fact_alone_is_a_document_without_a_list(self) -> None:
        make_fact(self.union_city, "cameras", 12)
        self.assertEqual(self.entry(self.union_city)["knowledge"], "documents")

    def test_ended_link_makes_an_agency_listed_but_is_not_counted(self) -> None:
        make_link(self.sheriff, self.union_city, status="ended", ended_as_of=date(2026, 5, 1))
        found = self.entry(self.union_city)
        self.assertEqual((found["knowledge"], found["links"]), ("listed", 0))

    def test_listed_link_counts_on_both_sides(self) -> None:
        make_link(self.sheriff, self.union_city)
        self.assertEqual([self.entry(agency)["links"] for agency in (self.sheriff, self.union_city)], [1, 1])

    def test_agency_that_lists_ice_stands_on_its_rung(self) -> None:
        own_list(self.union_city, timezone.localdate(), make_bodies()["ice"])
        rebuild_links()
        self.assertEqual(self.entry(self.union_city)["rung"], Rung.ICE_LISTED)

    def test_own_list_makes_a_publisher_and_absent_section_does_not(self) -> None:
        source = make_source(agency_alias=make_alias(self.union_city.name, self.union_city))
        make_list(make_capture(source), completeness="absent")
        self.assertEqual(self.entry(self.union_city)["knowledge"], "none")
        make_list(make_capture(source))
        cache.clear()
        self.assertEqual(self.entry(self.union_city)["knowledge"], "publishes")

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
        with self.assertNumQueries(19):
            self.client.get("/map/agencies.json")
        for number in range(10):
            make_link(make_agency(f"Agency {number}", **HERE), self.union_city)
        cache.clear()
        with self.assertNumQueries(19):
            self.client.get("/map/agencies.json")

    def test_cached_payload_takes_only_the_look_at_the_record_state(self) -> None:
        self.read()
        with self.assertNumQueries(6):
            self.client.get("/map/agencies.json")


class MapPageTests(MapTestCase):
    """/map/"""

    def test_overview_counts_by_state_and_names_bodies_without_a_point(self) -> None:
        make_place("California", kind="state", geoid="06")
        make_link(self.union_city, self.postal)
        response = self.client.get("/map/")
        self.assertContains(response, '<a href="?place=06" data-place="06">California</a>', html=True)
        self.assertContains(response, f'href="?agency={self.postal.slug}"')
        self.assertEqual(
            response.context["by_state"][0],
            {"code": "CA", "geoid": "06", "name": "California", "all": 2, "listed": 1, "none": 1, "rung7": 2},
        )

    def test_chosen_agency_has_an_equal_table_with_evidence(self) -> None:
        link = make_link(self.union_city, self.sheriff)
        response = self.client.get("/map/?agency=union-city-police-department-ca")
        self.assertContains(response, self.sheriff.name.replace("'", "&#x27;"))
        self.assertContains(response, f'href="{link.get_absolute_url()}"')
        self.assertContains(response, "23 April 2026")
        self.assertContains(response, "does not show that a search took place")

    def test_table_has_fifty_links_a_page_and_the_rest_on_the_next(self) -> None:
        for number in range(51):
            make_link(self.union_city, make_agency(f"Agency {number}"))
        address = "/map/?agency=union-city-police-department-ca"
        for page, rows in ((1, 50), (2, 1)):
            self.assertEqual(len(self.client.get(f"{address}&page={page}").context["page"]), rows)

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
        self.assertContains(response, f'href="?place={response.context["found_places"][0].geoid}"')
        response = self.client.get("/map/", {"q": "alameda"})
        self.assertContains(response, f'href="?agency={self.sheriff.slug}"')

    def test_search_text_is_escaped(self) -> None:
        response = self.client.get("/map/", {"q": "<script>x"})
        self.assertNotContains(response, "<script>x")

    def test_state_lists_its_agencies_and_partners(self) -> None:
        make_place("California", kind="state", geoid="06")
        make_link(self.union_city, self.postal)
        make_link(self.union_city, self.sheriff)
        response = self.client.get("/map/?place=06")
        self.assertEqual(list(response.context["page"]), [self.sheriff, self.union_city])
        self.assertEqual(response.context["partners"], [{"code": "", "geoid": "", "name": "", "gives": 1, "gets": 0}])
        self.assertEqual(response.context["counties"]["without"], 1)

    def test_flows_between_counties_have_their_table(self) -> None:
        make_place("California", kind="state", geoid="06")
        homes = [
            make_place(name, kind="county", geoid=geoid) for name, geoid in (("Alameda", "06001"), ("Yolo", "06113"))
        ]
        ends = [make_agency(f"{home.name} Police", county=home) for home in homes]
        make_link(*ends)
        response = self.client.get("/map/?place=06")
        self.assertContains(response, '<a href="?place=06113" data-place="06113">06113</a>', html=True)
        homes[1].latitude, homes[1].longitude = 38.7, -121.9
        homes[1].save()
        response = self.client.get("/map/?place=06")
        self.assertContains(response, '<a href="?place=06113" data-place="06113">Yolo city</a>', html=True)

    def test_state_by_its_code_leads_to_the_place(self) -> None:
        make_place("California", kind="state", geoid="06")
        self.assertRedirects(self.client.get("/map/?state=CA&by=rung"), "/map/?by=rung&place=06")

    def test_city_has_the_links_across_its_border_only(self) -> None:
        city = make_place("Union City")
        campus = make_agency("Union City College Police", kind="campus", **HERE)
        make_serving(self.union_city, city)
        make_serving(campus, city)
        across = make_link(self.union_city, self.sheriff)
        make_link(self.union_city, campus)
        response = self.client.get(f"/map/?place={city.geoid}")
        self.assertEqual(list(response.context["page"]), [across])
        self.assertContains(response, "Union City College Police")

    def test_filters_narrow_the_table_and_a_bad_one_is_told(self) -> None:
        make_link(self.union_city, self.postal)
        make_link(self.union_city, self.sheriff)
        address = "/map/?agency=union-city-police-department-ca"
        response = self.client.get(f"{address}&federal=yes")
        self.assertEqual([link.grantee for link in response.context["page"]], [self.postal])
        response = self.client.get(f"{address}&as_of=yesterday")
        self.assertContains(response, "A day, written YYYY-MM-DD.")
        self.assertEqual(len(response.context["page"]), 2)

    def test_two_days_are_compared(self) -> None:
        make_link(self.union_city, self.postal, first_seen=date(2026, 1, 2))
        make_link(self.union_city, self.sheriff, status="ended", ended_as_of=date(2026, 1, 3))
        response = self.client.get("/map/?agency=union-city-police-department-ca&as_of_before=2026-01-01")
        found = {link.grantee: link.change for link in response.context["page"]}
        self.assertEqual(found, {self.postal: "added", self.sheriff: "removed"})
        self.assertContains(response, "− gone")

    def test_rungs_have_their_table(self) -> None:
        make_place("California", kind="state", geoid="06")
        response = self.client.get("/map/?by=rung")
        self.assertContains(response, "own records name it")
        self.assertEqual(response.context["by_state"][0]["rung7"], 2)

    def test_rungs_that_are_not_worked_out_yet_are_no_zeros(self) -> None:
        with patch("agencies.map_rungs.current_graph", side_effect=GraphNotBuiltError):
            response = self.client.get("/map/?by=rung")
            self.assertContains(response, "The ladder is being worked out")
            data = self.client.get("/map/states.json").json()
        self.assertFalse(data["has_rungs"])

    def test_flows_between_states_have_their_table(self) -> None:
        make_place("California", kind="state", geoid="06")
        make_place("Nevada", kind="state", geoid="32", state="NV")
        make_link(self.union_city, make_agency("Reno Police Department", state="NV"))
        response = self.client.get("/map/")
        self.assertEqual(response.context["flows"], [("California", "Nevada", 1)])

    def test_same_number_of_queries_for_one_link_and_for_ten(self) -> None:
        make_link(self.union_city, self.postal)
        with self.assertNumQueries(8):
            self.client.get("/map/?agency=union-city-police-department-ca")
        for number in range(10):
            make_link(self.union_city, make_agency(f"Agency {number}", kind="federal", state=""))
        with self.assertNumQueries(8):
            self.client.get("/map/?agency=union-city-police-department-ca")

    def test_place_and_country_take_the_same_number_of_queries_for_ten_links(self) -> None:
        city = make_place("Union City")
        make_place("California", kind="state", geoid="06")
        make_serving(self.union_city, city)
        make_link(self.union_city, self.postal)
        expected = {f"/map/?place={city.geoid}": 7, "/map/?place=06": 11, "/map/": 12}
        self.client.get("/map/")
        for path, count in expected.items():
            with self.subTest(path), self.assertNumQueries(count):
                self.client.get(path)
        for number in range(10):
            make_link(self.union_city, make_agency(f"Agency {number}", kind="federal", state=""))
        self.client.get("/map/")
        for path, count in expected.items():
            with self.subTest(path), self.assertNumQueries(count):
                self.client.get(path)

    def test_no_tile_server_is_named_and_inline_scripts_bear_the_nonce(self) -> None:
        response = self.client.get("/map/")
        policy = response["Content-Security-Policy"]
        self.assertIn("'nonce-", policy)
        self.assertNotContains(response, "openstreetmap")
        self.assertNotContains(response, 'nonce=""')
        self.assertContains(response, '<script type="importmap" nonce="')
