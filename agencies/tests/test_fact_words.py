"""Values of facts in words."""

from django.test import SimpleTestCase

from agencies.fact_words import CODES, fact_words
from agencies.ingest.flock_audit import REASONS
from agencies.ingest.flock_portal_fields import PROHIBITED
from agencies.ingest.flock_portal_policy import CATEGORIES


class FactWordsTests(SimpleTestCase):
    def test_every_code_of_the_importers_has_words(self) -> None:
        codes = [*REASONS, *(category for category, _ in CATEGORIES), *(category for category, _ in PROHIBITED)]
        self.assertEqual([code for code in codes if code not in CODES], [])

    def test_categories_are_told_in_words(self) -> None:
        self.assertEqual(
            fact_words("prohibited_uses", ["immigration_enforcement", "personal_use"]),
            "Immigration enforcement, personal use",
        )

    def test_searches_seen_are_told_by_month(self) -> None:
        self.assertEqual(
            fact_words("searches_seen", {"2026-03": {"immigration": 1, "other": 3}}),
            "2026-03: 4 searches, about immigration 1",
        )

    def test_agreement_without_a_day_says_none(self) -> None:
        agreements = [
            {"model": "Task Force Model", "status": "participating", "signed_on": "2025-03-01"},
            {"model": "X"},
        ]
        self.assertEqual(
            fact_words("agreements_287g", agreements), "Task Force Model, participating, signed 2025-03-01; X"
        )

    def test_unknown_is_empty_and_other_values_stay(self) -> None:
        self.assertEqual([fact_words("cameras", None), fact_words("cameras", 1200)], ["", "1,200"])
