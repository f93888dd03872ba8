"""Runs seen and stopped from outside their transaction, and databases that go away: on real connections."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread
from typing import Any
from unittest import mock

from django.db import OperationalError, connection, connections
from django.test import TransactionTestCase
from django.utils import timezone

from agencies.ingest import formats, runs, runs_desk, runs_watch
from agencies.ingest.runs_watch import RunWatcher
from agencies.ingest.watcher import RunCancelled
from agencies.models import Capture, ImportRun, RunEvent, Statement
from agencies.network.rebuild import RECORD_LOCK
from agencies.tests.run_factories import Copy, make_bodies, write_facts

READ = formats.read


def elsewhere(work: Callable[[], Any]) -> Any:
    """Return what `work` gives on a connection of its own."""
    found: list[Any] = []

    def run() -> None:
        try:
            found.append(work())
        finally:
            connections["default"].close()

    thread = Thread(target=run)
    thread.start()
    thread.join()
    return found[0]


def until(condition: Callable[[], bool]) -> None:
    """Wait until a condition holds; fail after ten seconds."""
    deadline = timezone.now() + timedelta(seconds=10)
    while not condition():
        assert timezone.now() < deadline, "it did not happen within ten seconds"


class WatchedTestCase(TransactionTestCase):
    """Runs of a folder with two documents, looked at every 20 ms."""

    def setUp(self) -> None:
        make_bodies()
        self.enterContext(mock.patch.object(runs_watch, "LOOK_SECONDS", 0.02))
        folder = Path(self.enterContext(TemporaryDirectory()))
        self.folder = write_facts(folder, Copy("2026-04-01", ["Dublin CA PD"]), Copy("2026-04-08", ["Hayward CA PD"]))

    def between_documents(self, act: Callable[[], None]) -> Any:
        """Have `act` done after the first document, in the open transaction."""

        def read(*args: Any, **values: Any) -> Iterator[Any]:
            for number, document in enumerate(READ(*args, **values)):
                if number:
                    act()
                yield document

        return mock.patch.object(formats, "read", side_effect=read)

    def nothing_is_recorded(self) -> None:
        self.assertEqual([model.objects.count() for model in (Statement, Capture)], [0, 0])


class WatchTests(WatchedTestCase):
    def test_lease_progress_step_and_log_are_seen_while_the_import_is_uncommitted(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        runs.claim(run)
        ImportRun.objects.update(lease_until=timezone.now())
        run.refresh_from_db()
        with RunWatcher(run) as watcher:
            watcher.at("parse")
            watcher.progress(3, 400)
            watcher.say("half way")
            until(lambda: elsewhere(lambda: ImportRun.objects.get().progress.get("statements") == 400))
            self.assertEqual(elsewhere(lambda: RunEvent.objects.get().message), "half way")
        run.refresh_from_db()
        self.assertEqual((run.step, run.progress["documents"]), ("parse", 3))
        assert run.lease_until is not None
        self.assertGreater(run.lease_until, timezone.now())

    def test_sign_of_life_comes_though_nothing_is_new(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        runs.claim(run)
        run.refresh_from_db()
        with mock.patch.object(runs_watch, "HEARTBEAT_SECONDS", 0), RunWatcher(run):
            ImportRun.objects.update(lease_until=None)
            until(lambda: ImportRun.objects.get().lease_until is not None)

    def test_watcher_of_a_lost_lease_leaves_the_run_to_its_new_worker(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        runs.claim(run)
        run.refresh_from_db()
        ImportRun.objects.update(attempts=2, progress={"worker": "another"})
        with mock.patch.object(runs_watch, "HEARTBEAT_SECONDS", 0), RunWatcher(run) as watcher:
            watcher.progress(1, 1)
            watcher.say("seen")
            until(lambda: RunEvent.objects.exists())
        self.assertEqual(ImportRun.objects.get().progress, {"worker": "another"})

    def test_step_that_the_transaction_wrote_is_not_overwritten(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        runs.claim(run)
        run.refresh_from_db()
        with RunWatcher(run) as watcher:
            ImportRun.objects.update(step="announce")
            watcher.at("rebuild")
            watcher.progress(7, 7)
            until(lambda: ImportRun.objects.get().progress.get("documents") == 7)
        self.assertEqual(ImportRun.objects.get().step, "announce")


class StopTests(WatchedTestCase):
    def test_cancelled_in_the_middle_it_leaves_nothing(self) -> None:
        run = runs.start("facts_csv", [self.folder])

        def cancel() -> None:
            elsewhere(lambda: runs_desk.cancel(ImportRun.objects.get()))
            until(lambda: watcher_heard(run))

        def watcher_heard(run: ImportRun) -> bool:
            return heard[0]._stop.is_set()

        heard: list[RunWatcher] = []
        enter = RunWatcher.__enter__

        def entered(watcher: RunWatcher) -> RunWatcher:
            heard.append(watcher)
            return enter(watcher)

        with mock.patch.object(RunWatcher, "__enter__", entered), self.between_documents(cancel):
            run = runs.perform(run)
        self.assertEqual((run.status, run.counts), ("cancelled", {}))
        self.assertEqual(run.events.get().message, "cancelled: nothing of it stays")
        self.nothing_is_recorded()

    def test_watcher_that_heard_raises_at_every_call(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        runs.claim(run)
        run.refresh_from_db()
        runs_desk.cancel(run)
        with RunWatcher(run) as watcher:
            until(lambda: watcher._stop.is_set())
            for call in (lambda: watcher.at("match"), lambda: watcher.progress(1, 1), watcher.check):
                self.assertRaises(RunCancelled, call)

    def test_keyboard_interrupt_cancels(self) -> None:
        def interrupt() -> None:
            raise KeyboardInterrupt

        run = runs.start("facts_csv", [self.folder])
        with self.between_documents(interrupt), self.assertRaises(KeyboardInterrupt):
            runs.perform(run)
        run.refresh_from_db()
        self.assertEqual(run.status, "cancelled")
        self.nothing_is_recorded()


class DatabaseTests(WatchedTestCase):
    def test_database_that_goes_away_leaves_the_run_to_the_sweep_and_the_next_worker_finishes(self) -> None:
        def cut() -> None:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                [backend] = cursor.fetchone()
            elsewhere(lambda: self.terminate(backend))

        run = runs.start("facts_csv", [self.folder])
        with self.between_documents(cut), self.assertRaises(OperationalError):
            runs.perform(run)
        connection.close()
        run.refresh_from_db()
        self.assertEqual((run.status, run.problem, runs.sweep()), ("running", None, []))
        self.nothing_is_recorded()
        ImportRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        self.assertEqual(runs.sweep(), [run.pk])
        self.assertEqual(runs.perform(run).status, "done")
        self.assertEqual(Statement.objects.count(), 2)

    def terminate(self, backend: int) -> bool:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s, 5000)", [backend])
            return bool(cursor.fetchone()[0])

    def test_run_that_waited_in_vain_for_another_writer_is_put_back_uncounted(self) -> None:
        def held() -> ImportRun:
            with connection.cursor() as cursor:
                cursor.execute("SET lock_timeout = '50ms'")
            return runs.perform(runs.start("facts_csv", [self.folder]))

        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [RECORD_LOCK])
            try:
                run = elsewhere(held)
            finally:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [RECORD_LOCK])
        self.assertEqual((run.status, run.attempts, run.problem), ("queued", 0, None))
        self.assertIn("another import holds the record", run.events.get().message)
        self.assertEqual(runs.sweep(), [], "not before its time")
        ImportRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        self.assertEqual(runs.sweep(), [run.pk])

    def test_worker_that_stalled_until_another_took_over_records_nothing(self) -> None:
        def take_over() -> None:
            elsewhere(lambda: ImportRun.objects.update(attempts=2))

        run = runs.start("facts_csv", [self.folder])
        with self.between_documents(take_over):
            run = runs.perform(run)
        self.assertEqual((run.status, run.attempts), ("running", 2))
        self.nothing_is_recorded()

    def test_of_two_workers_one_imports(self) -> None:
        run = runs.start("facts_csv", [self.folder])
        seen: list[str] = []

        def second_worker() -> None:
            seen.append(elsewhere(lambda: runs.perform(ImportRun.objects.get())).status)

        with self.between_documents(second_worker):
            run = runs.perform(run)
        self.assertEqual((run.status, run.attempts, seen), ("done", 1, ["running"]))
