"""Decisions about names, and folded text."""

from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from agencies.folding import fold
from agencies.matching.decide import decide
from agencies.matching.machine import current_matcher
from agencies.matching.matcher import VERSION
from agencies.matching.rematch import match_undecided
from agencies.models import MatchDecision
from agencies.tests import factories as make


class DecideTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.city = make.make_agency()

    def test_decision_says_how_and_why(self) -> None:
        alias = make.make_alias("Union City CA PD")
        self.assertEqual(match_undecided([alias.pk]), 1)
        decision = MatchDecision.objects.get()
        self.assertEqual((decision.agency, decision.method, decision.matcher_version), (self.city, "scored", VERSION))
        self.assertIn("Union City", decision.reason)

    def test_a_persons_no_is_remembered(self) -> None:
        alias = make.make_alias("Union City CA PD")
        decide(alias, outcome="rejected", agency=self.city, reason="another Union City")
        self.assertEqual(match_undecided([alias.pk]), 0)
        alias.refresh_from_db()
        self.assertEqual(alias.decision.outcome, "rejected")

    def test_query_count_does_not_grow_with_names(self) -> None:
        one = [make.make_alias("Union City CA PD").pk]
        many = [make.make_alias("Union City CA PD", state=state).pk for state in ("NV", "OR", "WA", "AZ", "ID", "UT")]
        current_matcher()
        with self.assertNumQueries(9):
            match_undecided(one)
        with self.assertNumQueries(9):
            match_undecided(many)


class FoldTests(SimpleTestCase):
    def test_case_accents_and_punctuation_go(self) -> None:
        self.assertEqual(fold("  Cañon City — Sheriff’s-Office "), "canon city sheriffs office")

    @given(st.text())
    def test_folding_twice_is_folding_once(self, text: str) -> None:
        self.assertEqual(fold(fold(text)), fold(text))
