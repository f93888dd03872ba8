"""Previews: what differs between two copies, and when a person must look first."""

from typing import Any

from django.test import SimpleTestCase
from django.utils import timezone

from agencies.ingest.preview import (
    NAMES_SHOWN,
    Entry,
    ListPreview,
    Preview,
    SecondCopy,
    changes_more_than,
    compare,
    flags_of,
    needs_person,
    shrinks,
)
from agencies.models import ImportRun, Watch


def lines(*numbers: int, **values: Any) -> dict[tuple[int, int], Entry]:
    """Return a list of agency 1 with these names (ids)."""
    return {(1, number): Entry(f"name {number}", **values) for number in numbers}


def a_list(**values: Any) -> ListPreview:
    """Return the preview of a list of 100 names of which nothing changed."""
    found: ListPreview = {
        "title": "A portal",
        "section": "list",
        "observed_on": "2026-04-23",
        "before_on": "2026-04-01",
        "completeness": "complete",
        "before": 100,
        "after": 100,
        "confirmed": 100,
        "new": 0,
        "gone": 0,
        "renamed": 0,
        "marked": 0,
        "unresolved": 0,
        "names": {},
        "flags": [],
    }
    found.update(values)  # type: ignore[typeddict-item]
    return found


def a_preview(*lists: ListPreview) -> Preview:
    """Return a preview of these lists alone."""
    return {"counts": {}, "totals": {}, "lists": list(lists), "facts": [], "known": []}


class CompareTests(SimpleTestCase):
    def test_new_confirmed_and_gone_names_are_told_apart(self) -> None:
        found = compare(lines(1, 2, 3), lines(2, 3, 4), is_whole=True)
        self.assertEqual((found["new"], found["confirmed"], found["gone"]), (1, 2, 1))
        self.assertEqual((found["names"]["new"], found["names"]["gone"]), (["name 4"], ["name 1"]))

    def test_list_that_is_not_whole_loses_no_name(self) -> None:
        self.assertEqual(compare(lines(1, 2), {}, is_whole=False)["gone"], 0)

    def test_renamed_body_is_neither_new_nor_gone(self) -> None:
        found = compare(lines(1, 2), lines(1, 3), is_whole=True, renames=[(2, 3), (2, 9)])
        self.assertEqual((found["new"], found["gone"], found["renamed"]), (0, 0, 1))
        self.assertEqual(found["names"]["renamed"], [["name 2", "name 3"]])

    def test_mark_that_changed_or_came_with_a_new_name_is_shown(self) -> None:
        found = compare(lines(1, 2), lines(2) | lines(1, 3, status="inactive"), is_whole=True)
        expected = [["name 1", "active", "inactive"], ["name 3", "active", "inactive"]]
        self.assertEqual(found["names"]["marked"], expected)

    def test_names_without_a_match_are_listed_once(self) -> None:
        twice = {(1, 2): Entry("same", is_matched=False), (3, 2): Entry("same", is_matched=False)}
        self.assertEqual(compare({}, twice, is_whole=True)["names"]["unresolved"], ["same"])

    def test_long_lists_are_cut_and_counted(self) -> None:
        found = compare({}, lines(*range(NAMES_SHOWN + 5)), is_whole=True)
        self.assertEqual((found["new"], len(found["names"]["new"])), (NAMES_SHOWN + 5, NAMES_SHOWN))


class FlagTests(SimpleTestCase):
    def test_loss_of_exactly_a_third_is_not_flagged_and_one_more_is(self) -> None:
        self.assertEqual(
            [shrinks(300, 200), shrinks(300, 199), shrinks(3, 2), shrinks(3, 1)], [False, True, False, True]
        )

    def test_grown_or_first_list_is_not_flagged(self) -> None:
        self.assertEqual(
            [flags_of("complete", 2, 9), flags_of("complete", None, 9), flags_of("none", None, 0)], [[]] * 3
        )

    def test_list_that_named_somebody_and_names_nobody_says_how(self) -> None:
        found = [flags_of(word, 5, 0) for word in ("empty", "none", "absent", "extract")]
        self.assertEqual(found, [["empty"], ["none"], ["absent"], []])


class NeedsPersonTests(SimpleTestCase):
    """The rule for commands, uploads, and schedules, trusted or not."""

    def trusted(self, **values: Any) -> ImportRun:
        return ImportRun(watch=Watch(is_trusted=True, largest_change=10, **values))

    def test_command_never_waits_and_an_upload_always(self) -> None:
        preview = a_preview(a_list(flags=["shrinks"]))
        self.assertIsNone(needs_person(ImportRun(), preview))
        self.assertIn("asked for", needs_person(ImportRun(needs_review=True), a_preview()) or "")

    def test_page_of_another_agency_is_why_whatever_waits_waits(self) -> None:
        preview = a_preview(a_list())
        preview["agencies"] = [{"title": "A portal", "page": "B PD", "before": "A PD"}]
        for run in (ImportRun(needs_review=True), ImportRun(watch=Watch()), self.trusted()):
            self.assertEqual(needs_person(run, preview), "the page names B PD, earlier copies A PD: A portal")
        for run in (ImportRun(), ImportRun(needs_review=True, accepted_at=timezone.now())):
            self.assertIsNone(needs_person(run, preview))

    def test_accepted_run_does_not_wait_again(self) -> None:
        self.assertIsNone(needs_person(ImportRun(needs_review=True, accepted_at=timezone.now()), a_preview()))

    def test_schedule_waits_until_it_is_trusted(self) -> None:
        self.assertIn("not trusted", needs_person(ImportRun(watch=Watch()), a_preview()) or "")
        self.assertIsNone(needs_person(self.trusted(), a_preview(a_list())))

    def test_trusted_schedule_goes_on_up_to_its_largest_change(self) -> None:
        self.assertIsNone(needs_person(self.trusted(), a_preview(a_list(new=6, gone=4))))
        self.assertIn("more than 10 %", needs_person(self.trusted(), a_preview(a_list(), a_list(new=7, gone=4))) or "")

    def test_renamed_and_marked_names_count_as_changed(self) -> None:
        self.assertTrue(changes_more_than(10, a_list(renamed=6, marked=5)))

    def test_trusted_schedule_waits_when_a_list_shrinks_or_turns_empty(self) -> None:
        for flag, words in (("shrinks", "a third"), ("empty", "empty"), ("none", "“none”"), ("absent", "not shown")):
            with self.subTest(flag):
                run = self.trusted()
                run.watch.largest_change = 100
                self.assertIn(words, needs_person(run, a_preview(a_list(flags=[flag]))) or "")

    def test_trusted_schedule_adds_no_second_copy_of_the_same_bytes_by_itself(self) -> None:
        copy = SecondCopy(title="A portal", address="/x", before="2026-04-01", now="2026-04-08")
        reason = needs_person(self.trusted(), {**a_preview(a_list()), "copies": [copy]})
        self.assertEqual(reason, "the same bytes are on record as the copy of 2026-04-01: A portal")

    def test_trusted_schedule_passes_over_no_other_value_by_itself(self) -> None:
        preview = a_preview(a_list())
        preview["totals"]["other values"] = 1
        self.assertIn("another value", needs_person(self.trusted(), preview) or "")

    def test_first_list_of_a_trusted_schedule_waits_and_an_older_copy_alone_does_not(self) -> None:
        self.assertIsNotNone(needs_person(self.trusted(), a_preview(a_list(before=None, before_on=None, new=5))))
        self.assertIsNone(needs_person(self.trusted(), a_preview(a_list(flags=["older"]))))
