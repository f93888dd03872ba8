"""The map, its equal tables, and the two payloads that its script draws."""

import gzip
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Case, CharField, Count, F, Max, Min, Q, QuerySet, Value, When
from django.http import HttpRequest, HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.utils.http import urlencode
from django.views.decorators.http import require_safe

from agencies.map_data import drawn_links, map_payload, unplaced_with_links
from agencies.models import Agency, Place, SharingLink
from agencies.querysets import SharingLinkQuerySet
from agencies.search import find
from agencies.search_terms import LONGEST

PAGE_SIZE = 100
"""Rows of a table on one page."""

LEAFLET = {
    "SPATIAL_EXTENT": None,
    "DEFAULT_CENTER": (39.0, -96.0),
    "DEFAULT_ZOOM": 4,
    "MIN_ZOOM": 2,
    "MAX_ZOOM": 12,
    "SCALE": "both",
}
"""What this map sets in django-leaflet's options: the lower 48 states first, close enough for a city."""


@require_safe
def map_page(request: HttpRequest) -> HttpResponse:
    """Show the map; below it the chosen agency's links, or a search and a state's agencies, as tables."""
    context: dict[str, Any] = {"leaflet": LEAFLET, "query": request.GET.get("q", "")[:LONGEST].strip()}
    if slug := request.GET.get("agency"):
        agency = get_object_or_404(Agency.objects.select_related("merged_into", "county"), slug=slug)
        if agency.merged_into:
            target = f"{reverse('map')}?{urlencode({'agency': agency.merged_into.slug})}"
            return HttpResponsePermanentRedirect(target)
        context |= _chosen(agency, request.GET.get("page"))
    elif context["query"]:
        context["found"] = _found(context["query"])
    elif state := request.GET.get("state"):
        context |= _of_state(state, request.GET.get("page"))
    else:
        context["by_state"] = _by_state()
        context["unplaced"] = unplaced_with_links()
    return render(request, "agencies/map.html", context)


@require_safe
def agencies_json(request: HttpRequest) -> HttpResponse:
    """Answer with every agency that has a point; 304 where the reader has it already."""
    payload = map_payload()
    etag = f'W/"{payload.etag}"'
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    body = payload.compressed if zipped else gzip.decompress(payload.compressed)
    response = HttpResponse(body, content_type="application/json", headers={"ETag": etag})
    if zipped:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    patch_cache_control(response, public=True, no_cache=True)
    conditional = get_conditional_response(request, etag=etag, response=response)
    return conditional or response


@require_safe
def agency_links_json(request: HttpRequest, slug: str) -> JsonResponse:
    """Answer with one agency's listed links; see `drawn_links` for the columns."""
    agency = get_object_or_404(Agency.objects.current(), slug=slug)
    return JsonResponse({"slug": agency.slug, "name": agency.name, "links": drawn_links(agency)})


def _chosen(agency: Agency, page: str | None) -> dict[str, Any]:
    """Return the chosen agency's links: counts by status, federal grantees, one page of all. Four queries."""
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
    listed = links.listed()
    federal = listed.with_ends().filter(grants, grantee__kind=Agency.Kind.FEDERAL)
    return {
        "agency": agency,
        "counts": links.aggregate(**totals),
        "federal": federal.order_by("grantee__name", "pk"),
        "page": Paginator(_rows(listed, agency), PAGE_SIZE).get_page(page),
    }


def _rows(links: SharingLinkQuerySet, agency: Agency) -> QuerySet[SharingLink]:
    """Order links by direction, then by the other side's name; adds `direction`."""
    direction = Case(When(grantor=agency, then=Value("grants")), default=Value("receipts"), output_field=CharField())
    far_name = Case(When(grantor=agency, then=F("grantee__name")), default=F("grantor__name"))
    return links.with_ends().annotate(direction=direction, far_name=far_name).order_by("direction", "far_name", "pk")


def _found(query: str) -> list[Agency]:
    """Return agencies by name, and those that serve a place or ZIP code of that name."""
    results = find(query)
    serving = Agency.objects.current().main_bodies().filter(places__in=results.places, latitude__isnull=False)
    by_key = {agency.pk: agency for agency in [*results.agencies, *serving.distinct()[:PAGE_SIZE]]}
    with_counts = Agency.objects.filter(pk__in=by_key).with_link_counts().in_bulk()
    return [with_counts[pk] for pk in by_key]


def _of_state(state: str, page: str | None) -> dict[str, Any]:
    """Return one page of a state's agencies with their numbers of links; 404 where there is no such state."""
    place = get_object_or_404(Place, kind=Place.Kind.STATE, state=state)
    agencies = Agency.objects.current().main_bodies().filter(state=state).order_by("name", "pk")
    return {"state": place, "page": Paginator(agencies.with_link_counts(), PAGE_SIZE).get_page(page)}


def _by_state() -> list[dict[str, Any]]:
    """Return the number of agencies of each state by state of knowledge; national bodies come last."""
    counts = map_payload().by_state
    names = dict(Place.objects.filter(kind=Place.Kind.STATE).values_list("state", "name"))
    ordered = sorted(counts, key=lambda code: (not code, names.get(code, code)))
    return [{"code": code, "name": names.get(code, code), **counts[code]} for code in ordered]
