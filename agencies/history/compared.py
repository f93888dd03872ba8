"""Two copies of a list held against each other, by the agency that names are listed for. Pure: lines in, drafts out.

Most lines of two neighbouring copies are the same. Aliases alone tell which are not, and only those are looked at as
names.
"""

from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple, TypeVar

from agencies.history.differences import compare_lists
from agencies.history.drafts import Copy, Draft, Name, Subject
from agencies.history.names import Names
from agencies.history.steps import ListCopy, Step
from agencies.models import ChangeKind

Lines = Mapping[tuple[int, str], Set[int]]
"""A list: aliases (ids) of the other side, by alias of the side whose list it is and account status. None is empty."""

_Key = TypeVar("_Key")
_NONE: Set[int] = frozenset()


class Owned(NamedTuple):
    """Names listed for one agency, nearly always that whose document it is: each with its alias and account status."""

    owner: Name
    listed: dict[str, tuple[Name, str]]


def step_changes(subject: Subject, step: Step, before: Lines, after: Lines, names: Names) -> Iterator[Draft]:
    """Yield the changes of one step. A copy that should hold names, but whose lines were withdrawn, says nothing."""
    if any(copy.holds_names and not lines for copy, lines in ((step.before, before), (step.after, after))):
        return
    copies = (_copy(step.after), _copy(step.before))
    if step.lost:
        for owned in _by_owner(before, names).values():
            yield Draft(step.lost, *copies, subject, owned.owner, old_value=len(owned.listed))
    if not step.compare:
        return
    if only := names.namesakes(_differing(before, after)):
        for old, new in _same_owners(_by_owner(before, names, only), _by_owner(after, names, only)):
            yield from _of_owner(old, new, copies, subject)


def _copy(found: ListCopy) -> Copy:
    """Return the capture of a list."""
    return Copy(found.capture, found.capture_uuid, found.day)


def _differing(before: Lines, after: Lines) -> Set[int]:
    """Return the aliases (ids) of the other side whose lines are not the same on both lists.

    Where each list is of one alias it is the same owner, whatever its name.
    """
    if len({near for near, _ in before}) == len({near for near, _ in after}) == 1:
        return _unlike(_by_status(before), _by_status(after))
    return _unlike(before, after)


def _by_status(lines: Lines) -> dict[str, Set[int]]:
    """Return the lines of one owner by account status."""
    return {status: far for (_, status), far in lines.items()}


def _unlike(before: Mapping[_Key, Set[int]], after: Mapping[_Key, Set[int]]) -> Set[int]:
    """Return what is not under the same keys in both."""
    found: set[int] = set()
    for key in before.keys() | after.keys():
        old, new = before.get(key, _NONE), after.get(key, _NONE)
        found |= old - new
        found |= new - old
    return found


def _by_owner(lines: Lines, names: Names, only: Set[int] | None = None) -> dict[str, Owned]:
    """Return the names on a list by the agency, as printed, that they are listed for; empty without lines.

    Of a name's several lines, one without a mark counts before the others: "active" is first in the alphabet.
    Every owner is there, but of the names `only` those of these aliases (ids), where given.
    """
    owners: dict[str, Owned] = {}
    # An owner that is printed by several aliases is called by that of its first line.
    for near, _ in lines if len(lines) == 1 else sorted(lines, key=lambda key: (key[1], min(lines[key]), key[0])):
        owners.setdefault(names[near].printed, Owned(names[near], {}))
    wanted = ((status, far if only is None else far & only, near) for (near, status), far in lines.items())
    for status, far, near in sorted((status, pk, near) for status, aliases, near in wanted for pk in aliases):
        name = names[far]
        owners[names[near].printed].listed.setdefault(name.printed, (name, status))
    return owners


def _same_owners(before: dict[str, Owned], after: dict[str, Owned]) -> Iterator[tuple[Owned, Owned]]:
    """Yield what is held against each other: by the owner's name, or whatever its name where each has one owner."""
    if len(before) == len(after) == 1:
        yield next(iter(before.values())), next(iter(after.values()))
        return
    for name in sorted(before.keys() | after.keys()):
        owner = (after.get(name) or before[name]).owner
        nobody = Owned(owner, {})
        yield before.get(name, nobody), after.get(name, nobody)


def _of_owner(old: Owned, new: Owned, copies: tuple[Copy, Copy], subject: Subject) -> Iterator[Draft]:
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


def _statuses(owned: Owned) -> dict[str, str]:
    """Return the account status of each name."""
    return {name: status for name, (_, status) in owned.listed.items()}
