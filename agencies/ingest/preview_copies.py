"""The part of a preview that is about documents whose bytes are on record already, as a copy of another date."""

from datetime import date

from agencies.ingest.preview import SecondCopy
from agencies.ingest.runs_input import CaptureKey, Met, capture_key
from agencies.models import Capture, ImportRun


def second_copies(run: ImportRun, met: Met) -> list[SecondCopy]:
    """Return the run's new captures whose source has a standing capture of the same SHA-256 from before it.

    Of several such captures the newest is named. One query.
    """
    wanted = {key for key in met.captures if key[-1]}
    earlier = Capture.objects.standing().filter(
        source__slug__in={key[0] for key in wanted},
        sha256__in={key[-1] for key in wanted},
        created_at__lt=run.began_at,
    )
    known: set[CaptureKey] = set()
    newest: dict[tuple[str, str], Capture] = {}
    for capture in earlier.select_related("source").defer("kept_text").order_by("observed_on", "pk"):
        known.add(capture_key(capture.source.slug, capture))
        newest[capture.source.slug, capture.sha256] = capture
    added = sorted((key for key in wanted - known if (key[0], key[-1]) in newest), key=str)
    return [_copy(key, newest[key[0], key[-1]]) for key in added]


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
