"""Who is one and two links away from an agency or a place: a diagram, and the equal table."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from django.core.paginator import Page, Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from agencies import two_hop_words as words
from agencies.link_filter import BOTH, GRANTS, RECEIPTS, LinkFilter
from agencies.models import Agency
from agencies.network_form import NetworkForm
from agencies.pictures.layers import NARROW, WIDE, place
from agencies.pictures.layers_svg import layers_svg
from agencies.two_hop_picture import picture
from agencies.two_hops import Layers, Row, Subject, layers, rows, subject_of, table

PER_PAGE = 50
"""Rows of the table on one page."""


@dataclass(frozen=True)
class Side:
    """One direction of a view."""

    direction: str
    title: str
    lead: str
    caveat: str
    nothing: str
    drawings: list[SafeString]
    rows: list[Row]
    page: Page[Any]
    query: str


@require_safe
def network_view(request: HttpRequest) -> HttpResponse:
    """Show the network of what is asked about; 400 where a parameter cannot be used."""
    form = NetworkForm(request.GET)
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        return render(request, "agencies/network_view.html", context | {"candidates": form.candidates()}, status=400)
    chosen = form.chosen()
    context |= {"chosen": chosen, "query": chosen.query(), "filters": words.filters(chosen)}
    if form.body is not None:
        subject = subject_of(form.body)
        context |= {
            "subject": subject,
            "subject_name": words.subject_name(subject),
            "query": chosen.query(**subject.parameter),
            "legend": words.legend(),
            "sides": [_side(subject, one, request.GET.get("page")) for one in directions(chosen)],
        }
    return render(request, "agencies/network_view.html", context)


def directions(chosen: LinkFilter) -> Iterable[LinkFilter]:
    """Return the filters once for each direction that is asked for."""
    wanted = (GRANTS, RECEIPTS) if chosen.direction == BOTH else (chosen.direction,)
    return [replace(chosen, direction=one) for one in wanted]


def _side(subject: Subject, chosen: LinkFilter, page: str | None) -> Side:
    """Return one direction: thirteen queries at most."""
    found = layers(subject, chosen)
    shown = Paginator(table(found), PER_PAGE).get_page(page)
    return Side(
        direction=chosen.direction,
        title=words.title(subject, chosen),
        lead=words.lead(subject, chosen, found),
        caveat=words.caveat(subject, chosen),
        nothing=words.nothing(subject, chosen),
        drawings=draw(subject, chosen, found) if found.near else [],
        rows=rows(subject, chosen, found, shown.object_list),
        page=shown,
        query=chosen.query(**subject.parameter),
    )


def draw(subject: Subject, chosen: LinkFilter, found: Layers) -> list[SafeString]:
    """Draw the layers for a wide page and for a narrow one; the style sheet shows one of them."""
    drawn = picture(subject, chosen, found, Agency.get_absolute_url)
    texts = words.title(subject, chosen), words.lead(subject, chosen, found)
    names = ((WIDE, f"{chosen.direction}-wide"), (NARROW, f"{chosen.direction}-narrow"))
    return [layers_svg(place(drawn, measure), name, *texts) for measure, name in names]
