"""Previews read out of a run's own transaction: against the copy before, and without a trace."""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock, skipUnless

from django.apps import apps
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from agencies.ingest import runs
from agencies.ingest.preview import SHOWN, Preview, copy_in_words
from agencies.ingest.preview_read import read_preview
from agencies.ingest.preview_text import preview_lines
from agencies.ingest.rollback import roll_back
from agencies.ingest.runs_input import Met
from agencies.models import Capture, Change, ImportRun, RunEvent
from agencies.tests import factories as make
from agencies.tests.portal_factories import SHARED
from agencies.tests.run_factories import Copy, facts_of, import_copies, make_bodies, names

PAIR = SHARED / "flock_portals" / "monterey-park-ca-pd"


def row_counts() -> dict[str, int]:
    """Return the number of rows of every table of the record."""
    return {model.__name__: model._default_manager.count() for model in apps.get_app_config("agencies").get_models()}


class ReadPreviewTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()

    def preview(self, *copies: Copy) -> Preview:
        return runs.dry_run("facts_csv", [facts_of(self, *copies)])

    def only(self, *copies: Copy) -> Any:
        """Return the preview of the one list."""
        [found] = self.preview(*copies)["lists"]
        return found

    def test_first_copy_has_nothing_before_it(self) -> None:
        found = self.only(Copy("2026-04-01", ["Dublin CA PD", "Nowhere PD"]))
        self.assertEqual((found["before"], found["after"], found["new"], found["unresolved"]), (None, 2, 2, 1))
        self.assertEqual(found["names"]["unresolved"], ["Nowhere PD"])

    def test_later_copy_is_held_against_the_newest_whole_one(self) -> None:
        import_copies(self, Copy("2026-04-01", names(9)), Copy("2026-04-08", ["Dublin CA PD", "Hayward CA PD"]))
        import_copies(self, Copy("2026-04-10", (), "empty"))
        found = self.only(Copy("2026-04-15", ["Hayward CA PD", "Fremont CA PD"]))
        self.assertEqual((found["before_on"], found["new"], found["confirmed"], found["gone"]), ("2026-04-08", 1, 1, 1))
        self.assertEqual((found["names"]["new"], found["names"]["gone"]), (["Fremont CA PD"], ["Dublin CA PD"]))

    def test_copies_of_one_run_are_held_against_what_was_before_the_run(self) -> None:
        import_copies(self, Copy("2026-04-01", names(4)))
        found = self.only(Copy("2026-04-08", names(2)), Copy("2026-04-15", names(3)))
        self.assertEqual((found["observed_on"], found["before"], found["after"]), ("2026-04-15", 4, 3))

    def test_copy_older_than_what_is_on_record_says_so(self) -> None:
        import_copies(self, Copy("2026-04-08", names(3)))
        self.assertEqual(self.only(Copy("2026-04-01", names(3)))["flags"], ["older"])

    def test_mark_of_an_account_is_shown(self) -> None:
        import_copies(self, Copy("2026-04-01", names(1)))
        found = self.only(Copy("2026-04-08", names(1), marks={"Body 0 CA PD": "inactive"}))
        self.assertEqual(found["names"]["marked"], [["Body 0 CA PD", "active", "inactive"]])

    def test_list_that_turned_empty_is_flagged_and_loses_nothing_yet(self) -> None:
        import_copies(self, Copy("2026-04-01", names(3)))
        for completeness in ("empty", "none", "absent"):
            found = self.only(Copy("2026-04-08", (), completeness))
            self.assertEqual((found["flags"], found["before"], found["gone"]), ([completeness], 3, 0))

    def test_facts_that_changed_came_and_went_are_told_apart(self) -> None:
        import_copies(self, Copy("2026-04-01", facts={"retention_days": 30, "cameras": 8}))
        [found] = self.preview(Copy("2026-04-08", facts={"retention_days": 60, "searches_30d": 5}))["facts"]
        self.assertEqual((found["changed"], found["new"], found["gone"]), (1, 1, 1))
        change = {"agency": "Union City CA PD", "field": "retention_days", "old": 30, "new": 60}
        self.assertEqual(found["changes"], [change])
        self.assertEqual(found["flags"], [])

    def test_facts_that_changed_are_those_that_history_tells(self) -> None:
        rows = ["OK,caney pd,{ok},", "KS,caney pd,{ks},"]
        for after, changed in (({"ok": "JEM", "ks": "TFM"}, 0), ({"ok": "JEM", "ks": "WSO"}, 1)):
            with self.subTest(after):
                day, later = f"2026-0{changed + 2}-01", f"2026-0{changed + 2}-08"
                self.import_index(day, [row.format(ok="JEM", ks="TFM") for row in rows])
                lines = [row.format(**after) for row in rows]
                [found] = runs.dry_run("ice_287g_memoranda", [self.index(lines)], {"retrieved_on": later})["facts"]
                self.assertEqual((found["changed"], found["new"], found["gone"]), (changed, 0, 0))
                self.import_index(later, lines)
                self.assertEqual(Change.objects.filter(observed_on=later).count(), changed)

    def index(self, lines: list[str]) -> str:
        """Write an index of memoranda: of each the state, the agency and the kind; return its path."""
        path = Path(self.enterContext(TemporaryDirectory())) / "index.csv"
        heading = "state,agency_normalised,model,date_in_filename_mmddyy,snapshot,pdf_url"
        rest = ",agreements_20260101_000000,https://h.example/a.pdf"
        path.write_text("\n".join([heading, *(line + rest for line in lines), ""]))
        return str(path)

    def import_index(self, day: str, lines: list[str]) -> None:
        """Import an index as it was on a day."""
        runs.perform(runs.start("ice_287g_memoranda", [self.index(lines)], options={"retrieved_on": day}))

    def test_figures_of_the_last_month_are_no_change(self) -> None:
        import_copies(self, Copy("2026-04-01", facts={"searches_30d": 30, "cameras": 8}))
        [found] = self.preview(Copy("2026-04-08", facts={"searches_30d": 60, "cameras": 8}))["facts"]
        self.assertEqual((found["changed"], found["changes"]), (0, []))

    def test_known_copy_that_gains_a_fact_is_held_against_itself(self) -> None:
        import_copies(self, Copy("2026-04-01", facts={"retention_days": 30}))
        import_copies(self, Copy("2026-04-08", facts={"retention_days": 60}))
        [found] = self.preview(Copy("2026-04-08", facts={"retention_days": 60, "cameras": 8}))["facts"]
        self.assertEqual([found[word] for word in ("before", "after", "new", "gone", "changed")], [1, 2, 1, 0, 0])

    def test_document_that_lost_most_of_its_facts_is_flagged(self) -> None:
        import_copies(self, Copy("2026-04-01", facts={"retention_days": 30, "cameras": 8}))
        [found] = self.preview(Copy("2026-04-08", facts={"retention_days": 30}))["facts"]
        self.assertEqual(found["flags"], ["shrinks"])

    def test_captures_on_record_already_are_named(self) -> None:
        import_copies(self, Copy("2026-04-01", names(2)))
        preview = self.preview(Copy("2026-04-01", names(2)), Copy("2026-04-08", names(2)))
        self.assertEqual(preview["known"], ["Portal portal, 2026-04-01"])
        self.assertEqual((preview["totals"]["documents"], preview["totals"]["captures known"]), (2, 1))

    def test_facts_on_record_with_another_value_are_counted(self) -> None:
        import_copies(self, Copy("2026-04-01", facts={"retention_days": 30, "cameras": 8}))
        preview = self.preview(Copy("2026-04-01", facts={"retention_days": 30, "cameras": 9}))
        self.assertEqual(preview["totals"]["other values"], 1)
        preview = self.preview(Copy("2026-04-01", facts={"retention_days": 30, "cameras": 8}))
        self.assertNotIn("other values", preview["totals"])

    def test_what_a_preview_does_not_hold_is_counted(self) -> None:
        sources = [f"portal-{number}" for number in range(3)]
        known = [Copy("2026-04-01", names(2), facts={"cameras": 3}, source=source) for source in sources]
        newer = [Copy("2026-04-08", names(3), facts={"cameras": 4}, source=source) for source in sources]
        import_copies(self, *known)
        with mock.patch.dict(SHOWN, {"lists": 1, "facts": 2, "known": 1}):
            preview = self.preview(*known, *newer)
        self.assertEqual([len(preview[kind]) for kind in ("lists", "facts", "known")], [1, 2, 1])
        self.assertEqual(preview["more"], {"lists": 2, "facts": 1, "known": 2})
        lines = list(preview_lines(preview))
        for line in ("and 2 more lists", "and 1 more documents with facts", "and 2 more on record already"):
            self.assertIn(line, lines)
        self.assertEqual(self.preview(*known, *newer)["more"], {})

    def test_same_bytes_under_another_date_are_told_and_under_the_same_date_add_nothing(self) -> None:
        digest = "a" * 64
        import_copies(self, Copy("2026-04-01", names(3), sha256=digest), Copy("2026-03-01", names(3), sha256=digest))
        self.assertEqual(self.preview(Copy("2026-04-01", names(3), sha256=digest))["copies"], [])
        self.assertEqual(self.preview(Copy("2026-04-08", names(3), sha256="b" * 64))["copies"], [])
        preview = self.preview(Copy("2026-04-08", names(3), sha256=digest))
        [copy] = preview["copies"]
        self.assertEqual((copy["title"], copy["before"], copy["now"]), ("Portal portal", "2026-04-01", "2026-04-08"))
        capture = Capture.objects.get(observed_on="2026-04-01")
        self.assertEqual((copy["address"], preview["totals"]["same bytes"]), (capture.get_absolute_url(), 1))
        self.assertIn("the same bytes are on record as the copy of 2026-04-01", "\n".join(preview_lines(preview)))

    def test_bytes_of_another_source_are_told_unless_it_is_a_compiled_table(self) -> None:
        digest = "a" * 64
        import_copies(self, Copy("2026-04-01", names(3), sha256=digest))
        [copy] = self.preview(Copy("2026-04-01", names(3), sha256=digest, source="other"))["copies"]
        self.assertEqual(copy_in_words(copy), "the same bytes are on record as the copy of portal of 2026-04-01: other")
        self.assertEqual(len(self.preview(*self.table(digest, "other"))["copies"]), 1)
        self.assertEqual(self.preview(*self.table(digest, "other", "one more"))["copies"], [])

    def test_table_that_serves_many_sources_is_no_second_copy(self) -> None:
        import_copies(self, *self.table("b" * 64, "one", "two"))
        self.assertEqual(self.preview(*self.table("b" * 64, "two", "three"))["copies"], [])
        self.assertEqual(self.preview(Copy("2026-04-01", names(3), sha256="b" * 64, source="three"))["copies"], [])

    def table(self, digest: str, *sources: str) -> list[Copy]:
        """Return the copies of a table that a newspaper compiled."""
        slugs = [source.replace(" ", "-") for source in sources]
        return [Copy("2026-04-01", names(3), sha256=digest, source=one, compiled_by="A newspaper") for one in slugs]

    def test_bytes_of_a_withdrawn_copy_are_no_second_copy(self) -> None:
        digest = "a" * 64
        run = import_copies(self, Copy("2026-04-01", names(3), sha256=digest))
        roll_back(run, "a mistake", None)
        for source in ("portal", "other"):
            self.assertEqual(self.preview(Copy("2026-04-08", names(3), sha256=digest, source=source))["copies"], [])

    def test_persons_name_is_withheld_from_a_preview(self) -> None:
        make.make_decision(make.make_alias("Pat Example"), "person")
        found = self.only(Copy("2026-04-01", ["Pat Example"]))
        self.assertNotIn("Pat Example", str(found))
        self.assertEqual((found["new"], found["unresolved"]), (1, 0))

    def test_rename_proposed_by_the_history_is_shown_as_one(self) -> None:
        import_copies(self, Copy("2026-04-01", ["Santa Nella Marshal’s Office", *names(5)]))
        found = self.only(Copy("2026-04-08", ["Santa Nella Marshals Office", *names(5)]))
        self.assertEqual((found["renamed"], found["new"], found["gone"]), (1, 0, 0))

    def test_account_that_only_got_a_mark_in_its_name_is_marked_and_nothing_else(self) -> None:
        import_copies(self, Copy("2026-04-01", ["Dublin CA PD", *names(5)]))
        marked = "Dublin CA PD [Inactive]"
        found = self.only(Copy("2026-04-08", [marked, *names(5)], marks={marked: "inactive"}))
        self.assertEqual([found[word] for word in ("marked", "new", "gone", "renamed", "confirmed")], [1, 0, 0, 0, 5])
        self.assertEqual(found["names"]["marked"], [[marked, "active", "inactive"]])

    def test_known_copy_that_gains_a_name_is_held_against_itself(self) -> None:
        import_copies(self, Copy("2026-03-01", names(3)))
        import_copies(self, Copy("2026-04-01", names(5)))
        grown = Copy("2026-04-01", ["Pat Example", *names(5)])
        found = self.only(grown)
        self.assertEqual([found[word] for word in ("before", "after", "new", "confirmed", "gone")], [5, 6, 1, 5, 0])
        self.assertEqual(found["names"]["new"], ["Pat Example"])
        found = self.only(grown, Copy("2026-04-08", ["Pat Example", *names(5)]))
        self.assertEqual([found[word] for word in ("before_on", "before", "new")], ["2026-04-01", 5, 1])

    def test_preview_changes_no_table(self) -> None:
        import_copies(self, Copy("2026-04-01", names(3)))
        before = row_counts()
        self.preview(Copy("2026-04-08", names(5), facts={"cameras": 3}))
        self.assertEqual(row_counts(), before)

    def test_preview_is_the_same_number_of_queries_for_one_list_and_for_ten(self) -> None:
        def several(number: int) -> list[Copy]:
            return [Copy("2026-04-01", names(3), source=f"portal-{one}") for one in range(number)]

        taken = []
        for number in (1, 10):
            run = import_copies(self, *several(number))
            with CaptureQueriesContext(connection) as queries:
                read_preview(run, Counter(), Met())
            taken.append(len(queries))
        self.assertEqual(taken[0], taken[1])


class ShrinkingTests(TestCase):
    """What a command logs and goes on."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()

    def warnings(self, run: ImportRun) -> list[str]:
        return list(RunEvent.objects.filter(run=run, level="warning").values_list("message", flat=True))

    def test_exactly_a_third_is_not_logged_and_one_more_is(self) -> None:
        run = import_copies(self, Copy("2026-04-01", names(9)), Copy("2026-04-08", names(6)))
        self.assertEqual((run.status, self.warnings(run)), ("done", []))
        run = import_copies(self, Copy("2026-04-15", names(3)))
        self.assertEqual(run.status, "done")
        said = "shrank by more than a third: Portal portal: list, 2026-04-15: from 6 to 3 names"
        self.assertEqual(self.warnings(run), [said])

    def test_every_copy_of_a_bulk_import_is_held_against_the_one_before(self) -> None:
        copies = [Copy("2026-04-01", names(9)), Copy("2026-04-08", names(2)), Copy("2026-04-15", names(9))]
        self.assertEqual(len(self.warnings(import_copies(self, *copies))), 1)

    @skipUnless(PAIR.is_dir(), f"no shared documents at {SHARED}")
    def test_real_list_that_fell_by_a_third_is_flagged_before_anything_stays(self) -> None:
        first, second = (str(PAIR / f"{day}.html") for day in ("2026-03-29", "2026-04-06"))
        runs.perform(runs.start("flock_portal", [first]))
        preview = runs.dry_run("flock_portal", [second])
        [fallen] = [found for found in preview["lists"] if "shrinks" in found["flags"]]
        self.assertEqual((fallen["before"], fallen["after"]), (325, 216))
        self.assertGreaterEqual(preview["totals"]["gone"], 325 - 216)

    @skipUnless(PAIR.is_dir(), f"no shared documents at {SHARED}")
    def test_real_list_that_fell_by_a_third_is_logged(self) -> None:
        run = runs.perform(runs.start("flock_portal", [str(file) for file in sorted(PAIR.glob("*.html"))]))
        self.assertEqual((run.status, run.problem), ("done", None))
        fallen = [line for line in self.warnings(run) if "shrank" in line]
        self.assertEqual(len(fallen), 1)
        self.assertRegex(fallen[0], r"from 32[0-9] to 21[0-9] names")
