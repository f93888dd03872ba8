"""Small cards of an agency or a place for pages elsewhere: no script unless asked for, no cookie, framed by anyone."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps

from csp.decorators import csp_replace
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_exempt
from django.views.decorators.http import require_safe

from agencies.models import Agency, Place
from agencies.reach_page import agency_ladder, place_ladders
from agencies.revision import record_as_of
from agencies.serving import bodies_of
from agencies.state_record import state_record
from agencies.summaries import summarise
from agencies.wording import granting_sentence, serving_sentence, state_sentence

SECONDS = 3600
"""How long caches may keep a card."""


@dataclass(frozen=True)
class Embedded:
    """What a card says: what is known, and the answer of the ladder; "" where it is not built yet or not asked."""

    body: Agency | Place
    known: str
    reach: str


def framed_by_anyone(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponseBase]:
    """Let pages of any site frame the answer, and caches keep it; all else of the site's policy stays."""

    @wraps(view)
    def answer(request: HttpRequest, *args: str, **named: str) -> HttpResponse:
        response = view(request, *args, **named)
        patch_cache_control(response, public=True, max_age=SECONDS)
        return response

    return xframe_options_exempt(csp_replace({"frame-ancestors": ["*"]})(answer))


@require_safe
@framed_by_anyone
def embed_agency(request: HttpRequest, ident: str) -> HttpResponse:
    """Show the card of an agency; a merged one leads to what it was merged into."""
    agency = get_object_or_404(Agency.objects.select_related("merged_into"), slug=ident)
    if agency.merged_into:
        return redirect("embed-agency", agency.merged_into.slug, permanent=True)
    ladder = agency_ladder(agency)
    known = granting_sentence(summarise([agency])[agency.pk])
    return _card(request, Embedded(agency, known, ladder.answer if ladder else ""))


@require_safe
@framed_by_anyone
def embed_place(request: HttpRequest, ident: str) -> HttpResponse:
    """Show the card of a city, county or state."""
    place = get_object_or_404(Place.objects.select_related("county"), geoid=ident)
    if place.kind == Place.Kind.STATE:
        record = state_record(place.state)
        return _card(request, Embedded(place, state_sentence(place, record.agencies, record.researched), ""))
    bodies = bodies_of(place)
    known = serving_sentence(place, list(summarise(bodies.own).values()), bool(bodies.wider))
    return _card(request, Embedded(place, known, place_ladders(place, bodies.own, bodies.wider).answer))


def _card(request: HttpRequest, shown: Embedded) -> HttpResponse:
    """Show a card; with `resize=1` its script tells the page around it how high it is."""
    note = _("Being listed does not show that a search took place.")
    context = {
        "shown": shown,
        "note": "" if note in shown.reach else note,
        "page_address": request.build_absolute_uri(shown.body.get_absolute_url()),
        "as_of": record_as_of(),
        "is_resized": request.GET.get("resize") == "1",
    }
    return render(request, "agencies/embed.html", context)
