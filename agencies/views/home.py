"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.counts import record_counts
from agencies.forms import SearchForm


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the search box and the numbers of the record."""
    return render(request, "agencies/home.html", {"form": SearchForm(), "counts": record_counts()})
