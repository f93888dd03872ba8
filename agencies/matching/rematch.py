"""The matcher over names on record: those that nobody has decided on, and those that an older matcher did."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence

from django.db import transaction
from django.db.models import Q, QuerySet

from agencies.matching.decide import put_in_force
from agencies.matching.machine import current_matcher, machine_decisions
from agencies.matching.matcher import VERSION
from agencies.models import Alias, MatchDecision
from agencies.network.rebuild import lock_record, rebuild_links, refresh_links

BATCH = 2000
"""Names in memory at a time."""

FEW = 300
"""Agencies up to which only their links are brought up to date; beyond, rebuilding all is faster."""


def match_undecided(aliases: Collection[int]) -> int:
    """Decide those of `aliases` (ids) that have no decision and need no judgement; return how many.

    Links are the caller's to rebuild. A person's decision, a "no" included, is never touched.
    """
    undecided = Alias.objects.filter(pk__in=aliases, decision__isnull=True).order_by("pk")
    counts, _ = _decide(undecided, lambda line: None)
    return counts.total()


@transaction.atomic
def rematch(*, dry_run: bool = False, say: Callable[[str], None] = lambda line: None) -> Counter[str]:
    """Run the current matcher over every name that is the machine's to decide, and refresh the links once.

    Returns how many names got which outcome, and how many links changed how ("links new", ...). Running it again
    changes nothing. A dry run does all of it and keeps none of it.
    """
    lock_record()
    machines = ~Q(decision__method=MatchDecision.Method.HAND) & Q(decision__decided_by__isnull=True)
    older = machines & ~Q(decision__matcher_version=VERSION)
    counts, touched = _decide(Alias.objects.filter(Q(decision__isnull=True) | older).order_by("pk"), say)
    links = refresh_links(agencies=touched) if len(touched) <= FEW else rebuild_links()
    counts.update({f"links {word}": number for word, number in links.items() if word != "same"})
    transaction.set_rollback(dry_run)
    return counts


def _decide(aliases: QuerySet[Alias], say: Callable[[str], None]) -> tuple[Counter[str], set[int]]:
    """Append the machine's decisions, a batch at a time; return their number by outcome, and the agencies touched."""
    counts: Counter[str] = Counter()
    touched: set[int] = set()
    names = list(aliases.values_list("pk", flat=True))
    if not names:
        return counts, touched
    matcher = current_matcher()
    for done in range(0, len(names), BATCH):
        some = Alias.objects.filter(pk__in=names[done : done + BATCH]).select_related("decision").order_by("pk")
        decisions = machine_decisions(list(some), matcher)
        touched |= _agencies(decisions)
        MatchDecision.objects.bulk_create(decisions, batch_size=BATCH)
        put_in_force(decisions)
        counts.update(decision.outcome for decision in decisions)
        say(f"{min(done + BATCH, len(names)):,} of {len(names):,} names weighed, {counts.total():,} decided")
    return counts, touched


def _agencies(decisions: Sequence[MatchDecision]) -> set[int]:
    """Return the agencies (ids) that decisions name or take a name from."""
    before = {decision.alias.decision.agency_id for decision in decisions if decision.alias.decision is not None}
    return {agency for agency in before | {decision.agency_id for decision in decisions} if agency is not None}
