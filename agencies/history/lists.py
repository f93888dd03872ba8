"""Changes of lists: reads the lists of some sources, and gives what differs between neighbours."""

from collections.abc import Collection, Iterator
from itertools import groupby
from typing import NamedTuple

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Q

from agencies.history.differences import compare_lists
from agencies.history.drafts import Copy, Draft, Name, Subject
from agencies.history.names import load_names
from agencies.history.steps import ListCopy, Step, steps
from agencies.models import ChangeKind, ReportedBy, SharingList, SharingStatement, Statement
from agencies.network.confirmed import confirmed_lists

Listed = dict[str, tuple[Name, str]]
"""The names on a list: each as printed, with its alias and account status."""


class _Rows(NamedTuple):
    """The statements of a list as columns: aliases (ids) of the side whose list it is, of the other, and statuses."""

    near: list[int]
    far: list[int]
    statuses: list[str]


class _Owned(NamedTuple):
    """The names on a list that are listed for one agency: nearly always that whose document it is."""

    owner: Name
    listed: Listed


class _Stream(NamedTuple):
    """One stream, the side that publishes it, and its steps."""

    subject: Subject
    reported_by: str
    steps: list[Step]


def list_changes(sources: Collection[int]) -> Iterator[Draft]:
    """Yield the changes of all lists of these sources (ids). Three queries, a fourth from 10,000 names on."""
    streams = list(_streams(sources))
    rows = _rows({copy for stream in streams for step in stream.steps for copy in (step.before, step.after)})
    names = load_names(pk for row in rows.values() for pk in {*row.near, *row.far})
    for stream in streams:
        read: dict[int, dict[str, _Owned]] = {}
        for step in stream.steps:
            copies = (step.before, step.after)
            read = {copy.pk: read.get(copy.pk) or _by_owner(rows.get(copy.pk), names) for copy in copies}
            yield from _changes(stream.subject, step, read[step.before.pk], read[step.after.pk])


def _streams(sources: Collection[int]) -> Iterator[_Stream]:
    """Yield the streams of these sources that have a step at all."""
    standing = SharingList.objects.standing().filter(stream__source__in=sources)
    standing = standing.annotate(confirmed=Q(pk__in=confirmed_lists()))
    stream = ("stream", "stream__network", "stream__network__slug")
    words = ("stream__access", "stream__reported_by", "stream__section")
    copy = ("pk", "capture", "capture__uuid", "capture__observed_on", "completeness", "capture__retrieved_on")
    rows = standing.order_by("stream", "pk").values_list(*stream, *words, *copy, "confirmed")
    for (key, network, *named), group in groupby(rows, key=lambda row: row[:6]):
        found = list(steps(ListCopy(*row[6:]) for row in group))
        if found:
            yield _Stream(Subject(key, network, tuple(named)), named[2], found)


def _rows(lists: Collection[ListCopy]) -> dict[int, _Rows]:
    """Return the standing statements of lists, by list (id); who gets access is near where it publishes the list."""
    # Without their captures PostgreSQL would read all statements there are, for each hundred sources.
    standing = Statement.objects.standing().filter(capture__in={copy.capture for copy in lists}).values("pk")
    of_lists = SharingStatement.objects.filter(sharing_list__in={copy.pk for copy in lists})
    found = of_lists.filter(statement__in=standing).order_by()
    columns = found.values_list("sharing_list", "sharing_list__stream__reported_by").annotate(
        grantors=ArrayAgg("grantor_alias"), grantees=ArrayAgg("grantee_alias"), statuses=ArrayAgg("account_status")
    )
    rows = {}
    for pk, reported_by, *ends, statuses in columns:
        near, far = reversed(ends) if reported_by == ReportedBy.GRANTEE else ends
        rows[pk] = _Rows(near, far, statuses)
    return rows


def _by_owner(rows: _Rows | None, names: dict[int, Name]) -> dict[str, _Owned]:
    """Return the names on a list by the agency, as printed, that they are listed for; empty without statements.

    Of a name's several lines, one without a mark counts before the others: "active" is first in the alphabet.
    """
    owners: dict[str, _Owned] = {}
    lines = zip(rows.statuses, rows.far, rows.near, strict=True) if rows else ()
    for status, far, near in sorted(lines):
        owner, name = names[near], names[far]
        owned = owners.setdefault(owner.printed, _Owned(owner, {}))
        owned.listed.setdefault(name.printed, (name, status))
    return owners


def _changes(subject: Subject, step: Step, before: dict[str, _Owned], after: dict[str, _Owned]) -> Iterator[Draft]:
    """Yield the changes of one step. A copy that should hold names, but whose lines were withdrawn, says nothing."""
    if any(copy.holds_names and not owners for copy, owners in ((step.before, before), (step.after, after))):
        return
    copies = (_copy(step.after), _copy(step.before))
    if step.lost:
        for owned in before.values():
            yield Draft(step.lost, *copies, subject, owned.owner, old_value=len(owned.listed))
    if not step.compare:
        return
    for old, new in _same_owners(before, after):
        yield from _of_owner(old, new, copies, subject)


def _copy(found: ListCopy) -> Copy:
    """Return the capture of a list."""
    return Copy(found.capture, found.capture_uuid, found.day)


def _same_owners(before: dict[str, _Owned], after: dict[str, _Owned]) -> Iterator[tuple[_Owned, _Owned]]:
    """Yield what is held against each other: by the owner's name, or whatever its name where each has one owner."""
    if len(before) == len(after) == 1:
        yield next(iter(before.values())), next(iter(after.values()))
        return
    for name in sorted(before.keys() | after.keys()):
        owner = (after.get(name) or before[name]).owner
        nobody = _Owned(owner, {})
        yield before.get(name, nobody), after.get(name, nobody)


def _of_owner(old: _Owned, new: _Owned, copies: tuple[Copy, Copy], subject: Subject) -> Iterator[Draft]:
    """Yield the changes between the names listed for one agency."""
    before, after = _statuses(old), _statuses(new)
    if before == after:
        return
    lines = (*old.listed.values(), *new.listed.values())
    found = compare_lists(before, after, {name.printed: name.agency for name, _ in lines if name.agency})
    for text in found.added:
        yield Draft(ChangeKind.ADDED, *copies, subject, new.owner, name=new.listed[text][0])
    for text in found.removed:
        yield Draft(ChangeKind.REMOVED, *copies, subject, new.owner, name=old.listed[text][0])
    for pair in (*found.renamed, *found.marked):
        name = old.listed[pair.old][0]
        new_name = new.listed[pair.new][0] if pair.new != pair.old else None
        if pair.old_status == pair.new_status:
            yield Draft(ChangeKind.RENAMED, *copies, subject, new.owner, name, new_name)
        else:
            marks = (pair.old_status, pair.new_status)
            yield Draft(ChangeKind.MARKED, *copies, subject, new.owner, name, new_name, "", *marks)


def _statuses(owned: _Owned) -> dict[str, str]:
    """Return the account status of each name."""
    return {name: status for name, (_, status) in owned.listed.items()}
