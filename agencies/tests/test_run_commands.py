"""Imports from the command line: import_documents and runs."""

import json
import os
from io import StringIO
from typing import Any
from unittest import mock

from django.core.management import CommandError, call_command
from django.test import TestCase

from agencies import tasks
from agencies.ingest import runs
from agencies.models import ImportRun, SharingLink, Statement
from agencies.tests.run_factories import Copy, facts_of, import_copies, make_bodies, names

FIRST = Copy("2026-04-01", ["Dublin CA PD", "Hayward CA PD"])


class CommandTestCase(TestCase):
    """Commands as a terminal sees them."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()

    def setUp(self) -> None:
        self.handed = self.enterContext(mock.patch.object(tasks.perform_import, "delay"))

    def told(self, *args: Any, **options: Any) -> str:
        """Return what a command prints."""
        out = StringIO()
        with self.captureOnCommitCallbacks(execute=True):
            call_command(*(str(arg) for arg in args), stdout=out, **options)
        return out.getvalue()


class ImportDocumentsTests(CommandTestCase):
    def test_dry_run_shows_the_preview_and_leaves_no_run(self) -> None:
        import_copies(self, Copy("2026-04-01", names(9)))
        told = self.told("import_documents", "facts_csv", facts_of(self, Copy("2026-04-08", names(5))), "--dry-run")
        self.assertIn("Would change: documents: 1", told)
        self.assertIn("[shrinks]: 9 names on 2026-04-01, now 5", told)
        self.assertIn("- Body 8 CA PD", told)
        self.assertEqual((ImportRun.objects.count(), Statement.objects.count()), (1, 9))

    def test_review_waits_and_says_how_to_accept(self) -> None:
        told = self.told("import_documents", "facts_csv", facts_of(self, FIRST), "--review")
        run = ImportRun.objects.get()
        self.assertIn(f"Nothing is changed yet. To accept: manage.py runs accept {run.pk}", told)
        self.assertEqual((run.status, Statement.objects.count()), ("review", 0))
        self.handed.assert_not_called()

    def test_queued_it_is_left_to_the_worker(self) -> None:
        told = self.told("import_documents", "facts_csv", facts_of(self, FIRST), "--queue")
        run = ImportRun.objects.get()
        self.assertEqual((run.status, told), ("queued", f"Import run {run.pk} waits for the worker.\n"))
        self.handed.assert_called_once_with(run.pk)

    def test_option_reaches_the_importer_and_an_unknown_or_malformed_one_is_told(self) -> None:
        folder = facts_of(self, FIRST)
        with self.assertRaisesMessage(CommandError, "wings"):
            self.told("import_documents", "facts_csv", folder, "--option", "wings=2")
        self.assertEqual(ImportRun.objects.get().options, {"wings": "2"})
        for malformed in ("wings", "=2"):
            with self.assertRaisesMessage(CommandError, "KEY=VALUE"):
                self.told("import_documents", "facts_csv", folder, "--option", malformed)


class RunsTests(CommandTestCase):
    def test_list_shows_the_newest_first_and_filters(self) -> None:
        done, failed = import_copies(self, FIRST), runs.perform(runs.start("facts_csv", ["/nowhere"]))
        lines = self.told("runs").splitlines()
        self.assertEqual([int(line.split()[0]) for line in lines], [failed.pk, done.pk])
        self.assertIn("no such file", lines[0])
        self.assertEqual(len(self.told("runs", "list", "--status", "done").splitlines()), 1)

    def test_reader_that_has_seen_enough_is_no_error(self) -> None:
        run = import_copies(self, FIRST)
        for words in (["list"], ["show", str(run.pk)]):
            reading, writing = os.pipe()
            os.close(reading)
            with self.subTest(words=words), open(writing, "w") as gone:
                call_command("runs", *words, stdout=gone)

    def test_show_tells_all_about_a_run(self) -> None:
        run = import_copies(self, FIRST, needs_review=True)
        told = self.told("runs", "show", run.pk)
        for part in ("waits for a person", run.paths[0], "that was asked for", "+ Dublin CA PD"):
            self.assertIn(part, told)

    def test_accepted_here_it_is_recorded_and_otherwise_handed_over(self) -> None:
        here, later = (import_copies(self, FIRST, needs_review=True) for _ in range(2))
        self.assertIn("done", self.told("runs", "accept", here.pk, "--here"))
        self.assertEqual(SharingLink.objects.count(), 2)
        self.assertIn("waits for the worker", self.told("runs", "accept", later.pk))
        self.handed.assert_called_once_with(later.pk)

    def test_cancelled_and_repeated(self) -> None:
        run = runs.start("facts_csv", [facts_of(self, FIRST)])
        self.assertEqual(self.told("runs", "cancel", run.pk), f"Run {run.pk} is cancelled.\n")
        told = self.told("runs", "retry", run.pk, "--here")
        self.assertIn("done", told)
        self.assertEqual(run.retries.get().status, "done")

    def test_repeated_in_vain_the_command_fails(self) -> None:
        run = runs.perform(runs.start("facts_csv", ["/nowhere"]))
        with self.assertRaisesMessage(CommandError, "no such file"):
            self.told("runs", "retry", run.pk, "--here")

    def test_rolled_back_and_restored(self) -> None:
        run = import_copies(self, FIRST)
        self.told("runs", "rollback", run.pk, "--reason", "a test")
        self.assertEqual(SharingLink.objects.count(), 0)
        self.told("runs", "restore", run.pk, "--reason", "a test")
        self.assertEqual(SharingLink.objects.count(), 2)

    def test_watched_to_its_end_a_failed_run_fails_the_command(self) -> None:
        done = import_copies(self, FIRST)
        self.assertIn("changes noted: none", self.told("runs", "watch", done.pk))
        failed = runs.perform(runs.start("facts_csv", ["/nowhere"]))
        with self.assertRaisesMessage(CommandError, f"Run {failed.pk} failed."):
            self.told("runs", "watch", failed.pk)

    def test_what_cannot_be_done_is_told(self) -> None:
        run = import_copies(self, FIRST)
        for action, message in (("cancel", "past the point"), ("retry", "failed or was cancelled"), ("accept", "wait")):
            with self.assertRaisesMessage(CommandError, message):
                self.told("runs", action, run.pk)
        with self.assertRaisesMessage(CommandError, "There is no run 0."):
            self.told("runs", "show", 0)

    def test_control_characters_of_a_document_never_reach_the_terminal(self) -> None:
        run = import_copies(self, Copy("2026-04-01", ["Dublin \x1b[31mCA PD"]), needs_review=True)
        self.assertIn("Dublin", json.dumps(run.preview))
        self.assertNotIn("\x1b", self.told("runs", "show", run.pk))
