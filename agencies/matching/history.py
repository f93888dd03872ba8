"""What was decided about a name so far: what stands of it, which agencies it is not, and the way back."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction

from agencies.history.rebuild import refresh_changes, sources_naming
from agencies.matching.decide import put_in_force
from agencies.models import Alias, MatchDecision
from agencies.network.rebuild import lock_record, refresh_links

Outcome = MatchDecision.Outcome


def rejected_agencies(aliases: Collection[int]) -> dict[int, set[int]]:
    """Return, for each of these aliases (ids), the agencies (ids) that it was decided not to be; one query.

    A "no" is for ever: only its own undoing, or a person's later match to that very agency, takes it back. What a
    rejected agency was merged into is rejected with it.
    """
    rows = MatchDecision.objects.filter(
        alias__in=aliases, agency__isnull=False, undoes__isnull=True, undone_by__isnull=True
    ).order_by("pk")
    found: dict[int, set[int]] = defaultdict(set)
    columns = ("alias_id", "outcome", "method", "agency_id", "agency__merged_into_id")
    for alias, outcome, method, *agencies in rows.values_list(*columns):
        meant = {agency for agency in agencies if agency is not None}
        if outcome == Outcome.REJECTED:
            found[alias] |= meant
        elif method == MatchDecision.Method.HAND:
            found[alias] -= meant
    return found


def last_two(alias: Alias) -> tuple[MatchDecision | None, MatchDecision | None]:
    """Return the newest decision about a name that stands, and the one before it; None for none.

    Undone decisions do not stand, and those that undo are left out: so undoing walks back one at a time.
    """
    rows = alias.decisions.filter(undoes__isnull=True, undone_by__isnull=True)
    found = [*rows.select_related("agency").order_by("-pk")[:2], None, None]
    return found[0], found[1]


@transaction.atomic
def undo(decisions: Sequence[MatchDecision], *, user: Any = None) -> list[MatchDecision]:
    """Take decisions back: what was in force before each is in force again, word for word, and so are the links.

    Raises ValidationError, and undoes none, where one is not the newest that stands, or is the matcher's.
    """
    lock_record()
    undone = [_undoing(decision, user) for decision in decisions]
    MatchDecision.objects.bulk_create(undone)
    put_in_force(undone)
    refresh_links(agencies={row.agency_id for row in [*decisions, *undone] if row.agency_id is not None})
    refresh_changes(sources_naming([decision.alias_id for decision in decisions]))
    return undone


def _undoing(decision: MatchDecision, user: Any) -> MatchDecision:
    """Return the unsaved decision that takes another one back."""
    last, previous = last_two(decision.alias)
    if last != decision:
        raise ValidationError(f"“{decision.alias}” was decided anew since. Undo that first.")
    if decision.decided_by_id is None:
        raise ValidationError("A decision of the matcher or of a file is not undone: decide what is right, or reject.")
    if previous is None:
        return MatchDecision(
            alias=decision.alias,
            outcome=Outcome.OPEN,
            method=MatchDecision.Method.HAND,
            reason="the only decision was undone",
            decided_by=user,
            undoes=decision,
        )
    copied = ("alias_id", "outcome", "agency_id", "method", "matcher_version", "score", "candidates", "reason")
    values = {name: getattr(previous, name) for name in (*copied, "decided_by_id")}
    return MatchDecision(**values, undoes=decision)
