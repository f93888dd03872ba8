"""The preview of a copy of a day of which another is on record: it shows what accepting does, and what differs."""

from collections.abc import Mapping
from typing import Any

from django.test import TestCase
from django.urls import reverse

from agencies.ingest import runs
from agencies.ingest.preview import Preview
from agencies.ingest.preview_text import preview_lines
from agencies.models import Change, ImportRun, SharingLink
from agencies.tests import factories as make
from agencies.tests.run_factories import Copy, facts_of, import_copies, make_bodies, make_watch

DAY, FETCHED, LATER = "2026-04-18", "2026-04-19", "2026-05-09"
CITIES = ["Dublin CA PD", "Hayward CA PD", "Fremont CA PD"]
SAID = "another copy of the same day is on record and says otherwise"


def later(*names: str, **values: Any) -> Copy:
    """Return a copy of the same day that was fetched later."""
    return Copy(DAY, names, fetched=LATER, **values)


class SameDayTests(TestCase):
    """A portal with three names and two facts, of which a copy of the day before is on record too."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()

    def setUp(self) -> None:
        facts: Mapping[str, Any] = {"cameras": 45, "retention_days": 30, "searches_30d": 7}
        import_copies(self, Copy("2026-04-10", CITIES, facts=facts), Copy(DAY, CITIES, facts=facts, fetched=FETCHED))

    def preview(self, *copies: Copy) -> Preview:
        return runs.dry_run("facts_csv", [facts_of(self, *copies)])

    def numbers(self, *copies: Copy) -> tuple[list[str], list[int]]:
        """Return the flags and numbers of the one list."""
        [found] = self.preview(*copies)["lists"]
        self.assertEqual(found["before_on"], DAY)
        return found["flags"], [found["new"], found["gone"], found["renamed"], found["marked"]]

    def test_name_that_only_the_other_copy_lists_is_not_gone_neither_before_nor_after_accepting(self) -> None:
        self.assertEqual(self.numbers(later(*CITIES[:1])), (["same day"], [0, 0, 0, 0]))
        import_copies(self, later(*CITIES[:1]))
        self.assertEqual({link.status for link in SharingLink.objects.all()}, {"listed"})
        self.assertFalse(Change.objects.exists())

    def test_name_that_came_is_new_and_nothing_was_renamed(self) -> None:
        self.assertEqual(self.numbers(later(*CITIES[:2], "Fremont CA PD HQ")), (["same day"], [1, 0, 0, 0]))

    def test_account_counts_as_active_where_either_copy_says_so(self) -> None:
        marked = later(*CITIES, marks={CITIES[0]: "inactive"})
        self.assertEqual(self.numbers(marked), (["same day"], [0, 0, 0, 0]))
        import_copies(self, marked)
        self.assertEqual({link.status for link in SharingLink.objects.all()}, {"listed"})

    def test_list_that_is_not_shown_is_of_the_same_day_too(self) -> None:
        for completeness in ("empty", "none", "absent"):
            self.assertEqual(self.numbers(later(completeness=completeness))[0], ["same day"])

    def test_copy_that_says_the_same_and_an_extract_are_not_flagged(self) -> None:
        self.assertEqual(self.numbers(later(*CITIES))[0], [])
        self.assertEqual(self.numbers(later(CITIES[0], completeness="extract"))[0], [])

    def test_facts_are_neither_changed_nor_gone(self) -> None:
        for facts, flags in (
            ({"cameras": 99, "retention_days": 30, "searches_30d": 7}, ["same day"]),
            ({"retention_days": 30, "searches_30d": 7}, ["same day"]),
            ({"cameras": 45, "retention_days": 30, "searches_30d": 8}, []),
        ):
            with self.subTest(facts):
                [found] = self.preview(later(*CITIES, facts=facts))["facts"]
                self.assertEqual((found["flags"], found["changed"], found["gone"]), (flags, 0, 0))
                self.assertEqual((found["before_on"], found["before"]), (DAY, 3))

    def test_copy_of_a_later_day_is_held_against_the_one_fetched_first(self) -> None:
        import_copies(self, later(*CITIES[:1], facts={"cameras": 99}))
        preview = self.preview(Copy("2026-05-10", CITIES[1:], facts={"cameras": 46}))
        [found], [facts] = preview["lists"], preview["facts"]
        self.assertEqual((found["before"], found["names"]["gone"], found["flags"]), (3, CITIES[:1], []))
        self.assertEqual([(change["old"], change["new"]) for change in facts["changes"]], [(45, 46)])

    def test_trusted_schedule_waits_where_it_differs_only(self) -> None:
        watch = make_watch(is_trusted=True, largest_change=100)
        run = import_copies(self, later(*CITIES[:2]), watch=watch)
        self.assertEqual(self.waits(run), f"{SAID}: Portal portal")
        self.assertEqual(import_copies(self, later(*CITIES), watch=watch).status, "done")

    def waits(self, run: ImportRun) -> str:
        """Return why a run waits."""
        assert run.preview is not None
        self.assertEqual(run.status, "review")
        return str(run.preview["reason"])

    def test_admin_and_terminal_say_so(self) -> None:
        run = import_copies(self, later(*CITIES[:2]), needs_review=True)
        assert run.preview is not None
        self.assertIn(f"{DAY} [same day]: 3 names on {DAY}, now 2", "\n".join(preview_lines(run.preview)))
        self.client.force_login(make.make_editor())
        page = self.client.get(reverse("admin:agencies_importrun_change", args=[run.pk]))
        self.assertContains(page, SAID.capitalize())

    def test_commands_warn_of_no_fall(self) -> None:
        run = import_copies(self, later(*CITIES[:1]))
        self.assertFalse(run.events.filter(level="warning").exists())
