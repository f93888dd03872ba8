"""An agency's own complete list of who gives it access lacks agencies whose own lists say that they do."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from django.db.models import Max

from agencies.findings.draft import SAMPLE, Draft, Rule
from agencies.findings.material import GrantKey, Material, Sighting, standing_grants
from agencies.models import Access, Agency, Completeness, Finding, MatchDecision, ReportedBy, SharingList

DAYS_APART = 31
"""Two lists are held against each other when no more days than this lie between them."""


def find(material: Material) -> Iterator[Draft]:
    """Yield a finding for each complete inbound list, the newest of its stream, that lacks a grantor.

    A grantor counts when the newest complete copy of its own list names the agency, unmarked, within DAYS_APART. It
    is not lacking when the list names its parent, its operator or a part of it, or marks its account.
    """
    lists = {one: owner for one in _newest_inbound() if (owner := material.publisher(one.stream.source_id))}
    if not lists:
        return
    named, unmatched = _named(material, list(lists))
    grants = _own_grants(material, set(lists.values()))
    kin = _kin()
    for one, owner in lists.items():
        day = one.capture.observed_on
        near = {
            key[0]: seen
            for key, seen in grants.items()
            if key[1:] == (owner, one.stream.network_id) and abs((seen.day - day).days) <= DAYS_APART
        }
        listed = named[one.pk] | {relative for agency in named[one.pk] for relative in kin[agency]}
        lacking = sorted((seen.day, seen.statement, pk) for pk, seen in near.items() if pk not in listed)
        if lacking:
            yield _draft(one, owner, lacking[::-1], len(near), unmatched[one.pk])


def _draft(one: SharingList, owner: int, lacking: list[tuple[date, int, int]], checked: int, unmatched: int) -> Draft:
    """Return the finding on one list; `lacking` holds (day, statement, grantor), the newest first."""
    return Draft(
        severity=Finding.Severity.LOW,
        agency=owner,
        counterpart=lacking[0][2] if len(lacking) == 1 else None,
        network=one.stream.network_id,
        as_of=max(one.capture.observed_on, lacking[0][0]),
        key=(one.stream.source.slug,),
        data={
            "day": one.capture.observed_on.isoformat(),
            "lacking": len(lacking),
            "checked": checked,
            "unmatched": unmatched,
            "apart": max(abs((day - one.capture.observed_on).days) for day, *_rest in lacking),
        },
        statements=tuple(statement for _day, statement, _pk in lacking[:SAMPLE]),
        lists=(one.pk,),
    )


def _newest_inbound() -> list[SharingList]:
    """Return the newest complete copy of each list of who gives an agency access; one query."""
    lists = SharingList.objects.standing().filter(
        stream__reported_by=ReportedBy.GRANTEE,
        stream__access=Access.CONFIGURED,
        completeness=Completeness.COMPLETE,
        capture__source__kind="portal",
    )
    lists = lists.select_related("stream__source", "capture").defer("capture__kept_text")
    return list(lists.newest_of_streams())


def _named(material: Material, lists: list[SharingList]) -> tuple[dict[int, set[int]], dict[int, int]]:
    """Return by list the agencies named on it, marked ones too, and how many of its names may be others; one query."""
    named: dict[int, set[int]] = defaultdict(set)
    unmatched: dict[int, int] = defaultdict(int)
    settled = (MatchDecision.Outcome.PERSON, MatchDecision.Outcome.NOT_AGENCY)
    rows = standing_grants().filter(sharing_list__in=lists)
    for pk, alias, outcome in rows.values_list("sharing_list", "grantor_alias", "grantor_alias__decision__outcome"):
        if agency := material.agency_of.get(alias):
            named[pk].add(agency)
        elif outcome not in settled:
            unmatched[pk] += 1
    return named, unmatched


def _own_grants(material: Material, grantees: set[int]) -> dict[GrantKey, Sighting]:
    """Return the newest sighting of each grant on the grantor's own list, unless a newer complete copy lacks it."""
    complete = SharingList.objects.standing().filter(
        stream__reported_by=ReportedBy.GRANTOR,
        stream__access=Access.CONFIGURED,
        completeness=Completeness.COMPLETE,
    )
    newest: dict[int, date] = {}
    for source, day in complete.order_by().values_list("stream__source").annotate(day=Max("capture__observed_on")):
        newest[source] = day
    seen = material.sightings(
        grantee_alias__in=material.aliases_of(grantees), sharing_list__stream__reported_by=ReportedBy.GRANTOR
    )
    own = {
        key: [one for one in sightings if material.publisher(one.source) == key[0]] for key, sightings in seen.items()
    }
    return {key: found[0] for key, found in own.items() if found and found[0].day == newest.get(found[0].source)}


def _kin() -> dict[int, set[int]]:
    """Return by agency its parent, its operator, and those it is that of; one query."""
    kin: dict[int, set[int]] = defaultdict(set)
    rows = Agency.objects.current().order_by().values_list("pk", "parent", "operated_by")
    for pk, *others in rows.exclude(parent=None, operated_by=None):
        for other in others:
            if other:
                kin[pk].add(other)
                kin[other].add(pk)
    return kin


RULE = Rule("inbound-gap", 1, find)
