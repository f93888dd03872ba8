"""What a person may do with a run: accept its preview, cancel it, repeat it. Rolling back is in `rollback`."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from agencies.models import ImportRun

Status = ImportRun.Status
OPEN = (Status.QUEUED, Status.RUNNING, Status.REVIEW)
COPIED = ("format", "paths", "options", "needs_review", "watch_id")


def accept(run: ImportRun, user: Any = None) -> ImportRun:
    """Accept a run's preview: it waits for a worker, who records it. Raises ValidationError where it does not wait.

    The worker is the caller's to call. One conditional UPDATE decides between two editors.
    """
    waiting = ImportRun.objects.filter(pk=run.pk, status=Status.REVIEW)
    now = timezone.now()
    values = {"status": Status.QUEUED, "accepted_by": user, "accepted_at": now, "finished_at": None}
    if not waiting.update(**values):
        raise ValidationError("This import does not wait for a person (any more).")
    run.refresh_from_db()
    return run


def cancel(run: ImportRun) -> ImportRun:
    """Cancel a run that waits, or ask one that is under way to stop.

    The latter stops between two batches, and nothing of it stays. Raises ValidationError where it is too late.
    """
    now = timezone.now()
    mine = ImportRun.objects.filter(pk=run.pk).exclude(step=ImportRun.Step.ANNOUNCE)
    dead = Q(status=Status.RUNNING, lease_until__lt=now)
    idle = mine.filter(Q(status__in=[Status.QUEUED, Status.REVIEW]) | dead)
    values = {"status": Status.CANCELLED, "finished_at": now, "lease_until": None, "cancel_requested_at": now}
    if not idle.update(**values) and not mine.filter(status=Status.RUNNING).update(cancel_requested_at=now):
        raise ValidationError("This import is over, or past the point where it can be stopped.")
    run.refresh_from_db()
    return run


@transaction.atomic
def retry(run: ImportRun, user: Any = None) -> ImportRun:
    """Return a new run that does what a failed or cancelled one should have; the worker is the caller's to call.

    Raises ValidationError for any other, and where it was repeated already.
    """
    run = ImportRun.objects.select_for_update().get(pk=run.pk)
    if run.status not in (Status.FAILED, Status.CANCELLED):
        raise ValidationError("Only an import that failed or was cancelled is repeated.")
    repeated = run.retries.filter(status__in=[*OPEN, Status.DONE]).first()
    if repeated is not None:
        raise ValidationError(f"It is repeated already, by run {repeated.pk}.")
    values = {name: getattr(run, name) for name in COPIED}
    return ImportRun.objects.create(**values, retry_of=run, started_by=user)
