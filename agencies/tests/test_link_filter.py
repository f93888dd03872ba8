"""The filters that map, tables, network view and exports share."""

from datetime import date, timedelta
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.link_filter import BadFilterError, LinkFilter
from agencies.models import SharingLink
from agencies.tests.factories import make_agency, make_link, make_network, make_place, make_serving
from agencies.tests.pages import words


class LinkFilterTests(TestCase):
    """One agency that gives and gets access, in two networks."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.place = make_place()
        cls.police = make_agency()
        make_serving(cls.police, cls.place)
        cls.sheriff = make_agency("Washoe Sheriff", "NV", kind="sheriff")
        cls.fbi = make_agency("FBI", "", kind="federal")
        cls.other = make_agency("Other Police", "TX")
        seen = {"first_seen": date(2025, 1, 10), "last_seen": date(2025, 3, 1)}
        cls.to_sheriff = make_link(cls.police, cls.sheriff, status="ended", ended_as_of=date(2025, 4, 1), **seen)
        cls.to_fbi = make_link(
            cls.police,
            cls.fbi,
            status="inactive",
            inactive_as_of=date(2025, 6, 1),
            network=make_network("vigilant"),
            first_seen=date(2025, 1, 10),
            last_seen=date(2025, 6, 1),
        )
        cls.hot = make_link(cls.police, cls.other, access="hotlist_feed", **seen)
        cls.from_other = make_link(cls.other, cls.police, disputed_on=date(2025, 5, 1), **seen)
        cls.apart = make_link(cls.other, cls.sheriff, **seen)

    def found(self, about: Any = "police", **asked: str) -> set[SharingLink]:
        """Return what of the agency's links, or those of `about`, passes."""
        about = self.police if about == "police" else about
        return set(LinkFilter.parse(asked).apply(SharingLink.objects.all(), about))

    def test_nothing_asked_keeps_every_link_of_the_agency_and_no_other(self) -> None:
        self.assertEqual(self.found(), {self.to_sheriff, self.to_fbi, self.hot, self.from_other})

    def test_without_a_subject_the_whole_record_is_asked(self) -> None:
        self.assertIn(self.apart, self.found(None))
        self.assertEqual(len(self.found(None)), 5)

    def test_place_stands_for_its_agencies(self) -> None:
        self.assertEqual(self.found(self.place), self.found())
        self.assertEqual(self.found([self.police.pk]), self.found())

    def test_directions_are_not_mixed(self) -> None:
        self.assertEqual(self.found(direction="receipts"), {self.from_other})
        self.assertEqual(self.found(direction="grants"), {self.to_sheriff, self.to_fbi, self.hot})

    def test_partner_is_the_end_that_the_page_is_not_about(self) -> None:
        self.assertEqual(self.found(state="TX"), {self.hot, self.from_other})
        self.assertEqual(self.found(state="CA"), set())
        self.assertEqual(self.found(kind="sheriff"), {self.to_sheriff})
        self.assertEqual(self.found(federal="yes"), {self.to_fbi})
        self.assertEqual(self.found(federal="no"), {self.to_sheriff, self.hot, self.from_other})

    def test_without_a_subject_the_partner_is_the_end_that_the_direction_leads_to(self) -> None:
        self.assertEqual(self.found(None, state="TX", direction="grants"), {self.hot})
        self.assertEqual(self.found(None, state="TX", direction="receipts"), {self.from_other, self.apart})
        self.assertEqual(self.found(None, state="TX"), {self.hot, self.from_other, self.apart})

    def test_network_and_kind_of_access(self) -> None:
        self.assertEqual(self.found(network="vigilant"), {self.to_fbi})
        self.assertEqual(self.found(access="hotlist_feed"), {self.hot})

    def test_status_as_the_api_names_it(self) -> None:
        self.assertEqual(self.found(status="listed"), {self.hot, self.from_other})
        self.assertEqual(self.found(status="ended"), {self.to_sheriff})
        self.assertEqual(self.found(status="inactive"), {self.to_fbi})
        self.assertEqual(self.found(status="disputed"), {self.from_other})
        self.assertEqual(self.found(status="all"), self.found())

    def test_day_before_a_link_was_first_seen_has_it_not(self) -> None:
        self.assertEqual(self.found(as_of="2025-01-09"), set())
        self.assertEqual(self.found(as_of="2025-01-10"), self.found())

    def test_link_stands_until_the_day_it_is_ended_as_of(self) -> None:
        for day, status in (("2025-03-31", "listed"), ("2025-04-01", "ended")):
            with self.subTest(day):
                self.assertIn(self.to_sheriff, self.found(as_of=day, status=status))
        self.assertNotIn(self.to_sheriff, self.found(as_of="2025-04-01", status="listed"))
        self.assertEqual(self.found(as_of="2025-03-31", status="ended"), set())

    def test_account_counts_until_the_day_it_is_inactive_as_of(self) -> None:
        self.assertIn(self.to_fbi, self.found(as_of="2025-05-31", status="listed"))
        self.assertEqual(self.found(as_of="2025-05-31", status="inactive"), set())
        self.assertEqual(self.found(as_of="2025-06-01", status="inactive"), {self.to_fbi})
        self.assertNotIn(self.to_fbi, self.found(as_of="2025-06-01", status="listed"))

    def test_denial_counts_from_its_day(self) -> None:
        self.assertEqual(self.found(as_of="2025-04-30", status="disputed"), set())
        self.assertEqual(self.found(as_of="2025-05-01", status="disputed"), {self.from_other})

    def test_what_cannot_be_used_is_refused_in_words(self) -> None:
        tomorrow = (timezone.localdate() + timedelta(1)).isoformat()
        for name, value in (
            ("status", "gone"),
            ("direction", "up"),
            ("network", "nobody"),
            ("access", "all"),
            ("kind", "spies"),
            ("federal", "true"),
            ("state", "QQ"),
            ("as_of", "1/2/2025"),
            ("as_of", tomorrow),
            ("as_of", "1999-12-31"),
        ):
            with self.subTest(name, value=value), self.assertRaises(BadFilterError) as refused:
                LinkFilter.parse({name: value})
            self.assertEqual(list(refused.exception.errors), [name])

    def test_query_asks_for_the_same_on_any_page(self) -> None:
        asked = {"network": "vigilant", "state": "NV", "federal": "no", "as_of": "2025-02-01", "kind": "sheriff"}
        found = LinkFilter.parse(asked, direction="grants", status="listed")
        query = found.query(agency="a-ca")
        self.assertEqual(
            query,
            "agency=a-ca&direction=grants&status=listed&network=vigilant&kind=sheriff&federal=no&state=NV"
            "&as_of=2025-02-01",
        )
        again = dict(pair.split("=") for pair in query.split("&"))
        self.assertEqual(LinkFilter.parse(again), found)

    def test_empty_and_unknown_parameters_ask_for_nothing(self) -> None:
        self.assertEqual(LinkFilter.parse({"state": "", "as_of": "", "status": "", "page": "3"}), LinkFilter())

    def test_page_says_what_it_shows_where_nothing_is_asked(self) -> None:
        self.assertEqual(LinkFilter.parse({}, status="listed").status, "listed")
        self.assertEqual(LinkFilter.parse({"status": "all"}, status="listed").status, "all")

    def test_filter_costs_no_query_but_the_network_s_name(self) -> None:
        with CaptureQueriesContext(connection) as asked:
            list(LinkFilter.parse({"state": "TX", "as_of": "2025-02-01"}).apply(SharingLink.objects.all(), self.police))
        self.assertEqual(len(asked), 1)


class LinkTableFilterTests(TestCase):
    """The filters above the tables of who gets and who gives access; they work as a form, without a script."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        for number in range(101):
            make_link(cls.police, make_agency(f"Texas {number:03}", "TX"), first_seen=date(2025, 1, 10))
        cls.fbi = make_agency("FBI", "", kind="federal")
        make_link(cls.police, cls.fbi, first_seen=date(2025, 1, 11))
        make_link(cls.fbi, cls.police)
        cls.grants = reverse("agency-grants", args=[cls.police.slug])
        cls.receipts = reverse("agency-receipts", args=[cls.police.slug])

    def count(self, url: str, **asked: str) -> int:
        """Return how many rows fit."""
        count: int = self.client.get(url, asked).context["page"].paginator.count
        return count

    def test_table_takes_the_shared_filters(self) -> None:
        self.assertEqual(self.count(self.grants), 102)
        self.assertEqual(self.count(self.grants, federal="yes"), 1)
        self.assertEqual(self.count(self.grants, kind="municipal_police"), 101)
        self.assertEqual(self.count(self.grants, as_of="2025-01-10"), 101)
        self.assertEqual(self.count(self.receipts, federal="yes"), 1)
        self.assertEqual(self.count(self.receipts, kind="sheriff"), 0)

    def test_side_of_the_page_goes_before_a_direction_in_the_address(self) -> None:
        self.assertEqual(self.count(self.receipts, direction="grants"), 1)

    def test_pages_keep_every_filter(self) -> None:
        response = self.client.get(self.grants, {"state": "TX", "as_of": "2025-02-01", "page": "2"})
        self.assertEqual(len(response.context["page"]), 1)
        self.assertContains(response, "?state=TX&amp;as_of=2025-02-01&amp;page=1")

    def test_form_shows_what_was_asked(self) -> None:
        response = self.client.get(self.grants, {"state": "TX", "as_of": "2025-02-01"})
        self.assertContains(response, '<option value="TX" selected>Texas</option>', html=True)
        self.assertContains(response, 'value="2025-02-01"')
        self.assertIn("links first seen up to that day", words(response))

    def test_what_cannot_be_used_shows_no_rows_and_says_why(self) -> None:
        response = self.client.get(self.grants, {"as_of": "soon"})
        self.assertEqual((response.status_code, response.context["page"].paginator.count), (400, 0))
        self.assertIn("A day, written YYYY-MM-DD.", words(response))
