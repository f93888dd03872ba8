"""Pictures for shared links."""

import re
from datetime import date
from html import unescape
from io import BytesIO
from unittest.mock import patch

from django.core.cache import cache
from django.test import SimpleTestCase, TestCase
from PIL import Image

from agencies.cards import SIZE, draw_card
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_answer,
    make_capture,
    make_grant,
    make_list,
    make_place,
    make_serving,
    make_source,
)
from agencies.tests.pages import words
from agencies.views.card import CARDS, DRAWN_A_MINUTE

LONG = "Una oración muy larga, con acentos y eñes, que ningún renglón puede contener. " * 20


class DrawTests(SimpleTestCase):
    """The drawing alone."""

    def test_picture_has_the_size_that_every_network_asks_for(self) -> None:
        for text in ("", "Short.", LONG, "x" * 500):
            with self.subTest(text[:10]):
                picture = Image.open(BytesIO(draw_card(text, text, "Record as of 23 April 2026", "ALPR Sharing Atlas")))
                self.assertEqual((picture.format, picture.size), ("PNG", SIZE))

    def test_picture_is_small(self) -> None:
        self.assertLess(len(draw_card("Union City, CA", LONG, "Record as of 23 April 2026", "Atlas")), 60_000)

    def test_other_words_make_another_picture(self) -> None:
        self.assertNotEqual(draw_card("ñ", "", "", ""), draw_card("¿", "", "", ""))


class CardTests(TestCase):
    """What a picture says, and how often it is drawn."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_place("California", geoid="06", kind="state")
        cls.city = make_place(geoid="0681204")
        cls.empty = make_place("Nowhere", geoid="0600002")
        cls.police, cls.other = make_agency(), make_agency("Fremont Police Department")
        make_serving(cls.police, cls.city)
        source = make_source(agency_alias=make_alias("Union City CA PD", cls.police))
        make_grant(cls.police, cls.other, make_list(make_capture(source, date(2026, 4, 23))))

    def setUp(self) -> None:
        cache.clear()

    def test_picture_says_what_the_page_says_first(self) -> None:
        pages = {
            ("place", "0681204"): "/places/0681204/",
            ("place", "0600002"): "/places/0600002/",
            ("place", "06"): "/places/06/",
            ("agency", self.police.slug): f"/agencies/{self.police.slug}/",
            ("agency", self.other.slug): f"/agencies/{self.other.slug}/",
            ("pair", f"{self.police.slug}/{self.other.slug}"): f"/links/{self.police.slug}/{self.other.slug}/",
        }
        for (kind, ident), path in pages.items():
            with self.subTest(path):
                said = CARDS[kind](ident)
                text = words(self.client.get(path))
                for sentence in said.sentence.split(". "):
                    self.assertIn(sentence.rstrip(".").lower(), text.lower())
                self.assertIn(said.title, text)

    def test_denial_stands_beside_what_it_denies(self) -> None:
        statement = make_grant(self.other, self.police, make_list(make_capture(day=date(2026, 4, 24))))
        answered = make_capture(make_source("answer-article", kind="article"), date(2026, 5, 2))
        make_answer(self.other, statement, capture=answered)
        rebuild_links()
        said = CARDS["pair"](f"{self.other.slug}/{self.police.slug}")
        self.assertIn("Disputed by an answer of 2 May 2026. Being listed does not show", said.sentence)
        path = f"/links/{self.other.slug}/{self.police.slug}/"
        description = re.findall(r'name="description" content="([^"]+)"', self.client.get(path).content.decode())[0]
        self.assertEqual(unescape(description), said.sentence)

    def test_picture_is_public_and_may_be_kept(self) -> None:
        response = self.client.get(f"/og/agency/{self.police.slug}.png")
        self.assertEqual((response.status_code, response["Content-Type"]), (200, "image/png"))
        self.assertEqual(response["Cache-Control"], "public, max-age=3600")

    def test_second_reader_gets_the_kept_picture(self) -> None:
        with patch("agencies.views.card.draw_card", return_value=b"png") as drawn:
            for _ in range(2):
                self.client.get("/og/place/0681204.png")
            self.client.get("/es/og/place/0681204.png")
        self.assertEqual(drawn.call_count, 2)

    def test_changed_record_makes_a_new_picture(self) -> None:
        with patch("agencies.views.card.draw_card", return_value=b"png") as drawn:
            self.client.get("/og/place/0681204.png")
            make_agency("Another Police Department")
            self.client.get("/og/place/0681204.png")
        self.assertEqual(drawn.call_count, 2)

    def test_too_many_drawings_in_a_minute_wait(self) -> None:
        cache.set("cards-drawn", DRAWN_A_MINUTE)
        response = self.client.get("/og/site/atlas.png")
        self.assertEqual((response.status_code, response["Retry-After"]), (503, "60"))

    def test_unknown_subjects_are_not_found(self) -> None:
        for path in ("place/99.png", "agency/none.png", "pair/a/b.png", "pair/a.png", "car/x.png"):
            with self.subTest(path):
                self.assertEqual(self.client.get(f"/og/{path}").status_code, 404)
        reverse_pair = f"/og/pair/{self.other.slug}/{self.police.slug}.png"
        self.assertEqual(self.client.get(reverse_pair).status_code, 404)
