"""Names that went held against names that came: one by one while they are few, by keys where they are many."""

from unittest import TestCase
from unittest.mock import patch

from hypothesis import example, given, settings
from hypothesis import strategies as st

from agencies.history import differences
from agencies.history.differences import compare_lists

PRINTS = ("Brea CA PD", "Brea PD", "Brea CA PD [Inactive]", "Butte County SO", "Butte County CA SO", "Union City CA PD")
STATUSES = st.sampled_from(["active", "inactive", "do_not_use"])
LISTED = st.dictionaries(st.sampled_from([*PRINTS, "Allegheny PA PD", "Alleghany PA PD"]), STATUSES)


class AlikeTests(TestCase):
    """Names that are looked at one by one while they are few."""

    @settings(max_examples=200, deadline=None)
    @given(LISTED, LISTED, st.dictionaries(st.sampled_from(PRINTS), st.integers(1, 3)))
    @example({"Allegheny PA PD": "active"}, {"Alleghany PA PD": "active"}, {})
    def test_few_and_many_names_are_paired_by_one_rule(
        self, before: dict[str, str], after: dict[str, str], agencies: dict[str, int]
    ) -> None:
        few = compare_lists(before, after, agencies)
        with patch.object(differences, "FEW", 0):
            self.assertEqual(compare_lists(before, after, agencies), few)
