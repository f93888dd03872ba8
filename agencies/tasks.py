"""Background work: thin, by id, safe to run twice. What they do is in `agencies.ingest.runs`."""

from datetime import UTC, datetime

from celery import shared_task

from agencies.ingest import runs
from agencies.models import ImportRun


@shared_task(name="agencies.perform_import")
def perform_import(run_id: int) -> None:
    """Carry out an import run; nothing happens when another worker holds it or it is over."""
    runs.perform(ImportRun.objects.get(pk=run_id))


@shared_task(name="agencies.sweep_import_runs")
def sweep_import_runs() -> None:
    """Hand abandoned runs to a worker again: the queue may have lost them, the database has not."""
    for run_id in runs.sweep():
        perform_import.delay(run_id)


@shared_task(name="agencies.make_release")
def make_nightly_release() -> None:
    """Publish the record as today's release; nothing happens where it is the same as in the last one."""
    from agencies.releases.make import make_release  # Brings in pyarrow, which no other task needs.

    make_release(datetime.now(UTC).date())
