"""A state: its numbers, what changed, its state police, and all of its agencies."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.asking import asking, laws_of
from agencies.findings.reading import standing_findings
from agencies.models import Place
from agencies.reach_page import place_ladders
from agencies.reach_state import state_rungs
from agencies.serving import bodies_of
from agencies.state_record import state_record
from agencies.summaries import summarise

PER_PAGE = 100


def state_page(request: HttpRequest, place: Place) -> HttpResponse:
    """Show a state. Constant query count."""
    bodies = bodies_of(place)
    page = Paginator(bodies.others, PER_PAGE).get_page(request.GET.get("page"))
    summaries = summarise([*bodies.own, *page.object_list])
    reach = place_ladders(place, bodies.own, [])
    askings = [asking(agency) for agency in bodies.own]
    context = {
        "place": place,
        "record": state_record(place.state),
        "rungs": state_rungs(place.state),
        "findings_count": standing_findings().filter(agency__state=place.state).count(),
        "police": [(summaries[agency.pk], reach.ladders.get(agency.pk)) for agency in bodies.own],
        "others": [summaries[agency.pk] for agency in page.object_list],
        "page": page,
        "askings": askings,
        "laws": laws_of(askings),
    }
    return render(request, "agencies/state.html", context)
