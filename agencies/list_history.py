"""How long an agency's own lists were, copy by copy."""

from dataclasses import dataclass, field
from datetime import date

from agencies.models import Agency, Capture, Completeness, SharingList, Stream
from agencies.querysets import means
from agencies.summaries import count_names

MEASURED = (Completeness.COMPLETE, Completeness.EMPTY, Completeness.NONE)
"""Copies that show a whole list. An extract and an absent section say nothing of its length."""


@dataclass(frozen=True)
class ListLength:
    """One copy of a list: its names without those marked inactive and those of persons, as sentences count them."""

    day: date
    names: int
    capture: Capture


@dataclass
class ListHistory:
    """One list of an agency over time, oldest copy first."""

    stream: Stream
    heading: str
    lengths: list[ListLength] = field(default_factory=list)


def list_histories(agency: Agency) -> list[ListHistory]:
    """Return the agency's own lists of which whole copies of two or more days stand. At most two queries.

    Of several copies of a day that which counts is measured.
    """
    lists = (
        SharingList.objects.standing()
        .filter(means("capture__source__agency_alias", agency), completeness__in=MEASURED)
        .exclude(stream__reported_by="third_party")
        .select_related("stream__network", "capture__source")
        .defer("capture__kept_text")
        .one_a_day()
    )
    found = list(lists)
    by_stream: dict[int, list[SharingList]] = {}
    for one in reversed(found):
        by_stream.setdefault(one.stream_id, []).append(one)
    several = {pk: copies for pk, copies in by_stream.items() if len(copies) > 1}
    names = count_names([one.pk for copies in several.values() for one in copies])
    histories = []
    for copies in several.values():
        lengths = [ListLength(one.capture.observed_on, names[one.pk].active, one.capture) for one in copies]
        newest = copies[-1]
        histories.append(ListHistory(newest.stream, newest.heading or newest.stream.section, lengths))
    return histories
