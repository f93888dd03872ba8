"""The watch list: one attempt at one watched document, from its turn to the import run that reads what came.

An attempt that is refused, fails, comes short or brings a page of another layout leaves a `Fetch` row and nothing else.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Max, Q
from django.utils import timezone

from agencies.ingest import formats, kept, runs, safety
from agencies.ingest.fetch import Fetched, fetch
from agencies.ingest.kept_paths import PASSING
from agencies.ingest.pace import NotNow
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.saved_mapping import encoding_of
from agencies.ingest.watch_options import slug_in
from agencies.models import Fetch, KeptFile, Watch

Outcome = Fetch.Outcome

FIRST_WAIT = {Outcome.FAILED: timedelta(hours=1), Outcome.REFUSED: timedelta(days=7)}
"""How long a document is left alone after the first attempt that ended so; doubled with each further one."""

LONGEST_WAIT = {Outcome.FAILED: timedelta(days=7), Outcome.REFUSED: timedelta(days=30)}
"""Where doubling stops."""

_WATCH_LOCK = 0x57A7C4
"""First key of the lock that one attempt at one watch holds; the second is the watch's id."""


def fetch_watch(watch_id: int, *, again: bool = False) -> Fetch | None:
    """Fetch a watched document and return the attempt, or None where it was not the time for one.

    New bytes are kept and become an import run, `Fetch.run`, which the caller hands to a worker. `again` fetches
    in spite of back-off and pause, never of robots.txt or the host's pace. Of two workers, one does nothing.
    """
    watch = Watch.objects.filter(pk=watch_id).first()
    now = timezone.now()
    if watch is None or not (again or (watch.is_enabled and (watch.not_before is None or watch.not_before <= now))):
        return None
    with _alone(watch) as is_alone:
        if not is_alone:
            return None
        try:
            found = fetch(watch.url, etag=watch.etag, last_modified=watch.last_modified)
        except NotNow as wait:
            Watch.objects.filter(pk=watch.pk).update(not_before=now + timedelta(seconds=wait.seconds))
            return None
        return _take_in(watch, found) if found.outcome == Outcome.CHANGED else _note(watch, found)


def due() -> list[Watch]:
    """Return the enabled watches whose last good attempt is as old as their interval, and that no back-off holds."""
    now = timezone.now()
    good = Q(fetches__outcome__in=[Outcome.CHANGED, Outcome.UNCHANGED])
    free = Watch.objects.filter(Q(not_before__isnull=True) | Q(not_before__lte=now), is_enabled=True)
    watches = free.annotate(last_good=Max("fetches__at", filter=good))
    return [w for w in watches if w.last_good is None or w.last_good <= now - timedelta(hours=w.every_hours)]


def options_for(watch: Watch, data: bytes) -> dict[str, Any]:
    """Return what the importer is told of a copy received today: the watch's own options, and what we know of it.

    An importer that wants a slug and is told none gets the last part of the address.
    """
    known = formats.FORMATS[watch.format]
    ours = {
        "slug": slug_in(watch.url),
        "url": watch.url,
        "compiled_by": "",
        **watch.options,
        "retrieved_on": timezone.now().date().isoformat(),
        "sha256": sha256(data).hexdigest(),
    }
    return {name: value for name, value in ours.items() if name in known.options}


def _take_in(watch: Watch, found: Fetched) -> Fetch:
    """Keep a body that came whole and is what it should be, and begin its import; note it where it is neither."""
    try:
        reduced = _checked(watch, found.data)
    except ImportProblem as problem:
        return _note(watch, replace(found, outcome=Outcome.FAILED, detail=f"not what it should be: {problem.message}"))
    try:
        return _begin(watch, found, reduced)
    except ImportProblem as problem:  # Its bytes were removed before.
        return _note(watch, replace(found, outcome=Outcome.FAILED, detail=problem.message))


@transaction.atomic
def _begin(watch: Watch, found: Fetched, reduced: bytes) -> Fetch:
    """Keep a checked body and begin its import, unless it is as before. Raises ImportProblem as `keep` does."""
    before = _newest_kept(watch)
    if before is not None and before.stored_sha256 == sha256(reduced).hexdigest():
        said = "the same as before, whose bytes were removed here"
        detail = said if before.is_removed else "what is kept of it is the same as before"
        return _note(watch, replace(found, outcome=Outcome.UNCHANGED, detail=detail), kept_file=before)
    file = kept.keep(found.data, reduce=lambda _: reduced, name=watch.url)
    run = runs.start(
        watch.format,
        [kept.kept_path(file)],
        options=options_for(watch, found.data),
        watch=watch,
        needs_review=True,
    )
    return _note(watch, found, kept_file=file, run=run)


def _checked(watch: Watch, data: bytes) -> bytes:
    """Return what may be stored of a body that its importer can read. Raises ImportProblem for any other."""
    known = formats.FORMATS.get(watch.format)
    if known is None:
        raise ImportProblem(f"unknown format {watch.format!r}")
    encoding = encoding_of(watch.options)
    kind = safety.check(data, name=watch.slug, suffixes=known.suffixes, encoding=encoding).kind
    reduced = kept.storable(data, known.reduce)
    with TemporaryDirectory(prefix=PASSING) as folder:
        file = Path(folder) / f"{watch.slug}{kind.suffix}"
        file.write_bytes(reduced)
        if not any(True for _ in formats.read(watch.format, [str(file)], options_for(watch, data))):
            raise ImportProblem("no document in it")
    return reduced


def _newest_kept(watch: Watch) -> KeptFile | None:
    """Return the bytes that the newest good attempt brought or confirmed."""
    newest = watch.fetches.filter(kept_file__isnull=False).select_related("kept_file__removal").first()
    return newest.kept_file if newest else None


def _note(watch: Watch, found: Fetched, **values: Any) -> Fetch:
    """Write an attempt down, and when the next may be made."""
    now = timezone.now()
    if found.outcome in FIRST_WAIT:
        outcome = Outcome(found.outcome)
        wait = min(FIRST_WAIT[outcome] * 2 ** min(watch.failures, 20), LONGEST_WAIT[outcome])
        state = {"failures": F("failures") + 1, "not_before": now + max(wait, found.retry_after or wait)}
    else:
        state = {"failures": 0, "not_before": None}
        if found.outcome == Outcome.CHANGED or found.status == 200:
            # Only of a copy that could be read: what could not is to be fetched whole again.
            state |= {"etag": found.etag[:200], "last_modified": found.last_modified[:100]}
    with transaction.atomic():
        Watch.objects.filter(pk=watch.pk).update(**state)
        return Fetch.objects.create(
            watch=watch,
            outcome=found.outcome,
            http_status=found.status,
            final_url=found.final_url if len(found.final_url) <= 500 else "",
            detail=found.detail[:300].replace("\0", "\ufffd"),
            **values,
        )


@contextmanager
def _alone(watch: Watch) -> Iterator[bool]:
    """Hold the watch's lock for the block, and tell whether it was free; a worker that dies lets go of it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_WATCH_LOCK, watch.pk])
        (is_alone,) = cursor.fetchone()
    try:
        yield is_alone
    finally:
        if is_alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_WATCH_LOCK, watch.pk])
