"""Whole imports taken out of the public record and put back, by appended rows; links and changes follow.

All that a withdrawal or a lift moves is brought up to date here, whoever appended it.
"""

from collections.abc import Collection
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from agencies.history.rebuild import refresh_changes
from agencies.models import Capture, ImportRun, SharingList, Statement, Stream, Withdrawal, WithdrawalLift
from agencies.network.rebuild import lock_record, refresh_links

LONGEST_REASON = 300
_WITH_IMPORT = r"^import \d+ withdrawn: "
"""Beginning of the reason of a capture's withdrawal that followed from an import's."""


@transaction.atomic
def roll_back(run: ImportRun, reason: str, user: Any = None) -> Withdrawal:
    """Withdraw all that a finished import recorded, as one; links and changes are as if it had not been.

    Captures of which nothing else stands go with it. Raises ValidationError where there is nothing to roll back.
    """
    lock_record()
    run.refresh_from_db()
    if run.status != ImportRun.Status.DONE:
        raise ValidationError("Only an import that is done can be rolled back.")
    if not (Statement.objects.filter(run=run).exists() or SharingList.objects.filter(run=run).exists()):
        raise ValidationError("This import recorded nothing that could be rolled back.")
    kind = Withdrawal.Kind.ROLLED_BACK
    withdrawal = Withdrawal.objects.create(run=run, kind=kind, reason=one_line(reason), withdrawn_by=user)
    follow(withdrawal, user)
    run.refresh_from_db()
    return withdrawal


@transaction.atomic
def restore(run: ImportRun, reason: str, user: Any = None) -> None:
    """Lift every withdrawal of an import: what it recorded counts again, exactly as it did.

    Raises ValidationError where it is not withdrawn.
    """
    lock_record()
    withdrawals = list(run.withdrawals.filter(lift__isnull=True))
    if not withdrawals:
        raise ValidationError("This import is not rolled back.")
    line = one_line(reason)
    for withdrawal in withdrawals:
        WithdrawalLift.objects.create(withdrawal=withdrawal, reason=line, lifted_by=user)
    follow(withdrawals[0], user)
    run.refresh_from_db()


@transaction.atomic
def follow(withdrawal: Withdrawal, user: Any = None) -> None:
    """Bring up to date what follows from a withdrawal that was just appended or lifted.

    For an import: its status, and its captures' own withdrawals. For all: links and changes.
    """
    lock_record()
    if withdrawal.run is not None:
        _settle_status(withdrawal.run)
        _settle_captures(withdrawal.run, user)
    refresh_links(streams=streams_of(withdrawal))
    refresh_changes(sources_of(withdrawal))


def streams_of(withdrawal: Withdrawal) -> set[int]:
    """Return the ids of the streams whose links a withdrawal can change, those of answered statements included."""
    if withdrawal.statement_id:
        said = Q(lists__grants__statement=withdrawal.statement_id)
        answered = Q(lists__grants__answers__statement=withdrawal.statement_id)
    elif withdrawal.capture_id:
        said = Q(lists__capture=withdrawal.capture_id)
        answered = Q(lists__grants__answers__statement__capture=withdrawal.capture_id)
    else:
        # The captures' lists, too: those that go with the import may hold what an earlier import recorded.
        said = Q(lists__capture__in=captures_of(withdrawal.run_id))
        answered = Q(lists__grants__answers__statement__capture__in=captures_of(withdrawal.run_id))
    found: set[int] = set()
    for condition in (said, answered):
        found |= set(Stream.objects.filter(condition).order_by().values_list("pk", flat=True))
    return found


def sources_of(withdrawal: Withdrawal) -> set[int]:
    """Return the ids of the sources whose changes a withdrawal can move."""
    if withdrawal.statement_id:
        captures = Capture.objects.filter(statements=withdrawal.statement_id)
    elif withdrawal.capture_id:
        captures = Capture.objects.filter(pk=withdrawal.capture_id)
    else:
        captures = Capture.objects.filter(pk__in=captures_of(withdrawal.run_id))
    return set(captures.order_by().values_list("source", flat=True))


def captures_of(run_id: int | None) -> set[int]:
    """Return the ids of the captures in which an import recorded a statement or a list."""
    return set().union(
        *(
            model.objects.filter(run=run_id).order_by().values_list("capture", flat=True).distinct()
            for model in (Statement, SharingList)
        )
    )


def _settle_status(run: ImportRun) -> None:
    """Let the status of a finished import say whether it is withdrawn."""
    runs = ImportRun.objects.filter(pk=run.pk)
    if run.withdrawals.filter(lift__isnull=True).exists():
        runs.filter(status=ImportRun.Status.DONE).update(status=ImportRun.Status.ROLLED_BACK)
    else:
        runs.filter(status=ImportRun.Status.ROLLED_BACK).update(status=ImportRun.Status.DONE)


def _settle_captures(run: ImportRun, user: Any) -> None:
    """Withdraw the import's captures of which nothing stands any more; lift such withdrawals of those that do."""
    captures = captures_of(run.pk)
    standing = _with_something_standing(captures)
    own = Withdrawal.objects.filter(capture__in=captures, lift__isnull=True)
    fallen = captures - standing - set(own.values_list("capture", flat=True))
    newest = run.withdrawals.filter(lift__isnull=True).first()
    if newest is not None:
        reason = one_line(f"import {run.pk} withdrawn: {newest.reason}")
        Withdrawal.objects.bulk_create(
            Withdrawal(capture_id=pk, kind=newest.kind, reason=reason, withdrawn_by=user) for pk in sorted(fallen)
        )
    reason = f"import {run.pk} counts again"
    lifted = own.filter(capture__in=standing, reason__regex=_WITH_IMPORT)
    WithdrawalLift.objects.bulk_create(
        WithdrawalLift(withdrawal=withdrawal, reason=reason, lifted_by=user) for withdrawal in lifted
    )


def _with_something_standing(captures: Collection[int]) -> set[int]:
    """Return those captures (ids) of which a statement or a list stands, their own withdrawals left aside."""
    of_run = Exists(Withdrawal.objects.filter(lift__isnull=True, run=OuterRef("run")))
    of_statement = Exists(Withdrawal.objects.filter(lift__isnull=True, statement=OuterRef("pk")))
    rows: list[QuerySet[Any]] = [
        SharingList.objects.filter(~of_run, capture__in=captures),
        Statement.objects.filter(~of_run, ~of_statement, capture__in=captures),
    ]
    return {pk for found in rows for pk in found.order_by().values_list("capture", flat=True).distinct()}


def one_line(reason: str) -> str:
    """Return a reason that fits. Raises ValidationError for an empty one."""
    line = " ".join(reason.split())
    if not line:
        raise ValidationError("Say why, in a line.")
    return line if len(line) <= LONGEST_REASON else f"{line[: LONGEST_REASON - 1]}…"
