"""A vendor's sharing system: what the record holds of it."""

from django.core.paginator import Paginator
from django.db.models import Count, Max, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from agencies.models import Capture, Network, Source

PER_PAGE = 100


@require_safe
def network_detail(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the network's numbers and every publication that says something of it."""
    network = get_object_or_404(Network, slug=slug)
    sources = Source.objects.filter(Q(streams__network=network) | Q(captures__statements__fact__network=network))
    stand = Q(captures__in=Capture.objects.standing())
    numbers = {
        "newest": Max("captures__observed_on", filter=stand),
        "copies": Count("captures", distinct=True, filter=stand),
    }
    listed = Source.objects.standing().filter(pk__in=sources.values("pk")).annotate(**numbers)
    counts = network.links.aggregate(
        listed=Count("pk", filter=Q(status="listed")),
        inactive=Count("pk", filter=Q(status="inactive")),
        ended=Count("pk", filter=Q(status="ended")),
        grantors=Count("grantor", distinct=True),
        grantees=Count("grantee", distinct=True),
    )
    page = Paginator(listed.order_by("title", "pk"), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "agencies/network.html", {"network": network, "counts": counts, "page": page})
