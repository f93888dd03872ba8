"""The cards for pages elsewhere: what they say, and who may frame them."""

from datetime import date
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_grant,
    make_link,
    make_list,
    make_place,
    make_serving,
    make_source,
)
from agencies.tests.pages import words


class EmbedTests(TestCase):
    """Union City, whose police list one agency."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_place("California", kind="state", geoid="06", full_name="California")
        cls.place = make_place()
        cls.police = make_agency()
        make_serving(cls.police, cls.place)
        source = make_source(agency_alias=make_alias("Union City CA PD", cls.police))
        listed = make_list(make_capture(source, date(2026, 4, 23)))
        make_grant(cls.police, make_agency("Fremont Police Department"), listed)
        cls.agency_card = f"/embed/agencies/{cls.police.slug}/"
        cls.place_card = f"/embed/places/{cls.place.geoid}/"

    def cards(self) -> list[tuple[str, Any]]:
        """Return each card by its address."""
        return [(path, self.client.get(path)) for path in (self.agency_card, self.place_card, "/embed/places/06/")]

    def test_card_says_what_is_known_as_of_when_and_leads_to_the_page(self) -> None:
        for path, page in ((self.agency_card, self.police), (self.place_card, self.place)):
            response = self.client.get(path)
            text = words(response)
            self.assertIn("As of 23 April 2026, Union City Police Department's own Flock portal lists 1", text)
            self.assertIn("Does it reach ICE?", text)
            self.assertIn("Newest document in the atlas: 23 April 2026.", text)
            self.assertEqual(text.count("Being listed does not show that a search took place."), 1)
            self.assertContains(response, f'href="http://testserver{page.get_absolute_url()}"')

    def test_card_of_a_state_counts_its_agencies(self) -> None:
        self.assertIn("California", words(self.client.get("/embed/places/06/")))

    def test_card_of_an_agency_that_nobody_looked_at_is_not_a_no(self) -> None:
        text = words(self.client.get(f"/embed/agencies/{make_agency('Quiet Police').slug}/"))
        self.assertIn("Not researched", text)
        self.assertIn("not a no", text)

    def test_any_site_may_frame_a_card_and_nothing_else(self) -> None:
        for path, response in self.cards():
            with self.subTest(path):
                self.assertNotIn("X-Frame-Options", response.headers)
                self.assertIn("frame-ancestors *", response.headers["Content-Security-Policy"])
                self.assertIn("script-src 'self'", response.headers["Content-Security-Policy"])
                self.assertIn("default-src 'none'", response.headers["Content-Security-Policy"])
        for path in (self.police.get_absolute_url(), self.place.get_absolute_url(), "/network/", "/embed/agencies/no/"):
            with self.subTest(path):
                response = self.client.get(path)
                self.assertEqual(response.headers["X-Frame-Options"], "DENY")
                self.assertIn("frame-ancestors 'none'", response.headers["Content-Security-Policy"])

    def test_card_sets_no_cookie_and_may_be_kept_by_all(self) -> None:
        for path, response in self.cards():
            with self.subTest(path):
                self.assertFalse(response.cookies)
                self.assertNotIn("Cookie", response.headers.get("Vary", ""))
                self.assertEqual(response.headers["Cache-Control"], "public, max-age=3600")

    def test_card_has_a_script_only_where_it_is_asked_for(self) -> None:
        self.assertNotContains(self.client.get(self.agency_card), "<script")
        self.assertContains(self.client.get(self.agency_card, {"resize": "1"}), "js/embed")

    def test_merged_agency_leads_to_its_replacement(self) -> None:
        old = make_agency("Union City PD", merged_into=self.police)
        self.assertRedirects(self.client.get(f"/embed/agencies/{old.slug}/"), self.agency_card, status_code=301)

    def test_address_of_nothing_is_not_found(self) -> None:
        for path in ("/embed/agencies/nobody/", "/embed/places/9999999/"):
            self.assertEqual(self.client.get(path).status_code, 404, path)

    def test_card_speaks_the_language_of_its_address(self) -> None:
        self.assertContains(self.client.get(f"/es{self.agency_card}"), '<html lang="es">')

    def test_pages_show_the_lines_to_copy(self) -> None:
        for page, card in ((self.police, self.agency_card), (self.place, self.place_card)):
            self.assertContains(self.client.get(page.get_absolute_url()), f'&lt;iframe src="http://testserver{card}"')

    def test_query_count_is_the_same_for_few_and_many(self) -> None:
        for path in (self.agency_card, self.place_card):
            with CaptureQueriesContext(connection) as first:
                self.client.get(path)
            for number in range(10):
                make_link(self.police, make_agency(f"{path} {number}"))
            with self.subTest(path), self.assertNumQueries(len(first)):
                self.client.get(path)
