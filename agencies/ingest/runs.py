"""Import runs: begun under a lease, recorded in one transaction, finished, failed, cancelled, or left for a person.

A command and the worker's task both end in `perform`.
"""

import logging
import os
import socket
from collections import Counter
from functools import partial
from typing import Any

from django.db import transaction
from django.db.models import Case, F, When
from django.db.models.functions import Coalesce
from django.utils import timezone

from agencies.ingest import formats
from agencies.ingest.announce import announce
from agencies.ingest.garbage import searched_rarely
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.preview import Preview, agency_in_words, copy_in_words, needs_person, portal_in_words
from agencies.ingest.preview_agencies import other_agencies, second_portals
from agencies.ingest.preview_copies import second_copies
from agencies.ingest.preview_read import count_withdrawn, read_preview, shrunken_lists
from agencies.ingest.record import record
from agencies.ingest.recording import recorded
from agencies.ingest.runs_failures import after_failure, lost_connection
from agencies.ingest.runs_input import Met, absolute, check_format, documents, input_hash, keep_files
from agencies.ingest.runs_personal import warn_of_personal_data
from agencies.ingest.runs_watch import LEASE, RunWatcher, Say
from agencies.ingest.watcher import RunCancelled, Unwatched, Watcher
from agencies.models import ImportRun

__all__ = ["LEASE", "claim", "dry_run", "import_now", "input_hash", "perform", "start", "sweep"]

logger = logging.getLogger(__name__)

Status, Step = ImportRun.Status, ImportRun.Step

MAX_ATTEMPTS = 5
"""A run that has killed its worker this often is failed, not begun again."""

MOST_WARNINGS = 50
"""Lists that shrank, and sources of another agency, of which the log names each; the rest is counted."""


class Waits(Exception):
    """A person must look first: carries the preview out of the transaction that is undone."""

    def __init__(self, preview: Preview) -> None:
        super().__init__(preview.get("reason", ""))
        self.preview = preview


class LeaseLost(Exception):
    """Another worker has taken the run up meanwhile: what this one did is undone."""


def start(format_name: str, paths: list[str], **values: Any) -> ImportRun:
    """Record that an import is wanted, with any other field of ImportRun (options, needs_review, watch, ...)."""
    return ImportRun.objects.create(format=format_name, paths=[absolute(path) for path in paths], **values)


def dry_run(format_name: str, paths: list[str], options: dict[str, Any] | None = None) -> Preview:
    """Return what an import would change, and change nothing. Raises ImportProblem as an import would."""
    try:
        with transaction.atomic(), searched_rarely():
            run, met = start(format_name, paths, options=options or {}), Met()
            counts = _recorded(run, met, Unwatched())
            count_withdrawn(run, met, counts)
            raise Waits(read_preview(run, counts, met))
    except Waits as waits:
        return waits.preview


def perform(run: ImportRun, say: Say | None = None) -> ImportRun:
    """Carry out a run that is free to be taken up, and return it as it then stands.

    All of it is one transaction; a problem leaves only a failed run that names file, row and field. A run that
    another worker holds, or that is over, is returned untouched. Unforeseen errors are recorded and raised; where
    the database itself went away, the run stays as it is, to be taken up again when its lease has run out.
    """
    if not claim(run):
        run.refresh_from_db()
        return run
    run.refresh_from_db()
    with RunWatcher(run, say) as watcher, searched_rarely():
        ending, error = _attempt(run, watcher)
    if ending is not None:
        mine = ImportRun.objects.filter(pk=run.pk, status=Status.RUNNING, attempts=run.attempts)
        mine.update(**{**watcher.state(), "finished_at": timezone.now(), "lease_until": None, **ending})
    if error is not None:
        raise error
    run.refresh_from_db()
    return run


def import_now(format_name: str, paths: list[str], say: Say, **values: Any) -> ImportRun:
    """Import in this process, telling `say` of progress; raises ImportProblem when the run is not done.

    A run that waits for a person, as asked for by `needs_review=True`, is returned, too.
    """
    run = perform(start(format_name, paths, **values), say)
    if run.status not in (Status.DONE, Status.REVIEW):
        if run.problem:
            raise ImportProblem.from_json(run.problem)
        raise ImportProblem(f"import run {run.pk} is not done: {run.get_status_display()}")
    if run.counts:
        say(", ".join(f"{word}: {number:,}" for word, number in run.counts.items() if number))
    return run


def claim(run: ImportRun) -> bool:
    """Take the run's lease if it is free; True when it is ours. One conditional UPDATE decides between workers."""
    now = timezone.now()
    free = ImportRun.objects.abandoned(now).filter(pk=run.pk)
    taken = free.update(
        status=Status.RUNNING,
        # One of which all is recorded goes on as the one that it is: changes noted since it began are its own.
        started_at=Case(When(step=Step.ANNOUNCE, then=Coalesce("started_at", now)), default=now),
        heartbeat_at=now,
        lease_until=now + LEASE,
        attempts=F("attempts") + 1,
        progress={"worker": f"{socket.gethostname()}:{os.getpid()}"},
    )
    return bool(taken)


def sweep() -> list[int]:
    """Return the ids of abandoned runs that should be begun again.

    Those that someone asked to stop are cancelled. Those that were begun too often are failed, or done where all
    is recorded already.
    """
    now = timezone.now()
    abandoned = ImportRun.objects.abandoned(now)
    unrecorded = abandoned.exclude(step=Step.ANNOUNCE)
    unrecorded.filter(cancel_requested_at__isnull=False).update(status=Status.CANCELLED, finished_at=now)
    problem = ImportProblem(f"given up: its worker died {MAX_ATTEMPTS} times").as_json()
    tired = {"attempts__gte": MAX_ATTEMPTS}
    unrecorded.filter(**tired).update(status=Status.FAILED, problem=problem, finished_at=now)
    abandoned.filter(**tired).update(status=Status.DONE, finished_at=now)
    return list(abandoned.order_by("pk").values_list("pk", flat=True))


def _attempt(run: ImportRun, watcher: RunWatcher) -> tuple[dict[str, Any] | None, BaseException | None]:
    """Do the work; return the fields with which the run ends, None to leave it as it is, and an error to raise."""
    try:
        if run.step != Step.ANNOUNCE:  # Else its worker died when all was recorded.
            if run.cancel_requested_at is not None:
                raise RunCancelled
            _record(run, watcher)
        _tell(run, watcher)
    except Waits as waits:
        watcher.say(f"nothing is changed: a person must look first, because {waits}")
        return {"status": Status.REVIEW, "step": Step.RECORD, "preview": waits.preview}, None
    except RunCancelled:
        watcher.say("cancelled: nothing of it stays", "warning")
        return {"status": Status.CANCELLED}, None
    except LeaseLost:
        watcher.say("another worker has taken the run up; what this one did is undone", "warning")
        return None, None
    except ImportProblem as problem:
        watcher.say(str(problem), "error")
        return {"status": Status.FAILED, "problem": problem.as_json()}, None
    except (Exception, KeyboardInterrupt) as error:
        return after_failure(error, watcher)
    return {"status": Status.DONE}, None


def _record(run: ImportRun, watcher: RunWatcher) -> None:
    """Fetch, parse, match, record and rebuild. All but the kept bytes is one transaction."""
    watcher.at(Step.FETCH)
    check_format(run)
    digest = input_hash(run.paths)
    if run.accepted_at is not None and digest != run.input_sha256:
        raise ImportProblem("the files changed since the preview was made: begin a new run")
    files = keep_files(run, watcher) if run.accepted_at is not None or not run.needs_review else {}
    if run.accepted_at is None:  # Else the log said so when the preview was made.
        warn_of_personal_data(run, files, watcher)
    watcher.at(Step.PARSE)
    met = Met()
    ImportRun.objects.filter(pk=run.pk).update(input_sha256=digest)
    with transaction.atomic():
        counts = _recorded(run, met, watcher)
        count_withdrawn(run, met, counts)
        preview = _look(run, counts, met, watcher)
        _mark_recorded(run, counts, preview)
    _warn_of_withdrawn(counts, watcher)


def _recorded(run: ImportRun, met: Met, watcher: Watcher) -> Counter[str]:
    """Record a run's documents, from the first on where its format may begin so; return what was counted."""
    read = partial(documents, run, met, watcher)
    if formats.may_begin_at_once(run.format):
        return recorded(read, run, watcher, met.sizes)
    return record(read(), run, watcher, met.sizes)


def _look(run: ImportRun, counts: Counter[str], met: Met, watcher: RunWatcher) -> Preview | None:
    """Make the preview where one is wanted. Raises Waits where a person must look at it before anything stays."""
    if run.watch is None and not run.needs_review:
        _warn_of_others(run, met, watcher)
        _warn_of_shrunken(run, met, watcher)
        return None
    preview = read_preview(run, counts, met)
    reason = needs_person(run, preview)
    if reason is not None:
        raise Waits({**preview, "reason": reason})
    if run.preview is not None and run.preview["totals"] != preview["totals"]:
        watcher.say("the record changed since the preview was made; this run changes: " + in_words(preview), "warning")
    return preview


def _warn_of_others(run: ImportRun, met: Met, watcher: RunWatcher) -> None:
    """Log what may stand under a wrong name; the import goes on all the same.

    That is a document that names another agency than earlier copies of its source, a new portal of an agency that has
    another one, and bytes that are on record as a copy of another source.
    """
    others = [agency_in_words(one) for one in other_agencies(run, met)]
    portals = [portal_in_words(one) for one in second_portals(run, met)]
    copies = [copy_in_words(one) for one in second_copies(run, met) if "source" in one]
    _warn(others, "sources name another agency than before", watcher)
    _warn(portals, "portals of agencies that have another", watcher)
    _warn(copies, "documents whose bytes are on record as a copy of another source", watcher)


def _warn(said: list[str], rest: str, watcher: RunWatcher) -> None:
    """Log the first of some warnings, and how many more there are of what `rest` says."""
    for one in said[:MOST_WARNINGS]:
        watcher.say(one, "warning")
    if len(said) > MOST_WARNINGS:
        watcher.say(f"{len(said) - MOST_WARNINGS:,} more {rest}", "warning")


def _warn_of_shrunken(run: ImportRun, met: Met, watcher: RunWatcher) -> None:
    """Log the lists that lost more than a third: old captures in bulk go on all the same."""
    shrunken = [f"shrank by more than a third: {one}" for one in shrunken_lists(run, met.sizes)]
    _warn(shrunken, "lists shrank by more than a third", watcher)


def _mark_recorded(run: ImportRun, counts: Counter[str], preview: Preview | None) -> None:
    """Note in the import's own transaction that all is recorded.

    Raises RunCancelled where someone asked to stop before, LeaseLost where the run is another worker's by now.
    """
    mine = ImportRun.objects.filter(pk=run.pk, status=Status.RUNNING, attempts=run.attempts)
    values = {"step": Step.ANNOUNCE, "counts": dict(counts)}
    if run.preview is None and preview is not None:
        values["preview"] = preview
    if not mine.filter(cancel_requested_at__isnull=True).update(**values):
        raise RunCancelled if mine.exists() else LeaseLost


def _warn_of_withdrawn(counts: Counter[str], watcher: RunWatcher) -> None:
    """Say when what was imported again does not count, because it was rolled back or withdrawn."""
    for word in ("statements known but withdrawn", "statements new but withdrawn"):
        if counts[word]:
            watcher.say(f"{word}: {counts[word]:,}. They count again when what was withdrawn is restored", "warning")


def _tell(run: ImportRun, watcher: RunWatcher) -> None:
    """Announce; a failure there is logged and leaves the import done, unless the database went away."""
    try:
        announce(run, watcher)
    except Exception as error:
        if lost_connection(error):
            raise
        logger.exception("Run %s is recorded, but telling of it failed.", run.pk)
        watcher.say(f"recorded, but telling of it failed: {type(error).__name__}: {error}", "error")


def in_words(preview: Preview) -> str:
    """Return a preview's totals in a line."""
    return ", ".join(f"{word} {number:,}" for word, number in preview["totals"].items() if number) or "nothing"
