"""Background work: thin, by id, safe to run twice. What they do is in `agencies.ingest.runs`."""

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
