"""The watcher of an import run: stores its step, progress, log and sign of life, and hears when it should stop.

All of that is written by a thread with a connection of its own, outside the import's transaction.
"""

import logging
import threading
from collections.abc import Callable
from datetime import timedelta
from types import TracebackType
from typing import Any

from django.db import Error, connection, transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from agencies.ingest.plain import plain
from agencies.ingest.watcher import RunCancelled
from agencies.models import ImportRun, RunEvent

logger = logging.getLogger(__name__)

Say = Callable[[str], None]

LEASE = timedelta(seconds=90)
"""How long a run belongs to its worker after a sign of life."""

HEARTBEAT_SECONDS = 20
"""A sign of life at least this often."""

LOOK_SECONDS = 1.0
"""How often the thread stores what is new and looks whether someone asked to stop."""

LONGEST_LINE = 500
"""Characters of a log line that are kept."""

SPEAK_EVERY = 5000
"""Statements after which a terminal is told how far it is."""


class RunWatcher:
    """Watches one attempt at one run; a context manager. `say` is told of everything too: a command's terminal."""

    def __init__(self, run: ImportRun, say: Say | None = None) -> None:
        self._run, self._attempt, self._step = run.pk, run.attempts, run.step
        self._say = say
        self._progress: dict[str, Any] = dict(run.progress)
        self._lines: list[RunEvent] = []
        self._stored: tuple[Any, ...] = ()
        self._stored_at = timezone.now()
        self._spoken = 0
        self._over, self._stop = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True, name=f"watch-run-{run.pk}")

    def __enter__(self) -> "RunWatcher":
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop the thread, and write the lines that it had no time for."""
        self._over.set()
        self._thread.join()
        try:
            self._write_lines()
        except Error:
            logger.warning("Run %s: the end of its log could not be written.", self._run)

    def at(self, step: str) -> None:
        """Note that a step begins. Raises RunCancelled when the run should stop."""
        self._step = step
        self.check()

    def progress(self, documents: int, statements: int) -> None:
        """Note how many documents and statements were read. Raises RunCancelled when the run should stop."""
        self._progress = {**self._progress, "documents": documents, "statements": statements}
        if self._say is not None and statements >= self._spoken + SPEAK_EVERY:
            self._spoken = statements
            self._say(f"  {documents:,} documents, {statements:,} statements ...")
        self.check()

    def of(self, files: int) -> None:
        """Note how many files there are to read."""
        self._progress = {**self._progress, "files": files}

    def say(self, message: str, level: str = "info") -> None:
        """Add a line to the log. An error is not told to a terminal, too: it comes there by being raised."""
        line = message[:LONGEST_LINE].replace("\x00", "\ufffd")  # PostgreSQL stores no NUL.
        self._lines.append(RunEvent(run_id=self._run, step=self._step, level=level, message=line))
        if self._say is not None and level != "error":
            self._say(plain(message if level == "info" else f"{level}: {message}"))

    def state(self) -> dict[str, Any]:
        """Return step and progress as a run stores them."""
        return {"step": self._step, "progress": self._progress}

    def check(self) -> None:
        """Raise RunCancelled when someone asked the run to stop."""
        if self._stop.is_set():
            raise RunCancelled

    def _watch(self) -> None:
        """Store and look until the work is over. A database that is away is asked again the next time."""
        try:
            while not self._over.wait(LOOK_SECONDS):
                try:
                    self._store()
                except Error:
                    connection.close()
        finally:
            connection.close()

    def _store(self) -> None:
        """Write new lines, and step, progress and lease where they are new or it is time; see whether to stop."""
        self._write_lines()
        run = ImportRun.objects.filter(pk=self._run, status=ImportRun.Status.RUNNING, attempts=self._attempt)
        now, state = timezone.now(), (self._step, self._progress)
        if state != self._stored or (now - self._stored_at).total_seconds() >= HEARTBEAT_SECONDS:
            # Written by the import itself in its transaction, "announce" means that all is recorded: it stays.
            announce = ImportRun.Step.ANNOUNCE
            step = Case(When(step=announce, then=Value(announce)), default=Value(self._step))
            run.update(heartbeat_at=now, lease_until=now + LEASE, progress=state[1], step=step)
            self._stored, self._stored_at = state, now
        if run.filter(cancel_requested_at__isnull=False).exists():
            self._stop.set()

    def _write_lines(self) -> None:
        """Write the lines that wait; those that could not be written wait on."""
        lines = self._lines[:]
        if lines:
            with transaction.atomic():
                RunEvent.objects.bulk_create(lines)
            del self._lines[: len(lines)]
