"""Kept bytes that go: what must not be held, by a person who says why, and leftovers to which nothing leads.

The store deletes only once the transaction is committed: one that is undone has lost nothing.
"""

import logging
from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from agencies.ingest.kept import captures_store, wait_for_turn
from agencies.ingest.rollback import captures_of, one_line
from agencies.models import Capture, ImportRun, KeptFile, RemovedBytes, RunEvent
from agencies.network.rebuild import lock_record

logger = logging.getLogger(__name__)


@transaction.atomic
def remove(kept: KeptFile, reason: str, user: Any) -> list[KeptFile]:
    """Remove the bytes of a kept file for good, and return the files that they were: also others that store the same.

    Their rows stay, with who, when and why; their captures say that the bytes were removed. Where the store fails to
    delete them, `gone_at` stays empty, see `finish`. Raises ValidationError without a reason, and where they were
    removed before. Waits for the record's lock: an import under way could still record a capture.
    """
    lock_record()
    line = one_line(reason)
    files = list(with_the_same_bytes(kept))
    if not files:
        raise ValidationError("These bytes were removed before.")
    RemovedBytes.objects.bulk_create([RemovedBytes(kept_file=file, reason=line, removed_by=user) for file in files])
    for file in files:
        captures_saying_held(file).update(bytes_kept=Capture.BytesKept.REMOVED)
    transaction.on_commit(partial(finish, [file.pk for file in files]))
    return files


def with_the_same_bytes(kept: KeptFile) -> QuerySet[KeptFile]:
    """Return the files that store the very same bytes and still do: itself, and others received as something else."""
    return KeptFile.objects.filter(stored_sha256=kept.stored_sha256, removal__isnull=True).order_by("pk")


def captures_saying_held(kept: KeptFile) -> QuerySet[Capture]:
    """Return the captures that say a file's bytes are held here: those of its SHA-256, and those made of it.

    The latter are the captures of runs that read it whose own SHA-256 is that of no kept file, as where a document is
    made of several. Nobody notes of which, so that they are all such captures of the run.
    """
    done = [ImportRun.Status.DONE, ImportRun.Status.ROLLED_BACK]
    runs = ImportRun.objects.reading(kept).filter(status__in=done).values_list("pk", flat=True)
    made = set[int]().union(*map(captures_of, runs))
    of_no_file = ~Exists(KeptFile.objects.filter(sha256=OuterRef("sha256")))
    return Capture.objects.filter(Q(sha256=kept.sha256) | Q(of_no_file, pk__in=made), bytes_kept__in=Capture.HELD)


def finish(files: Sequence[int] | None = None) -> int:
    """Have the store delete the removed bytes that it may still hold, of some files (ids) or all; return how many.

    What it fails to delete is logged, and left for another time.
    """
    unfinished = RemovedBytes.objects.filter(gone_at__isnull=True).select_related("kept_file")
    found = unfinished if files is None else unfinished.filter(pk__in=files)
    return sum(map(_delete, found))


def _delete(removal: RemovedBytes) -> bool:
    """Have the store delete removed bytes and note when; False where it failed, whatever its server answered."""
    try:
        captures_store().delete(removal.kept_file.stored_name)
    except Exception:
        logger.exception("The store failed to delete %s.", removal.kept_file.stored_name)
        return False
    RemovedBytes.objects.filter(pk=removal.pk).update(gone_at=timezone.now())
    return True


@transaction.atomic
def remove_leftover(kept: KeptFile, before: datetime) -> bool:
    """Remove a leftover, row and bytes, so that it may come again; False where something leads to it by now.

    The failed or cancelled runs that read it say so in their log: they can't be repeated.
    """
    wait_for_turn(kept.sha256)
    if not KeptFile.objects.leftover(before).filter(pk=kept.pk).exists():
        return False
    message = f"the bytes that it read were removed as a leftover: SHA-256 {kept.sha256}"
    runs = ImportRun.objects.reading(kept).order_by("pk")
    RunEvent.objects.bulk_create([RunEvent(run=run, level=RunEvent.Level.WARNING, message=message) for run in runs])
    KeptFile.objects.filter(pk=kept.pk).delete()
    transaction.on_commit(partial(_delete_unless_kept_again, kept.sha256, kept.stored_name))
    return True


@transaction.atomic
def _delete_unless_kept_again(sha256: str, name: str) -> None:
    """Have the store delete what has no row any more, unless the same bytes came again just now."""
    wait_for_turn(sha256)
    if not KeptFile.objects.filter(sha256=sha256).exists():
        captures_store().delete(name)
