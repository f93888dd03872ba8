"""The home page and the search page."""

import re
from datetime import date
from typing import Any
from unittest.mock import patch

from django.test import TestCase
from django.urls import reverse
from shapely.geometry import box

from agencies.geography import OutlineIndex
from agencies.models import SharingStatement
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_decision,
    make_grant,
    make_link,
    make_list,
    make_place,
    make_source,
    make_statement,
)
from agencies.tests.pages import words


class HomeTests(TestCase):
    """The first page."""

    @classmethod
    def setUpTestData(cls) -> None:
        police, other = make_agency(), make_agency("Fremont Police Department")
        source = make_source(agency_alias=make_alias("Union City CA PD", police))
        captured = make_list(make_capture(source, date(2026, 4, 23)))
        make_grant(police, other, captured)
        make_link(police, other)
        SharingStatement.objects.create(
            statement=make_statement("sharing", captured.capture),
            sharing_list=captured,
            grantor_alias=make_alias("Union City CA PD", police),
            grantee_alias=make_alias("Somewhere TX PD"),
        )
        make_decision(make_alias("Jane Sample"), "person")

    def test_numbers_say_out_of_how_many(self) -> None:
        text = words(self.client.get(reverse("home")))
        self.assertIn("The newest document is of 23 April 2026.", text)
        self.assertIn("1 of 2 agencies have a document that says whom they give access to.", text)
        self.assertIn("1 transparency portals read for whom they list, among 1 dated copies of documents", text)
        self.assertIn("2 statements, each with its document", text)
        self.assertIn("1 of 4 names as printed not yet matched to an agency", text)

    def test_empty_record_is_shown(self) -> None:
        self.assertEqual(self.client.get(reverse("home")).status_code, 200)

    def test_page_has_no_inline_script_or_style_and_sets_no_cookie(self) -> None:
        response = self.client.get(reverse("home"))
        scripts = re.findall(r"<script[^>]*>", response.content.decode())
        self.assertTrue(scripts)
        self.assertEqual([tag for tag in scripts if " src=" not in tag and ' nonce="' not in tag], [])
        self.assertNotContains(response, "<style")
        self.assertNotContains(response, "style=")
        self.assertFalse(response.cookies)


class SearchPageTests(TestCase):
    """The search page."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_place("California", geoid="06", kind="state")
        cls.city = make_place()

    def test_certain_place_is_gone_to(self) -> None:
        response = self.client.get(reverse("search"), {"q": "Union City, CA"})
        self.assertRedirects(response, self.city.get_absolute_url())

    def test_zip_code_gives_a_choice(self) -> None:
        text = words(self.client.get(reverse("search"), {"q": "94587"}))
        self.assertIn("Which of these do you mean? The post office uses 94587 for them", text)
        self.assertIn("Union City, CA", text)

    def test_nothing_found_says_so_and_is_escaped(self) -> None:
        response = self.client.get(reverse("search"), {"q": "<script>zzz"})
        self.assertContains(response, "No place or agency in the atlas is called “&lt;script&gt;zzz”.")
        self.assertNotContains(response, "<script>zzz")

    def test_empty_query_asks_only(self) -> None:
        self.assertNotIn("No place", words(self.client.get(reverse("search"))))

    def test_agencies_come_first_where_one_is_meant(self) -> None:
        make_agency("Union City Police Department")
        text = words(self.client.get(reverse("search"), {"q": "union city police"}))
        self.assertIn("Agencies Union City Police Department (CA)", text)

    def test_suggestions_are_plain_json_that_nobody_keeps(self) -> None:
        response = self.client.get(reverse("search-suggest"), {"q": "union ci"})
        line = {"url": self.city.get_absolute_url(), "label": "Union City, CA", "kind": "city", "within": ""}
        self.assertEqual(response.json(), {"suggestions": [line]})
        self.assertIn("no-store", response["Cache-Control"])
        self.assertFalse(response.cookies)


class HereTests(TestCase):
    """The place that a reader stands in."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.county = make_place("Alameda County", geoid="06001", kind="county")
        cls.city = make_place(county=cls.county)

    def setUp(self) -> None:
        rows = [(self.city.pk, box(-122.1, 37.5, -122.0, 37.6).wkb), (self.county.pk, box(-123, 37, -121, 38).wkb)]
        index = patch("agencies.geography.outline_index", return_value=OutlineIndex(rows))
        index.start()
        self.addCleanup(index.stop)
        self.client.handler.enforce_csrf_checks = True

    def post(self, latitude: object, longitude: object) -> Any:
        return self.client.post(reverse("search-here"), {"latitude": latitude, "longitude": longitude})

    def test_city_comes_before_its_county(self) -> None:
        self.assertRedirects(self.post("37.59", "-122.02"), self.city.get_absolute_url())

    def test_outside_every_city_it_is_the_county(self) -> None:
        self.assertRedirects(self.post(37.9, -122.5), self.county.get_absolute_url())

    def test_point_is_rounded_here_too(self) -> None:
        self.assertRedirects(self.post("37.6049", "-122.02"), self.city.get_absolute_url())

    def test_outside_the_country_it_says_so(self) -> None:
        self.assertContains(self.post(51.5, -0.1), "The atlas has no place where you are.")

    def test_nonsense_is_refused(self) -> None:
        for point in (("", ""), ("x", "1"), ("91", "0"), ("nan", "0"), ("inf", "0")):
            with self.subTest(point):
                self.assertEqual(self.post(*point).status_code, 400)

    def test_point_in_an_address_is_not_looked_up(self) -> None:
        response = self.client.get(reverse("search-here"), {"latitude": "37.59", "longitude": "-122.02"})
        self.assertRedirects(response, reverse("search"))

    def test_answer_is_kept_by_nobody(self) -> None:
        response = self.post(37.59, -122.02)
        self.assertIn("no-store", response["Cache-Control"])
        self.assertFalse(response.cookies)

    def test_only_our_own_pages_may_ask_for_the_location(self) -> None:
        policy = self.client.get(reverse("home"))["Permissions-Policy"]
        self.assertIn("geolocation=(self)", policy)
        self.assertIn("camera=()", policy)
