"""What a page says of itself: where it is, in which languages, and how a shared link looks."""

import re
from typing import Any

from django.test import TestCase
from django.urls import reverse
from django.utils.translation import get_language

from agencies.tests.factories import make_agency, make_link, make_place, make_serving

HOST = "http://testserver"


class PageAddressTests(TestCase):
    """Canonical addresses, twins and Open Graph."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_place("California", geoid="06", kind="state")
        cls.city = make_place(geoid="0681204")
        cls.police = make_agency()
        make_serving(cls.police, cls.city)
        grantees = [make_agency(f"Grantee {number} Police Department") for number in range(101)]
        for grantee in grantees:
            make_link(cls.police, grantee)
        cls.grantee = grantees[0]

    def head(self, path: str) -> str:
        """Return the head of the page."""
        return self.client.get(path).content.decode().split("</head>")[0]

    def links(self, path: str) -> dict[str, str]:
        """Return the canonical address and the twins by language."""
        head = self.head(path)
        found = dict(re.findall(r'hreflang="([\w-]+)" href="([^"]+)"', head))
        return {**found, "canonical": re.findall(r'rel="canonical" href="([^"]+)"', head)[0]}

    def meta(self, path: str) -> dict[str, str]:
        """Return what the page says to those who share its link."""
        return dict(re.findall(r'property="og:([\w:]+)" content="([^"]*)"', self.head(path)))

    def test_every_page_names_its_twins(self) -> None:
        for path in ("/", "/about/", "/places/0681204/", f"/agencies/{self.police.slug}/", "/search/"):
            with self.subTest(path):
                english, spanish = HOST + path, f"{HOST}/es{path}"
                twins = {"en": english, "es": spanish, "x-default": english}
                self.assertEqual(self.links(path), {**twins, "canonical": english})
                self.assertEqual(self.links(f"/es{path}"), {**twins, "canonical": spanish})

    def test_filters_and_order_are_noise_and_the_second_page_is_a_page(self) -> None:
        grants = f"/agencies/{self.police.slug}/grants/"
        expected = {
            "?sort=state&q=x": "",
            "?page=1": "",
            "?page=2&sort=state": "?page=2",
            "?page=x%22": "",
            "?page=²": "",
        }
        for query, kept in expected.items():
            with self.subTest(query):
                self.assertEqual(self.links(grants + query)["canonical"], HOST + grants + kept)

    def test_shared_link_shows_title_answer_and_picture(self) -> None:
        meta = self.meta(f"/agencies/{self.police.slug}/")
        self.assertEqual(meta["title"], "Union City Police Department (CA)")
        self.assertIn("101 agencies", meta["description"])
        self.assertEqual(meta["image"], f"{HOST}/og/agency/{self.police.slug}.png")
        self.assertEqual(self.meta("/es/places/0681204/")["image"], f"{HOST}/es/og/place/0681204.png")
        pair = f"{self.police.slug}/{self.grantee.slug}"
        self.assertEqual(self.meta(f"/links/{pair}/")["image"], f"{HOST}/og/pair/{pair}.png")
        self.assertEqual(self.meta("/about/")["image"], f"{HOST}/og/site/atlas.png")

    def test_quotes_in_a_title_end_no_attribute(self) -> None:
        make_agency('"Quoted" <b>Police</b>', slug="quoted")
        meta = self.meta("/agencies/quoted/")
        self.assertEqual(meta["title"], "&quot;Quoted&quot; &lt;b&gt;Police&lt;/b&gt; (CA)")

    def test_switch_keeps_what_the_reader_asked_for(self) -> None:
        self.assertContains(self.client.get("/search/?q=zzz"), 'href="/es/search/?q=zzz" hreflang="es" lang="es"')
        self.assertContains(self.client.get("/es/search/?q=zzz"), 'href="/search/?q=zzz" hreflang="en" lang="en"')

    def test_missing_page_names_no_address_and_switches_to_the_first_page(self) -> None:
        response = self.client.get("/es/nowhere/")
        self.assertNotContains(response, "canonical", status_code=404)
        self.assertContains(response, 'href="/" hreflang="en"', status_code=404)

    def test_language_is_in_the_answer_and_only_the_address_decides_it(self) -> None:
        for path, language in (("/", "en"), ("/es/", "es")):
            response: Any = self.client.get(path, headers={"accept-language": "es" if path == "/" else "en"})
            self.assertContains(response, f'<html lang="{language}">')
            self.assertEqual(response["Content-Language"], language)
            self.assertNotIn("Accept-Language", response.get("Vary", ""))
            self.assertFalse(response.cookies)

    def test_no_language_is_left_behind(self) -> None:
        self.client.get("/es/")
        self.assertEqual((get_language(), reverse("home")), ("en", "/"))

    def test_dates_and_numbers_are_those_of_the_language(self) -> None:
        self.assertContains(self.client.get(f"/es/agencies/{self.police.slug}/"), " de 20")
