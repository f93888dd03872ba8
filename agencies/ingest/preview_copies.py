"""The part of a preview that is about documents whose bytes are on record, as a copy of another date or source."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

from agencies.ingest.preview import SecondCopy
from agencies.ingest.runs_input import CaptureKey, Met, capture_key
from agencies.models import Capture, ImportRun


def second_copies(run: ImportRun, met: Met) -> list[SecondCopy]:
    """Return the run's new captures with a standing capture of the same SHA-256 from before it.

    That is one of the same source, or else of another, as where a page is given under a wrong name. A table that
    somebody compiled serves many sources: where either copy is compiled, another source counts only if all captures of
    these bytes are of one source, on record and in the run. Of several such captures the newest is named. One query.
    """
    wanted = {key for key in met.captures if key[-1]}
    earlier = Capture.objects.standing().filter(sha256__in={key[-1] for key in wanted}, created_at__lt=run.began_at)
    known: set[CaptureKey] = set()
    own: dict[tuple[str, str], Capture] = {}
    any_source: dict[str, Capture] = {}
    received: dict[str, Capture] = {}
    for capture in earlier.select_related("source").defer("kept_text").order_by("observed_on", "pk"):
        known.add(capture_key(capture.source.slug, capture))
        own[capture.source.slug, capture.sha256] = any_source[capture.sha256] = capture
        if not capture.compiled_by:
            received[capture.sha256] = capture
    several = _of_several_sources(own) | _of_several_sources((key[0], key[-1]) for key in wanted)
    found = []
    for key in sorted(wanted - known, key=str):
        slug, _url, compiled_by, *_dates, sha256 = key
        of_others = any_source if sha256 not in several else {} if compiled_by else received
        if before := own.get((slug, sha256)):
            found.append(_copy(key, before))
        elif before := of_others.get(sha256):
            found.append(SecondCopy(**{**_copy(key, before), "title": slug, "source": before.source.slug}))
    return found


def _of_several_sources(captures: Iterable[tuple[str, str]]) -> set[str]:
    """Return the hashes that several sources have, of pairs of source (slug) and SHA-256."""
    counted = Counter(sha256 for _slug, sha256 in set(captures))
    return {sha256 for sha256, number in counted.items() if number > 1}


def _copy(key: CaptureKey, before: Capture) -> SecondCopy:
    """Return a new capture beside the one of the same bytes."""
    published, retrieved, reported = key[3:6]
    return SecondCopy(
        title=before.source.title,
        address=before.get_absolute_url(),
        before=_dated(before.observed_on, before.retrieved_on),
        now=_dated(published or retrieved or reported, retrieved),
    )


def _dated(observed: date | None, retrieved: date | None) -> str:
    """Return the date of a copy, and the day on which it was retrieved where that is another."""
    return f"{observed} (retrieved {retrieved})" if retrieved not in (None, observed) else str(observed)
