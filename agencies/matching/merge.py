"""Two records found to be one agency, and the way back.

A merge is a row of `AgencyMerge`; `Agency.merged_into` is worked out from the newest row of each agency. Who was
merged into an agency follows it when it is merged further, and is with it again when that is undone: so an undo
restores exactly what was.
"""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.history.rebuild import refresh_changes, sources_naming
from agencies.models import Agency, AgencyMerge, Alias
from agencies.network.rebuild import lock_record, refresh_links


@transaction.atomic
def merge(agency: Agency, into: Agency, *, reason: str, user: Any = None) -> AgencyMerge:
    """Let `into` stand for `agency` as well, and move its links.

    Where `into` gave way itself, what stands for it is meant. Raises ValidationError as `check` does.
    """
    lock_record()
    check(agency, into)
    _log_older(agency)
    target = _merged_into(into) or into.pk
    return _append(AgencyMerge(merged=agency, into_id=target, reason=reason, decided_by=user))


@transaction.atomic
def unmerge(agency: Agency, *, reason: str, user: Any = None) -> AgencyMerge:
    """Let `agency` stand for itself again, and for all that was merged into it; its links come back to it.

    Raises ValidationError where it is not merged.
    """
    lock_record()
    check(agency, None)
    return _append(AgencyMerge(merged=agency, into=None, reason=reason, decided_by=user))


def check(agency: Agency, into: Agency | None) -> None:
    """Raise ValidationError where `agency` cannot be merged into `into` (None: its merge cannot be undone).

    An agency gives way once, and never comes to stand for itself.
    """
    before = _merged_into(agency)
    if into is None and before is None:
        raise ValidationError(f"{agency} is not merged.")
    if into is not None and before is not None:
        raise ValidationError(f"{agency} is merged already. Undo that first.")
    if into is not None and agency.pk in (into.pk, _merged_into(into)):
        raise ValidationError("An agency is not merged into itself, nor into what was merged into it.")


def _append(row: AgencyMerge) -> AgencyMerge:
    """Record a merge or its undoing, and bring agencies and links up to date."""
    before = _merged_into(row.merged)
    row.full_clean()
    row.save()
    targets = _targets()
    moved = {row.merged_id} | {agency for agency in targets if row.merged_id in _chain(targets, agency)}
    ends = {agency: _chain(targets, agency)[-1] if agency in targets else None for agency in moved}
    for agency, end in ends.items():
        Agency.objects.filter(pk=agency).update(merged_into=end)
    row.merged.refresh_from_db(fields=["merged_into"])
    refresh_links(agencies={end for end in {before, *moved, *ends.values()} if end is not None})
    names = Alias.objects.filter(decision__agency__in=moved, decision__outcome="matched").values_list("pk", flat=True)
    refresh_changes(sources_naming(list(names)))
    return row


def _merged_into(agency: Agency) -> int | None:
    """Return what stands for an agency now (id), None for itself."""
    return Agency.objects.values_list("merged_into_id", flat=True).get(pk=agency.pk)


def _targets() -> dict[int, int]:
    """Return what each merged agency was merged into, as decided and not followed further (ids); one query."""
    newest = AgencyMerge.objects.order_by("merged_id", "-pk").distinct("merged_id").values_list("merged_id", "into_id")
    return {merged: into for merged, into in newest if into is not None}


def _chain(targets: dict[int, int], agency: int) -> list[int]:
    """Return what an agency was merged into, what that was merged into, and so on; only roots merge: it ends."""
    chain = []
    while agency in targets:
        agency = targets[agency]
        chain.append(agency)
    return chain


def _log_older(agency: Agency) -> None:
    """Record the merges into an agency that were made before merges were recorded."""
    for older in Agency.objects.filter(merged_into=agency, merges__isnull=True):
        AgencyMerge.objects.create(merged=older, into=agency, reason="merged before merges were recorded")
