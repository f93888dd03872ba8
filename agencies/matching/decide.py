"""Decisions about printed names: appended, put in force, and their links brought up to date."""

from collections.abc import Collection, Sequence
from typing import Any

from django.db import transaction

from agencies.matching.exact import MATCHER_VERSION, RegistryIndex
from agencies.matching.withheld import is_withheld
from agencies.models import Agency, Alias, MatchDecision
from agencies.network.rebuild import lock_record, refresh_links


@transaction.atomic
def decide(alias: Alias, *, outcome: str, agency: Agency | None = None, reason: str, user: Any = None) -> MatchDecision:
    """Record a person's decision about one alias and rebuild the links that it touches.

    Raises ValidationError when outcome and agency do not fit together.
    """
    lock_record()
    before = alias.decision
    decision = MatchDecision(
        alias=alias,
        outcome=outcome,
        agency=agency,
        method=MatchDecision.Method.HAND,
        reason=reason,
        decided_by=user,
    )
    decision.full_clean()
    decision.save()
    put_in_force([decision])
    alias.decision = decision
    touched = {choice.agency_id for choice in (before, decision) if choice is not None and choice.agency_id}
    refresh_links(agencies=touched)
    return decision


def match_undecided(aliases: Collection[int]) -> int:
    """Decide those of `aliases` (ids) that have no decision and need no judgement; return how many.

    Links are the caller's to rebuild. A person's decision, a "no" included, is never touched.
    """
    undecided = Alias.objects.filter(pk__in=aliases, decision__isnull=True).order_by("pk")
    rows = list(undecided.values_list("pk", "printed_name"))
    if not rows:
        return 0
    index = RegistryIndex.load()
    decisions = [decision for alias, name in rows if (decision := _without_judgement(alias, name, index)) is not None]
    MatchDecision.objects.bulk_create(decisions, batch_size=5000)
    put_in_force(decisions)
    return len(decisions)


def _without_judgement(alias: int, printed_name: str, index: RegistryIndex) -> MatchDecision | None:
    """Return the unsaved decision about a name that needs no judgement, None for any other."""
    if is_withheld(printed_name):
        return MatchDecision(
            alias_id=alias,
            outcome=MatchDecision.Outcome.PERSON,
            method=MatchDecision.Method.HAND,
            reason="an editor found this name to be a person's",
        )
    match = index.match(printed_name)
    if match is None:
        return None
    return MatchDecision(
        alias_id=alias,
        outcome=MatchDecision.Outcome.MATCHED,
        agency_id=match.agency,
        method=match.method,
        matcher_version=MATCHER_VERSION,
        reason=match.reason,
    )


def put_in_force(decisions: Sequence[MatchDecision]) -> None:
    """Point each decision's alias at it."""
    aliases = [Alias(pk=decision.alias_id, decision_id=decision.pk) for decision in decisions]
    Alias.objects.bulk_update(aliases, ["decision"], batch_size=5000)
