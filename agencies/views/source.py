"""A publisher of documents, and the copies that the atlas has of them."""

from django.core.paginator import Paginator
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.models import Source
from agencies.views.capture import withdrawal_of

PER_PAGE = 100


@require_safe
def source_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show who publishes it, under which licence, each copy with its number of statements; 410 where none stands."""
    source = get_object_or_404(Source.objects.select_related("agency_alias__decision__agency"), slug=slug)
    captures = source.captures.standing().annotate(statement_count=Count("statements"))
    page = Paginator(captures.order_by("-observed_on", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    withdrawn = None if page.paginator.count else source.captures.order_by("-observed_on", "-pk").first()
    if withdrawn is not None:
        context = {"source": source, "withdrawal": withdrawal_of(withdrawn)}
        return render(request, "agencies/withdrawn.html", context, status=410)
    return render(request, "agencies/source.html", {"source": source, "page": page})
