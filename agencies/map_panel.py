"""The tables beside the map: what it draws, as rows, for the same address."""

from dataclasses import replace
from datetime import date
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, CharField, Count, F, Max, Min, Q, QuerySet, Value, When

from agencies.link_filter import ALL, LinkFilter, agencies_of
from agencies.map_data import map_payload, unplaced_with_links
from agencies.map_flows import county_flows, state_flows, state_partners
from agencies.map_form import MapFilter
from agencies.map_links import Subject, links_across, own_agencies
from agencies.models import Agency, Place, SharingLink
from agencies.network.rungs import Rung
from agencies.reach_wording import NOTES, RUNGS
from agencies.revision import kept
from agencies.search import find

PAGE_SIZE = 50
"""Rows of a table on one page: on a phone, where each is a stack of lines, 100 were a page of 30,000 pixels."""
LARGEST_FLOWS = 30
"""Flows between states that the map draws at once, and the table shows."""


def agency_panel(agency: Agency, wanted: MapFilter, page: str | None) -> dict[str, Any]:
    """Return an agency's links: counts by status, federal grantees, one page of those that fit. Five queries."""
    links = SharingLink.objects.filter(Q(grantor=agency) | Q(grantee=agency)).order_by()
    grants = Q(grantor=agency)
    totals = {
        "grants_listed": Count("pk", filter=grants & Q(status="listed")),
        "receipts_listed": Count("pk", filter=~grants & Q(status="listed")),
        "inactive": Count("pk", filter=Q(status="inactive")),
        "ended": Count("pk", filter=Q(status="ended")),
        "not_drawn": Count("pk", filter=~Q(status="listed")),
        "oldest": Min("last_seen", filter=Q(status="listed")),
        "newest": Max("last_seen", filter=Q(status="listed")),
    }
    federal = links.listed().with_ends().filter(grants, grantee__kind=Agency.Kind.FEDERAL)
    return {
        "agency": agency,
        "counts": links.aggregate(**totals),
        "federal": federal.order_by("grantee__name", "pk"),
        **_table(agency, wanted, page),
    }


def place_panel(place: Place, wanted: MapFilter, page: str | None) -> dict[str, Any]:
    """Return a place's agencies and links across its border, or a state's flows. Six queries."""
    agencies = agencies_of(place).main_bodies().order_by("name", "pk")
    if place.kind == Place.Kind.STATE:
        return {
            "place": place,
            "page": Paginator(agencies.with_link_counts(), PAGE_SIZE).get_page(page),
            "partners": state_partners(place, wanted.links),
            "counties": _counties(place, wanted.links),
        }
    return {"place": place, "agencies": agencies.with_link_counts(), **_table(place, wanted, page)}


def _counties(place: Place, wanted: LinkFilter) -> dict[str, Any]:
    """Return the flows between a state's counties with the counties' names."""
    found = county_flows(place.state, wanted)
    named = [
        {"from": _named(start, found), "to": _named(end, found), "links": count, "newest": date.fromisoformat(day)}
        for start, end, count, day in found["flows"][:LARGEST_FLOWS]
    ]
    return {**found, "rows": named}


def _named(geoid: str, found: dict[str, Any]) -> tuple[str, str]:
    """Return a county's GEOID and its name; the GEOID again where it has no point."""
    return geoid, found["counties"].get(geoid, [geoid])[0]


def _table(subject: Subject, wanted: MapFilter, page: str | None) -> dict[str, Any]:
    """Return one page of the links that fit, with their direction, and what changed between two days."""
    links = links_across(subject, wanted.links)
    if wanted.before:
        links = _compared(subject, wanted)
    own = own_agencies(subject).order_by().values("pk")
    direction = Case(When(grantor__in=own, then=Value("grants")), default=Value("receipts"), output_field=CharField())
    far_name = Case(When(grantor__in=own, then=F("grantee__name")), default=F("grantor__name"))
    rows: QuerySet[SharingLink] = links.select_related("grantor", "grantee", "network")
    rows = rows.annotate(direction=direction, far_name=far_name).order_by("direction", "far_name", "pk")
    return {"page": Paginator(rows, PAGE_SIZE).get_page(page)}


def _compared(subject: Subject, wanted: MapFilter) -> QuerySet[SharingLink]:
    """Return the links that stood on one of the two days, with `change`: same, added or removed."""
    now = links_across(subject, wanted.links).order_by().values("pk")
    then = links_across(subject, replace(wanted.links, as_of=wanted.before)).order_by().values("pk")
    either = links_across(subject, replace(wanted.links, status=ALL, as_of=None)).filter(Q(pk__in=now) | Q(pk__in=then))
    words = Case(
        When(Q(pk__in=now) & Q(pk__in=then), then=Value("same")),
        When(pk__in=now, then=Value("added")),
        default=Value("removed"),
        output_field=CharField(),
    )
    return either.annotate(change=words)


def found_panel(query: str) -> dict[str, Any]:
    """Return places, and agencies by name or because they serve a place or ZIP code of that name."""
    results = find(query)
    serving = Agency.objects.current().main_bodies().filter(places__in=results.places, latitude__isnull=False)
    by_key = {agency.pk: agency for agency in [*results.agencies, *serving.distinct()[:PAGE_SIZE]]}
    with_counts = Agency.objects.filter(pk__in=by_key).with_link_counts().in_bulk()
    return {"found": [with_counts[pk] for pk in by_key], "found_places": results.places}


def overview_panel(wanted: MapFilter) -> dict[str, Any]:
    """Return the states by what is known and by rung, the largest flows between them, and bodies without a point."""
    states = Place.objects.filter(kind=Place.Kind.STATE).values_list("state", "geoid", "name")
    geoids = {code: geoid for code, geoid, _ in states}
    names = {code: name for code, _, name in states}
    payload = map_payload()
    counts = payload.by_state
    ordered = sorted(counts, key=lambda code: (not code, names.get(code, code)))
    flows = state_flows(wanted.links)
    return {
        "by_state": [
            {"code": code, "geoid": geoids.get(code), "name": names.get(code, code), **counts[code]} for code in ordered
        ],
        "rungs_note": "" if payload.has_rungs else NOTES["not_built"],
        "rung_names": [(rung.value, RUNGS[rung]) for rung in Rung],
        "flows": [(names.get(a, a), names.get(b, b), n) for a, b, n in flows["flows"][:LARGEST_FLOWS]],
        "flows_count": len(flows["flows"]),
        "placeless": flows["placeless"],
        "unplaced": kept("map-unplaced", lambda: list(unplaced_with_links())),
    }
