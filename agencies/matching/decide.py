"""Decisions about printed names: appended, put in force, and their links brought up to date."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db import transaction
from django.db.models import OuterRef, Subquery

from agencies.history.rebuild import refresh_changes, sources_naming
from agencies.models import Agency, Alias, MatchDecision
from agencies.network.rebuild import lock_record, refresh_links

AT_A_TIME = 5000
"""Decisions put in force by one query."""


def decide(alias: Alias, *, outcome: str, agency: Agency | None = None, reason: str, user: Any = None) -> MatchDecision:
    """Record a person's decision about one alias and rebuild the links that it touches.

    Raises ValidationError when outcome and agency do not fit together.
    """
    return decide_alike([alias], outcome=outcome, agency=agency, reason=reason, user=user)[0]


@transaction.atomic
def decide_alike(
    aliases: Sequence[Alias],
    *,
    outcome: str,
    agency: Agency | None = None,
    reason: str,
    user: Any = None,
    seen: Mapping[int, list[dict[str, Any]]] | None = None,
) -> list[MatchDecision]:
    """Record one decision of a person's about several aliases and rebuild the links once.

    `seen` are the candidates that the person chose among, by alias (id), as the matcher gave them.
    Raises ValidationError, and records none, when outcome and agency do not fit together.
    """
    lock_record()
    decisions = [
        MatchDecision(
            alias=alias,
            outcome=outcome,
            agency=agency,
            method=MatchDecision.Method.HAND,
            candidates=(seen or {}).get(alias.pk, []),
            reason=reason,
            decided_by=user,
        )
        for alias in aliases
    ]
    for decision in decisions:
        decision.full_clean()
    before = MatchDecision.objects.filter(
        pk__in=Alias.objects.filter(pk__in=[a.pk for a in aliases]).values("decision")
    )
    touched = set(before.values_list("agency_id", flat=True)) | {agency.pk if agency else None}
    MatchDecision.objects.bulk_create(decisions)
    put_in_force(decisions)
    for alias, decision in zip(aliases, decisions, strict=True):
        alias.decision = decision
    refresh_links(agencies={choice for choice in touched if choice is not None})
    refresh_changes(sources_naming([alias.pk for alias in aliases]))
    return decisions


def put_in_force(decisions: Sequence[MatchDecision]) -> None:
    """Point each decision's alias at it; a name that is open again has none."""
    for start in range(0, len(decisions), AT_A_TIME):
        some = decisions[start : start + AT_A_TIME]
        # Django's bulk_update would say each pair as a condition: a quarter of the time that matching takes.
        own = MatchDecision.objects.filter(pk__in=[one.pk for one in some], alias=OuterRef("pk")).exclude(
            outcome="open"
        )
        aliases = Alias.objects.filter(pk__in=[one.alias_id for one in some])
        aliases.update(decision=Subquery(own.order_by("-pk").values("pk")[:1]))
