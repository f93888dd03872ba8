"""The home page and the search page."""

from datetime import date

from django.test import TestCase
from django.urls import reverse

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
        self.assertIn("1 of 5 names as printed not yet matched to an agency", text)

    def test_empty_record_is_shown(self) -> None:
        self.assertEqual(self.client.get(reverse("home")).status_code, 200)

    def test_page_has_no_inline_script_or_style_and_sets_no_cookie(self) -> None:
        response = self.client.get(reverse("home"))
        self.assertNotContains(response, "<script")
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
