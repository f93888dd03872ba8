"""Import runs: begun under a lease, kept alive by a heartbeat, finished or failed, swept up when abandoned.

A command and the worker's task both end in `perform`.
"""

import hashlib
import os
import socket
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from agencies.ingest import formats
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.record import Progress, record
from agencies.models import ImportRun

Say = Callable[[str], None]

LEASE = timedelta(seconds=90)
"""How long a run belongs to its worker after a sign of life."""

HEARTBEAT_SECONDS = 20
MAX_ATTEMPTS = 5
"""A run that has killed its worker this often is failed, not begun again."""


class DryRunDone(Exception):
    """Carries a dry run's counts out of the transaction that is undone."""

    def __init__(self, counts: Counter[str]) -> None:
        super().__init__("dry run")
        self.counts = counts


def start(format_name: str, paths: list[str]) -> ImportRun:
    """Record that an import is wanted. Paths are made absolute: the worker may stand elsewhere."""
    return ImportRun.objects.create(format=format_name, paths=[str(Path(path).resolve()) for path in paths])


def dry_run(format_name: str, paths: list[str], progress: Progress | None = None) -> Counter[str]:
    """Return what an import would change, and change nothing. Raises ImportProblem as an import would."""
    try:
        with transaction.atomic():
            run = start(format_name, paths)
            raise DryRunDone(record(formats.read(format_name, run.paths), run, progress))
    except DryRunDone as done:
        return done.counts


def perform(run: ImportRun, progress: Progress | None = None) -> ImportRun:
    """Carry out a run that is free to be taken up, and return it as it then stands.

    All of it is one transaction; a problem leaves only a failed run that names file, row and field. A run that
    another worker holds, or that is over, is returned untouched. Unforeseen errors are recorded and raised.
    """
    if not claim(run):
        run.refresh_from_db()
        return run
    try:
        with heartbeat(run) as seen:
            counts = record(formats.read(run.format, run.paths), run, _both(seen, progress))
            _finish(run, status="done", counts=dict(counts), input_sha256=input_hash(run.paths))
    except ImportProblem as problem:
        _finish(run, status="failed", problem=problem.as_json())
    except Exception as error:
        _finish(run, status="failed", problem=ImportProblem(f"{type(error).__name__}: {error}").as_json())
        raise
    run.refresh_from_db()
    return run


def import_now(format_name: str, paths: list[str], say: Say) -> ImportRun:
    """Import in this process, telling `say` of progress; raises ImportProblem when the run fails."""
    run = perform(start(format_name, paths), _every(5000, say))
    if run.status != ImportRun.Status.DONE:
        raise ImportProblem.from_json(run.problem) if run.problem else ImportProblem("another worker holds this run")
    say(", ".join(f"{word}: {number:,}" for word, number in run.counts.items() if number))
    return run


def claim(run: ImportRun) -> bool:
    """Take the run's lease if it is free; True when it is ours. One conditional UPDATE decides between workers."""
    now = timezone.now()
    free = ImportRun.objects.abandoned(now).filter(pk=run.pk)
    taken = free.update(
        status="running",
        started_at=now,
        heartbeat_at=now,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        progress={"worker": f"{socket.gethostname()}:{os.getpid()}"},
    )
    return bool(taken)


def sweep() -> list[int]:
    """Return the ids of abandoned runs that should be begun again; fail those that were begun too often."""
    abandoned = ImportRun.objects.abandoned(timezone.now())
    problem = ImportProblem(f"given up: its worker died {MAX_ATTEMPTS} times").as_json()
    abandoned.filter(attempts__gte=MAX_ATTEMPTS).update(status="failed", problem=problem, finished_at=timezone.now())
    return list(abandoned.order_by("pk").values_list("pk", flat=True))


@contextmanager
def heartbeat(run: ImportRun) -> Iterator[Progress]:
    """Keep the run's lease from a thread with a connection of its own while the block works.

    Yields the function to call with (documents, statements): the thread stores the latest with each beat, outside
    the import's transaction, so that others can watch.
    """
    latest: dict[str, int] = {}
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(HEARTBEAT_SECONDS):
                now = timezone.now()
                ImportRun.objects.filter(pk=run.pk, status="running").update(
                    heartbeat_at=now, lease_until=now + LEASE, progress=dict(latest)
                )
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield lambda documents, statements: latest.update(documents=documents, statements=statements)
    finally:
        over.set()
        thread.join()


def input_hash(paths: list[str]) -> str:
    """Return the SHA-256 of the files' contents in the order of their names, in hex."""
    digest = hashlib.sha256()
    for path in map(Path, paths):
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file():
                digest.update(file.read_bytes())
    return digest.hexdigest()


def _finish(run: ImportRun, **values: object) -> None:
    ImportRun.objects.filter(pk=run.pk).update(finished_at=timezone.now(), lease_until=None, **values)


def _both(first: Progress, second: Progress | None) -> Callable[[int, int], None]:
    """Return a function that calls both."""

    def call(documents: int, statements: int) -> None:
        first(documents, statements)
        if second is not None:
            second(documents, statements)

    return call


def _every(step: int, say: Say) -> Callable[[int, int], None]:
    """Return a progress function that speaks once every `step` statements."""
    next_at = step

    def progress(documents: int, statements: int) -> None:
        nonlocal next_at
        if statements >= next_at:
            say(f"  {documents:,} documents, {statements:,} statements ...")
            next_at = statements + step

    return progress
