"""Background work: thin, by id, safe to run twice. What they do is in the rooms that they call."""

from datetime import UTC, datetime

from celery import shared_task
from django.db import transaction

from agencies.derived import refresh_derived
from agencies.ingest import runs, watches
from agencies.models import ImportRun
from agencies.webhooks.deliver import deliver_due


@shared_task(name="agencies.perform_import")
def perform_import(run_id: int) -> None:
    """Carry out an import run; nothing happens when another worker holds it or it is over."""
    runs.perform(ImportRun.objects.get(pk=run_id))


@shared_task(name="agencies.sweep_import_runs")
def sweep_import_runs() -> None:
    """Hand abandoned runs to a worker again: the queue may have lost them, the database has not."""
    for run_id in runs.sweep():
        perform_import.delay(run_id)


@shared_task(name="agencies.refresh_derived")
def refresh_what_follows() -> None:
    """Bring findings and the graph up to date where the record has changed, whoever changed it."""
    refresh_derived()


@shared_task(name="agencies.fetch_watch")
def fetch_watch(watch_id: int) -> None:
    """Fetch a watched document, and begin an import where it is new."""
    attempt = watches.fetch_watch(watch_id)
    if attempt is not None and attempt.run is not None:
        hand_over(attempt.run)


@shared_task(name="agencies.make_release")
def make_nightly_release() -> None:
    """Publish the record as today's release; nothing happens where it is the same as in the last one."""
    from agencies.releases.make import make_release  # Brings in pyarrow, which no other task needs.

    make_release(datetime.now(UTC).date())


@shared_task(name="agencies.deliver_webhooks")
def deliver_webhooks() -> None:
    """Send webhooks what is due; each delivery is sent by one worker at a time."""
    deliver_due()


def hand_over(run: ImportRun) -> None:
    """Give a run to a worker once all is committed. A queue that is away is no error: the sweep finds the run."""
    transaction.on_commit(lambda: perform_import.delay(run.pk), robust=True)
