"""Changes of lists: reads the lists of some sources, and gives what differs between neighbours."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import groupby
from typing import Any, NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast

from agencies.history.compared import Lines, step_changes
from agencies.history.drafts import Draft, Subject
from agencies.history.names import Names
from agencies.history.steps import ListCopy, Step, steps
from agencies.models import ReportedBy, SharingList, SharingStatement
from agencies.network.confirmed import confirmed_lists
from agencies.network.withdrawn import Withdrawn


class _Row(NamedTuple):
    """Lines of a list: alias (id) of the side whose list it is, account status, aliases (ids) of the other side."""

    near: int
    status: str
    far: list[int]


class _Stream(NamedTuple):
    """One stream, the side that publishes it, and its steps."""

    subject: Subject
    reported_by: str
    steps: list[Step]


class Lists(NamedTuple):
    """What was read of some sources' lists: their streams, and the lines of the lists (ids) in them."""

    streams: list[_Stream]
    lines: dict[int, list[_Row]]


def read_lists(sources: Collection[int], withdrawn: Withdrawn) -> Lists:
    """Read all lists of these sources (ids) that are held against each other; two queries."""
    streams = list(_streams(sources))
    return Lists(streams, _rows(streams, withdrawn))


def list_changes(lists: Lists, names: Names) -> Iterator[Draft]:
    """Yield the changes of these lists. No queries but those for names not yet known."""
    found = lists.lines
    names.load({pk for rows in found.values() for near, _, far in rows for pk in (near, *far)})
    for stream in lists.streams:
        read: dict[int, Lines] = {}
        for step in stream.steps:
            # The newer copy of a step is nearly always the older of the next.
            read = {copy.pk: read.get(copy.pk) or _lines(found.get(copy.pk, ())) for copy in (step.before, step.after)}
            before, after = read[step.before.pk], read[step.after.pk]
            yield from step_changes(stream.subject, step, before, after, names)


def _streams(sources: Collection[int]) -> Iterator[_Stream]:
    """Yield the streams of these sources that have a step at all."""
    standing = SharingList.objects.standing().filter(stream__source__in=sources)
    standing = standing.annotate(confirmed=Q(pk__in=confirmed_lists()), ident=Cast("capture__uuid", TextField()))
    stream = ("stream", "stream__network", "stream__network__slug")
    words = ("stream__access", "stream__reported_by", "stream__section")
    copy = ("pk", "capture", "ident", "capture__observed_on", "completeness", "capture__retrieved_on")
    rows = standing.order_by("stream", "pk").values_list(*stream, *words, *copy, "confirmed")
    for (key, network, *named), group in groupby(rows, key=lambda row: row[:6]):
        found = list(steps(ListCopy(*row[6:]) for row in group))
        if found:
            yield _Stream(Subject(key, network, tuple(named)), named[2], found)


def _rows(streams: list[_Stream], withdrawn: Withdrawn) -> dict[int, list[_Row]]:
    """Return the standing statements of the lists that are held against each other, by list (id); one query."""
    captures: dict[bool, dict[int, int]] = {True: {}, False: {}}
    for stream in streams:
        copies = (copy for step in stream.steps for copy in (step.before, step.after))
        captures[stream.reported_by == ReportedBy.GRANTEE].update((copy.pk, copy.capture) for copy in copies)
    of_grantors = _of_side(captures[False], withdrawn, "grantor_alias", "grantee_alias")
    of_grantees = _of_side(captures[True], withdrawn, "grantee_alias", "grantor_alias")
    found: dict[int, list[_Row]] = {}
    for pk, *row in of_grantors.union(of_grantees, all=True):
        found.setdefault(pk, []).append(_Row(*row))
    return found


def _of_side(captures: Mapping[int, int], withdrawn: Withdrawn, near: str, far: str) -> QuerySet[Any]:
    """Return the statements of lists (ids, with their captures') as columns: list, `near`, account status, `far`.

    Who gets access is near where it publishes the list.
    """
    standing = withdrawn.standing(captures.values())
    lines = SharingStatement.objects.filter(standing, sharing_list__in=captures).order_by()
    return lines.values_list("sharing_list", near, "account_status").annotate(far=ArrayAgg(far))


def _lines(rows: Iterable[_Row]) -> Lines:
    """Return the lines of a list as they are compared."""
    return {(near, status): set(far) for near, status, far in rows}
