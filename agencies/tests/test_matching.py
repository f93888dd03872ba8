"""Names that need no judgement, and the many that do."""

from django.test import SimpleTestCase, TestCase
from hypothesis import given
from hypothesis import strategies as st

from agencies.folding import fold
from agencies.matching.decide import decide, match_undecided
from agencies.matching.exact import RegistryIndex
from agencies.matching.normalise import NameKey, printed_key
from agencies.models import MatchDecision
from agencies.tests import factories as make

REGISTRY = [
    (1, "Union City Police Department", "CA", "municipal_police"),
    (2, "Union City Police Department", "NJ", "municipal_police"),
    (3, "Union Township Police Department", "NJ", "municipal_police"),
    (4, "Alameda County Sheriff's Office", "CA", "sheriff"),
    (5, "Alameda Police Department", "CA", "municipal_police"),
    (6, "Springfield Township Police Department", "NJ", "municipal_police"),
    (7, "Springfield Police Department", "NJ", "municipal_police"),
    (8, "California Highway Patrol", "CA", "state_police"),
    (9, "Gwinnett County Police Department", "GA", "municipal_police"),
    (10, "Gwinnett County Sheriff's Office", "GA", "sheriff"),
    (11, "Johnstown Police Department", "CO", "municipal_police"),
    (12, "Morgan County Sheriff's Office", "MO", "sheriff"),
    (13, "St. Louis County Police Department", "MO", "municipal_police"),
    (14, "Burbank Police Department", "CA", "municipal_police"),
    (15, "Burbank Police Department", "CA", "municipal_police"),
]


class PrintedKeyTests(SimpleTestCase):
    def test_state_is_read_in_front_at_the_end_and_before_the_body(self) -> None:
        alma = NameKey("AR", "police", "alma")
        for printed in (
            "AR - Alma PD",
            "Alma PD AR",
            "Alma Police Department (AR)",
            "Alma AR PD",
            "Alma AR Police Dept.",
        ):
            self.assertEqual(printed_key(printed), alma, printed)

    def test_co_is_colorado_at_its_place_and_county_in_a_sheriffs_name(self) -> None:
        self.assertEqual(printed_key("Johnstown CO PD"), NameKey("CO", "police", "johnstown"))
        self.assertEqual(printed_key("Morgan Co MO SO"), NameKey("MO", "sheriff", "morgan county"))

    def test_marks_of_the_network_are_no_part_of_the_name(self) -> None:
        self.assertEqual(printed_key("Alma AR PD [Inactive]"), printed_key("Alma AR PD"))

    def test_name_without_state_or_body_has_no_key(self) -> None:
        for printed in (
            "Auburn Police Department",
            "Fairway Greens HOA",
            "CA",
            "PD",
            "",
            "San Jose State University CA",
        ):
            self.assertIsNone(printed_key(printed), printed)

    @given(st.text(max_size=60))
    def test_any_text_has_a_key_or_none(self, text: str) -> None:
        key = printed_key(text)
        self.assertTrue(key is None or key.stem)


class RegistryIndexTests(SimpleTestCase):
    index = RegistryIndex(REGISTRY)

    def found(self, printed: str) -> int | None:
        match = self.index.match(printed)
        return match.agency if match else None

    def test_one_registry_name_written_otherwise_is_matched(self) -> None:
        cases = {
            "Union City CA PD": 1, "Union City NJ PD": 2, "Alameda County CA SO": 4, "Alameda CA PD": 5,
            "California Highway Patrol": 8, "Johnstown CO PD": 11, "Morgan Co MO SO": 12, "St Louis County MO PD": 13,
        }  # fmt: skip
        self.assertEqual({printed: self.found(printed) for printed in cases}, cases)

    def test_county_police_is_not_the_sheriff(self) -> None:
        self.assertEqual(self.found("Gwinnett County GA PD"), 9)
        self.assertEqual(self.found("Gwinnett County GA SO"), 10)

    def test_twins_of_city_and_township_are_not_decided(self) -> None:
        self.assertIsNone(self.found("Springfield NJ PD"))
        self.assertEqual(self.found("Springfield Township NJ PD"), 6)

    def test_name_that_two_records_have_is_not_decided(self) -> None:
        self.assertIsNone(self.found("Burbank CA PD"))

    def test_name_without_a_state_is_never_a_citys_or_countys_police(self) -> None:
        for printed in (
            "Union City Police Department",
            "Alameda Police Department",
            "Gwinnett County Sheriff's Office",
        ):
            self.assertIsNone(self.found(printed), printed)

    def test_near_miss_is_no_match(self) -> None:
        for printed in ("Unon City CA PD", "Alameda Couny CA SO", "Union CA PD", "Alameda CA SO"):
            self.assertIsNone(self.found(printed), printed)


class DecideTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.city = make.make_agency()

    def test_decision_says_how_and_why(self) -> None:
        alias = make.make_alias("Union City CA PD")
        self.assertEqual(match_undecided([alias.pk]), 1)
        decision = MatchDecision.objects.get()
        self.assertEqual(
            (decision.agency, decision.method, decision.matcher_version), (self.city, "normalised", "exact-1")
        )
        self.assertIn("union city", decision.reason)

    def test_a_persons_no_is_remembered(self) -> None:
        alias = make.make_alias("Union City CA PD")
        decide(alias, outcome="rejected", agency=self.city, reason="another Union City")
        self.assertEqual(match_undecided([alias.pk]), 0)
        alias.refresh_from_db()
        self.assertEqual(alias.decision.outcome, "rejected")

    def test_query_count_does_not_grow_with_names(self) -> None:
        one = [make.make_alias("Union City CA PD").pk]
        many = [make.make_alias("Union City CA PD", state=state).pk for state in ("NV", "OR", "WA", "AZ", "ID", "UT")]
        with self.assertNumQueries(4):
            match_undecided(one)
        with self.assertNumQueries(4):
            match_undecided(many)


class FoldTests(SimpleTestCase):
    def test_case_accents_and_punctuation_go(self) -> None:
        self.assertEqual(fold("  Cañon City — Sheriff’s-Office "), "canon city sheriffs office")

    @given(st.text())
    def test_folding_twice_is_folding_once(self, text: str) -> None:
        self.assertEqual(fold(fold(text)), fold(text))
