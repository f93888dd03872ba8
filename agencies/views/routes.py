"""The explorer of routes: along which chains of links plate reads of one agency may be seen at another."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.models import Agency, SharingLink
from agencies.network.bodies import reached_bodies
from agencies.network.graph_store import GraphNotBuiltError
from agencies.network.hops import Hop
from agencies.network.routes import Route, Routes, routes
from agencies.network.rungs import RungState
from agencies.reach_page import draw, hop_words
from agencies.reach_wording import NOTES
from agencies.route_form import RouteForm
from agencies.route_words import answer, past_words, reporter, sentence

SHOWN = 20
"""Routes shown of each sort; the numbers count all."""


@dataclass(frozen=True)
class HopRow:
    """One hop as a row of the table."""

    grantor: Agency
    grantee: Agency
    words: str
    also: str
    first_seen: date
    disputed_on: date | None
    reporter: str
    statements: int


@dataclass(frozen=True)
class RouteRow:
    """One route: its sentence, the agencies in order, its hops; dashed unless it is one current link."""

    text: str
    names: list[str]
    hops: list[HopRow]
    is_dashed: bool


def _row(route: Route) -> RouteRow:
    """Return a route as the page shows it."""
    return RouteRow(
        text=sentence(route),
        names=[str(route.hops[0].grantor), *(str(hop.grantee) for hop in route.hops)],
        hops=[_hop(hop, also) for hop, also in zip(route.hops, route.also, strict=True)],
        is_dashed=not route.is_direct or route.hops[0].state != RungState.CURRENT,
    )


def _hop(hop: Hop, also: tuple[str, ...]) -> HopRow:
    """Return a hop as a row."""
    return HopRow(
        grantor=hop.grantor,
        grantee=hop.grantee,
        words=hop_words(hop),
        also=", ".join(also),
        first_seen=hop.first_seen,
        disputed_on=hop.disputed_on,
        reporter=reporter(hop),
        statements=len(hop.statements),
    )


@require_safe
def routes_page(request: HttpRequest) -> HttpResponse:
    """Show the routes asked for; 400 where a parameter cannot be used, 503 where the graph is not built yet."""
    is_asked = any(request.GET.get(name, "").strip() for name in ("from", "to", "hops", "as_of"))
    form = RouteForm(request.GET if is_asked else None)
    context: dict[str, Any] = {"form": form}
    status = 200
    if is_asked and form.is_valid():
        try:
            context |= _found(form.cleaned_data)
        except GraphNotBuiltError:
            context["not_built"], status = NOTES["not_built"], 503
    elif is_asked:
        context["candidates"], status = form.candidates(request.GET), 400
    return render(request, "agencies/routes.html", context, status=status)


def _found(asked: dict[str, Any]) -> dict[str, Any]:
    """Return the routes from `from` to `to`, else to ICE, CBP and their parts, in words and as rows."""
    origin, target = asked["from"], asked["to"]
    targets = [target] if target else reached_bodies()
    found = routes(origin, targets, hops=asked["hops"], as_of=asked["as_of"], limit=SHOWN)
    is_researched = bool(found.total) or SharingLink.objects.filter(grantor=origin).exists()
    return {
        "origin": origin,
        "found": found,
        "answer": answer(found, target is None, is_researched),
        "past_words": past_words(found),
        "drawing": _drawing(found),
        "current": [_row(route) for route in found.current],
        "past": [_row(route) for route in found.past],
    }


def _drawing(found: Routes) -> str:
    """Draw the first route; "" where there is none."""
    first = next(iter((*found.current, *found.past)), None)
    return draw(first.hops, first.target.name, "first-route") if first else ""
