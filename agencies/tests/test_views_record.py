"""The pages about the record as a whole: sources, networks, the release of 2019, About, and errors."""

from datetime import date

from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Withdrawal
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_answer,
    make_capture,
    make_fact,
    make_grant,
    make_link,
    make_list,
    make_network,
    make_source,
)
from agencies.tests.pages import words


class SourceTests(TestCase):
    """A publisher's page."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.source = make_source(agency_alias=make_alias("Union City CA PD", make_agency()))
        make_capture(cls.source, date(2026, 3, 27))
        make_capture(cls.source, date(2026, 4, 23))

    def test_copies_stand_newest_first(self) -> None:
        text = words(self.client.get(self.source.get_absolute_url()))
        self.assertIn("the atlas holds 2 dated copies.", text)
        self.assertIn("Own publication of Union City Police Department (CA)", text)
        self.assertIn("none stated", text)
        self.assertLess(text.index("23 April 2026"), text.index("27 March 2026"))

    def test_withdrawn_copy_is_not_listed(self) -> None:
        capture = make_capture(self.source, date(2025, 1, 1))
        Withdrawal.objects.create(capture=capture, kind="taken_down", reason="a test says so")
        self.assertNotIn("1 January 2025", words(self.client.get(self.source.get_absolute_url())))

    def test_query_count_is_the_same_for_two_and_ten_copies(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.client.get(self.source.get_absolute_url())
        for number in range(8):
            make_capture(self.source, date(2025, 1, number + 1))
        with self.assertNumQueries(len(first)):
            self.client.get(self.source.get_absolute_url())


class NetworkTests(TestCase):
    """A network's page."""

    def test_numbers_and_publications_are_shown(self) -> None:
        police, other = make_agency(), make_agency("Fremont Police Department")
        make_grant(police, other, make_list())
        make_link(police, other)
        make_link(other, police, status="ended", ended_as_of=date(2026, 4, 1))
        network = make_network()
        text = words(self.client.get(network.get_absolute_url()))
        self.assertIn(
            "bear on Flock, the sharing system of Flock: 1. Links from one agency to another that they list", text
        )
        self.assertIn("No longer listed 1", text)
        self.assertIn("Portal flock-portal-union-city-ca-pd", text)


class Ice2019Tests(TestCase):
    """The release of March 2019."""

    @classmethod
    def setUpTestData(cls) -> None:
        slug = "immigration-and-customs-enforcement"
        cls.ice = make_agency("U.S. Immigration and Customs Enforcement", "", slug=slug, kind="federal")
        vigilant = make_network("vigilant")
        cls.capture = make_capture(make_source("aclu", kind="article"), date(2019, 3, 13))
        cls.named = make_list(
            cls.capture, completeness="extract", reported_by="third_party", network=vigilant, section="ice-access-2019"
        )
        cls.grant = make_grant(make_agency(), cls.ice, cls.named)
        make_fact(cls.ice, "grantors_at_least", 80, cls.capture, network=vigilant)
        reads = {"network": vigilant, "printed": "over 5 billion"}
        make_fact(cls.ice, "reads_held_private", 5_000_000_000, cls.capture, **reads)

    def text(self) -> str:
        """Return the words of the page."""
        return words(self.client.get(reverse("ice-2019")))

    def test_facts_are_rendered_from_statements(self) -> None:
        text = self.text()
        self.assertIn("as of 13 March 2019, name at least 80 agencies as giving ICE access", text)
        self.assertIn("Documents in the atlas give the names of 1 of them.", text)
        self.assertIn(
            "plate reads from private companies within reach 5,000,000,000 printed: “over 5 billion” known", text
        )
        self.assertIn("It says nothing about today.", text)

    def test_agency_without_an_answer_has_none_in_the_atlas(self) -> None:
        self.assertIn("none in the atlas", self.text())

    def test_denial_is_counted_and_shown(self) -> None:
        make_answer(make_agency("Other"), self.grant, capture=make_capture(make_source("news"), date(2019, 3, 19)))
        text = self.text()
        self.assertIn("1 of the 1 named disputes it.", text)
        self.assertIn("Disputed (19 March 2019): The agency says that it operates no plate cameras.", text)

    def test_page_without_the_release_says_so(self) -> None:
        Withdrawal.objects.create(capture=self.capture, kind="error", reason="a test says so")
        self.assertIn("No document of the release of March 2019 is in the atlas yet.", self.text())

    def test_query_count_is_the_same_for_one_and_ten_agencies(self) -> None:
        make_answer(make_agency("Other"), self.grant)
        with CaptureQueriesContext(connection) as first:
            self.text()
        for number in range(10):
            make_grant(make_agency(f"Agency {number}"), self.ice, self.named)
        with self.assertNumQueries(len(first)):
            self.text()


class AboutTests(TestCase):
    """Method, limits, licences and counts."""

    def test_licences_and_credits_are_named(self) -> None:
        make_capture(make_source(licence="MIT", credit="The News & Observer"), compiled_by="The Paper", licence="MIT")
        text = words(self.client.get(reverse("about")))
        self.assertIn("The News & Observer: MIT (1 source)", text)
        self.assertIn("Copies made by The Paper: MIT (1 copy)", text)
        self.assertIn("What no document here says is unknown: it is never a no.", text)


@override_settings(DEBUG=False)
class ErrorTests(TestCase):
    """Pages for what goes wrong."""

    def test_missing_page_keeps_the_sites_shape(self) -> None:
        response = self.client.get("/no/such/page/")
        self.assertEqual(response.status_code, 404)
        self.assertIn("That a page is missing says nothing about any agency.", words(response))

    def test_pages_refuse_to_be_written_to(self) -> None:
        self.assertEqual(self.client.post(reverse("home")).status_code, 405)
