"""The map's page, with equal tables for the same address."""

from datetime import date
from typing import Any

from csp.decorators import csp_update
from django.http import HttpRequest, HttpResponseBase, HttpResponsePermanentRedirect, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.map_form import read_filter
from agencies.map_panel import agency_panel, found_panel, overview_panel, place_panel
from agencies.map_tiles import tile_layer
from agencies.models import Agency, Place
from agencies.search_terms import LONGEST

LEAFLET = {
    "SPATIAL_EXTENT": None,
    "DEFAULT_CENTER": (39.0, -96.0),
    "DEFAULT_ZOOM": 4,
    "MIN_ZOOM": 2,
    "MAX_ZOOM": 12,
    "SCALE": "both",
}
"""What this map sets in django-leaflet's options: the lower 48 states first, close enough for a city."""

MONTHS = [date(2000, number, 1) for number in range(1, 13)]
"""A day of each month, for their names."""

SHADES = {"knowledge": (5, 10, 20, 30), "rung": (1, 2, 5, 10)}
"""Upper ends, in 100 agencies, of the shades of the states from afar, as `shades.js` has them."""


@require_safe
def map_page(request: HttpRequest) -> HttpResponseBase:
    """Show the map; below it the links of the chosen agency or place, or a search, a state, the country, as tables."""
    wanted = read_filter(request.GET)
    page, query = request.GET.get("page"), request.GET.get("q", "")[:LONGEST].strip()
    context: dict[str, Any] = {
        "leaflet": LEAFLET,
        "query": query,
        "wanted": wanted,
        "months": MONTHS,
        "shades": {name: _shades(ends) for name, ends in SHADES.items()},
        "by": "rung" if request.GET.get("by") == "rung" else "knowledge",
    }
    if slug := _named(request, "agency"):
        agency = get_object_or_404(Agency.objects.select_related("merged_into", "county"), slug=slug)
        if agency.merged_into:
            target = f"{reverse('map')}?{urlencode({'agency': agency.merged_into.slug})}"
            return HttpResponsePermanentRedirect(target)
        context |= agency_panel(agency, wanted, page)
    elif geoid := _named(request, "place"):
        place = get_object_or_404(Place.objects.select_related("county"), geoid=geoid)
        context |= place_panel(place, wanted, page)
    elif query:
        context |= found_panel(query)
    elif state := _named(request, "state"):
        place = get_object_or_404(Place, kind=Place.Kind.STATE, state=state)
        asked = request.GET.copy()
        del asked["state"]
        asked["place"] = place.geoid
        return HttpResponseRedirect(f"{reverse('map')}?{asked.urlencode()}")
    else:
        context |= overview_panel(wanted)
    return _with_tiles(request, context)


def _with_tiles(request: HttpRequest, context: dict[str, Any]) -> HttpResponseBase:
    """Render the page; where the operator set tiles, it alone lets their host in, and asks it without cookies."""
    tiles = tile_layer()

    def page(request: HttpRequest) -> HttpResponseBase:
        return render(request, "agencies/map.html", {**context, "tiles": tiles})

    if not tiles:
        return page(request)
    response = csp_update({"img-src": [tiles.origin]})(page)(request)
    response["Cross-Origin-Embedder-Policy"] = "credentialless"
    return response


def _named(request: HttpRequest, parameter: str) -> str:
    """Return what a parameter names, without NUL: no name holds one, and the database refuses to look for it."""
    return request.GET.get(parameter, "").replace("\0", "")


def _shades(ends: tuple[int, ...]) -> list[tuple[int, str]]:
    """Return the number and the words of each shade."""
    steps = [_("up to %(n)s in 100") % {"n": end} for end in ends]
    return list(enumerate([_("no agency"), *steps, _("more")]))
