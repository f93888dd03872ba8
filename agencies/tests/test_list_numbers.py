"""What is drawn and listed of an agency's lists: their length over time, who is on them, what changed."""

from datetime import date
from typing import Any

from django.test import TestCase

from agencies.breakdown import MOST_STATES, grantee_breakdown, parts
from agencies.changes import newest_captures
from agencies.list_history import list_histories
from agencies.models import SharingList, Withdrawal
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_decision,
    make_grant,
    make_link,
    make_list,
    make_network,
    make_source,
)
from agencies.unmatched import unmatched_names


class ListHistoryTests(TestCase):
    """The length of an agency's own lists."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.others = [make_agency(f"Police Department {number}") for number in range(3)]
        cls.source = make_source(agency_alias=make_alias("Union City CA PD", cls.police))

    def copy(self, day: date, names: int, **values: Any) -> SharingList:
        """Make a copy of the list with so many names."""
        copied = make_list(make_capture(self.source, day), **values)
        for other in self.others[:names]:
            make_grant(self.police, other, copied)
        return copied

    def lengths(self) -> list[tuple[date, int]]:
        """Return the days and numbers of the only history."""
        (history,) = list_histories(self.police)
        return [(length.day, length.names) for length in history.lengths]

    def test_copies_are_counted_oldest_first(self) -> None:
        self.copy(date(2026, 4, 23), 3)
        self.copy(date(2026, 3, 27), 1)
        self.assertEqual(self.lengths(), [(date(2026, 3, 27), 1), (date(2026, 4, 23), 3)])

    def test_one_copy_is_no_history(self) -> None:
        self.copy(date(2026, 4, 23), 3)
        self.assertEqual(list_histories(self.police), [])

    def test_extract_and_absent_section_say_nothing_of_the_length(self) -> None:
        self.copy(date(2026, 3, 27), 1)
        self.copy(date(2026, 4, 1), 1, completeness="extract")
        self.copy(date(2026, 4, 2), 0, completeness="absent")
        self.copy(date(2026, 4, 23), 2)
        self.assertEqual([number for _day, number in self.lengths()], [1, 2])

    def test_present_but_empty_list_has_no_names(self) -> None:
        self.copy(date(2026, 3, 27), 2)
        self.copy(date(2026, 4, 23), 0, completeness="empty")
        self.assertEqual([number for _day, number in self.lengths()], [2, 0])

    def test_withdrawn_copy_is_left_out(self) -> None:
        self.copy(date(2026, 3, 27), 2)
        withdrawn = self.copy(date(2026, 4, 1), 3)
        self.copy(date(2026, 4, 23), 1)
        Withdrawal.objects.create(capture=withdrawn.capture, kind="error", reason="a test says so")
        self.assertEqual([number for _day, number in self.lengths()], [2, 1])

    def test_inactive_accounts_and_persons_are_not_counted(self) -> None:
        self.copy(date(2026, 3, 27), 1)
        newest = self.copy(date(2026, 4, 23), 1)
        make_grant(self.police, self.others[1], newest, account_status="inactive")
        person = make_grant(self.police, self.others[2], newest)
        make_decision(person.grantee_alias, outcome="person")
        self.assertEqual([number for _day, number in self.lengths()], [1, 1])

    def test_it_takes_two_queries_however_many_copies(self) -> None:
        for day in range(1, 8):
            self.copy(date(2026, 4, day), 2)
        with self.assertNumQueries(2):
            list_histories(self.police)


class BreakdownTests(TestCase):
    """Grantees by state and kind."""

    def test_agencies_listed_are_counted_once_by_state_and_kind(self) -> None:
        police = make_agency()
        fremont, reno = make_agency("Fremont Police Department"), make_agency("Reno Police Department", "NV")
        sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff")
        bureau = make_agency("Federal Bureau of Investigation", "", kind="federal")
        for other in (fremont, reno, sheriff, bureau):
            make_link(police, other)
        make_link(police, fremont, network=make_network("vigilant"))
        make_link(police, make_agency("Ended", "TX"), status="ended", ended_as_of=date(2026, 4, 1))
        make_link(police, make_agency("Alerted", "TX"), access="hotlist_feed")
        found = grantee_breakdown(police)
        self.assertEqual(found.total, 4)
        self.assertEqual(
            [(part.label, part.count) for part in found.states],
            [("California", 2), ("national bodies", 1), ("Nevada", 1)],
        )
        self.assertEqual(
            [(part.label, part.count) for part in found.kinds],
            [("municipal police", 2), ("federal", 1), ("sheriff", 1)],
        )

    def test_states_beyond_the_first_are_counted_together(self) -> None:
        police = make_agency()
        for state in ("AL", "AK", "AZ", "AR", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL"):
            make_link(police, make_agency(f"Police of {state}", state))
        states = grantee_breakdown(police).states
        self.assertEqual(len(states), MOST_STATES + 1)
        self.assertEqual((states[-1].label, states[-1].count), ("all other states", 2))

    def test_bars_are_shares_of_the_longest(self) -> None:
        self.assertEqual([part.share for part in parts([("a", 4), ("b", 1)])], [1, 0.25])
        self.assertEqual([part.share for part in parts([("a", 0)])], [0])


class NewestCapturesTests(TestCase):
    """The documents of the newest dates."""

    def test_newest_captures_stand_by_date_and_leave_out_what_is_withdrawn(self) -> None:
        old, new, gone = (make_capture(day=date(2026, 4, day)) for day in (1, 3, 2))
        Withdrawal.objects.create(capture=gone, kind="taken_down", reason="a test says so")
        self.assertEqual(newest_captures(), [new, old])


class UnmatchedNamesTests(TestCase):
    """Names that stand for no agency yet."""

    def test_names_are_given_as_printed_and_persons_only_counted(self) -> None:
        police = make_agency()
        listed = make_list()
        for name, outcome in (
            ("Zeta PD", None),
            ("Alpha PD", "ambiguous"),
            ("A Person", "person"),
            ("HOA", "not_agency"),
        ):
            grant = make_grant(police, make_agency(f"stand-in {name}"), listed, account_status="turned_off")
            alias = grant.grantee_alias
            type(alias).objects.filter(pk=alias.pk).update(printed_name=name, decision=None)
            if outcome:
                alias.refresh_from_db()
                make_decision(alias, outcome=outcome)
        found = unmatched_names(police, "grants")
        self.assertEqual([name.printed_name for name in found.names], ["Alpha PD", "Zeta PD"])
        self.assertEqual([name.account_words for name in found.names], ["marked turned off"] * 2)
        self.assertEqual(found.persons, 1)
        self.assertEqual(unmatched_names(police, "receipts").names, [])

    def test_names_of_a_merged_record_count_too(self) -> None:
        police, former = make_agency(), make_agency("Union City PD (former)")
        grant = make_grant(former, make_agency("Fremont Police Department"))
        make_decision(grant.grantee_alias, outcome="ambiguous")
        former.merged_into = police
        former.save(update_fields=["merged_into"])
        self.assertEqual(len(unmatched_names(police, "grants").names), 1)
