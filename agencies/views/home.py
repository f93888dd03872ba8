"""The first page."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.changes import newest_captures, recent_changes
from agencies.counts import record_counts
from agencies.forms import SearchForm
from agencies.revision import kept


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Show the search box, the numbers of the record and what changed of late."""
    context = {
        "form": SearchForm(),
        "counts": record_counts(),
        "changes": kept("recent-changes", recent_changes),
        "captures": kept("newest-captures", newest_captures),
    }
    return render(request, "agencies/home.html", context)
