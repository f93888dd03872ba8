"""Which copy of a list is held against which: the rule of neighbours. Pure: copies in, steps out."""

from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby
from typing import NamedTuple

from agencies.models.vocabulary import ChangeKind, Completeness

MISSING = {
    Completeness.EMPTY: ChangeKind.LIST_EMPTY,
    Completeness.NONE: ChangeKind.LIST_EMPTY,
    Completeness.ABSENT: ChangeKind.LIST_ABSENT,
}
"""What a copy without any name is, where the copy before it held a whole list."""


class ListCopy(NamedTuple):
    """One list as one capture shows it. `confirmed`: a person found that the empty list is really empty."""

    pk: int
    capture: int
    capture_uuid: str
    day: date
    completeness: str
    retrieved_on: date | None = None
    confirmed: bool = False

    @property
    def holds_names(self) -> bool:
        """Tell whether it shows the whole of a list that holds names."""
        return self.completeness == Completeness.COMPLETE

    @property
    def is_whole(self) -> bool:
        """Tell whether a name that is not on it is no longer listed."""
        return self.holds_names or (self.confirmed and self.completeness in (Completeness.EMPTY, Completeness.NONE))


class Step(NamedTuple):
    """Two copies of one list to be held against each other, the older first.

    `lost` is the change that the newer as a whole is, "" for none; `compare` says whether names are compared.
    """

    before: ListCopy
    after: ListCopy
    lost: str
    compare: bool


def steps(copies: Iterable[ListCopy]) -> Iterator[Step]:
    """Yield the steps of one stream, oldest first.

    Each whole copy is held against the newest whole copy of an earlier day. A copy that shows no list is a step
    only where the copy before it held names. Extracts are passed over. Of several copies of one day one counts: a
    whole one before others, then the one retrieved first, then the one whose capture's id comes first.
    """
    last: ListCopy | None = None
    last_whole: ListCopy | None = None
    for after in _one_a_day(copies):
        lost = MISSING[Completeness(after.completeness)] if last and last.holds_names and not after.holds_names else ""
        compare = bool(last_whole and after.is_whole)
        if last_whole and (lost or compare):
            yield Step(last_whole, after, lost, compare)
        last = after
        last_whole = after if after.is_whole else last_whole


def _one_a_day(copies: Iterable[ListCopy]) -> list[ListCopy]:
    """Return the copy that counts for each day, oldest first."""
    lists = sorted((copy for copy in copies if copy.completeness != Completeness.EXTRACT), key=_rank)
    return [next(group) for _day, group in groupby(lists, key=lambda copy: copy.day)]


def _rank(copy: ListCopy) -> tuple[date, bool, date, str]:
    """Return what orders the copies of a stream."""
    return copy.day, not copy.is_whole, copy.retrieved_on or date.max, copy.capture_uuid
