"""What follows from an error that no document causes: failed, put back, or left for the sweeper."""

from datetime import timedelta
from typing import Any

from django.db import InterfaceError, OperationalError
from django.db.models import F
from django.utils import timezone

from agencies.ingest.parsed import ImportProblem
from agencies.ingest.runs_watch import RunWatcher
from agencies.models import ImportRun

WAIT = timedelta(seconds=60)
"""After waiting in vain for another writer, a run is not begun again before this."""

_CONNECTION_CODES = ("08", "57P")
"""SQLSTATE classes: connection exceptions, and a server that is shutting down or starting."""

_WAIT_CODES = ("55P03", "40P01", "40001")
"""SQLSTATEs: lock not available, deadlock, serialization failure."""

Ending = tuple[dict[str, Any] | None, BaseException | None]
"""The fields with which a run ends (None: left as it is), and the error to raise."""


def after_failure(error: BaseException, watcher: RunWatcher) -> Ending:
    """Return how a run ends that met this error.

    Of a database that went away nothing is concluded: the run keeps its lease until that runs out. Waiting in
    vain for another import is no failure. Anything else is.
    """
    if lost_connection(error):
        return None, error
    if _sqlstate(error) in _WAIT_CODES:
        watcher.say("another import holds the record; this one is begun again later", "warning")
        again = {"status": ImportRun.Status.QUEUED, "finished_at": None, "lease_until": timezone.now() + WAIT}
        return {**again, "attempts": F("attempts") - 1}, None
    if isinstance(error, KeyboardInterrupt):
        watcher.say("interrupted at the keyboard: nothing of it stays", "warning")
        return {"status": ImportRun.Status.CANCELLED}, error
    problem = ImportProblem(f"{type(error).__name__}: {error}")
    watcher.say(str(problem), "error")
    return {"status": ImportRun.Status.FAILED, "problem": problem.as_json()}, error


def lost_connection(error: BaseException) -> bool:
    """Tell whether an error means that the database went away."""
    if isinstance(error, InterfaceError):
        return True
    code = _sqlstate(error)
    return isinstance(error, OperationalError) and (not code or code.startswith(_CONNECTION_CODES))


def _sqlstate(error: BaseException) -> str:
    """Return PostgreSQL's code of a database error, as whichever driver names it; "" where there is none."""
    cause = error.__cause__
    return str(getattr(cause, "sqlstate", None) or getattr(cause, "pgcode", None) or "")
