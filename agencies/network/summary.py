"""The rule that turns all sightings of one pair into one sharing link. Pure: dates in, summary out."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Sighting:
    """One standing statement that a grant is listed.

    `stream` is the list over time that it stands in, `active` is False when the grantee's account is marked
    inactive, `denied_on` the date of the newest standing answer that denies the statement.
    """

    stream: int
    reported_by: str
    seen_on: date
    active: bool = True
    denied_on: date | None = None


@dataclass(frozen=True, slots=True)
class LinkSummary:
    """What a sharing link says; the fields of `SharingLink` that follow from statements."""

    status: str
    first_seen: date
    last_seen: date
    ended_as_of: date | None
    inactive_as_of: date | None
    reported_by: str
    statement_count: int
    disputed_on: date | None


def summarise(sightings: Iterable[Sighting], complete_lists: Mapping[int, Sequence[date]]) -> LinkSummary:
    """Summarise the sightings of one (grantor, grantee, network, kind of access).

    `complete_lists` gives, for each stream, the dates of its complete lists in ascending order. The link is
    listed while one stream lists it; ended once every stream has a later complete list without it, as of the
    date on which the last one dropped it; inactive when no stream lists it and one marks it so. A list of the
    same day is not later. Raises ValueError without sightings.
    """
    seen = list(sightings)
    if not seen:
        raise ValueError("a link needs at least one sighting")
    by_stream: dict[int, list[Sighting]] = defaultdict(list)
    for sighting in seen:
        by_stream[sighting.stream].append(sighting)
    ends = {stream: _end_of(rows, complete_lists.get(stream, ())) for stream, rows in by_stream.items()}
    states = {state for state, _ in ends.values()}
    status = next(state for state in ("listed", "inactive", "ended") if state in states)
    closed_on = max((day for _, day in ends.values() if day is not None), default=None)
    reporters = {rows[0].reported_by for stream, rows in by_stream.items() if ends[stream][0] == status}
    dates = [sighting.seen_on for sighting in seen]
    return LinkSummary(
        status=status,
        first_seen=min(dates),
        last_seen=max(dates),
        ended_as_of=closed_on if status == "ended" else None,
        inactive_as_of=closed_on if status == "inactive" else None,
        reported_by=_reported_by(reporters),
        statement_count=len(seen),
        disputed_on=max((s.denied_on for s in seen if s.denied_on is not None), default=None),
    )


def _end_of(rows: list[Sighting], complete: Sequence[date]) -> tuple[str, date | None]:
    """Return one stream's state of the link, and the date as of which it is no longer listed as active."""
    last_seen = max(row.seen_on for row in rows)
    dropped_on = next((day for day in complete if day > last_seen), None)
    active_days = {row.seen_on for row in rows if row.active}
    if dropped_on is not None:
        return "ended", dropped_on
    if last_seen in active_days:
        return "listed", None
    newest_active = max(active_days, default=date.min)
    return "inactive", min(row.seen_on for row in rows if row.seen_on > newest_active)


def _reported_by(reporters: set[str]) -> str:
    """Return which side reports a link: one of the two agencies counts before anyone else."""
    if {"grantor", "grantee"} <= reporters:
        return "both"
    return next(side for side in ("grantor", "grantee", "third_party") if side in reporters)
