"""Pages of what changed."""

import re
from typing import Any
from uuid import uuid4

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.change_days import days_of
from agencies.changes import recent_changes
from agencies.history.rebuild import rebuild_changes
from agencies.matching.merge import merge
from agencies.models import Change, Withdrawal
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_decision,
    make_fact,
    make_place,
    make_serving,
    make_source,
)
from agencies.tests.history_factories import OWNER, april, make_copy
from agencies.tests.pages import words


class ChangesTestCase(TestCase):
    """Union City's portal, of which two names went and one came, and Reno's, where the mark of one differs."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.albany = make_agency("Albany Police Department")
        cls.reno = make_agency("Reno Police Department", "NV")
        cls.source = make_source(title="Portal of Union City", agency_alias=make_alias(OWNER, cls.police))
        make_alias("Albany CA PD", cls.albany)
        make_decision(make_alias("Doe Jane"), "person")
        cls.old = make_copy(april(1), ["Albany CA PD", "Doe Jane", "Brea CA PD"], source=cls.source)
        cls.new = make_copy(april(8), ["Brea CA PD", "Chico CA PD"], source=cls.source)
        make_fact(cls.police, "retention_days", 365, cls.old.capture)
        make_fact(cls.police, "retention_days", 30, cls.new.capture)
        other = make_source("reno", title="Portal of Reno", agency_alias=make_alias("Reno NV PD", cls.reno))
        make_copy(april(2), ["Union City CA PD"], source=other, owner="Reno NV PD")
        make_copy(april(9), {"Union City CA PD": "inactive"}, source=other, owner="Reno NV PD")
        rebuild_changes()

    def text(self, address: str = "/changes/", **asked: str) -> str:
        """Return the words of a page."""
        response = self.client.get(address, asked)
        self.assertEqual(response.status_code, 200)
        return words(response)


class AllTests(ChangesTestCase):
    """The page of all changes."""

    def test_changes_stand_by_day_and_document_with_both_copies(self) -> None:
        text = self.text()
        self.assertIn("5 changes, found by reading each copy", text)
        self.assertLess(text.index("9 April 2026 Portal of Reno"), text.index("8 April 2026 Portal of Union City"))
        self.assertIn("1 name added, 2 names no longer listed, 1 fact changed", text.lower())
        self.assertIn("Added to the list 1 Chico CA PD", text)
        self.assertIn("data retention (days): 365 →then 30", text)
        self.assertIn("Union City CA PD no mark, then marked inactive", text)
        page = self.client.get("/changes/").content.decode()
        for capture in (self.old.capture, self.new.capture):
            self.assertIn(f'href="/captures/{capture.uuid}/"', page)

    def test_wording_says_what_a_list_shows_and_not_what_an_agency_did(self) -> None:
        text = self.text()
        self.assertIn("may have come about on any day between the two copies", text)
        self.assertIn("Being listed does not show that a search took place.", text)
        self.assertIsNone(re.search(r"\bsince\b|stopped|started sharing|ended access", text))

    def test_persons_names_are_withheld_and_counted(self) -> None:
        text = self.text()
        self.assertIn("No longer on the list 2 Albany CA PD 1 more name is a person's and is withheld.", text)
        self.assertNotIn("Doe", self.client.get("/changes/").content.decode())
        whole = self.client.get(reverse("document-changes", args=[self.new.capture.uuid]))
        self.assertIn("1 more name is a person's and is withheld.", words(whole))
        self.assertNotIn("Doe", whole.content.decode())

    def test_matched_name_leads_to_its_agency(self) -> None:
        page = self.client.get("/changes/").content.decode()
        self.assertInHTML(f'<a href="{self.albany.get_absolute_url()}">Albany CA PD</a>', page)

    def test_filters_narrow(self) -> None:
        for asked, shown, hidden in (
            ({"state": "NV"}, "Portal of Reno", "Portal of Union City"),
            ({"agency": "union city"}, "Portal of Union City", "Portal of Reno"),
            ({"kind": "added"}, "Chico CA PD", "Albany CA PD"),
            ({"network": "flock", "to_date": "2026-04-08"}, "Portal of Union City", "Portal of Reno"),
            ({"from_date": "2026-04-09"}, "Portal of Reno", "Portal of Union City"),
        ):
            with self.subTest(**asked):
                text = self.text(**asked)
                self.assertIn(shown, text)
                self.assertNotIn(hidden, text)

    def test_filter_that_cannot_be_used_is_refused_and_shows_no_change(self) -> None:
        for asked, said in (
            ({"state": "XX"}, "Select a valid choice."),
            ({"state": "ca"}, "Select a valid choice."),
            ({"kind": "8"}, "Select a valid choice."),
            ({"network": "none"}, "Select a valid choice."),
            ({"from_date": "yesterday"}, "Enter a valid date."),
            ({"agency": "a\x00b"}, "Null characters are not allowed."),
        ):
            with self.subTest(**asked):
                response = self.client.get("/changes/", asked)
                self.assertEqual(response.status_code, 400)
                self.assertIn(said, words(response))
                self.assertNotIn("Portal of", words(response))

    def test_page_ignores_what_is_no_filter_and_leaves_it_out_of_its_feeds(self) -> None:
        self.assertIn("5 changes", self.text(page="-3", bogus="1", kind=""))
        page = self.client.get("/changes/?state=NV&kind=&page=1&bogus=1").content.decode()
        self.assertIn('href="/changes/feed/?state=NV"', page)
        self.assertNotIn("bogus", page[page.index("<head>") : page.index("</head>")])

    def test_nothing_fits(self) -> None:
        self.assertIn("No change fits.", self.text(agency="nowhere"))

    def test_query_count_is_the_same_for_two_documents_and_for_many(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.text()
        for number in range(6):
            source = make_source(
                f"portal-{number}", agency_alias=make_alias(f"Place {number}", make_agency(f"PD {number}"))
            )
            make_copy(april(1), [f"Old {number} {letter}" for letter in "abcdefghijklmnop"], source=source)
            make_copy(april(8), [f"New {number} {letter}" for letter in "abcdefghijklmnop"], source=source)
        rebuild_changes()
        with self.assertNumQueries(len(first)):
            text = self.text()
        self.assertIn("and 4 more", text)

    def test_feed_is_announced_with_the_pages_filters(self) -> None:
        page = " ".join(self.client.get("/changes/?state=NV&page=1").content.decode().split())
        self.assertIn('<link rel="alternate" type="application/atom+xml" href="/changes/feed/?state=NV"', page)
        self.assertIn('href="/es/changes/feed/"', self.client.get("/es/changes/").content.decode())

    def test_numbers_of_the_picture_stand_beside_it(self) -> None:
        self.assertIn("9 April 2026 0 0 1 8 April 2026 1 2 1", self.text())
        self.assertNotIn("<svg", self.client.get("/changes/?kind=fact").content.decode())


class SectionTests(ChangesTestCase):
    """An agency's, a place's and a document's changes."""

    def test_agency_has_its_own_documents_and_others_that_name_it(self) -> None:
        text = self.text(reverse("agency-changes", args=[self.police.slug]))
        self.assertIn("Union City Police Department (CA): what changed", text)
        self.assertIn("Portal of Reno", text)
        self.assertIn("Portal of Union City", text)
        text = self.text(reverse("agency-changes", args=[self.albany.slug]))
        self.assertIn("1 change,", text)
        self.assertIn("Albany CA PD", text)
        self.assertNotIn("Chico CA PD", text)

    def test_agency_without_two_copies_says_so(self) -> None:
        text = self.text(reverse("agency-changes", args=[make_agency("Nobody").slug]))
        self.assertIn("No change is on record here yet.", text)

    def test_merged_agency_leads_to_the_other(self) -> None:
        twin = make_agency("Twin Police Department")
        merge(twin, self.police, reason="test")
        response = self.client.get(reverse("agency-changes", args=[twin.slug]))
        self.assertRedirects(response, reverse("agency-changes", args=[self.police.slug]), status_code=301)

    def test_city_has_the_documents_of_those_that_serve_it(self) -> None:
        city = make_place()
        make_serving(self.police, city)
        text = self.text(reverse("place-changes", args=[city.geoid]))
        self.assertIn("Portal of Union City", text)
        self.assertNotIn("Portal of Reno", text)

    def test_state_has_the_documents_of_all_its_agencies(self) -> None:
        state = make_place("Nevada", "NV", geoid="32", kind="state")
        text = self.text(reverse("place-changes", args=[state.geoid]))
        self.assertIn("Portal of Reno", text)
        self.assertNotIn("Portal of Union City", text)

    def test_document_shows_every_name(self) -> None:
        source = make_source("long", title="Long list")
        make_copy(april(1), ["Brea CA PD"], source=source)
        newer = make_copy(april(8), ["Brea CA PD", *(f"Name {number:02}" for number in range(40))], source=source)
        rebuild_changes()
        text = self.text(reverse("document-changes", args=[newer.capture.uuid]))
        self.assertIn("Name 00", text)
        self.assertIn("Name 39", text)
        self.assertIn("40 names added.", text)

    def test_first_copy_has_no_change(self) -> None:
        text = self.text(reverse("document-changes", args=[self.old.capture.uuid]))
        self.assertIn("The atlas notes no change between this copy and the one before it.", text)

    def test_withdrawn_document_leads_to_the_page_that_says_why(self) -> None:
        Withdrawal.objects.create(capture=self.new.capture, kind="taken_down", reason="a court said so")
        response = self.client.get(reverse("document-changes", args=[self.new.capture.uuid]))
        self.assertRedirects(response, self.new.capture.get_absolute_url(), target_status_code=410)

    def test_what_is_not_there_is_404(self) -> None:
        for address in ("/agencies/none/changes/", "/places/99/changes/", f"/changes/{uuid4()}/"):
            self.assertEqual(self.client.get(address).status_code, 404, address)

    def test_other_methods_are_refused(self) -> None:
        self.assertEqual(self.client.post("/changes/").status_code, 405)

    def test_lost_list_says_that_it_ends_nothing(self) -> None:
        lost = make_copy(april(15), source=self.source, completeness="absent")
        rebuild_changes()
        text = self.text(reverse("document-changes", args=[lost.capture.uuid]))
        self.assertIn("The document no longer shows the list. The copy of 8 April 2026 lists 2 names.", text)
        self.assertIn("does not show that access has ended", text)


class RecentTests(ChangesTestCase):
    """The newest documents with a change, as other pages show them."""

    def lines(self, **filters: Any) -> list[tuple[Any, ...]]:
        """Return the lines as (title, day, changes)."""
        found = recent_changes(Change.objects.filter(**filters))
        return [(line.title, line.day, dict(line.counts)) for line in found]

    def test_newest_come_first_with_their_counts(self) -> None:
        self.assertEqual(
            self.lines(),
            [
                ("Portal of Reno", april(9), {"marked": 1}),
                ("Portal of Union City", april(8), {"added": 1, "removed": 2, "fact": 1}),
            ],
        )

    def test_only_what_is_asked_for_is_counted(self) -> None:
        self.assertEqual(self.lines(kind="added"), [("Portal of Union City", april(8), {"added": 1})])

    def test_two_queries(self) -> None:
        with self.assertNumQueries(2):
            recent_changes()

    def test_changes_between_copies_far_apart_belong_to_no_day(self) -> None:
        source = make_source("old")
        make_copy(april(1).replace(year=2024), ["Albany CA PD"], source=source)
        make_copy(april(8), ["Brea CA PD"], source=source)
        rebuild_changes()
        days = days_of(Change.objects.all())
        self.assertEqual((days.total, days.far_apart), (7, 2))
        self.assertEqual([(row.day, row.added, row.removed, row.others) for row in days.days][1], (april(8), 1, 2, 1))

    def test_facts_of_a_register_name_the_agency(self) -> None:
        source = make_source("ice-287g-participating", kind="dataset", title="ICE's list")
        first, second = make_capture(source, april(1)), make_capture(source, april(8))
        make_fact(self.police, "agreements_287g", [{"model": "task force model"}], first)
        make_fact(self.reno, "agreements_287g", [{"model": "task force model"}], second)
        rebuild_changes()
        text = self.text(reverse("document-changes", args=[second.uuid]))
        self.assertIn(
            "Union City Police Department : 287(g) agreements with ICE: task force model →then not on the list", text
        )
        self.assertIn(
            "Reno Police Department : 287(g) agreements with ICE: not on the list →then task force model", text
        )
