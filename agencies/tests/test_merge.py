"""Merges and their undoing: links follow, and what was is restored exactly."""

from django.conf import settings as django_settings
from django.core.exceptions import ValidationError
from django.db import connection
from django.db.models import Count
from django.test import TestCase, tag
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from agencies.ingest.starter import load_starter
from agencies.matching.merge import merge, unmerge
from agencies.models import Agency, AgencyMerge, SharingLink
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import make_agency, make_capture, make_editor, make_grant, make_list, make_source
from agencies.tests.snapshots import public_record

NUMBER = 5
PAIRS = [(one, other) for one in range(NUMBER) for other in range(NUMBER) if one != other]


def make_agencies() -> list[Agency]:
    """Create five agencies, each of which gives the next two access."""
    agencies = [make_agency(f"Agency {number}") for number in range(NUMBER)]
    for number in range(NUMBER):
        sharing_list = make_list(make_capture(make_source(f"portal-{number}")))
        for step in (1, 2):
            make_grant(agencies[number], agencies[(number + step) % NUMBER], sharing_list)
    rebuild_links()
    return agencies


class MergeTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.a, cls.b, cls.c, cls.d, cls.e = make_agencies()
        cls.editor = make_editor()

    def target(self, agency: Agency) -> Agency | None:
        return Agency.objects.get(pk=agency.pk).merged_into

    def test_links_move_and_none_leads_back_to_itself(self) -> None:
        merge(self.a, self.b, reason="a double entry", user=self.editor)
        ends = set(SharingLink.objects.values_list("grantor__name", "grantee__name"))
        self.assertNotIn("Agency 0", {name for pair in ends for name in pair})
        self.assertIn(("Agency 1", "Agency 2"), ends)
        self.assertIn(("Agency 4", "Agency 1"), ends)
        self.assertNotIn(("Agency 1", "Agency 1"), ends)

    def test_both_are_rows_with_reason_and_editor(self) -> None:
        merge(self.a, self.b, reason="a double entry", user=self.editor)
        unmerge(self.a, reason="two cities after all", user=self.editor)
        rows = AgencyMerge.objects.order_by("pk").values_list("merged", "into", "reason", "decided_by")
        self.assertEqual(
            list(rows),
            [
                (self.a.pk, self.b.pk, "a double entry", self.editor.pk),
                (self.a.pk, None, "two cities after all", self.editor.pk),
            ],
        )

    def test_unmerge_restores_export_and_links_exactly(self) -> None:
        before = public_record()
        merge(self.a, self.b, reason="test")
        self.assertNotEqual(public_record()[1], before[1])
        unmerge(self.a, reason="test")
        self.assertEqual(public_record(), before)

    def test_merge_into_a_merged_agency_means_what_stands_for_it(self) -> None:
        merge(self.a, self.b, reason="test")
        merge(self.c, self.a, reason="test")
        self.assertEqual(self.target(self.c), self.b)

    def test_followers_go_along_and_are_back_when_that_is_undone(self) -> None:
        merge(self.a, self.b, reason="test")
        between = public_record()
        merge(self.b, self.c, reason="test")
        self.assertEqual((self.target(self.a), self.target(self.b)), (self.c, self.c))
        unmerge(self.b, reason="test")
        self.assertEqual((self.target(self.a), self.target(self.b)), (self.b, None))
        self.assertEqual(public_record(), between)

    def test_follower_leaves_while_its_leader_stays_merged(self) -> None:
        merge(self.a, self.b, reason="test")
        merge(self.b, self.c, reason="test")
        unmerge(self.a, reason="test")
        self.assertEqual((self.target(self.a), self.target(self.b)), (None, self.c))

    def test_merges_that_make_no_sense_are_refused_and_leave_no_trace(self) -> None:
        merge(self.a, self.b, reason="test")
        before, rows = public_record(), AgencyMerge.objects.count()
        for agency, into in ((self.b, self.b), (self.b, self.a), (self.a, self.c)):
            with self.subTest(f"{agency} into {into}"), self.assertRaises(ValidationError):
                merge(agency, into, reason="test")
        with self.assertRaises(ValidationError):
            unmerge(self.c, reason="test")
        with self.assertRaises(ValidationError):
            merge(self.c, self.b, reason="")
        self.assertEqual((public_record(), AgencyMerge.objects.count()), (before, rows))

    def test_merge_made_before_merges_were_recorded_is_kept_as_one(self) -> None:
        Agency.objects.filter(pk=self.a.pk).update(merged_into=self.b)
        merge(self.b, self.c, reason="test")
        self.assertEqual(self.target(self.a), self.c)
        unmerge(self.b, reason="test")
        self.assertEqual(self.target(self.a), self.b)

    def test_merge_leaves_the_same_links_as_rebuilding_all(self) -> None:
        merge(self.a, self.c, reason="test")
        merge(self.c, self.d, reason="test")
        self.assertEqual(set(rebuild_links()) - {"same"}, set())


class RandomMergeTests(HypothesisTestCase):
    """Any merges and un-merges, in any order."""

    @settings(max_examples=10, deadline=None)
    @given(st.lists(st.sampled_from([*PAIRS, *((number, None) for number in range(NUMBER))]), max_size=6))
    def test_state_depends_on_the_merges_in_force_and_undoing_all_restores_all(
        self, steps: list[tuple[int, int | None]]
    ) -> None:
        agencies = make_agencies()
        before = public_record()
        history = []
        for one, other in steps:
            past = public_record()
            try:
                if other is None:
                    unmerge(agencies[one], reason="test")
                else:
                    merge(agencies[one], agencies[other], reason="test")
            except ValidationError:
                self.assertEqual(public_record(), past)
                continue
            history.append((one, other, past))
            self.assertEqual(set(rebuild_links()) - {"same"}, set())
            self.assertFalse(Agency.objects.filter(merged_into__merged_into__isnull=False).exists())
        while history and history[-1][1] is not None:
            one, _, past = history.pop()
            unmerge(agencies[one], reason="test")
            self.assertEqual(public_record(), past)
        for agency in Agency.objects.filter(merged_into__isnull=False):
            unmerge(agency, reason="test")
        self.assertEqual(public_record(), before)


@tag("deep")
class StarterRecordMergeTests(TestCase):
    """The whole record that ships."""

    def test_undone_merges_of_the_largest_agencies_restore_the_whole_record(self) -> None:
        load_starter(django_settings.DATA_DIR, lambda line: None)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # Within the test's transaction nobody else does.
        before = public_record()
        self.assertGreater(len(before[1]), 40_000)
        busy = SharingLink.objects.values_list("grantor").annotate(n=Count("pk")).order_by("-n", "grantor")[:3]
        first, second, third = (Agency.objects.get(pk=grantor) for grantor, _ in busy)
        merge(first, second, reason="test")
        merge(second, third, reason="test")
        self.assertNotEqual(public_record()[1], before[1])
        unmerge(second, reason="test")
        unmerge(first, reason="test")
        self.assertEqual(public_record(), before)
