"""A "no" that is remembered, decisions that are undone, and names that move between agencies."""

from django.core.exceptions import ValidationError
from django.test import TestCase

from agencies.matching.decide import decide, decide_alike
from agencies.matching.history import last_two, rejected_agencies, undo
from agencies.matching.merge import merge
from agencies.models import Agency, Alias, MatchDecision, SharingLink
from agencies.network.rebuild import rebuild_links
from agencies.tests import factories as make
from agencies.tests.snapshots import public_record


class HistoryTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = make.make_editor()
        cls.police, cls.other, cls.third = (make.make_agency(f"{name} Police Department") for name in "ABC")
        grant = make.make_grant(cls.police, cls.other)
        make.make_grant(cls.police, cls.third, grant.sharing_list)
        cls.alias = grant.grantee_alias
        rebuild_links()

    def decide(self, outcome: str, agency: Agency | None = None) -> MatchDecision:
        self.alias.refresh_from_db()
        return decide(self.alias, outcome=outcome, agency=agency, reason="test", user=self.editor)

    def in_force(self) -> MatchDecision | None:
        return Alias.objects.get(pk=self.alias.pk).decision


class UndoTests(HistoryTestCase):
    def test_undo_restores_record_and_decision_word_for_word(self) -> None:
        before, decision = public_record(), self.in_force()
        made = self.decide("matched", self.third)
        self.assertNotEqual(public_record(), before)
        undo([made], user=self.editor)
        self.assertEqual(public_record(), before)
        after = self.in_force()
        self.assertEqual((after.agency, after.reason, after.undoes), (decision.agency, decision.reason, made))

    def test_undo_of_the_only_decision_leaves_the_name_undecided(self) -> None:
        grantee = make.make_agency("D Police Department")
        alias = make.make_grant(self.police, grantee).grantee_alias
        Alias.objects.filter(pk=alias.pk).update(decision=None)
        name = make.make_alias("Somewhere PD")
        before = public_record()
        made = decide(name, outcome="not_agency", reason="test", user=self.editor)
        undo([made], user=self.editor)
        name.refresh_from_db()
        self.assertIsNone(name.decision)
        self.assertEqual(name.decisions.first().outcome, "open")
        self.assertEqual(public_record(), before)

    def test_undo_walks_back_one_decision_at_a_time(self) -> None:
        states = [public_record()]
        made = []
        for agency in (self.third, self.police, self.other):
            made.append(self.decide("rejected", agency))
            states.append(public_record())
        for decision in reversed(made):
            self.assertEqual(public_record(), states.pop())
            undo([decision], user=self.editor)
        self.assertEqual(public_record(), states.pop())
        self.assertIsNone(last_two(self.alias)[1])

    def test_only_the_newest_decision_is_undone(self) -> None:
        first = self.decide("not_agency")
        self.decide("ambiguous")
        with self.assertRaises(ValidationError):
            undo([first], user=self.editor)

    def test_same_decision_is_undone_once(self) -> None:
        made = self.decide("not_agency")
        undo([made], user=self.editor)
        with self.assertRaises(ValidationError):
            undo([made], user=self.editor)

    def test_decision_of_a_file_is_not_undone(self) -> None:
        decision = self.in_force()
        assert decision is not None
        with self.assertRaises(ValidationError):
            undo([decision], user=self.editor)

    def test_several_are_undone_together_or_not_at_all(self) -> None:
        twin = make.make_alias(self.alias.printed_name, state="NV")
        decisions = decide_alike(
            [self.alias, twin], outcome="matched", agency=self.third, reason="test", user=self.editor
        )
        decide(twin, outcome="ambiguous", reason="test", user=self.editor)
        with self.assertRaises(ValidationError):
            undo(decisions, user=self.editor)
        self.assertEqual(self.in_force(), decisions[0])


class RejectionTests(HistoryTestCase):
    def rejected(self) -> set[int]:
        return rejected_agencies([self.alias.pk]).get(self.alias.pk, set())

    def test_a_no_outlives_later_decisions(self) -> None:
        self.decide("rejected", self.other)
        self.decide("rejected", self.third)
        self.decide("ambiguous")
        self.assertEqual(self.rejected(), {self.other.pk, self.third.pk})

    def test_undone_no_is_none(self) -> None:
        undo([self.decide("rejected", self.other)], user=self.editor)
        self.assertEqual(self.rejected(), set())

    def test_later_yes_to_the_same_agency_takes_the_no_back(self) -> None:
        self.decide("rejected", self.other)
        self.decide("matched", self.other)
        self.assertEqual(self.rejected(), set())
        self.decide("matched", self.third)
        self.assertEqual(self.rejected(), set())

    def test_no_to_a_merged_agency_is_a_no_to_what_stands_for_it(self) -> None:
        self.decide("rejected", self.third)
        merge(self.third, self.police, reason="test")
        self.assertEqual(self.rejected(), {self.third.pk, self.police.pk})

    def test_one_query_for_any_number(self) -> None:
        names = list(Alias.objects.values_list("pk", flat=True))
        with self.assertNumQueries(1):
            rejected_agencies(names)


class SplitTests(HistoryTestCase):
    def test_name_moves_from_one_agency_to_another_with_its_links(self) -> None:
        self.decide("matched", self.third)
        self.assertFalse(SharingLink.objects.filter(grantee=self.other).exists())
        link = SharingLink.objects.get(grantee=self.third)
        self.assertEqual(link.statement_count, 2)

    def test_alike_names_are_decided_with_one_refresh(self) -> None:
        twin = make.make_alias(self.alias.printed_name, state="NV")
        decisions = decide_alike(
            [self.alias, twin], outcome="matched", agency=self.third, reason="test", user=self.editor
        )
        twin.refresh_from_db()
        self.assertEqual(twin.decision, decisions[1])
        self.assertFalse(SharingLink.objects.filter(grantee=self.other).exists())
