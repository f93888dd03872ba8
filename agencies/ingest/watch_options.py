"""Whether a watch can work: its importer is known, reads single files, accepts its options, and no other does it."""

from pathlib import PurePosixPath
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError

from agencies.ingest.fetch import never_asked
from agencies.ingest.formats import FORMATS, Format
from agencies.ingest.parsed import ImportProblem
from agencies.models import Watch

OURS = frozenset({"retrieved_on", "sha256"})
"""Options that say what a copy is: known only when it is fetched or uploaded."""


def kept_formats() -> list[tuple[str, str]]:
    """Return name and title of every format that a watch can fetch."""
    return [(name, str(known.title)) for name, known in sorted(FORMATS.items()) if _is_fetched(known)]


def _is_fetched(known: Format) -> bool:
    """Tell whether a format's documents are single files that are kept."""
    return known.keeps and not known.is_several_files


def slug_in(url: str) -> str:
    """Return the last part of an address: what an importer that wants a slug is told where the watch names none."""
    return PurePosixPath(urlsplit(url).path).name


def check_watch(watch: Watch) -> None:
    """Raise ValidationError for a watch that could never be read."""
    known = FORMATS.get(watch.format)
    if known is None or not _is_fetched(known):
        names = ", ".join(name for name, _ in kept_formats())
        raise ValidationError({"format": f"No format of single documents. Known: {names}."})
    if problem := never_asked(watch.url):
        raise ValidationError({"url": f"It would never be fetched: {problem}."})
    if not isinstance(watch.options, dict):
        raise ValidationError({"options": 'Options are pairs: {"name": "value"}.'})
    allowed = known.options - OURS
    unknown = sorted(set(watch.options) - allowed)
    if unknown:
        accepted = ", ".join(sorted(allowed)) or "none"
        raise ValidationError({"options": f"Not an option of this format: {', '.join(unknown)}. Accepted: {accepted}."})
    _check_values(watch, known)
    if "slug" in known.options:
        _check_name(watch, known)


def _check_name(watch: Watch, known: Format) -> None:
    """Refuse a watch that tells no slug, or that of another watch on the same host: one page would be fetched twice."""
    slug = _slug_of(watch, known)
    if not slug:
        raise ValidationError({"url": "It does not end in a name: give the option slug, the last part of its address."})
    for other in Watch.objects.filter(format=watch.format).exclude(pk=watch.pk):
        if _host(other) == _host(watch) and _slug_of(other, known) == slug:
            raise ValidationError({"url": f"The watch {other.slug} fetches this document: {other.url}"})


def _slug_of(watch: Watch, known: Format) -> str:
    """Return the slug that the importer is told of a watch's document; "" where it is none."""
    try:
        return known.cleaners["slug"](str(watch.options.get("slug", slug_in(watch.url))))
    except ImportProblem:
        return ""


def _host(watch: Watch) -> str:
    """Return the host, and port, of a watch's address, in small letters."""
    return urlsplit(watch.url).netloc.lower()


def _check_values(watch: Watch, known: Format) -> None:
    """Refuse an option, or an address in place of one, that the format can't take."""
    told = {"slug": ("url", slug_in(watch.url))} | {name: ("options", str(v)) for name, v in watch.options.items()}
    for name in known.cleaners.keys() & told.keys():
        place, text = told[name]
        try:
            known.cleaners[name](text)
        except ImportProblem as problem:
            raise ValidationError({place: f"{name}: {problem.message}."}) from problem
