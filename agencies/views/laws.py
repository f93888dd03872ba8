"""Laws that limit what becomes of plate reads: a map and table of states, and a page for each law."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.findings.reading import shown_findings
from agencies.law_table import laws_by_state, map_marks
from agencies.models import Law

PER_PAGE = 50


@require_safe
def laws(request: HttpRequest) -> HttpResponse:
    """Show which states have a law on plate readers or on help to immigration enforcement. One query."""
    states = laws_by_state()
    own = [law for state in states for law in [*state.alpr, *state.sanctuary, *state.local]]
    context = {
        "states": states,
        "marks": map_marks(states),
        "laws_count": len(own),
        "verified_count": sum(law.is_verified for law in own),
        "labels_count": sum(len(state.labels) for state in states),
    }
    return render(request, "agencies/laws.html", context)


@require_safe
def law_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what a law limits, since when, whether anybody held it against its text, and the findings on it."""
    law = get_object_or_404(Law.objects.select_related("place"), slug=slug)
    findings = shown_findings().filter(law=law)
    context = {"law": law, "page": Paginator(findings, PER_PAGE).get_page(request.GET.get("page"))}
    return render(request, "agencies/law.html", context)
