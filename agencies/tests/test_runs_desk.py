"""What a person may do with a run: accept, cancel, repeat; and what waits for them."""

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.test import TestCase
from django.utils import timezone

from agencies.ingest import runs, runs_desk
from agencies.models import ImportRun, SharingLink, Statement
from agencies.tests.factories import make_editor
from agencies.tests.run_factories import Copy, facts_of, import_copies, make_bodies, make_watch, names, write_facts
from agencies.tests.test_preview_read import row_counts

FIRST = Copy("2026-04-01", ["Dublin CA PD", "Hayward CA PD", "Fremont CA PD"])
SECOND = Copy("2026-04-08", ["Dublin CA PD", "Hayward CA PD"])


class ReviewTests(TestCase):
    """Runs that wait for a person."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()
        cls.editor = make_editor()

    def messages(self, run: ImportRun) -> str:
        return " | ".join(run.events.values_list("message", flat=True))

    def test_nothing_changes_until_an_editor_accepts(self) -> None:
        import_copies(self, FIRST)
        run = runs.start("facts_csv", [facts_of(self, SECOND)], needs_review=True)
        before = row_counts()
        run = runs.perform(run)
        after = row_counts()
        self.assertEqual((run.status, run.step, run.counts), ("review", "record", {}))
        self.assertEqual(after.pop("RunEvent") - before.pop("RunEvent"), 1)
        self.assertEqual(after, before)
        assert run.preview is not None
        self.assertEqual(run.preview["totals"]["gone"], 1)

        run = runs.perform(runs_desk.accept(run, self.editor))
        self.assertEqual((run.status, run.accepted_by, run.counts["links ended"]), ("done", self.editor, 1))
        self.assertNotIn("changed since", self.messages(run))

    def test_waiting_run_is_taken_up_by_no_worker(self) -> None:
        run = import_copies(self, FIRST, needs_review=True)
        self.assertFalse(runs.claim(run))
        self.assertEqual(runs.sweep(), [])

    def test_second_editor_to_accept_is_told(self) -> None:
        run = import_copies(self, FIRST, needs_review=True)
        runs_desk.accept(run, self.editor)
        with self.assertRaisesMessage(ValidationError, "does not wait"):
            runs_desk.accept(run, self.editor)

    def test_record_that_changed_since_the_preview_is_logged(self) -> None:
        run = import_copies(self, SECOND, needs_review=True)
        import_copies(self, FIRST)
        run = runs.perform(runs_desk.accept(run))
        self.assertEqual(run.status, "done")
        self.assertIn("the record changed since the preview was made", self.messages(run))

    def test_files_that_changed_since_the_preview_are_not_recorded(self) -> None:
        run = import_copies(self, SECOND, needs_review=True)
        write_facts(Path(run.paths[0]), FIRST)
        run = runs.perform(runs_desk.accept(run))
        self.assertEqual(run.status, "failed")
        self.assertIn("files changed since the preview", self.messages(run))
        self.assertEqual(Statement.objects.count(), 0)

    def test_schedule_that_is_not_trusted_waits_and_a_trusted_one_records_a_small_change(self) -> None:
        import_copies(self, Copy("2026-04-01", names(20)))
        run = import_copies(self, Copy("2026-04-08", names(21)), watch=make_watch())
        self.assertEqual(run.status, "review")
        trusted = make_watch(slug="trusted", url="https://example.org/2", is_trusted=True)
        run = import_copies(self, Copy("2026-04-08", names(21)), watch=trusted)
        self.assertEqual((run.status, run.accepted_by), ("done", None))
        assert run.preview is not None
        self.assertEqual(run.preview["totals"]["new"], 1)

    def test_trusted_schedule_records_a_change_of_its_limit_and_waits_for_one_name_more(self) -> None:
        import_copies(self, Copy("2026-04-01", names(20)))
        trusted = make_watch(is_trusted=True, largest_change=10)
        run = import_copies(self, Copy("2026-04-08", names(23)), watch=trusted)
        self.assertEqual(run.status, "review")
        assert run.preview is not None
        self.assertIn("more than 10 %", run.preview["reason"])
        self.assertEqual(import_copies(self, Copy("2026-04-09", names(22)), watch=trusted).status, "done")

    def test_trusted_schedule_waits_when_the_list_lost_more_than_a_third(self) -> None:
        import_copies(self, Copy("2026-04-01", names(9)))
        trusted = make_watch(is_trusted=True, largest_change=100)
        self.assertEqual(import_copies(self, Copy("2026-04-08", names(5)), watch=trusted).status, "review")
        self.assertEqual(import_copies(self, Copy("2026-04-09", names(6)), watch=trusted).status, "done")

    def test_trusted_schedule_waits_when_the_list_names_nobody(self) -> None:
        import_copies(self, FIRST)
        trusted = make_watch(is_trusted=True, largest_change=100)
        for completeness in ("empty", "none", "absent"):
            with self.subTest(completeness):
                run = import_copies(self, Copy("2026-04-08", (), completeness), watch=trusted)
                self.assertEqual(run.status, "review")

    def test_same_document_again_makes_no_trusted_schedule_wait(self) -> None:
        trusted = make_watch(is_trusted=True, largest_change=0)
        import_copies(self, FIRST)
        run = import_copies(self, FIRST, watch=trusted)
        self.assertEqual((run.status, run.counts["statements known"]), ("done", 3))


class CancelTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()

    def test_waiting_run_is_cancelled_at_once(self) -> None:
        for run in (runs.start("facts_csv", ["/nowhere"]), import_copies(self, FIRST, needs_review=True)):
            run = runs_desk.cancel(run)
            self.assertEqual(run.status, "cancelled")
            self.assertEqual(runs.perform(run).status, "cancelled")

    def test_run_under_way_is_asked_to_stop(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        runs.claim(run)
        run = runs_desk.cancel(run)
        self.assertEqual(run.status, "running")
        self.assertIsNotNone(run.cancel_requested_at)

    def test_run_whose_worker_died_is_cancelled_at_once(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        runs.claim(run)
        ImportRun.objects.update(lease_until=timezone.now() - runs.LEASE)
        self.assertEqual(runs_desk.cancel(run).status, "cancelled")

    def test_recorded_or_finished_run_is_past_stopping(self) -> None:
        done = import_copies(self, FIRST)
        telling = runs.start("facts_csv", ["/nowhere"], step="announce", status="running")
        for run in (done, telling):
            with self.assertRaisesMessage(ValidationError, "past the point"):
                runs_desk.cancel(run)
        self.assertEqual(SharingLink.objects.count(), 3)

    def test_request_that_comes_before_the_commit_undoes_everything(self) -> None:
        def too_late_to_hear(*args: Any, **values: Any) -> None:
            ImportRun.objects.update(cancel_requested_at=timezone.now())

        with self.subTest("the watcher did not see it; the last step does"):
            folder = facts_of(self, FIRST)
            run = runs.start("facts_csv", [folder])
            original = runs.count_withdrawn
            runs.count_withdrawn = too_late_to_hear
            self.addCleanup(setattr, runs, "count_withdrawn", original)
            run = runs.perform(run)
        self.assertEqual((run.status, Statement.objects.count()), ("cancelled", 0))


class RetryTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()
        cls.editor = make_editor()

    def test_failed_run_is_repeated_as_it_was_asked_for(self) -> None:
        failed = runs.perform(runs.start("facts_csv", ["/nowhere"], needs_review=True, options={"a": "b"}))
        again = runs_desk.retry(failed, self.editor)
        self.assertEqual((again.status, again.retry_of, again.started_by), ("queued", failed, self.editor))
        for name in ("format", "paths", "options", "needs_review"):
            self.assertEqual(getattr(again, name), getattr(failed, name))

    def test_run_is_repeated_once_and_again_when_that_failed_too(self) -> None:
        failed = runs.perform(runs.start("facts_csv", ["/nowhere"]))
        again = runs_desk.retry(failed)
        with self.assertRaisesMessage(ValidationError, f"repeated already, by run {again.pk}"):
            runs_desk.retry(failed)
        runs.perform(again)
        self.assertNotEqual(runs_desk.retry(failed).pk, again.pk)

    def test_run_that_did_not_fail_is_not_repeated(self) -> None:
        for run in (import_copies(self, FIRST), runs.start("facts_csv", ["/nowhere"])):
            with self.assertRaisesMessage(ValidationError, "failed or was cancelled"):
                runs_desk.retry(run)
