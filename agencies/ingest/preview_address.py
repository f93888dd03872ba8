"""Whether a first copy came from the address that is watched, or from one that this led to."""

from urllib.parse import unquote, urlsplit

from agencies.models import ImportRun

UNKNOWN = "an address too long to be noted"


def led_to(run: ImportRun) -> str:
    """Return the address that a watch's first copy came from, where it is another than the watch's; else "".

    An agency's name tells whose page a later copy is, see `other_agencies`; a first copy has none before it to be held
    against. One that was accepted, and was not rolled back, tells that a person saw to where the address leads. Of a
    run that repeats another, the first one's fetch counts. Two queries, and one for each run that was repeated.
    """
    if run.watch is None:
        return ""
    first = run
    while first.retry_of is not None:
        first = first.retry_of
    fetch = first.fetches.first()
    if fetch is None or _place(fetch.final_url) == _place(run.watch.url):
        return ""
    earlier = ImportRun.objects.filter(watch=run.watch, status=ImportRun.Status.DONE).exclude(pk=run.pk)
    return "" if earlier.exists() else fetch.final_url or UNKNOWN


def _place(url: str) -> tuple[str, str]:
    """Return what is compared of an address: its host and path, without "www." and a last slash."""
    parts = urlsplit(url)
    return parts.netloc.lower().removeprefix("www."), unquote(parts.path).rstrip("/")
