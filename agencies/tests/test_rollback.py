"""Imports rolled back and restored: the record is as if they had not been, and then as if nothing had happened."""

import gzip
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.core.exceptions import ValidationError
from django.test import TestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as PropertyTestCase

from agencies.counts import record_counts
from agencies.ingest import runs
from agencies.ingest.rollback import follow, restore, roll_back
from agencies.models import (
    Capture,
    Change,
    ImportRun,
    SharingLink,
    SharingStatement,
    Statement,
    Withdrawal,
    WithdrawalLift,
)
from agencies.tests import factories as make
from agencies.tests.run_factories import Copy, facts_of, import_copies, make_bodies, write_facts
from agencies.tests.snapshots import COLUMNS, public_record

FIRST = Copy("2026-04-01", ["Dublin CA PD", "Hayward CA PD"], facts={"retention_days": 30})
SECOND = Copy("2026-04-08", ["Dublin CA PD", "Fremont CA PD"], facts={"retention_days": 60})
STAMPED = [column != "modified_at" for column in COLUMNS]


def what_is_said() -> tuple[bytes, list[Any], list[Any]]:
    """Return the exported sources and statements, every link but the time of its last change, and every change."""
    files, links = public_record()
    told = [tuple(value for value, is_said in zip(link, STAMPED, strict=True) if is_said) for link in links]
    changes = Change.objects.order_by("uuid").values_list("uuid", "kind", "observed_on", "old_value", "new_value")
    exported = gzip.decompress(files["sources.csv.gz"] + files["statements.csv.gz"])
    return exported, told, list(changes)


def standing() -> tuple[int, int]:
    """Return how many statements and captures stand."""
    return Statement.objects.standing().count(), Capture.objects.standing().count()


class RollBackTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()
        cls.editor = make.make_editor()

    def test_record_is_as_before_the_import_and_restored_as_after_it(self) -> None:
        import_copies(self, FIRST)
        before = what_is_said()
        run = import_copies(self, SECOND)
        after = what_is_said()
        self.assertNotEqual(before, after)
        roll_back(run, "read from the wrong column", self.editor)
        self.assertEqual((run.status, what_is_said()), ("rolled_back", before))
        restore(run, "it was the right one", self.editor)
        self.assertEqual((run.status, what_is_said()), ("done", after))

    def test_withdrawals_and_lifts_are_appended_signed_and_say_why(self) -> None:
        run = import_copies(self, FIRST)
        withdrawal = roll_back(run, "  a\nreason ", self.editor)
        self.assertEqual((withdrawal.kind, withdrawal.reason), ("rolled_back", "a reason"))
        of_capture = Withdrawal.objects.get(capture__isnull=False)
        self.assertEqual(of_capture.reason, f"import {run.pk} withdrawn: a reason")
        restore(run, "no reason", self.editor)
        self.assertEqual(WithdrawalLift.objects.filter(lifted_by=self.editor).count(), 2)

    def test_page_of_a_document_that_only_this_import_recorded_says_why_it_went(self) -> None:
        run = import_copies(self, FIRST)
        roll_back(run, "the wrong file")
        response = self.client.get(Capture.objects.get().get_absolute_url())
        self.assertContains(response, "the wrong file", status_code=410)
        restore(run, "the right file")
        self.assertEqual(self.client.get(Capture.objects.get().get_absolute_url()).status_code, 200)

    def test_document_of_which_another_import_recorded_something_stays(self) -> None:
        folder = facts_of(self, FIRST)
        first = runs.perform(runs.start("facts_csv", [folder]))
        write_facts(Path(folder), Copy(FIRST.day, [*FIRST.names, "Fremont CA PD"], facts=FIRST.facts))
        second = runs.perform(runs.start("facts_csv", [folder]))
        self.assertEqual((standing(), second.counts["statements new"]), ((4, 1), 1))
        roll_back(second, "one name too many")
        self.assertEqual(standing(), (3, 1))
        roll_back(first, "all of it")
        self.assertEqual(standing(), (0, 0))
        restore(second, "the one name was right")
        self.assertEqual(standing(), (1, 1))
        restore(first, "all was right")
        self.assertEqual(standing(), (4, 1))

    def test_capture_that_an_editor_withdrew_stays_withdrawn(self) -> None:
        run = import_copies(self, FIRST)
        follow(Withdrawal.objects.create(capture=Capture.objects.get(), kind="error", reason="a forgery"))
        roll_back(run, "a trial")
        restore(run, "a trial")
        self.assertEqual((standing(), SharingLink.objects.count()), ((0, 0), 0))

    def test_older_copy_imported_late_can_be_rolled_back(self) -> None:
        import_copies(self, SECOND)
        before = what_is_said()
        roll_back(import_copies(self, FIRST), "too old")
        self.assertEqual(what_is_said(), before)

    def test_answer_goes_with_its_import(self) -> None:
        import_copies(self, FIRST)
        answer = make.make_answer(
            make.make_agency("Alameda Police Department"), SharingStatement.objects.earliest("pk")
        )
        run = answer.statement.run
        ImportRun.objects.filter(pk=run.pk).update(status="done")
        roll_back(run, "no such answer")
        self.assertFalse(SharingLink.objects.filter(disputed_on__isnull=False).exists())
        restore(run, "it was given")
        self.assertTrue(SharingLink.objects.filter(disputed_on__isnull=False).exists())

    def test_only_a_finished_import_that_recorded_something_is_rolled_back_and_once(self) -> None:
        run = import_copies(self, FIRST)
        again = import_copies(self, FIRST)
        waiting = runs.start("facts_csv", ["/nowhere"])
        for other, words in ((again, "recorded nothing"), (waiting, "is done")):
            with self.assertRaisesMessage(ValidationError, words):
                roll_back(other, "a trial")
        with self.assertRaisesMessage(ValidationError, "Say why"):
            roll_back(run, " ")
        roll_back(run, "a trial")
        with self.assertRaisesMessage(ValidationError, "is done"):
            roll_back(run, "twice")
        restore(run, "a trial")
        with self.assertRaisesMessage(ValidationError, "not rolled back"):
            restore(run, "twice")

    def test_long_reason_is_cut_to_what_a_line_holds(self) -> None:
        run = import_copies(self, FIRST)
        self.assertEqual(len(roll_back(run, "x" * 400).reason), 300)


class ImportedAgainTests(TestCase):
    """Documents of a rolled-back import that are imported again."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()

    def test_run_says_that_what_it_met_is_withdrawn_and_nothing_of_it_counts(self) -> None:
        roll_back(import_copies(self, FIRST), "a trial")
        again = import_copies(self, FIRST)
        self.assertEqual((again.status, again.counts["statements known but withdrawn"]), ("done", 3))
        self.assertEqual(
            again.events.filter(level="warning").get().message.partition(". ")[0], "statements known but withdrawn: 3"
        )
        self.assertEqual((standing(), SharingLink.objects.count()), ((0, 0), 0))

    def test_what_is_new_of_a_withdrawn_document_does_not_count_either(self) -> None:
        roll_back(import_copies(self, FIRST), "a trial")
        more = Copy(FIRST.day, [*FIRST.names, "Fremont CA PD"], facts=FIRST.facts)
        again = import_copies(self, more)
        said = [again.counts[f"statements {word} but withdrawn"] for word in ("known", "new")]
        self.assertEqual((said, standing(), SharingLink.objects.count()), ([3, 1], (0, 0), 0))

    def test_restoring_the_import_brings_all_back(self) -> None:
        first = import_copies(self, FIRST)
        after = what_is_said()
        roll_back(first, "a trial")
        import_copies(self, FIRST)
        restore(first, "a trial")
        self.assertEqual(what_is_said(), after)

    def test_names_and_sources_of_a_mistaken_import_are_not_counted(self) -> None:
        import_copies(self, FIRST)
        before = record_counts()
        run = import_copies(self, Copy("2026-04-08", ["Dublin CA PD", "Nowhere PD", "Nobody PD"], source="other"))
        self.assertEqual(record_counts().names, before.names + 2)
        roll_back(run, "made up")
        self.assertEqual(record_counts(), before)


NAMES = ["Dublin CA PD", "Hayward CA PD", "Fremont CA PD", "Nowhere PD"]
COPIES = st.builds(
    Copy,
    day=st.integers(1, 6).map(lambda day: date(2026, 4, day).isoformat()),
    names=st.lists(st.sampled_from(NAMES), unique=True, min_size=1),
    marks=st.dictionaries(st.sampled_from(NAMES), st.sampled_from(["inactive", "turned_off"]), max_size=2),
    facts=st.dictionaries(st.sampled_from(["retention_days", "cameras"]), st.integers(1, 3)),
    source=st.sampled_from(["portal", "report"]),
)
IMPORTS = st.lists(COPIES, min_size=1, max_size=3, unique_by=lambda copy: (copy.source, copy.day))


class AnyHistoryTests(PropertyTestCase):
    """Whatever was imported before and after."""

    def bring_in(self, copies: list[Copy]) -> ImportRun:
        with TemporaryDirectory() as folder:
            return runs.perform(runs.start("facts_csv", [write_facts(Path(folder), *copies)]))

    @given(imports=st.lists(IMPORTS, min_size=2, max_size=4), chosen=st.integers(0, 3))
    @settings(max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow])
    def test_rolled_back_it_was_not_and_restored_it_was(self, imports: list[list[Copy]], chosen: int) -> None:
        make_bodies()
        last = imports[-1]
        for copies in imports[:-1]:
            self.bring_in(copies)
        before = what_is_said()
        run = self.bring_in(last)
        after = what_is_said()
        if run.counts.get("statements new") or run.lists.exists():
            roll_back(run, "a property")
            self.assertEqual(what_is_said(), before)
            restore(run, "a property")
        self.assertEqual(what_is_said(), after)
        other = ImportRun.objects.filter(statements__isnull=False).order_by("pk").distinct()[chosen:].first()
        if other is not None:
            roll_back(other, "another")
            restore(other, "another")
            self.assertEqual(what_is_said(), after)
