"""Changes between neighbouring copies of documents: of all, an agency's, a place's, and of one document."""

from collections.abc import Collection, Sequence
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.change_days import days_of
from agencies.change_documents import read_documents
from agencies.change_filter import ChangeFilter
from agencies.changes import changes_in, changes_of, documents_of
from agencies.models import Agency, Capture, Change, Place

PER_PAGE = 15


def _feed_address(chosen: ChangeFilter, address: str) -> str:
    """Return a feed's address with the filters asked for, and nothing else: a feed refuses what it does not know."""
    asked = {name: chosen.data[name] for name in chosen.filters if chosen.data.get(name)}
    return f"{address}?{urlencode(asked)}" if asked else address


def _page(
    request: HttpRequest,
    title: str,
    changes: QuerySet[Change],
    feed: str,
    args: Sequence[str] = (),
    without: Collection[str] = (),
    **whose: Any,
) -> HttpResponse:
    """Show changes by day and document, filtered and paged; `feed` and `args` name their feed. Constant query count.

    400 where a filter cannot be used, with the form's words and no change.
    """
    chosen = ChangeFilter(request.GET, changes, without=without)
    found = chosen.rows()
    page = Paginator(documents_of(found), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "agency": None,
        "place": None,
        **whose,
        "title": title,
        "filter": chosen,
        "days": days_of(found),
        "page": page,
        "documents": read_documents(found, list(page)),
        "feed": _feed_address(chosen, reverse(feed, args=args)),
        "json_feed": _feed_address(chosen, reverse(f"{feed}-json", args=args)),
    }
    return render(request, "agencies/changes.html", context, status=200 if chosen.is_valid() else 400)


@require_safe
def changes(request: HttpRequest) -> HttpResponse:
    """Show what changed in the whole record."""
    return _page(request, _("What changed"), Change.objects.all(), "changes-feed")


@require_safe
def agency_changes(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what changed in an agency's documents, and in others' lists as far as they name it."""
    agency = get_object_or_404(Agency.objects.select_related("merged_into"), slug=slug)
    if agency.merged_into:
        return redirect("agency-changes", agency.merged_into.slug, permanent=True)
    title = _("%(agency)s: what changed") % {"agency": agency}
    return _page(request, title, changes_of(agency), "agency-changes-feed", [slug], ("agency", "state"), agency=agency)


@require_safe
def place_changes(request: HttpRequest, geoid: str) -> HttpResponse:
    """Show what changed in the documents of the agencies that serve a place; of a state, of all its agencies."""
    place = get_object_or_404(Place.objects.select_related("county"), geoid=geoid)
    title = _("%(place)s: what changed") % {"place": place}
    return _page(request, title, changes_in(place), "place-changes-feed", [geoid], ("state",), place=place)


@require_safe
def document_changes(request: HttpRequest, uuid: str) -> HttpResponse:
    """Show all that differs between one copy and the copies before it; a withdrawn copy's page says why it is gone."""
    capture = get_object_or_404(Capture.objects.only("pk", "uuid"), uuid=uuid)
    if not Capture.objects.standing().filter(pk=capture.pk).exists():
        return redirect(capture)
    document = read_documents(Change.objects.all(), [capture.pk], names=None)[0]
    return render(request, "agencies/document_changes.html", {"document": document})
