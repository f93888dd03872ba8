"""Links rebuilt from statements: step by step, all at once, replayed, matched anew, withdrawn."""

from dataclasses import astuple
from datetime import date, timedelta
from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from agencies.matching.decide import decide
from agencies.models import Agency, SharingLink, SharingList, Withdrawal, WithdrawalLift
from agencies.network.rebuild import SUMMARY_FIELDS, rebuild_links, refresh_links, summaries
from agencies.tests import factories as make

START = date(2026, 4, 1)
COLUMNS = ["grantor", "grantee", "network", "access", *SUMMARY_FIELDS]


def links() -> list[tuple[object, ...]]:
    return sorted(SharingLink.objects.values_list(*COLUMNS), key=str)


class RebuildTests(TestCase):
    """What is touched is looked for, however few the streams."""

    most: float = 1

    def setUp(self) -> None:
        self.enterContext(patch("agencies.network.rebuild.MOST", self.most))

    @classmethod
    def setUpTestData(cls) -> None:
        cls.city = make.make_agency()
        cls.county = make.make_agency("Alameda County Sheriff's Office", kind="sheriff")
        cls.first = make.make_list(make.make_capture(day=START))
        cls.grant = make.make_grant(cls.city, cls.county, cls.first)

    def one_link(self) -> SharingLink:
        rebuild_links()
        return SharingLink.objects.get()

    def test_grant_is_directed(self) -> None:
        link = self.one_link()
        self.assertEqual((link.grantor, link.grantee), (self.city, self.county))

    def test_failed_or_empty_capture_ends_no_link(self) -> None:
        for days, completeness in enumerate(["empty", "none", "absent", "extract"], start=1):
            make.make_list(make.make_capture(day=START + timedelta(days)), completeness=completeness)
        self.assertEqual(self.one_link().status, "listed")

    def test_later_complete_list_without_the_name_ends_it(self) -> None:
        make.make_list(make.make_capture(day=START + timedelta(7)))
        link = self.one_link()
        self.assertEqual((link.status, link.ended_as_of), ("ended", START + timedelta(7)))

    def test_withdrawn_capture_ends_nothing_and_its_lift_ends_it_again(self) -> None:
        later = make.make_list(make.make_capture(day=START + timedelta(7)))
        withdrawal = Withdrawal.objects.create(capture=later.capture, kind="error", reason="wrong page")
        self.assertEqual(self.one_link().status, "listed")
        WithdrawalLift.objects.create(withdrawal=withdrawal, reason="it was the right page")
        self.assertEqual(self.one_link().status, "ended")

    def test_link_whose_only_statement_is_withdrawn_goes(self) -> None:
        rebuild_links()
        for target in (
            {"statement": self.grant.statement},
            {"capture": self.first.capture},
            {"run": self.grant.statement.run},
        ):
            with self.subTest(target=next(iter(target))):
                withdrawal = Withdrawal.objects.create(kind="error", reason="test", **target)
                refresh_links(streams=[self.first.stream_id])
                self.assertFalse(SharingLink.objects.exists())
                WithdrawalLift.objects.create(withdrawal=withdrawal, reason="test")
                refresh_links(streams=[self.first.stream_id])
                self.assertTrue(SharingLink.objects.exists())

    def test_unmatched_name_makes_no_link(self) -> None:
        decide(self.grant.grantee_alias, outcome="ambiguous", reason="two of that name")
        self.assertFalse(SharingLink.objects.exists())

    def test_new_decision_moves_the_link_and_the_old_one_brings_it_back(self) -> None:
        rebuild_links()
        before = links()
        other = make.make_agency("Alameda Police Department")
        decide(self.grant.grantee_alias, outcome="matched", agency=other, reason="test")
        self.assertEqual(SharingLink.objects.get().grantee, other)
        decide(self.grant.grantee_alias, outcome="matched", agency=self.county, reason="test")
        self.assertEqual(links(), before)
        self.assertEqual(self.grant.grantee_alias.decisions.count(), 3)

    def test_merged_agency_counts_as_its_replacement(self) -> None:
        whole = make.make_agency("Alameda Sheriff")
        Agency.objects.filter(pk=self.county.pk).update(merged_into=whole)
        self.assertEqual(self.one_link().grantee, whole)

    def test_denial_disputes_the_link_from_its_date_on(self) -> None:
        make.make_answer(self.city, self.grant, capture=make.make_capture(day=START + timedelta(3)))
        self.assertEqual(self.one_link().disputed_on, START + timedelta(3))
        [(_, before)] = summaries(as_of=START + timedelta(2))
        self.assertIsNone(before.disputed_on)

    def test_answer_that_does_not_deny_disputes_nothing(self) -> None:
        make.make_answer(self.city, self.grant, effect="ended")
        self.assertIsNone(self.one_link().disputed_on)

    def test_as_of_replays_the_record_up_to_that_day(self) -> None:
        make.make_list(make.make_capture(day=START + timedelta(7)))
        self.assertEqual(list(summaries(as_of=START - timedelta(1))), [])
        [(_, during)] = summaries(as_of=START + timedelta(6))
        [(_, after)] = summaries(as_of=START + timedelta(7))
        self.assertEqual((during.status, after.status), ("listed", "ended"))

    def test_rebuilding_again_changes_nothing(self) -> None:
        ids = rebuild_links() and list(SharingLink.objects.values_list("pk", "uuid"))
        self.assertEqual(dict(rebuild_links()), {"same": 1})
        self.assertEqual(list(SharingLink.objects.values_list("pk", "uuid")), ids)

    def test_query_count_does_not_grow_with_links_that_go(self) -> None:
        for number in range(10):
            make.make_grant(self.city, make.make_agency(f"Town {number} Police Department"), self.first)
        rebuild_links()
        Withdrawal.objects.create(statement=self.grant.statement, kind="error", reason="test")
        with CaptureQueriesContext(connection) as one:
            self.assertEqual(refresh_links(streams=[self.first.stream_id])["removed"], 1)
        Withdrawal.objects.create(capture=self.first.capture, kind="error", reason="test")
        with self.assertNumQueries(len(one)):
            self.assertEqual(refresh_links(streams=[self.first.stream_id])["removed"], 10)

    def test_query_count_does_not_grow_with_links(self) -> None:
        rebuild_links()
        with self.assertNumQueries(11):
            rebuild_links()
        for number in range(10):
            make.make_grant(self.city, make.make_agency(f"City {number} Police Department"), self.first)
        rebuild_links()
        with self.assertNumQueries(11):
            rebuild_links()


class RebuildOfMostTests(RebuildTests):
    """All links are summed up, however many the streams."""

    most = 0


class ChoiceTests(TestCase):
    def test_what_is_touched_is_looked_for_unless_most_streams_changed(self) -> None:
        streams = [make.make_list(make.make_capture(make.make_source(f"portal-{n}"))).stream_id for n in range(4)]
        for number, looked in ((2, True), (3, False)):
            with self.subTest(number), CaptureQueriesContext(connection) as queries:
                refresh_links(streams=streams[:number])
            self.assertEqual(any("link_touched" in query["sql"] for query in queries), looked)


EVENTS = st.lists(
    st.tuples(
        st.integers(0, 2),  # source
        st.integers(0, 12),  # day
        st.sampled_from(["complete", "complete", "empty", "absent", "extract"]),
        st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=4),  # (grantee, active)
        st.booleans(),  # reported by the grantee: the pair is turned round
    ),
    max_size=8,
)


class IncrementalTests(HypothesisTestCase):
    @settings(max_examples=40, deadline=None)
    @given(EVENTS, st.sampled_from([0, 0.5, 1]))
    def test_steps_give_what_one_rebuild_and_the_rule_itself_give(
        self, events: list[tuple[int, int, str, list[tuple[int, bool]], bool]], most: float
    ) -> None:
        own = [make.make_agency(f"Source {n} Police Department") for n in range(3)]
        others = [make.make_agency(f"Other {n} Police Department") for n in range(4)]
        for source, day, completeness, names, inbound in events:
            reported_by = "grantee" if inbound else "grantor"
            capture = make.make_capture(make.make_source(f"portal-{source}"), day=START + timedelta(day))
            sharing_list = make.make_list(
                capture, completeness=completeness, reported_by=reported_by, section=reported_by
            )
            for other, active in names if completeness in ("complete", "extract") else []:
                pair = (others[other], own[source]) if inbound else (own[source], others[other])
                make.make_grant(*pair, sharing_list, account_status="active" if active else "inactive")
            with patch("agencies.network.rebuild.MOST", most):
                refresh_links(streams=[sharing_list.stream_id])
        stepwise = links()
        SharingLink.objects.all().delete()
        rebuild_links()
        self.assertEqual(stepwise, links())
        self.assertEqual(links(), sorted(((*key, *astuple(summary)) for key, summary in summaries()), key=str))
        self.assertEqual(SharingList.objects.count(), len(events))
