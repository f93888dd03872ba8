"""What a crawler may ask for."""

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_safe

COSTLY = ("/search/", "/map/agencies", "/network/export")
CLOSED = ("/admin/", *COSTLY, *(f"/es{path}" for path in COSTLY))
"""Searches, the map's payloads and the network's files: nothing to find in them, and each costs a query."""


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """Open the record to every crawler and say where its sitemap is."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in CLOSED)]
    lines += ["", f"Sitemap: {request.build_absolute_uri(reverse('sitemap'))}", ""]
    return HttpResponse("\n".join(lines), content_type="text/plain; charset=utf-8")
