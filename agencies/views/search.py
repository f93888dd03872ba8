"""The search page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from agencies.forms import SearchForm
from agencies.search import find


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Go straight to a place that the query can only mean; else let the reader choose."""
    results = find(request.GET.get("q", ""))
    if results.certain:
        return redirect(results.certain)
    context = {"form": SearchForm(initial={"q": results.query}), "results": results}
    return render(request, "agencies/search.html", context)
