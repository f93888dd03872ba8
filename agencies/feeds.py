"""Feeds of what changed, Atom and JSON: an entry a document, so that one long list is not three hundred entries."""

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any, NamedTuple

from django.db.models import Max, Min, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.feedgenerator import Atom1Feed
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from agencies.change_documents import DocumentChanges, read_documents
from agencies.change_filter import ChangeFilter
from agencies.change_words import count_words
from agencies.changes import changes_in, changes_of
from agencies.identifiers import record_id
from agencies.json_feed import JsonFeed
from agencies.models import Agency, Change, MatchDecision, Place, Withdrawal
from agencies.revision import record_marks
from agencies.wording import document

Form = type[Atom1Feed] | type[JsonFeed]
View = Callable[..., HttpResponse]
ENTRIES = 30
NAMES_SHOWN = 50
"""Names of one kind on one list that an entry holds; its link leads to the others."""

_NO_XML = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
"""Characters that some documents print and XML cannot hold."""


class Entry(NamedTuple):
    """What is different in one document, and when the atlas noted the first and the last of it."""

    document: DocumentChanges
    noted_at: datetime
    updated_at: datetime


def _etag(request: HttpRequest, *_args: object, **_kwargs: object) -> str:
    """Return the ETag that a feed has while the record stays as it is; no query while its marks are in the cache."""
    parts = (*record_marks(), get_language(), request.build_absolute_uri())
    return f'"{hashlib.sha256(repr(parts).encode()).hexdigest()[:32]}"'


def _modified(_request: HttpRequest, *_args: object, **_kwargs: object) -> datetime | None:
    """Return when a change was last noted, a name last decided on, or something last withdrawn; three queries."""
    newest = (
        Change.objects.order_by("-noted_at").values_list("noted_at", flat=True).first(),
        MatchDecision.objects.order_by("-pk").values_list("decided_at", flat=True).first(),
        Withdrawal.objects.order_by("-pk").values_list("withdrawn_at", flat=True).first(),
    )
    return max((moment for moment in newest if moment), default=None)


def _entries(changes: QuerySet[Change]) -> list[Entry]:
    """Return the documents whose changes the atlas noted last, newest first; five queries.

    Of those that it noted at one moment, as in one import, the newest document comes first.
    """
    noted = changes.order_by().values("capture", "observed_on", "capture__source__title")
    noted = noted.annotate(noted=Min("noted_at"), updated=Max("noted_at"))
    newest = noted.order_by("-updated", "-observed_on", "capture__source__title", "capture")
    rows = {row["capture"]: row for row in newest[:ENTRIES]}
    documents = read_documents(changes, list(rows), NAMES_SHOWN)
    return [Entry(found, *(rows[found.capture.pk][word] for word in ("noted", "updated"))) for found in documents]


def _strict(view: View) -> View:
    """Have a feed refuse what it cannot use: 400 with a line of plain text for each parameter.

    Outside of `condition`, so that no refusal is kept for an unchanged feed.
    """

    @wraps(view)
    def strictly(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        told = ChangeFilter(request.GET, Change.objects.none()).refusals(request.GET) if request.GET else []
        if told:
            headers = {"Access-Control-Allow-Origin": "*"}
            return HttpResponse("\n".join(told), status=400, content_type="text/plain; charset=utf-8", headers=headers)
        return view(request, *args, **kwargs)

    return strictly


def _feed(
    request: HttpRequest, form: Form, title: str, page: str, changes: QuerySet[Change], part: str = ""
) -> HttpResponse:
    """Return the feed of a page's changes in a form, filtered as the page is.

    An entry's id is the same on every install and after every rebuild. A part of a document's changes, by a filter or
    for an agency that others' lists name, is another entry than the whole: `part` says which.
    """
    chosen = ChangeFilter(request.GET, changes)
    asked = "&".join(f"{name}={value}" for name, value in sorted(request.GET.items()) if name in chosen.filters)
    language = get_language() or ""
    feed = form(
        title=f"{title} · {_('ALPR Sharing Atlas')}",
        link=request.build_absolute_uri(page),
        description=None,
        subtitle=_("What each copy of a document shows that the copy before it does not. Days are the documents' own."),
        language=language,
        author_name=_("ALPR Sharing Atlas"),
        feed_url=request.build_absolute_uri(),
        feed_guid=record_id("feed", page, asked).urn,
    )
    for entry in _entries(chosen.qs):
        capture = entry.document.capture
        context = {"document": entry.document, "host": request.build_absolute_uri("/").rstrip("/")}
        feed.add_item(
            title=_clean(f"{document(capture)}: {count_words(entry.document.counts)}"),
            link=request.build_absolute_uri(reverse("document-changes", args=[capture.uuid])),
            description=_clean(render_to_string("agencies/parts/change_entry.html", context)),
            unique_id=record_id("document changes", capture.uuid, part, asked, language).urn,
            pubdate=entry.noted_at,
            updateddate=entry.updated_at,
        )
    # Any page of any site may read it, as it may the API.
    response = HttpResponse(content_type=feed.content_type, headers={"Access-Control-Allow-Origin": "*"})
    feed.write(response, "utf-8")
    return response


def _clean(text: str) -> str:
    """Return text that XML can hold, with single spaces."""
    return " ".join(_NO_XML.sub("\N{REPLACEMENT CHARACTER}", text).split())


@require_safe
@_strict
@condition(etag_func=_etag, last_modified_func=_modified)
def changes_feed(request: HttpRequest, form: Form = Atom1Feed) -> HttpResponse:
    """Return the feed of the whole record's changes."""
    return _feed(request, form, _("What changed"), reverse("changes"), Change.objects.all())


@require_safe
@_strict
@condition(etag_func=_etag, last_modified_func=_modified)
def agency_feed(request: HttpRequest, slug: str, form: Form = Atom1Feed) -> HttpResponse:
    """Return the feed of an agency's changes; 404 for none of that slug."""
    agency = get_object_or_404(Agency.objects.select_related("merged_into"), slug=slug)
    if agency.merged_into:
        name = "agency-changes-feed" if form is Atom1Feed else "agency-changes-feed-json"
        return redirect(name, agency.merged_into.slug, permanent=True)
    title = _("%(agency)s: what changed") % {"agency": agency}
    return _feed(request, form, title, reverse("agency-changes", args=[slug]), changes_of(agency), str(agency.uuid))


@require_safe
@_strict
@condition(etag_func=_etag, last_modified_func=_modified)
def place_feed(request: HttpRequest, geoid: str, form: Form = Atom1Feed) -> HttpResponse:
    """Return the feed of changes of the agencies that serve a place; 404 for none of that GEOID."""
    place = get_object_or_404(Place.objects.select_related("county"), geoid=geoid)
    title = _("%(place)s: what changed") % {"place": place}
    return _feed(request, form, title, reverse("place-changes", args=[geoid]), changes_in(place))
