"""Runs: who may take one up, what it leaves behind when it fails, and what is swept up."""

from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import TestCase
from django.utils import timezone

from agencies import tasks
from agencies.ingest import formats, runs
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.runs_watch import RunWatcher
from agencies.models import Capture, ImportRun, SharingLink, Source, Statement
from agencies.tests import factories as make
from agencies.tests.test_facts_csv import GRANT, HEADER


def facts_folder(test: TestCase, *lines: str) -> str:
    """Write a folder of facts with these statements; it goes with the test."""
    folder = Path(test.enterContext(TemporaryDirectory()))
    (folder / "sources.csv").write_text("slug,title,kind,publisher\nportal,A portal,portal,A city\n")
    (folder / "statements.csv").write_text("\n".join([HEADER, *lines]))
    return str(folder)


def problem_of(run: ImportRun) -> dict[str, Any]:
    """Return why the run failed; fails the test where it did not."""
    assert run.problem is not None
    return dict(run.problem)


def problem(run: ImportRun) -> ImportProblem:
    """Return why the run failed, as it was raised."""
    return ImportProblem.from_json(problem_of(run))


class PerformTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.make_network()
        make.make_agency()
        make.make_agency("Dublin Police Department")

    def test_import_is_done_counted_and_hashed(self) -> None:
        run = runs.perform(runs.start("facts_csv", [facts_folder(self, GRANT)]))
        self.assertEqual((run.status, run.counts["statements new"], run.attempts), ("done", 1, 1))
        self.assertRegex(run.input_sha256, "^[0-9a-f]{64}$")
        self.assertIsNone(run.lease_until)

    def test_bad_file_leaves_only_a_failed_run_that_names_file_row_and_field(self) -> None:
        run = runs.perform(
            runs.start("facts_csv", [facts_folder(self, GRANT, GRANT.replace("grantor,list", "nobody,list"))])
        )
        self.assertEqual(run.status, "failed")
        self.assertEqual(
            (problem_of(run)["file"], problem_of(run)["row"], problem_of(run)["field"]),
            ("statements.csv", 3, "reported_by"),
        )
        self.assertEqual([model.objects.count() for model in (Statement, Capture, Source)], [0, 0, 0])

    def test_missing_file_and_unknown_format_fail_with_a_reason(self) -> None:
        self.assertIn("no such file", problem_of(runs.perform(runs.start("facts_csv", ["/nowhere"])))["message"])
        self.assertIn("unknown format", problem_of(runs.perform(runs.start("pigeon", ["/"])))["message"])

    def test_unforeseen_error_is_recorded_and_raised(self) -> None:
        run = runs.start("facts_csv", [facts_folder(self, GRANT)])
        with mock.patch.object(formats, "read", side_effect=MemoryError("full")), self.assertRaises(MemoryError):
            runs.perform(run)
        run.refresh_from_db()
        self.assertEqual((run.status, problem_of(run)["message"]), ("failed", "MemoryError: full"))

    def test_run_that_is_over_is_not_begun_again(self) -> None:
        run = runs.perform(runs.start("facts_csv", [facts_folder(self, GRANT)]))
        self.assertEqual(runs.perform(run).attempts, 1)

    def test_dry_run_says_what_would_change_and_changes_nothing(self) -> None:
        counts = runs.dry_run("facts_csv", [facts_folder(self, GRANT)])["counts"]
        self.assertEqual((counts["statements new"], counts["links new"]), (1, 1))
        self.assertEqual([m.objects.count() for m in (Statement, SharingLink, ImportRun)], [0, 0, 0])

    def test_command_and_task_end_in_the_same_function(self) -> None:
        folder, out = facts_folder(self, GRANT), StringIO()
        call_command("import_documents", "facts_csv", folder, "--dry-run", stdout=out)
        call_command("import_documents", "facts_csv", folder, stdout=out)
        self.assertIn("Would change: documents: 1", out.getvalue())
        tasks.perform_import(runs.start("facts_csv", [folder]).pk)
        newest = ImportRun.objects.first()
        self.assertEqual((newest.status, newest.counts["statements known"]), ("done", 1))

    def test_command_fails_with_the_problem(self) -> None:
        with self.assertRaisesMessage(CommandError, "statements.csv, row 2, field 'retrieved_on': 'x' is not a date"):
            call_command("import_documents", "facts_csv", facts_folder(self, GRANT.replace("2026-04-23", "x")))

    def test_queued_import_is_handed_to_the_worker_once_it_is_committed(self) -> None:
        with mock.patch.object(tasks.perform_import, "delay") as delay, self.captureOnCommitCallbacks(execute=True):
            call_command("import_documents", "facts_csv", facts_folder(self, GRANT), "--queue", stdout=StringIO())
        delay.assert_called_once_with(ImportRun.objects.get().pk)

    def test_file_that_cannot_be_read_is_a_problem_of_that_file(self) -> None:
        folder = facts_folder(self, GRANT)
        (Path(folder) / "statements-gone.csv").symlink_to("/nowhere/else.csv")
        self.assertIn("can't be read", problem_of(runs.perform(runs.start("facts_csv", [folder])))["message"])

    def test_log_tells_how_it_went_and_what_stopped_it(self) -> None:
        run = runs.perform(runs.start("facts_csv", [facts_folder(self, GRANT)]))
        self.assertEqual([(event.step, event.level) for event in run.events.all()], [("announce", "info")])
        run = runs.perform(runs.start("facts_csv", ["/nowhere"]))
        self.assertEqual([(event.level, event.message) for event in run.events.all()], [("error", str(problem(run)))])

    def test_what_a_document_prints_does_not_control_a_terminal(self) -> None:
        heard: list[str] = []
        with RunWatcher(runs.start("facts_csv", []), heard.append) as watcher:
            watcher.say("on record as \x1b[2J\nOakland PD", "warning")
        self.assertEqual(heard, ["warning: on record as \ufffd[2J\ufffdOakland PD"])


class LeaseTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.make_network()

    def test_only_one_worker_gets_the_lease(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        self.assertEqual((runs.claim(run), runs.claim(run)), (True, False))

    def test_lease_that_ran_out_may_be_taken_up_again(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        runs.claim(run)
        ImportRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        self.assertTrue(runs.claim(run))

    def test_sweep_finds_queued_and_abandoned_runs_but_no_live_or_finished_one(self) -> None:
        queued, live, dead = (runs.start("facts_csv", ["/nowhere"]) for _ in range(3))
        runs.claim(live)
        runs.claim(dead)
        ImportRun.objects.filter(pk=dead.pk).update(lease_until=timezone.now() - timedelta(seconds=1))
        make.make_run()
        self.assertEqual(runs.sweep(), [queued.pk, dead.pk])

    def test_run_that_killed_its_worker_too_often_is_failed(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        ImportRun.objects.update(attempts=runs.MAX_ATTEMPTS)
        self.assertEqual(runs.sweep(), [])
        run.refresh_from_db()
        self.assertEqual(run.status, "failed")
        self.assertIn("given up", problem_of(run)["message"])

    def test_run_that_was_asked_to_stop_before_its_worker_died_is_cancelled_by_the_sweep(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        ImportRun.objects.update(cancel_requested_at=timezone.now())
        self.assertEqual(runs.sweep(), [])
        run.refresh_from_db()
        self.assertEqual(run.status, "cancelled")

    def test_recorded_run_that_killed_its_worker_too_often_while_telling_is_done(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        ImportRun.objects.update(attempts=runs.MAX_ATTEMPTS, step="announce")
        self.assertEqual(runs.sweep(), [])
        run.refresh_from_db()
        self.assertEqual((run.status, run.problem), ("done", None))

    def test_worker_that_died_between_recording_and_telling_is_followed_by_one_that_tells(self) -> None:
        with mock.patch.object(runs, "announce", side_effect=SystemExit), self.assertRaises(SystemExit):
            runs.perform(runs.start("facts_csv", [facts_folder(self, GRANT)]))
        run = ImportRun.objects.get()
        self.assertEqual((run.status, run.step, run.counts["documents"]), ("running", "announce", 1))
        ImportRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        with mock.patch.object(tasks.perform_import, "delay") as delay:
            tasks.sweep_import_runs()
        delay.assert_called_once_with(run.pk)
        with mock.patch.object(formats, "read", side_effect=AssertionError("it is recorded already")):
            run = runs.perform(run)
        self.assertEqual((run.status, run.attempts, run.counts["documents"]), ("done", 2, 1))
        self.assertEqual(run.events.get().message, "changes noted: none")

    def test_failure_to_tell_leaves_the_import_done(self) -> None:
        with mock.patch.object(runs, "announce", side_effect=KeyError("oops")), self.assertLogs(runs.logger):
            run = runs.perform(runs.start("facts_csv", [facts_folder(self, GRANT)]))
        self.assertEqual((run.status, run.events.get().level), ("done", "error"))


class ProblemTests(TestCase):
    def test_problem_names_what_it_knows(self) -> None:
        self.assertEqual(
            str(ImportProblem("is bad", file="a.csv", row=3, field="url")), "a.csv, row 3, field 'url': is bad"
        )
        self.assertEqual(str(ImportProblem("is bad")), "is bad")
