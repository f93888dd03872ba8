"""What the machine decides about names, without writing it: the matcher's verdicts as decisions."""

import threading
from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

from django.apps import apps
from django.db.models import Max

from agencies.matching.history import rejected_agencies
from agencies.matching.matcher import VERSION, Matcher
from agencies.matching.verdict import Candidate, Verdict
from agencies.matching.withheld import is_withheld
from agencies.models import Agency, AgencyPlace, Alias, MatchDecision

KEPT = 5
"""Candidates kept with a decision."""

Outcome = MatchDecision.Outcome


@dataclass
class _Loaded:
    """The matcher of this process, and the state of the registry that it was made from."""

    state: tuple[int | None, ...] | None = None
    matcher: Matcher | None = None


_loaded, _loading = _Loaded(), threading.Lock()


def current_matcher() -> Matcher:
    """Return the process's matcher, loaded anew where the registry has changed since; three cheap queries."""
    state = _registry_state()
    with _loading:
        if _loaded.matcher is None or _loaded.state != state:
            _loaded.matcher, _loaded.state = Matcher.load(), state
        return _loaded.matcher


def _registry_state() -> tuple[int | None, ...]:
    """Return what moves whenever an agency is added, changed, merged or removed, or a place is given to one."""
    history = apps.get_model("agencies", "AgencyEvent")
    tables = ((Agency, "pk"), (history, "pgh_id"), (AgencyPlace, "pk"))
    return tuple(model.objects.aggregate(newest=Max(key))["newest"] for model, key in tables)


def candidates_json(candidates: Sequence[Candidate]) -> list[dict[str, Any]]:
    """Return the best candidates as a decision keeps them: by slug, which is the same on every install."""
    kept = [field.name for field in fields(Candidate) if field.name != "agency"]
    return [{name: getattr(candidate, name) for name in kept} for candidate in candidates[:KEPT]]


def machine_decisions(aliases: Sequence[Alias], matcher: Matcher) -> list[MatchDecision]:
    """Return the unsaved decisions that the machine makes about names, where it makes one; two queries.

    The aliases come with their `decision`. A person's is never replaced, no rejected agency is accepted, and a name
    that is a person's in one list is one in all.
    """
    ours = [alias for alias in aliases if is_machines(alias.decision)]
    rejected = rejected_agencies([alias.pk for alias in ours])
    people = _persons(ours)
    decisions = []
    for alias in ours:
        if alias.printed_name in people or is_withheld(alias.printed_name):
            decisions.append(_withholding(alias))
        elif (decision := _judge(alias, matcher, rejected.get(alias.pk, set()))) is not None:
            decisions.append(decision)
    return decisions


def _persons(aliases: Sequence[Alias]) -> set[str]:
    """Return which of these printed names were decided to be persons' in some list; one query."""
    same = Alias.objects.filter(printed_name__in={alias.printed_name for alias in aliases})
    return set(same.filter(decision__outcome=Outcome.PERSON).values_list("printed_name", flat=True))


def _withholding(alias: Alias) -> MatchDecision:
    """Return the unsaved decision that a name is a person's, which an editor found."""
    return MatchDecision(
        alias=alias,
        outcome=Outcome.PERSON,
        method=MatchDecision.Method.HAND,
        reason="an editor found this name to be a person's",
    )


def is_machines(decision: MatchDecision | None) -> bool:
    """Tell whether the machine may decide: nobody has, or it did so itself."""
    return decision is None or (decision.method != MatchDecision.Method.HAND and decision.decided_by_id is None)


def _judge(alias: Alias, matcher: Matcher, rejected: set[int]) -> MatchDecision | None:
    """Return the machine's decision about one name; None where a person is needed and nothing has to be taken back."""
    verdict = matcher.match(alias.printed_name, context_state=alias.state)
    if verdict.agency is not None and verdict.agency.agency in rejected:
        verdict = replace(verdict, decision="review", reason=f"a person said: not {verdict.agency.name}", agency=None)
    if verdict.agency is not None:
        return _scored(alias, Outcome.MATCHED, verdict, verdict.agency)
    if verdict.decision == "not_agency":
        return _scored(alias, Outcome.NOT_AGENCY, verdict)
    if alias.decision is not None and alias.decision.outcome != Outcome.AMBIGUOUS:
        return _scored(alias, Outcome.AMBIGUOUS, verdict)
    return None


def _scored(alias: Alias, outcome: str, verdict: Verdict, agency: Candidate | None = None) -> MatchDecision:
    """Return a verdict as a decision, with what was weighed."""
    return MatchDecision(
        alias=alias,
        outcome=outcome,
        agency_id=agency.agency if agency else None,
        method=MatchDecision.Method.SCORED,
        matcher_version=VERSION,
        score=agency.score if agency else None,
        candidates=candidates_json(verdict.candidates),
        reason=verdict.reason[:300],
    )
