"""A city or county: the agencies that serve it, and what is known of each."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.asking import asking, laws_of
from agencies.findings.reading import findings_of
from agencies.models import Place
from agencies.reach_page import place_ladders
from agencies.serving import bodies_of
from agencies.state_record import researched_ids
from agencies.summaries import summarise
from agencies.views.state import state_page

PER_PAGE = 100


@require_safe
def place_detail(request: HttpRequest, geoid: str) -> HttpResponse:
    """Show the agencies of a city or county, each with a sentence; a state has its own page. Constant query count."""
    place = get_object_or_404(Place.objects.select_related("county"), geoid=geoid)
    if place.kind == Place.Kind.STATE:
        return state_page(request, place)
    bodies = bodies_of(place)
    page = Paginator(bodies.others, PER_PAGE).get_page(request.GET.get("page"))
    summaries = summarise([*bodies.own, *bodies.wider, *page.object_list])
    reach = place_ladders(place, bodies.own, bodies.wider)
    shown = [(summaries[agency.pk], reach.ladders.get(agency.pk)) for agency in [*bodies.own, *bodies.wider]]
    askings = [asking(summary.agency) for summary, _ladder in shown]
    context = {
        "place": place,
        "reach": reach,
        "findings": [finding for found in findings_of(bodies.own).values() for finding in found],
        "own": shown[: len(bodies.own)],
        "wider": shown[len(bodies.own) :],
        "others": [summaries[agency.pk] for agency in page.object_list],
        "page": page,
        "askings": askings,
        "laws": laws_of(askings),
        "serving_count": len(shown),
        "researched_serving": sum(summary.researched for summary, _ladder in shown),
        "others_researched": bodies.others.filter(pk__in=researched_ids()).count(),
        "state_place": Place.objects.filter(kind=Place.Kind.STATE, state=place.state).first(),
    }
    return render(request, "agencies/place.html", context)
