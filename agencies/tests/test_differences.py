"""What differs between two copies, and which copies are held against each other: the pure rules of history."""

import uuid
from datetime import date
from unittest import TestCase

from agencies.history.differences import Pair, compare_facts, compare_lists
from agencies.history.likeness import alike, like_keys, unmarked
from agencies.history.steps import ListCopy, steps
from agencies.tests.history_factories import april


def listed(*names: str) -> dict[str, str]:
    """Return names on a list, all without a mark."""
    return dict.fromkeys(names, "active")


class ListTests(TestCase):
    """Two lists."""

    def test_same_list_in_another_order_does_not_differ(self) -> None:
        found = compare_lists(listed("Albany CA PD", "Brea CA PD"), listed("Brea CA PD", "Albany CA PD"))
        self.assertEqual((found.added, found.removed, found.renamed, found.marked), ((), (), (), ()))

    def test_names_that_came_and_went_stand_in_order(self) -> None:
        found = compare_lists(listed("Brea CA PD", "Albany CA PD"), listed("Tracy CA PD", "Chico CA PD"))
        self.assertEqual(found.added, ("Chico CA PD", "Tracy CA PD"))
        self.assertEqual(found.removed, ("Albany CA PD", "Brea CA PD"))

    def test_mark_in_the_name_is_a_mark_and_no_removal(self) -> None:
        found = compare_lists(listed("Santa Cruz CA PD"), {"Santa Cruz CA PD (deactivated)": "deactivated"})
        pair = Pair("Santa Cruz CA PD", "Santa Cruz CA PD (deactivated)", "active", "deactivated")
        self.assertEqual((found.marked, found.added, found.removed, found.renamed), ((pair,), (), (), ()))

    def test_mark_beside_the_same_name_is_a_mark(self) -> None:
        found = compare_lists(listed("Brea CA PD"), {"Brea CA PD": "inactive"})
        self.assertEqual(found.marked, (Pair("Brea CA PD", "Brea CA PD", "active", "inactive"),))

    def test_other_wording_of_the_same_mark_is_another_print(self) -> None:
        found = compare_lists({"Brea CA PD [Inactive]": "inactive"}, {"Brea CA PD (inactive)": "inactive"})
        self.assertEqual(
            [(pair.old, pair.new) for pair in found.renamed], [("Brea CA PD [Inactive]", "Brea CA PD (inactive)")]
        )

    def test_names_of_one_agency_are_one_body_however_they_are_printed(self) -> None:
        old, new = "Los Gatos Monte Sereno PD - CA", "Town of Los Gatos CA"
        found = compare_lists(listed(old), listed(new), {old: 7, new: 7})
        self.assertEqual(found.renamed, (Pair(old, new, "active", "active"),))
        self.assertEqual(compare_lists(listed(old), listed(new)).added, (new,))

    def test_alike_names_of_two_agencies_are_two_bodies(self) -> None:
        old, new = "Butte County SO", "Butte County CA SO"
        self.assertEqual(len(compare_lists(listed(old), listed(new)).renamed), 1)
        found = compare_lists(listed(old), listed(new), {old: 1, new: 2})
        self.assertEqual((found.renamed, found.added, found.removed), ((), (new,), (old,)))

    def test_name_that_is_like_two_others_is_paired_with_neither(self) -> None:
        found = compare_lists(listed("Auburn PD"), listed("Auburn CA PD", "Auburn WA PD"))
        self.assertEqual((found.renamed, found.removed), ((), ("Auburn PD",)))

    def test_name_that_stays_is_never_paired(self) -> None:
        found = compare_lists(listed("Auburn PD"), listed("Auburn PD", "Auburn CA PD"))
        self.assertEqual((found.renamed, found.added), ((), ("Auburn CA PD",)))

    def test_of_several_prints_of_one_agency_the_closest_are_paired_and_the_rest_went(self) -> None:
        old = listed("Orange County CA SO - LPR", "Orange County CA Sheriff")
        agencies = dict.fromkeys([*old, "Orange County CA SO"], 3)
        found = compare_lists(old, listed("Orange County CA SO"), agencies)
        self.assertEqual(
            [(pair.old, pair.new) for pair in found.renamed], [("Orange County CA SO - LPR", "Orange County CA SO")]
        )
        self.assertEqual(found.removed, ("Orange County CA Sheriff",))

    def test_mark_without_a_name_is_like_no_other(self) -> None:
        found = compare_lists({"[DEACTIVATED] - demo": "deactivated"}, {"DO NOT USE": "do_not_use"})
        self.assertEqual((found.added, found.removed), (("DO NOT USE",), ("[DEACTIVATED] - demo",)))

    def test_a_thousand_names_for_a_thousand_others_take_no_time(self) -> None:
        old = listed(*(f"Old Place Number {number} CA PD" for number in range(1000)))
        new = listed(*(f"New Town Number {number} CA PD" for number in range(1000)))
        self.assertEqual(len(compare_lists(old, new).added), 1000)


class LikenessTests(TestCase):
    """When the names alone tell that two prints are one body's."""

    ALIKE = (
        ("Butte County SO", "Butte County CA SO"),
        ("Las Vegas Metro NV PD", "Las Vegas Metro Police Department - NV"),
        ("OH - Butler County SO", "Butler County OH SO"),
        ("Allegheny County PA SO", "Alleghany County PA SO"),
        ("Brea CA PD [Inactive]", "Brea CA PD"),
        ("Town of Los Gatos CA PD", "Los Gatos CA PD"),
    )
    UNLIKE = (
        ("Auburn CA PD", "Auburn WA PD"),
        ("Kern County CA SO", "Kern County CA DA"),
        ("Dallas TX", "Dallas County TX"),
        ("Dover NH PD", "Dovel NH PD"),
        ("Precinct Number 11 TX PD", "Precinct Number 12 TX PD"),
        ("Harris County TX SO - Downtown", "Harris County TX SO - Airport"),
        ("PD", "SO"),
    )

    def test_alike(self) -> None:
        for one, other in self.ALIKE:
            with self.subTest(one=one, other=other):
                self.assertTrue(alike(one, other) and alike(other, one))
                self.assertTrue(like_keys(one) & like_keys(other))

    def test_unlike(self) -> None:
        for one, other in self.UNLIKE:
            with self.subTest(one=one, other=other):
                self.assertFalse(alike(one, other) or alike(other, one))

    def test_marks_case_and_punctuation_are_no_part_of_a_name(self) -> None:
        self.assertEqual(unmarked("Santa Cruz, CA PD (Deactivated)"), unmarked("SANTA CRUZ CA PD [Turned Off]"))


class FactTests(TestCase):
    """Two sets of facts."""

    def test_only_what_both_hold_can_differ(self) -> None:
        self.assertEqual(compare_facts({"a": 1, "b": 2, "c": 3}, {"b": 2, "c": 4, "d": 5}), ["c"])

    def test_order_of_a_lists_parts_is_no_difference(self) -> None:
        self.assertEqual(compare_facts({"a": ["x", {"k": 1, "l": 2}]}, {"a": [{"l": 2, "k": 1}, "x"]}), [])
        self.assertEqual(compare_facts({"a": ["x", "x"]}, {"a": ["x"]}), ["a"])

    def test_what_is_no_longer_known_differs(self) -> None:
        self.assertEqual(compare_facts({"a": 30}, {"a": None}), ["a"])
        self.assertEqual(compare_facts({"a": 1}, {"a": True}), ["a"])


def copy(pk: int, day: date, completeness: str = "complete", **values: object) -> ListCopy:
    """Return a copy of a list."""
    return ListCopy(pk, pk, uuid.UUID(int=pk), day, completeness, **values)  # type: ignore[arg-type]


class StepTests(TestCase):
    """Which copy is held against which."""

    def steps(self, *copies: ListCopy) -> list[tuple[int, int, str, bool]]:
        """Return steps as (older, newer, what the newer is as a whole, whether names are compared)."""
        return [(step.before.pk, step.after.pk, step.lost, step.compare) for step in steps(copies)]

    def test_first_copy_is_held_against_none(self) -> None:
        self.assertEqual(self.steps(copy(1, april(1))), [])
        self.assertEqual(self.steps(copy(1, april(1), "absent"), copy(2, april(2))), [])

    def test_each_is_held_against_the_one_before_whatever_the_order_of_import(self) -> None:
        found = self.steps(copy(3, april(3)), copy(1, april(1)), copy(2, april(2)))
        self.assertEqual(found, [(1, 2, "", True), (2, 3, "", True)])

    def test_missing_list_is_one_change_and_the_next_whole_one_is_held_against_the_last_whole_one(self) -> None:
        for completeness, lost in (("empty", "list_empty"), ("none", "list_empty"), ("absent", "list_absent")):
            with self.subTest(completeness):
                found = self.steps(
                    copy(1, april(1)),
                    copy(2, april(2), completeness),
                    copy(3, april(3), completeness),
                    copy(4, april(4)),
                )
                self.assertEqual(found, [(1, 2, lost, False), (1, 4, "", True)])

    def test_extract_is_passed_over(self) -> None:
        found = self.steps(copy(1, april(1)), copy(2, april(2), "extract"), copy(3, april(3), "absent"))
        self.assertEqual(found, [(1, 3, "list_absent", False)])

    def test_confirmed_empty_list_is_a_whole_list_and_an_absent_one_never(self) -> None:
        found = self.steps(
            copy(1, april(1)),
            copy(2, april(2), "empty", confirmed=True),
            copy(3, april(3), "absent", confirmed=True),
            copy(4, april(4)),
        )
        self.assertEqual(found, [(1, 2, "list_empty", True), (2, 4, "", True)])

    def test_of_one_day_a_whole_copy_counts_then_the_one_retrieved_first(self) -> None:
        found = self.steps(
            copy(1, april(1)),
            copy(2, april(5), "absent", retrieved_on=april(5)),
            copy(3, april(5), retrieved_on=april(7)),
            copy(4, april(5), retrieved_on=april(6)),
            copy(5, april(9)),
        )
        self.assertEqual(found, [(1, 4, "", True), (4, 5, "", True)])
