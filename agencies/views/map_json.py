"""What the map's script draws, as JSON that the reader's browser keeps until the record changes."""

import gzip
from typing import Any

import orjson
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_cache_control, patch_vary_headers
from django.views.decorators.http import require_safe

from agencies.link_filter import BadFilterError, LinkFilter
from agencies.map_data import map_payload
from agencies.map_flows import county_flows, states_payload
from agencies.map_links import links_payload, place_payload
from agencies.map_places import names_payload
from agencies.models import Agency, Place

LISTED = "listed"
"""Status that the map shows where none is asked for."""


@require_safe
def agencies_json(request: HttpRequest) -> HttpResponse:
    """Answer with every agency that has a point; 304 where the reader has it already."""
    payload = map_payload()
    return _unless_kept(request, payload.etag, payload.compressed)


@require_safe
def place_names_json(request: HttpRequest, state: str) -> HttpResponse:
    """Answer with the names of a state's cities and where they lie; 304 where the reader has it already."""
    payload = names_payload(state)
    return _unless_kept(request, payload.etag, payload.compressed)


def _unless_kept(request: HttpRequest, mark: str, compressed: bytes) -> HttpResponse:
    """Return a payload that the reader's browser may keep but asks about each time; 304 where it has this one."""
    etag = f'W/"{mark}"'
    zipped = "gzip" in request.headers.get("Accept-Encoding", "")
    body = compressed if zipped else gzip.decompress(compressed)
    response = HttpResponse(body, content_type="application/json", headers={"ETag": etag})
    if zipped:
        response["Content-Encoding"] = "gzip"
    patch_vary_headers(response, ["Accept-Encoding"])
    patch_cache_control(response, public=True, no_cache=True)
    conditional = get_conditional_response(request, etag=etag, response=response)
    return conditional or response


@require_safe
def states_json(request: HttpRequest) -> HttpResponse:
    """Answer with what is known by state, and the flows between states that fit the filters."""
    try:
        wanted = LinkFilter.parse(request.GET, status=LISTED)
    except BadFilterError as error:
        return _refused(error)
    return _answer(states_payload(wanted))


@require_safe
def agency_links_json(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with one agency's links that fit the filters; see `links_payload` for the columns."""
    agency = get_object_or_404(Agency.objects.current(), slug=slug)
    try:
        wanted = LinkFilter.parse(request.GET, status=LISTED)
    except BadFilterError as error:
        return _refused(error)
    return _answer({"slug": agency.slug, **links_payload(agency, wanted)})


@require_safe
def place_links_json(request: HttpRequest, geoid: str) -> HttpResponse:
    """Answer with a place's outline and agencies, and its links across its border; of a state flows of counties."""
    place = get_object_or_404(Place, geoid=geoid)
    try:
        wanted = LinkFilter.parse(request.GET, status=LISTED)
    except BadFilterError as error:
        return _refused(error)
    if place.kind == Place.Kind.STATE:
        drawn: dict[str, Any] = {"name": str(place), **county_flows(place.state, wanted)}
    else:
        drawn = links_payload(place, wanted)
    return _answer({**place_payload(place), **drawn})


def _answer(data: dict[str, Any]) -> HttpResponse:
    """Return data as JSON, for the reader's browser to keep for a minute."""
    response = HttpResponse(orjson.dumps(data), content_type="application/json")
    patch_cache_control(response, public=True, max_age=60)
    return response


def _refused(error: BadFilterError) -> JsonResponse:
    """Return what is wrong with the filters."""
    return JsonResponse({"errors": error.errors}, status=400)
