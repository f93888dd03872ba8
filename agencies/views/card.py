"""The picture that stands for a page where its link is shared."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies.cards import draw_card
from agencies.models import Agency, Place
from agencies.revision import record_as_of, record_marks
from agencies.serving import bodies_of
from agencies.state_record import state_record
from agencies.summaries import summarise
from agencies.views.pair import answer, pair_sections
from agencies.wording import day, granting_sentence, serving_sentence, state_sentence

SECONDS_KEPT = 600
"""How long a drawn picture is kept: whoever fetches pictures of a shared link does so within minutes."""

DRAWN_A_MINUTE = 60
"""Most pictures drawn in a minute, over all processes; each takes some 40 ms of a processor."""


@dataclass(frozen=True)
class Card:
    """What a picture says."""

    title: str
    sentence: str


@require_safe
def card(request: HttpRequest, kind: str, ident: str) -> HttpResponse:
    """Answer with the PNG of a page; 404 for none such, 503 where too many are asked for at once."""
    if kind not in CARDS:
        raise Http404
    marks = "-".join(map(str, record_marks()))
    name = hashlib.sha256(f"{kind} {ident} {get_language()} {marks}".encode()).hexdigest()
    picture = cache.get(f"card:{name}")
    if picture is None:
        found = CARDS[kind](ident)
        if not _may_draw():
            return HttpResponse(status=503, headers={"Retry-After": "60"})
        footer = _("Record as of %(day)s") % {"day": day(record_as_of())} if record_as_of() else ""
        picture = draw_card(found.title, found.sentence, footer, _("ALPR Sharing Atlas"))
        cache.set(f"card:{name}", picture, SECONDS_KEPT)
    response = HttpResponse(picture, content_type="image/png")
    patch_cache_control(response, public=True, max_age=3600)
    return response


def _may_draw() -> bool:
    """Count a drawing; tell whether this minute has room for it."""
    cache.add("cards-drawn", 0, 60)
    try:
        return cache.incr("cards-drawn") <= DRAWN_A_MINUTE
    except ValueError:  # The minute ended between the two.
        return True


def _site(ident: str) -> Card:
    """Say what the atlas is."""
    return Card(
        _("Who can see the plate reads of your police?"),
        _(
            "Which police agencies give each other, and federal agencies, access to their licence plate reads, "
            "and the document behind each line."
        ),
    )


def _place(geoid: str) -> Card:
    """Say what the page of a place says first."""
    place = get_object_or_404(Place, geoid=geoid)
    if place.kind == Place.Kind.STATE:
        record = state_record(place.state)
        return Card(str(place), state_sentence(place, record.agencies, record.researched))
    bodies = bodies_of(place)
    return Card(str(place), serving_sentence(place, list(summarise(bodies.own).values()), bool(bodies.wider)))


def _agency(slug: str) -> Card:
    """Say whom an agency gives access."""
    agency = get_object_or_404(Agency.objects.select_related("merged_into"), slug=slug)
    agency = agency.merged_into or agency
    return Card(str(agency), granting_sentence(summarise([agency])[agency.pk]))


def _pair(ident: str) -> Card:
    """Say what the page of a pair says first."""
    slugs = ident.split("/")
    ends = Agency.objects.filter(slug__in=slugs).in_bulk(field_name="slug")
    if len(slugs) != 2 or not all(slug in ends for slug in slugs):
        raise Http404
    grantor, grantee = (ends[slug] for slug in slugs)
    sections = pair_sections(grantor, grantee)
    if not sections:
        raise Http404
    title = _("Does %(grantor)s give %(grantee)s access?") % {"grantor": grantor, "grantee": grantee}
    return Card(title, answer(grantor, grantee, sections))


CARDS: dict[str, Callable[[str], Card]] = {"site": _site, "place": _place, "agency": _agency, "pair": _pair}
