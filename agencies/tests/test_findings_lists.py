"""The rules about lists that disagree, marks by others, and lists that fall, at their boundaries."""

from datetime import timedelta

from django.test import TestCase

from agencies.findings import inactive_portal, inbound_gap, list_fall
from agencies.models import SharingList, SharingStatement, Withdrawal
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_decision,
    make_grant,
    make_list,
    make_statement,
)
from agencies.tests.findings_factories import DAY, found, lists, make_copy, receives


class InboundGapTests(TestCase):
    """A complete list of who gives access, beside the lists of those who say they do."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.fremont = make_agency("Fremont Police Department")
        cls.hayward = make_agency("Hayward Police Department")
        cls.newark = make_agency("Newark Police Department")

    def test_grantor_that_the_list_lacks_is_found_out_of_how_many(self) -> None:
        receives(self.police, self.fremont)
        for grantor in (self.fremont, self.hayward):
            lists(grantor, self.police)
        (draft,) = found(inbound_gap.RULE)
        self.assertEqual((draft.agency, draft.counterpart), (self.police.pk, self.hayward.pk))
        self.assertEqual((draft.data["lacking"], draft.data["checked"], draft.severity), (1, 2, "low"))
        self.assertEqual((len(draft.statements), len(draft.lists)), (1, 1))

    def test_lists_that_agree_are_none(self) -> None:
        receives(self.police, self.fremont)
        lists(self.fremont, self.police)
        self.assertEqual(found(inbound_gap.RULE), [])

    def test_a_month_between_the_lists_is_held_together_and_a_day_more_is_not(self) -> None:
        receives(self.police, self.fremont)
        lists(self.hayward, self.police, day=DAY - timedelta(inbound_gap.DAYS_APART))
        lists(self.newark, self.police, day=DAY + timedelta(inbound_gap.DAYS_APART + 1))
        (draft,) = found(inbound_gap.RULE)
        self.assertEqual((draft.counterpart, draft.data["apart"]), (self.hayward.pk, inbound_gap.DAYS_APART))

    def test_grantor_whose_newer_list_dropped_the_agency_is_none(self) -> None:
        receives(self.police, self.fremont)
        lists(self.hayward, self.police, day=DAY - timedelta(2))
        lists(self.hayward, self.fremont, day=DAY - timedelta(1))
        self.assertEqual(found(inbound_gap.RULE), [])

    def test_only_a_complete_list_lacks_anybody(self) -> None:
        extract = make_list(
            make_copy(self.police), reported_by="grantee", section="organizations-sharing", completeness="extract"
        )
        make_grant(self.fremont, self.police, extract)
        lists(self.hayward, self.police)
        self.assertEqual(found(inbound_gap.RULE), [])

    def test_newest_complete_list_counts_alone(self) -> None:
        receives(self.police, self.fremont, day=DAY - timedelta(1))
        receives(self.police, self.fremont, self.hayward)
        lists(self.hayward, self.police)
        self.assertEqual(found(inbound_gap.RULE), [])

    def test_marked_or_related_name_is_not_lacking(self) -> None:
        sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff")
        dublin = make_agency("Dublin Police Department", operated_by=sheriff)
        receives(self.police, self.hayward, sheriff, account_status="deactivated")
        for grantor in (self.hayward, dublin):
            lists(grantor, self.police)
        self.assertEqual(found(inbound_gap.RULE), [])

    def test_account_that_the_grantor_marks_is_no_grant(self) -> None:
        receives(self.police, self.fremont)
        lists(self.hayward, self.police, account_status="inactive")
        self.assertEqual(found(inbound_gap.RULE), [])

    def test_names_that_could_be_others_are_counted_and_settled_ones_are_not(self) -> None:
        inbound = receives(self.police, self.fremont)
        for name, outcome in (("Hay", ""), ("A shop", "not_agency"), ("A person", "person"), ("Two", "ambiguous")):
            alias = make_alias(name)
            if outcome:
                make_decision(alias, outcome)
            SharingStatement.objects.create(
                statement=make_statement("sharing", inbound.capture),
                sharing_list=inbound,
                grantor_alias=alias,
                grantee_alias=make_alias(self.police.name, self.police),
            )
        lists(self.hayward, self.police)
        (draft,) = found(inbound_gap.RULE)
        self.assertEqual(draft.data["unmatched"], 2)


class InactivePortalTests(TestCase):
    """A portal that is live, beside others' lists that mark the account."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.fremont = make_agency("Fremont Police Department")
        cls.hayward = make_agency("Hayward Police Department")
        lists(cls.police, cls.fremont)

    def test_mark_by_another_is_found_beside_those_that_do_not_mark(self) -> None:
        lists(self.fremont, self.police, account_status="deactivated")
        lists(self.hayward, self.police)
        (draft,) = found(inactive_portal.RULE)
        self.assertEqual((draft.agency, draft.data["marks"], draft.data["unmarked"]), (self.police.pk, 1, 1))
        self.assertEqual((draft.data["mark"], draft.data["publisher"]), ("deactivated", "Fremont Police Department"))

    def test_second_account_without_a_mark_on_the_same_list_makes_it_none(self) -> None:
        other = lists(self.fremont, self.police, account_status="do_not_use")
        make_grant(self.fremont, self.police, other)
        self.assertEqual(found(inactive_portal.RULE), [])

    def test_a_month_apart_is_held_together_and_a_day_more_is_not(self) -> None:
        lists(self.fremont, self.police, account_status="inactive", day=DAY - timedelta(inactive_portal.DAYS_APART + 1))
        self.assertEqual(found(inactive_portal.RULE), [])
        lists(self.hayward, self.police, account_status="inactive", day=DAY + timedelta(inactive_portal.DAYS_APART))
        self.assertEqual(len(found(inactive_portal.RULE)), 1)

    def test_nearest_copy_of_a_list_counts(self) -> None:
        lists(self.fremont, self.police, account_status="inactive", day=DAY - timedelta(9))
        lists(self.fremont, self.police, day=DAY - timedelta(1))
        self.assertEqual(found(inactive_portal.RULE), [])

    def test_mark_on_an_inbound_list_is_the_grantors(self) -> None:
        receives(self.hayward, self.police, account_status="deactivated")
        self.assertEqual([draft.agency for draft in found(inactive_portal.RULE)], [self.police.pk])

    def test_agency_without_a_complete_own_list_is_none(self) -> None:
        make_list(make_copy(self.hayward), completeness="absent")
        lists(self.fremont, self.hayward, account_status="inactive")
        self.assertEqual(found(inactive_portal.RULE), [])

    def test_agencys_own_list_marks_nobody_else(self) -> None:
        own = make_list(make_copy(self.police), reported_by="grantee", section="organizations-sharing")
        make_grant(self.police, self.fremont, own, account_status="inactive")
        self.assertEqual(found(inactive_portal.RULE), [])


class ListFallTests(TestCase):
    """Neighbouring copies of a list."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.others = [make_agency(f"Police Department {number}") for number in range(30)]

    def fall(self, was: int, now: int, days: int = 7, **values: str) -> list[tuple[int, int]]:
        """Return what is found where a list of `was` names holds `now` some days later."""
        lists(self.police, *self.others[:was])
        lists(self.police, *self.others[:now], day=DAY + timedelta(days), **values)
        return [(draft.data["was"], draft.data["now"]) for draft in found(list_fall.RULE)]

    def test_exactly_a_third_is_none(self) -> None:
        self.assertEqual(self.fall(30, 20), [])

    def test_more_than_a_third_is_found_with_both_lists(self) -> None:
        self.assertEqual(self.fall(30, 19), [(30, 19)])
        (draft,) = found(list_fall.RULE)
        self.assertEqual((draft.agency, len(draft.lists), draft.statements), (self.police.pk, 2, ()))

    def test_short_list_is_none(self) -> None:
        self.assertEqual(self.fall(list_fall.SMALLEST - 1, 1), [])

    def test_shortest_list_that_counts(self) -> None:
        self.assertEqual(len(self.fall(list_fall.SMALLEST, 1)), 1)

    def test_copies_far_apart_show_no_sudden_fall(self) -> None:
        self.assertEqual(self.fall(30, 5, days=list_fall.DAYS_APART + 1), [])

    def test_copies_as_far_apart_as_counts(self) -> None:
        self.assertEqual(len(self.fall(30, 5, days=list_fall.DAYS_APART)), 1)

    def test_marked_accounts_are_still_on_the_list(self) -> None:
        self.assertEqual(self.fall(30, 30, account_status="inactive"), [])

    def test_empty_and_absent_copies_are_passed_over(self) -> None:
        make_list(make_copy(self.police, DAY + timedelta(1)), completeness="empty")
        self.assertEqual(self.fall(30, 29), [])

    def test_withdrawn_copy_is_none(self) -> None:
        self.assertEqual(len(self.fall(30, 5)), 1)
        newest = SharingList.objects.latest("capture__observed_on")
        Withdrawal.objects.create(capture=newest.capture, kind="error", reason="a test says so")
        self.assertEqual(found(list_fall.RULE), [])

    def test_list_that_no_agency_publishes_is_none(self) -> None:
        for number, day in ((20, DAY), (3, DAY + timedelta(7))):
            copy = make_list(make_capture(day=day))
            for other in self.others[:number]:
                make_grant(self.police, other, copy)
        self.assertEqual(found(list_fall.RULE), [])
