"""A state: its numbers, what changed, its state police, and all of its agencies."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from agencies.asking import asking, laws_of
from agencies.federal import federal_ties
from agencies.models import Place
from agencies.serving import bodies_of
from agencies.state_record import state_record
from agencies.summaries import summarise

PER_PAGE = 100


def state_page(request: HttpRequest, place: Place) -> HttpResponse:
    """Show a state. Constant query count."""
    bodies = bodies_of(place)
    page = Paginator(bodies.others, PER_PAGE).get_page(request.GET.get("page"))
    summaries = summarise([*bodies.own, *page.object_list])
    ties = federal_ties(bodies.own)
    askings = [asking(agency) for agency in bodies.own]
    context = {
        "place": place,
        "record": state_record(place.state),
        "police": [(summaries[agency.pk], ties[agency.pk]) for agency in bodies.own],
        "others": [summaries[agency.pk] for agency in page.object_list],
        "page": page,
        "askings": askings,
        "laws": laws_of(askings),
    }
    return render(request, "agencies/state.html", context)
