"""About the data: method, limits, licences and counts."""

from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from agencies.counts import record_counts
from agencies.models import Agency, Capture, Network, Source


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Say how the record is made, what it cannot show, and whose documents it rests on."""
    sources = Source.objects.standing()
    grouped = sources.order_by("publisher", "licence").values("kind", "licence", "licence_url", "credit")
    credited = grouped.exclude(credit="", licence="").annotate(n=Count("pk")).order_by("credit", "licence", "kind")
    made = Capture.objects.standing().exclude(compiled_by="").order_by("compiled_by", "licence")
    kinds = dict(sources.order_by().values_list("kind").annotate(n=Count("pk")))
    origins = Agency.objects.current().order_by("source").values_list("source").annotate(n=Count("pk"))
    context = {
        "counts": record_counts(),
        "credited": credited,
        "copies": made.values("compiled_by", "licence", "licence_url").annotate(n=Count("pk")),
        "source_kinds": [(label, kinds[kind]) for kind, label in Source.Kind.choices if kind in kinds],
        "registries": origins.exclude(source__startswith="http"),
        "by_hand": Agency.objects.current().filter(source__startswith="http").count(),
        "networks": Network.objects.annotate(links_count=Count("links")),
    }
    return render(request, "agencies/about.html", context)
