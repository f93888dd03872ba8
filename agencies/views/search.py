"""The search page, suggestions while somebody types, and the place that a reader stands in."""

from dataclasses import asdict

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe

from agencies.forms import HereForm, SearchForm
from agencies.geography import place_at
from agencies.search import SearchResults, find
from agencies.suggest import suggest


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Go straight to a place that the query can only mean; else let the reader choose."""
    results = find(request.GET.get("q", ""))
    if results.certain:
        return redirect(results.certain)
    context = {"form": SearchForm(initial={"q": results.query}), "results": results}
    return render(request, "agencies/search.html", context)


@never_cache
@require_safe
def suggestions(request: HttpRequest) -> JsonResponse:
    """Answer with up to eight places and agencies for a query that is still being typed."""
    return JsonResponse({"suggestions": [asdict(line) for line in suggest(request.GET.get("q", ""))]})


@csrf_exempt
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def here(request: HttpRequest) -> HttpResponse:
    """Go to the city, else the county, that a point lies in; the point is rounded, and kept nowhere.

    A POST, so that the point stands in no address, history or log. Without a CSRF token, which would need a cookie:
    the answer is the same for everyone and nothing is changed by asking.
    """
    if request.method != "POST":  # A reader who comes back to the address, or changes the language there.
        return redirect("search")
    form = HereForm(request.POST)
    place = place_at(*form.point()) if form.is_valid() else None
    if place:
        return redirect(place)
    context = {"form": SearchForm(), "results": SearchResults(""), "nowhere": True}
    return render(request, "agencies/search.html", context, status=200 if form.is_valid() else 400)
