"""What the map shows from afar: states by what is known of their agencies, and links between states and counties.

Links whose other end has no state (federal bodies) are counted, not drawn. Each is one grouped query.
"""

from collections import Counter, defaultdict
from dataclasses import replace
from typing import Any

from django.db.models import Count, Max, QuerySet

from agencies.link_filter import BOTH, GRANTS, RECEIPTS, LinkFilter
from agencies.map_data import map_payload
from agencies.map_links import links_across
from agencies.models import Place, SharingLink
from agencies.network.rungs import Rung
from agencies.revision import kept, record_as_of

COUNTY_FLOWS = 60
"""Flows between counties that are sent, the largest; a picture of thousands says nothing."""
COUNTED = ("all", "publishes", "listed", "documents", "none", "unplaced", *(f"rung{rung.value}" for rung in Rung))
"""What is counted of each state, in the order of the payload's columns."""


def states_payload(wanted: LinkFilter) -> dict[str, Any]:
    """Return states, by what is known, and flows between them; three queries beside those of the map's points."""
    payload = map_payload()
    day = record_as_of()
    return {
        "as_of": day.isoformat() if day else None,
        "columns": COUNTED,
        "has_rungs": payload.has_rungs,
        "places": _states(),
        "states": {state: [counts[name] for name in COUNTED] for state, counts in payload.by_state.items() if state},
        **state_flows(wanted),
    }


def _states() -> dict[str, list[Any]]:
    """Return [GEOID, name, latitude, longitude] of each state by its code."""
    return {place.state: [place.geoid, place.name, *_middle(place)] for place in _placed(Place.Kind.STATE)}


def _placed(kind: str, **where: str) -> QuerySet[Place]:
    """Return the places of a kind of which a middle is known."""
    return Place.objects.filter(kind=kind, latitude__isnull=False, longitude__isnull=False, **where)


def _middle(place: Place) -> tuple[float, float]:
    """Return latitude and longitude of a place's middle to about 100 m."""
    return round(place.latitude or 0, 3), round(place.longitude or 0, 3)


def state_flows(wanted: LinkFilter) -> dict[str, Any]:
    """Count links by the states of their ends, kept until the record changes; one query else.

    `flows` are [from, to, links], the largest first; `inside` counts by state; `placeless` those from bodies of no
    state, and those to them.
    """
    found: dict[str, Any] = kept(f"map-flows:{wanted.query()}", lambda: _count_flows(wanted))
    return found


def _count_flows(wanted: LinkFilter) -> dict[str, Any]:
    """Read the counts of `state_flows`."""
    rows = wanted.apply(SharingLink.objects.all()).order_by().values_list("grantor__state", "grantee__state")
    inside: Counter[str] = Counter()
    flows, gives, gets = [], 0, 0
    for grantor, grantee, count in rows.annotate(n=Count("pk", distinct=True)):
        if not grantor:
            gives += count
        elif not grantee:
            gets += count
        elif grantor == grantee:
            inside[grantor] += count
        else:
            flows.append([grantor, grantee, count])
    flows.sort(key=lambda flow: (-flow[2], flow[0], flow[1]))
    return {"flows": flows, "inside": inside, "placeless": [gives, gets]}


def county_flows(state: str, wanted: LinkFilter) -> dict[str, Any]:
    """Return flows between a state's counties as [from, to, links, newest date], the largest; and how many there are.

    `without` counts links inside the state of which one agency's county is not known, `within` those of one county.
    """
    inside = wanted.apply(SharingLink.objects.filter(grantor__state=state, grantee__state=state)).order_by()
    columns = ("grantor__county__geoid", "grantee__county__geoid")
    rows = list(inside.values_list(*columns).annotate(n=Count("pk", distinct=True), newest=Max("last_seen")))
    without = sum(count for grantor, grantee, count, _ in rows if not (grantor and grantee))
    within = {grantor: count for grantor, grantee, count, _ in rows if grantor and grantor == grantee}
    between = [row for row in rows if row[0] and row[1] and row[0] != row[1]]
    between.sort(key=lambda row: (-row[2], row[0], row[1]))
    counties = _placed(Place.Kind.COUNTY, state=state)
    return {
        "counties": {county.geoid: [county.full_name, *_middle(county)] for county in counties},
        "flows": [[grantor, grantee, n, day.isoformat()] for grantor, grantee, n, day in between[:COUNTY_FLOWS]],
        "all": len(between),
        "within": within,
        "without": without,
    }


def state_partners(place: Place, wanted: LinkFilter) -> list[dict[str, Any]]:
    """Return the states and bodies of no state that a state's agencies share with: links given and got. Three queries
    at most."""
    found: dict[str, dict[str, int]] = defaultdict(lambda: {"gives": 0, "gets": 0})
    for far, direction, word in (("grantee", GRANTS, "gives"), ("grantor", RECEIPTS, "gets")):
        if wanted.direction not in (direction, BOTH):
            continue
        links = links_across(place, replace(wanted, direction=direction)).order_by()
        for state, count in links.values_list(f"{far}__state").annotate(n=Count("pk", distinct=True)):
            found[state][word] = count
    states = Place.objects.filter(kind=Place.Kind.STATE).values_list("state", "geoid", "name")
    known = {code: {"geoid": geoid, "name": name} for code, geoid, name in states}
    rows = [{"code": code, **known.get(code, {"geoid": "", "name": code}), **found[code]} for code in found]
    return sorted(rows, key=lambda row: (-row["gives"] - row["gets"], row["name"]))
