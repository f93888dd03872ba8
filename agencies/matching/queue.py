"""The names that wait for a person, those on most statements first, with what a person needs to decide."""

import math
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from statistics import median

from django.db.models import Count, Exists, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from agencies.folding import fold
from agencies.matching.history import rejected_agencies
from agencies.matching.machine import current_matcher
from agencies.matching.parse import written_out
from agencies.matching.verdict import Candidate
from agencies.models import Agency, Alias, MatchDecision, SharingStatement

Point = tuple[float, float]
"""Latitude and longitude in degrees, WGS 84."""

OFFERED = 5
"""Candidates offered for a name."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Which names to see: of a source (slug), a state of documents (USPS code), a network (slug); "" is any."""

    source: str = ""
    state: str = ""
    network: str = ""


@dataclass(frozen=True, slots=True)
class Offer:
    """A candidate, as a person compares it.

    `words` are those of its name, each with whether the printed name has it; `miles` is the median distance from
    the agencies of the documents, None where a point is missing.
    """

    candidate: Candidate
    agency: Agency
    words: list[tuple[str, bool]]
    miles: float | None


@dataclass(slots=True)
class Card:
    """A name that waits, and all that is shown with it.

    `search` are the words by which to look for its agency; `alike` are the same name in other contexts.
    """

    alias: Alias
    reason: str
    search: str
    offers: list[Offer]
    rejected: list[Agency] = field(default_factory=list)
    documents: list[tuple[str, str]] = field(default_factory=list)
    alike: list[Alias] = field(default_factory=list)


def waiting() -> QuerySet[Alias]:
    """Return the names without an answer: undecided, said only what they are not, or given up by the machine."""
    machine_gave_up = Q(decision__outcome="ambiguous") & ~Q(decision__method=MatchDecision.Method.HAND)
    return Alias.objects.filter(Q(decision__isnull=True) | Q(decision__outcome="rejected") | machine_gave_up)


def chosen(choice: Choice, skipped: Collection[int] = ()) -> QuerySet[Alias]:
    """Return the waiting names of a choice, with `impact`: the statements that name them, most first."""
    names = waiting().exclude(pk__in=skipped)
    if choice.state:
        names = names.filter(state=choice.state)
    if choice.network:
        names = names.filter(network__slug=choice.network)
    if choice.source:
        listed = SharingStatement.objects.filter(sharing_list__stream__source__slug=choice.source)
        sides = (Exists(listed.filter(**{side: OuterRef("pk")})) for side in ("grantee_alias", "grantor_alias"))
        names = names.filter(next(sides) | next(sides))
    impact = _statements("grantee_alias") + _statements("grantor_alias")
    return names.annotate(impact=impact).order_by("-impact", "pk")


def _statements(side: str) -> Coalesce:
    """Return the count of the statements that have an alias on one side."""
    rows = SharingStatement.objects.filter(**{side: OuterRef("pk")}).order_by().values(side)
    return Coalesce(Subquery(rows.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), Value(0))


def cards(names: Sequence[Alias]) -> list[Card]:
    """Return the card of each name; a fixed number of queries."""
    matcher = current_matcher()
    rejected = rejected_agencies([alias.pk for alias in names])
    verdicts = {alias.pk: matcher.match(alias.printed_name, context_state=alias.state) for alias in names}
    wanted = {candidate.agency for verdict in verdicts.values() for candidate in verdict.candidates}
    agencies = Agency.objects.select_related("county").in_bulk(wanted.union(*rejected.values()))
    documents, points = _documents(names)
    alike = _alike(names)
    made = []
    for alias in names:
        verdict, no = verdicts[alias.pk], rejected.get(alias.pk, set())
        offered = [candidate for candidate in verdict.candidates if candidate.agency not in no][:OFFERED]
        offers = [_offer(alias, candidate, agencies[candidate.agency], points[alias.pk]) for candidate in offered]
        others = [other for other in alike[alias.printed_name] if other.pk != alias.pk]
        said_no = [agencies[agency] for agency in sorted(no)]
        search = verdict.parsed.place or fold(alias.printed_name)
        made.append(Card(alias, verdict.reason, search, offers, said_no, documents[alias.pk], others))
    return made


def _offer(alias: Alias, candidate: Candidate, agency: Agency, around: list[Point]) -> Offer:
    """Return a candidate with its shared words and its distance."""
    printed = set(fold(alias.printed_name).split()) | set(written_out(fold(alias.printed_name)).split())
    words = [(word, bool(printed & set(fold(word).split()))) for word in agency.name.split()]
    miles = None
    if agency.latitude is not None and agency.longitude is not None and around:
        here = (agency.latitude, agency.longitude)
        miles = median(miles_between(here, there) for there in around)
    return Offer(candidate, agency, words, miles)


def _documents(names: Sequence[Alias]) -> tuple[dict[int, list[tuple[str, str]]], dict[int, list[Point]]]:
    """Return, for each alias (id), the documents' sources (slug, title) and the points of their agencies; 2 queries."""
    documents: dict[int, dict[str, str]] = defaultdict(dict)
    points: dict[int, set[Point]] = defaultdict(set)
    for side, other in (("grantee_alias", "grantor_alias"), ("grantor_alias", "grantee_alias")):
        agency = f"{other}__decision__agency"
        listed = SharingStatement.objects.filter(**{f"{side}__in": names}).annotate(alias=F(side)).order_by()
        source = "sharing_list__stream__source"
        columns = ("alias", f"{source}__slug", f"{source}__title", f"{agency}__latitude", f"{agency}__longitude")
        for alias, slug, title, latitude, longitude in listed.values_list(*columns).distinct():
            documents[alias][slug] = title
            if latitude is not None:
                points[alias].add((latitude, longitude))
    ids = [alias.pk for alias in names]
    return {i: sorted(documents[i].items()) for i in ids}, {i: sorted(points[i]) for i in ids}


def _alike(names: Sequence[Alias]) -> dict[str, list[Alias]]:
    """Return the waiting aliases of each printed name; one query."""
    found: dict[str, list[Alias]] = defaultdict(list)
    same = waiting().filter(printed_name__in={alias.printed_name for alias in names})
    for alias in same.select_related("network").order_by("state", "pk"):
        found[alias.printed_name].append(alias)
    return found


def miles_between(one: Point, other: Point) -> float:
    """Return the great-circle distance in statute miles, on a sphere of 3,958.8 miles' radius."""
    (lat1, lon1), (lat2, lon2) = (map(math.radians, point) for point in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2 + math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * 3958.8 * math.asin(math.sqrt(half))


def alike_of(alias: Alias) -> list[Alias]:
    """Return the other waiting aliases with the very same printed name."""
    return [other for other in _alike([alias])[alias.printed_name] if other.pk != alias.pk]
