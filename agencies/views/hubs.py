"""The agencies in the middle of the network."""

from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.hubs import HubsForm, hubs, narrowed, ranked, standings
from agencies.network.graph_store import GraphNotBuiltError
from agencies.reach_wording import NOTES
from agencies.revision import record_as_of

PER_PAGE = 50


@require_safe
def hubs_page(request: HttpRequest) -> HttpResponse:
    """Show degrees and core numbers; 400 where a filter cannot be used, 503 where the graph is not built yet."""
    form = HubsForm({"sort": "into", **{name: request.GET[name] for name in request.GET if request.GET[name]}})
    context: dict[str, Any] = {"form": form}
    if not form.is_valid():
        return render(request, "agencies/hubs.html", context, status=400)
    asked = form.cleaned_data
    try:
        every = standings()
    except GraphNotBuiltError:
        return render(request, "agencies/hubs.html", context | {"not_built": NOTES["not_built"]}, status=503)
    rows = narrowed(ranked(every, asked["sort"]), asked["state"], asked["kind"])
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context |= {"all": len(every), "page": page, "hubs": hubs(list(page.object_list)), "newest": record_as_of()}
    return render(request, "agencies/hubs.html", context)
