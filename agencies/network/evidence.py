"""What links are made of, as queries: standing statements whose names are matched, whole lists, denials."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import date
from itertools import groupby
from typing import Any

from django.db.models import BooleanField, ExpressionWrapper, F, Max, Q, QuerySet
from django.db.models.functions import Coalesce

from agencies.models import Alias, AnswerTarget, MatchDecision, SharingList, SharingStatement, Statement
from agencies.network.confirmed import confirmed_lists
from agencies.network.summary import LinkSummary, Sighting, summarise

LinkKey = tuple[int, int, int, str]
"""(grantor id, grantee id, network id, kind of access)."""

KEY = ("grantor", "grantee", "network", "access")
SIGHTING = (*KEY, "statement", "stream", "reporter", "seen_on", "is_active")
"""Columns of `sightings`, in this order."""

LINE = ("stream", "grantor_alias", "grantee_alias", "statement", "seen_on", "is_active")
"""Columns of `lines`, in this order."""

_LIST = "sharing__sharing_list__stream"


def evidence(statements: QuerySet[Statement]) -> QuerySet[Any]:
    """Return those of `statements` that say of two matched agencies that one gives the other access, with KEY."""
    matched = {f"sharing__{side}_alias__decision__outcome": "matched" for side in ("grantor", "grantee")}
    ends = {}
    for side in ("grantor", "grantee"):
        agency = f"sharing__{side}_alias__decision__agency"
        ends[side] = Coalesce(f"{agency}__merged_into", agency)
    stream = {"network": F(f"{_LIST}__network"), "access": F(f"{_LIST}__access")}
    rows: QuerySet[Any] = statements.filter(**matched).annotate(**ends, **stream)
    return rows.exclude(grantor=F("grantee")).order_by()


def standing(as_of: date | None = None) -> QuerySet[Statement]:
    """Return the statements that count: not withdrawn, and observed by `as_of` where it is given."""
    found = Statement.objects.standing()
    return found if as_of is None else found.as_of(as_of)


def sightings(statements: QuerySet[Statement]) -> QuerySet[Any]:
    """Return the evidence among `statements` as rows of SIGHTING."""
    active = ExpressionWrapper(Q(sharing__account_status="active"), output_field=BooleanField())
    rows = evidence(statements).annotate(
        statement=F("pk"),
        stream=F(_LIST),
        reporter=F(f"{_LIST}__reported_by"),
        seen_on=F("observed_on"),
        is_active=active,
    )
    return rows.values_list(*SIGHTING)


def meant() -> QuerySet[Any]:
    """Return (alias, agency) of each name that is matched: an agency that was merged is what it was merged into."""
    agency = Coalesce("decision__agency__merged_into", "decision__agency")
    return Alias.objects.filter(decision__outcome="matched").order_by().annotate(of=agency).values_list("pk", "of")


def lines(standing_lines: QuerySet[SharingStatement]) -> QuerySet[Any]:
    """Return lines of lists as rows of LINE, whether their names are matched or not.

    A statement's day is its capture's: read there, the larger half of a statement is not read at all.
    """
    active = ExpressionWrapper(Q(account_status="active"), output_field=BooleanField())
    rows = standing_lines.order_by().annotate(is_active=active)
    day = "sharing_list__capture__observed_on"
    return rows.values_list("sharing_list__stream", "grantor_alias", "grantee_alias", "pk", day, "is_active")


def naming(statements: QuerySet[Statement], *, grantors: Collection[int], grantees: Collection[int]) -> Any:
    """Keep statements between aliases of these agencies (ids). Read first, so that PostgreSQL begins at the names."""
    between = {
        "sharing__grantor_alias__in": aliases_of(grantors),
        "sharing__grantee_alias__in": aliases_of(grantees),
    }
    return statements.filter(**between)


def aliases_of(agencies: Collection[int]) -> list[int]:
    """Return the aliases (ids) that were ever matched to one of these agencies (ids) or to one merged into it."""
    meant = Q(agency__in=agencies) | Q(agency__merged_into__in=agencies)
    decisions = MatchDecision.objects.filter(meant, outcome="matched").order_by()
    return sorted(set(decisions.values_list("alias", flat=True)))


def whole_lists(as_of: date | None = None) -> QuerySet[Any]:
    """Return (stream, date) of each standing list that ends links: complete, or confirmed to be whole by a person."""
    whole = Q(completeness="complete") | Q(pk__in=confirmed_lists())
    rows = SharingList.objects.standing().filter(whole)
    if as_of is not None:
        rows = rows.filter(capture__observed_on__lte=as_of)
    return rows.order_by().values_list("stream", "capture__observed_on")


def denials(as_of: date | None = None) -> QuerySet[Any]:
    """Return (statement, date) of each statement that a standing answer denies, with the date of the newest."""
    targets = AnswerTarget.objects.filter(answer__effect="denies", answer__statement__in=standing(as_of).values("pk"))
    return targets.order_by().values_list("sharing").annotate(day=Max("answer__statement__observed_on"))


def summaries(keys: set[LinkKey] | None = None, as_of: date | None = None) -> Iterator[tuple[LinkKey, LinkSummary]]:
    """Yield the summary of each link, of `keys` or of the whole record, replayed up to `as_of`, in order of key.

    Three queries, the largest streamed. Today's links of many keys are found faster by `agencies.network.rebuild`.
    """
    complete, denied = _whole_days(as_of), dict(denials(as_of))
    statements = standing(as_of)
    if keys is not None:
        statements = naming(statements, grantors={key[0] for key in keys}, grantees={key[1] for key in keys})
    rows = sightings(statements).order_by(*KEY).iterator(chunk_size=5000)
    for key, group in groupby(rows, key=lambda row: row[:4]):
        if keys is None or key in keys:
            seen = [Sighting(s, by, on, active, denied.get(pk)) for *_, pk, s, by, on, active in group]
            yield key, summarise(seen, complete)


def told_apart(grantees: Collection[int], as_of: date | None = None) -> Iterator[tuple[LinkKey, LinkSummary]]:
    """Yield what each side says of each link to `grantees` (ids), as if there were no other, replayed up to `as_of`.

    A link comes twice where both lists of the grantee's own and others state it. Three queries.
    """
    complete = _whole_days(as_of)
    statements = standing(as_of).filter(sharing__grantee_alias__in=aliases_of(grantees))
    sides: dict[tuple[LinkKey, bool], list[Sighting]] = defaultdict(list)
    for *key, _, stream, reporter, seen_on, is_active in sightings(statements).iterator(chunk_size=5000):
        side = (key[0], key[1], key[2], key[3]), reporter == "grantee"
        sides[side].append(Sighting(stream, reporter, seen_on, is_active))
    for (link, _), seen in sides.items():
        yield link, summarise(seen, complete)


def _whole_days(as_of: date | None) -> dict[int, list[date]]:
    """Return the days of each stream's lists that end links, in order."""
    found: dict[int, list[date]] = {}
    for stream, day in whole_lists(as_of).order_by("stream", "capture__observed_on"):
        found.setdefault(stream, []).append(day)
    return found
