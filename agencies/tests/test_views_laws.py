"""The pages of laws: the map and its equal table, and a law with the findings on it."""

import re
from datetime import date
from typing import Any

from django.db import connection
from django.test import SimpleTestCase, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.findings.rebuild import refresh_findings
from agencies.network.rebuild import rebuild_links
from agencies.pictures.state_map import LEFT_OUT, Mark, shapes, state_map, swatch
from agencies.tests.factories import make_agency, make_place
from agencies.tests.findings_factories import lists, make_federal_bodies, make_law
from agencies.tests.pages import words

LABEL: dict[str, Any] = {"kind": "label", "listed_by": "U.S. Department of Justice", "limits": [], "title": "On a list"}


class LawsTests(TestCase):
    """The table of states."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.state = make_place("California", geoid="06", kind="state")
        cls.oregon = make_place("Oregon", "OR", geoid="41", kind="state")
        cls.city = make_place("Oakland")
        cls.values = make_law()

    def text(self) -> str:
        """Return the words of the page."""
        return words(self.client.get(reverse("laws")))

    def row(self, name: str) -> str:
        """Return the words of a state's row."""
        html = self.client.get(reverse("laws")).content.decode()
        rows = [row for row in re.findall(r'<tr id="law-.*?</tr>', html, re.S) if f">{name}</th>" in row]
        self.assertEqual(len(rows), 1)
        return " ".join(re.sub(r"<[^>]+>", " ", rows[0]).split())

    def test_laws_stand_with_their_state_by_sort(self) -> None:
        make_law("sb-34", kind="alpr_statute", title="SB 34")
        make_law("oakland", self.city, title="Oakland ordinance")
        make_law("label", self.city, **LABEL)
        self.assertEqual(
            self.row("California"),
            "California SB 34 California Values Act Oakland ordinance Oakland, CA : On a list U.S. Department of "
            "Justice",
        )
        self.assertEqual(self.row("Wyoming"), "Wyoming – – – –")

    def test_verified_ones_are_counted_and_labels_are_no_laws(self) -> None:
        make_law("label", self.oregon, **LABEL)
        self.assertIn("The table holds 1 laws and policies of states, counties and cities. Held against", self.text())
        self.assertIn("law's own text: 0 of them.", self.text())
        make_law("b", verified_on=date(2026, 5, 1), verified_by="An editor")
        self.assertIn("law's own text: 1 of them.", self.text())
        self.assertIn("California Values Act verified", self.row("California"))

    def test_missing_law_is_no_no(self) -> None:
        self.assertIn("A state without a mark has no law in this table. That is not a no", self.text())

    def test_map_marks_what_the_state_itself_has(self) -> None:
        make_law("sb-34", kind="alpr_statute")
        make_law("or-alpr", self.oregon, kind="alpr_statute")
        make_law("oakland", self.city)
        html = self.client.get(reverse("laws")).content.decode()
        marked = dict(
            re.findall(r'<a href="#law-(..)"[^>]*><title>.*?</title><g class="state-land state-(\w+)">', html)
        )
        self.assertEqual((marked["CA"], marked["OR"], marked["WY"]), ("both", "dots", "none"))
        self.assertIn(
            "California: a law on licence plate readers, a law that limits help to immigration enforcement and 1 law "
            "of a county or city",
            html,
        )

    def test_every_state_of_the_map_leads_to_a_row(self) -> None:
        html = self.client.get(reverse("laws")).content.decode()
        self.assertEqual(set(re.findall(r'href="#(law-..)"', html)), set(re.findall(r'<tr id="(law-..)"', html)))

    def test_query_count_is_the_same_for_few_and_many(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.text()
        for number in range(10):
            make_law(f"law-{number}", make_place(f"City {number}"))
        with self.assertNumQueries(len(first)):
            self.text()


class LawTests(TestCase):
    """One law."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_federal_bodies()
        cls.law = make_law(summary="State police may not help.", retention_days=0.0021)

    def text(self) -> str:
        """Return the words of the law's page."""
        return words(self.client.get(self.law.get_absolute_url()))

    def test_what_it_limits_since_when_and_that_nobody_verified_it(self) -> None:
        text = self.text()
        self.assertIn("As the atlas has it, this law limits use for immigration enforcement.", text)
        self.assertIn("Not verified: nobody has held the atlas's entry on this law against the law's own text", text)
        self.assertIn("from 1 January 2018", text)
        self.assertIn("Longest retention 3 minutes", text)
        self.assertIn("no opinion on whom a law binds", text)
        self.assertIn("No rule finds anything on it in the record as it stands.", text)

    def test_verified_law_says_by_whom_and_when(self) -> None:
        type(self.law).objects.update(verified_on=date(2026, 5, 1), verified_by="An editor")
        text = self.text()
        self.assertIn("Held against the law's own text on 1 May 2026 by An editor.", text)
        self.assertNotIn("Not verified", text)

    def test_unknowns_are_told_as_such(self) -> None:
        type(self.law).objects.update(in_force_from=None, citation="", limits=[])
        text = self.text()
        self.assertIn("Citation not known", text)
        self.assertIn("since when is not known: no finding rests on it", text)
        self.assertIn("The atlas does not know that this law limits anything about plate reads.", text)

    def test_label_is_named_as_the_listers_and_carries_no_findings(self) -> None:
        label = make_law("label", **LABEL)
        text = words(self.client.get(label.get_absolute_url()))
        self.assertIn("This is a label that U.S. Department of Justice gives, not a law of the place.", text)
        self.assertNotIn("Findings on it", text)
        self.assertNotIn("Verified", text)

    def test_findings_on_it_are_listed_in_constant_queries(self) -> None:
        def fill(*names: str) -> None:
            for name in names:
                lists(make_agency(name), self.bodies["ice"])
            rebuild_links()
            refresh_findings()

        fill("Union City Police Department")
        with CaptureQueriesContext(connection) as first:
            self.assertIn("Union City Police Department (CA)", self.text())
        fill(*(f"Police Department {number}" for number in range(10)))
        with self.assertNumQueries(len(first)):
            self.assertIn("Findings 1 to 11 of 11", self.text())

    def test_unknown_law_is_not_found(self) -> None:
        self.assertEqual(self.client.get(reverse("law-detail", args=["nowhere"])).status_code, 404)


class PictureTests(SimpleTestCase):
    """The map as markup."""

    def test_every_state_is_drawn_once_and_small(self) -> None:
        drawn = shapes()
        self.assertEqual(len({shape.code for shape in drawn}), 51)
        self.assertFalse({shape.code for shape in drawn} & LEFT_OUT)
        self.assertLess(sum(len(shape.path) for shape in drawn), 50_000)

    def test_insets_and_mainland_lie_within_the_picture(self) -> None:
        for shape in shapes():
            for x, y in re.findall(r"([-\d.]+) ([-\d.]+)", shape.path):
                self.assertTrue(0 <= float(x) <= 960 and 0 <= float(y) <= 600, shape.code)

    def test_titles_and_addresses_are_escaped_and_nothing_is_styled_inline(self) -> None:
        html = state_map({"CA": Mark("dots", "<b>", '"x')}, "laws", "<i>", "<u>") + swatch("both") + swatch("")
        self.assertNotIn("<b>", html)
        self.assertIn("&lt;b&gt;", html)
        self.assertIn("&quot;x", html)
        self.assertNotIn("style=", html)
