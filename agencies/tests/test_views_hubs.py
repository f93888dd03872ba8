"""The hubs: degrees and core numbers of the agencies with most links."""

from datetime import timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.network.graph_store import GraphNotBuiltError
from agencies.tests.factories import make_agency, make_link, make_network
from agencies.tests.pages import words

RECENT = timezone.localdate() - timedelta(100)


class HubsTests(TestCase):
    """A triangle of mutual access, and a sheriff of Nevada who gets access from one of it."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.three = [make_agency(name) for name in ("Alpha Police", "Beta Police", "Gamma Police")]
        cls.sheriff = make_agency("Washoe Sheriff", "NV", kind="sheriff")
        make_agency("Quiet Police")
        pairs = [(one, other) for one in cls.three for other in cls.three if one != other]
        for grantor, grantee in [*pairs, (cls.three[0], cls.sheriff)]:
            make_link(grantor, grantee, last_seen=RECENT)

    def rows(self, **asked: str) -> list[Any]:
        """Return (rank, name, gives to, gets from, both, core number) of each row."""
        found = self.client.get("/network/hubs/", asked).context["hubs"]
        return [(hub.rank, hub.agency.name, *hub.numbers[1:]) for hub in found]

    def test_each_agency_has_its_degrees_and_core_number(self) -> None:
        self.assertEqual(
            self.rows(),
            [
                (1, "Alpha Police", 3, 2, 2, 4),
                (1, "Beta Police", 2, 2, 2, 4),
                (1, "Gamma Police", 2, 2, 2, 4),
                (4, "Washoe Sheriff", 0, 1, 0, 1),
            ],
        )

    def test_order_and_rank_follow_the_number_asked_for(self) -> None:
        self.assertEqual([row[:2] for row in self.rows(sort="out")][:2], [(1, "Alpha Police"), (2, "Beta Police")])
        self.assertEqual(self.rows(sort="core")[-1][:2], (4, "Washoe Sheriff"))

    def test_state_and_kind_narrow_the_rows_and_keep_the_rank(self) -> None:
        self.assertEqual([row[:2] for row in self.rows(state="NV")], [(4, "Washoe Sheriff")])
        self.assertEqual(len(self.rows(kind="municipal_police")), 3)
        self.assertEqual(self.rows(kind="federal"), [])

    def test_old_ended_and_hot_list_links_do_not_count(self) -> None:
        other = make_agency("Other Police")
        make_link(other, self.sheriff, last_seen=RECENT - timedelta(3 * 365), first_seen=RECENT - timedelta(1200))
        make_link(self.sheriff, other, status="ended", ended_as_of=RECENT)
        make_link(self.sheriff, other, access="hotlist_feed", last_seen=RECENT)
        make_link(self.three[0], self.sheriff, network=make_network("vigilant"), last_seen=RECENT)
        self.assertEqual(self.rows()[-1], (4, "Washoe Sheriff", 0, 1, 0, 1))

    def test_page_says_what_the_numbers_do_not_mean(self) -> None:
        text = words(self.client.get("/network/hubs/"))
        self.assertRegex(text, r"Agencies with a current link on record, .*: 4\.")
        self.assertIn("A low number is no sign of little sharing", text)
        self.assertIn("nothing of who sees what", text)

    def test_value_that_is_no_choice_is_told(self) -> None:
        response = self.client.get("/network/hubs/", {"sort": "size"})
        self.assertEqual(response.status_code, 400)
        self.assertIn("Select a valid choice", words(response))

    def test_graph_that_is_not_built_yet_is_told(self) -> None:
        with patch("agencies.hubs.current_graph", side_effect=GraphNotBuiltError):
            self.assertEqual(self.client.get("/network/hubs/").status_code, 503)

    def test_query_count_is_the_same_for_few_and_many(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.rows(state="CA")
        for number in range(10):
            make_link(make_agency(f"Many {number}"), self.three[1], last_seen=RECENT)
        with self.assertNumQueries(len(first)):
            self.rows(state="CA")
