"""The rule that turns sightings into a link, at each of its boundaries."""

from datetime import date
from typing import Any

from django.test import SimpleTestCase

from agencies.network.summary import Sighting, summarise

D1, D2, D3, D4 = (date(2026, 4, day) for day in (1, 8, 15, 22))


def seen(day: date, stream: int = 1, **values: Any) -> Sighting:
    return Sighting(stream=stream, seen_on=day, **{"reported_by": "grantor", **values})


class SummariseTests(SimpleTestCase):
    def test_link_on_the_newest_complete_list_is_listed(self) -> None:
        summary = summarise([seen(D1), seen(D2)], {1: [D1, D2]})
        self.assertEqual((summary.status, summary.first_seen, summary.last_seen), ("listed", D1, D2))
        self.assertIsNone(summary.ended_as_of)

    def test_first_later_complete_list_without_the_name_ends_the_link_as_of_its_date(self) -> None:
        summary = summarise([seen(D1)], {1: [D1, D2, D3]})
        self.assertEqual((summary.status, summary.ended_as_of), ("ended", D2))

    def test_name_that_comes_back_is_listed_again(self) -> None:
        summary = summarise([seen(D1), seen(D3)], {1: [D1, D2, D3]})
        self.assertEqual((summary.status, summary.first_seen), ("listed", D1))

    def test_list_of_the_same_day_is_not_later(self) -> None:
        self.assertEqual(summarise([seen(D1)], {1: [D1, D1]}).status, "listed")

    def test_without_a_later_complete_list_nothing_ends(self) -> None:
        self.assertEqual(summarise([seen(D1)], {2: [D2]}).status, "listed")

    def test_one_stream_that_lists_it_still_keeps_the_link(self) -> None:
        summary = summarise([seen(D1), seen(D1, 2, reported_by="grantee")], {1: [D1, D2], 2: [D1]})
        self.assertEqual((summary.status, summary.reported_by), ("listed", "grantee"))

    def test_link_ends_when_the_last_stream_drops_it(self) -> None:
        summary = summarise([seen(D1), seen(D2, 2, reported_by="grantee")], {1: [D1, D2], 2: [D2, D4]})
        self.assertEqual((summary.status, summary.ended_as_of, summary.reported_by), ("ended", D4, "both"))

    def test_inactive_account_is_no_access_as_of_the_first_date_it_was_marked(self) -> None:
        rows = [seen(D1), seen(D2, active=False), seen(D3, active=False)]
        summary = summarise(rows, {1: [D1, D2, D3]})
        self.assertEqual((summary.status, summary.inactive_as_of), ("inactive", D2))

    def test_active_line_of_the_same_list_outweighs_an_inactive_one(self) -> None:
        self.assertEqual(summarise([seen(D1), seen(D1, active=False)], {}).status, "listed")

    def test_account_switched_on_again_is_listed(self) -> None:
        self.assertEqual(summarise([seen(D1, active=False), seen(D2)], {}).status, "listed")

    def test_denial_is_dated_and_removes_nothing(self) -> None:
        summary = summarise([seen(D1, denied_on=D2), seen(D1, 2, denied_on=D3)], {})
        self.assertEqual((summary.status, summary.disputed_on, summary.statement_count), ("listed", D3, 2))

    def test_third_party_counts_only_where_neither_agency_reports(self) -> None:
        self.assertEqual(summarise([seen(D1, reported_by="third_party")], {}).reported_by, "third_party")
        rows = [seen(D1, reported_by="third_party"), seen(D1, 2)]
        self.assertEqual(summarise(rows, {}).reported_by, "grantor")

    def test_no_sighting_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            summarise([], {})
