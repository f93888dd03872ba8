"""Which fact of a later copy is which of an earlier one. Pure: plain values in and out.

A name is its alias: printed name, state and network. So two bodies of one printed name, in two states, stay two; and a
name whose state one copy prints and the other does not is still found.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Hashable, Iterator, Mapping
from typing import Any, NamedTuple

from agencies.history.differences import comparable
from agencies.history.drafts import Name


class Key(NamedTuple):
    """What a fact is of: a name (id of its alias), a network (id), a field."""

    alias: int
    network: int | None
    field: str


Facts = Mapping[Key, Any]
"""Values by what they are of."""

Names = Mapping[int, Name]
"""Names by the id of their alias."""


def counterparts(before: Facts, after: Facts, names: Names) -> dict[Key, Key]:
    """Return, for each fact of `after` that `before` holds too, its key there; each is taken once at most.

    First the same name; then, of those left over on both sides, names of one agency; then prints that are the same
    where they cannot be two bodies and nothing else on either side could be meant.
    """
    pairs = {key: key for key in after if key in before}
    for pick in (_of_one_agency, _namesakes):
        taken = set(pairs.values())
        olds, news = [key for key in before if key not in taken], [key for key in after if key not in pairs]
        if not (olds and news):
            break
        pairs |= pick({key: before[key] for key in olds}, {key: after[key] for key in news}, names)
    return pairs


def without_held(keys: Collection[Key], held: Collection[Key], names: Names) -> list[Key]:
    """Return those of the keys for which no name of the same agency is among `held`."""
    known = {_agency(key, names) for key in held} - {None}
    return [key for key in keys if _agency(key, names) not in known]


def _agency(key: Key, names: Names) -> Hashable:
    """Return the agency that a fact is of, with its network and field; None where its name is not matched."""
    agency = names[key.alias].agency
    return agency and (agency, *key[1:])


def _of_one_agency(before: Facts, after: Facts, names: Names) -> dict[Key, Key]:
    """Pair facts whose names are matched to one agency: those of the same value first, then in the copies' order."""
    pairs: dict[Key, Key] = {}
    for olds, news in _together(before, after, lambda key: _agency(key, names)):
        for is_alike in (True, False):
            for new in [key for key in news if key not in pairs]:
                same = [old for old in olds if not is_alike or comparable(before[old]) == comparable(after[new])]
                if same:
                    pairs[new] = same[0]
                    olds.remove(same[0])
    return pairs


def _namesakes(before: Facts, after: Facts, names: Names) -> dict[Key, Key]:
    """Pair facts whose names are printed the same, where neither could be another's too."""
    pairs: dict[Key, Key] = {}
    for olds, news in _together(before, after, lambda key: (names[key.alias].printed, *key[1:])):
        for new in news:
            likely = [old for old in olds if _may_be_one(names[old.alias], names[new.alias])]
            if len(likely) == 1 and sum(_may_be_one(names[likely[0].alias], names[key.alias]) for key in news) == 1:
                pairs[new] = likely[0]
    return pairs


def _may_be_one(old: Name, new: Name) -> bool:
    """Tell whether two names of one print may be one body: no two states, no two agencies."""
    two_states = old.state and new.state and old.state != new.state
    return not (two_states or (old.agency and new.agency and old.agency != new.agency))


def _together(before: Facts, after: Facts, group: Callable[[Key], Hashable]) -> Iterator[tuple[list[Key], list[Key]]]:
    """Yield the keys of both copies by their group, where both hold it; None is no group."""
    groups: dict[Hashable, tuple[list[Key], list[Key]]] = defaultdict(lambda: ([], []))
    for side, facts in enumerate((before, after)):
        for key in facts:
            groups[group(key)][side].append(key)
    yield from (both for found, both in groups.items() if found is not None and all(both))
