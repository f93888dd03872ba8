"""A network view taken away: as a graph, as a table, as a picture."""

from collections.abc import Callable
from typing import TypeVar

from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from agencies import two_hop_words as words
from agencies.link_filter import BOTH, LinkFilter
from agencies.models import Agency
from agencies.network_export import About, TooManyLinksError, network_data
from agencies.network_files import FILES, pieces
from agencies.network_form import NetworkForm
from agencies.pictures.layers import WIDE, Placed, place
from agencies.pictures.layers_png import layers_png
from agencies.pictures.layers_svg import layers_file
from agencies.revision import record_as_of
from agencies.two_hop_picture import picture
from agencies.two_hops import Subject, layers, subject_of
from agencies.wording import day

MADE_A_MINUTE = 60
"""Most files made in a minute, over all processes: the largest takes some seconds of a processor."""

Sent = TypeVar("Sent", bound=HttpResponseBase)


def _svg(placed: Placed, title: str, notes: list[str]) -> bytes:
    """Return the picture as an SVG file."""
    return layers_file(placed, title, notes).encode()


PICTURES: dict[str, tuple[str, Callable[[Placed, str, list[str]], bytes]]] = {
    "svg": ("image/svg+xml", _svg),
    "png": ("image/png", layers_png),
}
"""Media type and writer of each picture."""


@require_safe
def network_export(request: HttpRequest, format: str) -> HttpResponseBase:
    """Send the network asked for, or the whole filtered record; 400 with words where that cannot be done."""
    if format not in FILES and format not in PICTURES:
        raise Http404
    form = NetworkForm(request.GET)
    if not form.is_valid():
        told = [f"{name}: {' '.join(map(str, errors))}" for name, errors in form.errors.items()]
        return _refused("\n".join(told))
    if not _may_make():
        return HttpResponse(status=503, headers={"Retry-After": "60"})
    subject = subject_of(form.body) if form.body is not None else None
    if format in PICTURES:
        return _picture(request, subject, form.chosen(), format)
    return _file(request, subject, form.chosen(), format)


def _refused(told: str) -> HttpResponse:
    """Say why there is no file."""
    return HttpResponse(told, status=400, content_type="text/plain; charset=utf-8")


def _may_make() -> bool:
    """Count a file; tell whether this minute has room for it."""
    cache.add("networks-made", 0, 60)
    try:
        return cache.incr("networks-made") <= MADE_A_MINUTE
    except ValueError:  # The minute ended between the two.
        return True


def _file(request: HttpRequest, subject: Subject | None, chosen: LinkFilter, format: str) -> HttpResponseBase:
    """Send a graph or a table, streamed."""
    try:
        data = network_data(subject, chosen, request.build_absolute_uri("/").rstrip("/"))
    except TooManyLinksError:
        return _refused(
            _("Too many links for one file. Narrow the filters, or take the newest release: it has them all.")
        )
    media_type, write = FILES[format]
    about = _about(request, subject, chosen)
    return _sent(StreamingHttpResponse(pieces(write(data, about)), content_type=media_type), subject, format)


def _picture(request: HttpRequest, subject: Subject | None, chosen: LinkFilter, format: str) -> HttpResponse:
    """Send the diagram of one direction."""
    if subject is None or chosen.direction == BOTH:
        return _refused(_("A picture shows an agency or a place, in one direction."))
    found = layers(subject, chosen)
    drawn = picture(subject, chosen, found, lambda one: request.build_absolute_uri(Agency.get_absolute_url(one)))
    media_type, write = PICTURES[format]
    about = _about(request, subject, chosen)
    notes = [words.lead(subject, chosen, found), about.caveat, words.legend(), about.filters, _source_line(about)]
    return _sent(HttpResponse(write(place(drawn, WIDE), about.title, notes), content_type=media_type), subject, format)


def _about(request: HttpRequest, subject: Subject | None, chosen: LinkFilter) -> About:
    """Return what a file says of itself."""
    query = chosen.query(**(subject.parameter if subject else {}))
    page = reverse("network-view") if subject else request.path
    is_one = subject is not None and chosen.direction != BOTH
    return About(
        title=words.title(subject, chosen) if subject and is_one else words.whole_title(subject),
        caveat=words.caveat(subject, chosen) if subject and is_one else words.not_passed_on(),
        filters=words.filters(chosen),
        address=request.build_absolute_uri(f"{page}?{query}"),
        as_of=record_as_of(),
        made_on=timezone.localdate(),
    )


def _source_line(about: About) -> str:
    """Say where a picture comes from, as of when, and on what terms."""
    return _("%(source)s: %(address)s. Newest document of %(day)s, made on %(today)s. %(licence)s") % {
        "source": about.source,
        "address": about.address,
        "day": day(about.as_of),
        "today": day(about.made_on),
        "licence": about.licence,
    }


def _sent(response: Sent, subject: Subject | None, format: str) -> Sent:
    """Name the file, and let caches keep it for a while."""
    whose = slugify(next(iter(subject.parameter.values()))) if subject else "all"
    name = f"alpr-network-{whose}-{timezone.localdate().isoformat()}.{format}"
    disposition = "inline" if format in PICTURES else "attachment"
    response.headers["Content-Disposition"] = f'{disposition}; filename="{name}"'
    response.headers["Link"] = '<https://creativecommons.org/licenses/by/4.0/>; rel="license"'
    response.headers["X-Robots-Tag"] = "noindex"
    patch_cache_control(response, public=True, max_age=600)
    return response
