"""What differs between two copies: of a list, and of published facts. Pure: plain values in and out."""

import json
from collections import Counter
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Any, TypeVar

from rapidfuzz import fuzz

from agencies.history.likeness import alike, like_keys, unmarked

Key = TypeVar("Key", bound=Hashable)

FEW = 40
"""Pairs of names up to which each is looked at; beyond, only those that share a key."""

_as_json = json.JSONEncoder(sort_keys=True).encode


@dataclass(frozen=True, slots=True)
class Pair:
    """One body on both copies: its name and account status before and after."""

    old: str
    new: str
    old_status: str
    new_status: str


@dataclass(frozen=True, slots=True)
class ListDifference:
    """Names in alphabetical order. `renamed` are printed differently; `marked` have another account status."""

    added: tuple[str, ...]
    removed: tuple[str, ...]
    renamed: tuple[Pair, ...]
    marked: tuple[Pair, ...]


def compare_lists(
    before: Mapping[str, str], after: Mapping[str, str], agencies: Mapping[str, int] | None = None
) -> ListDifference:
    """Return what differs between two lists of printed names, each with its account status.

    A name that is gone is paired with one that came when both are one name but for the marks of its account; when
    both are matched to the same agency (`agencies`: id by printed name); or when they are alike and no other name
    that came or went is alike to either. Each name is in one pair at most.
    """
    pairs = [
        Pair(name, name, status, after[name])
        for name, status in before.items()
        if name in after and after[name] != status
    ]
    gone, came = sorted(before.keys() - after.keys()), sorted(after.keys() - before.keys())
    for old, new in _same_bodies(gone, came, agencies or {}):
        pairs.append(Pair(old, new, before[old], after[new]))
        gone.remove(old)
        came.remove(new)
    pairs.sort(key=lambda pair: (pair.old, pair.new))
    return ListDifference(
        added=tuple(came),
        removed=tuple(gone),
        renamed=tuple(pair for pair in pairs if pair.old_status == pair.new_status),
        marked=tuple(pair for pair in pairs if pair.old_status != pair.new_status),
    )


def _same_bodies(gone: list[str], came: list[str], agencies: Mapping[str, int]) -> list[tuple[str, str]]:
    """Return the pairs of names that are one body's, the surest first."""
    if not (gone and came):
        return []
    pairs = _by_key(gone, came, unmarked)
    pairs += _by_key(_without(gone, pairs, 0), _without(came, pairs, 1), agencies.get)
    return pairs + _only_alike(_without(gone, pairs, 0), _without(came, pairs, 1), agencies)


def _without(names: list[str], pairs: list[tuple[str, str]], side: int) -> list[str]:
    """Return the names that no pair holds on a side."""
    taken = {pair[side] for pair in pairs}
    return names if not taken else [name for name in names if name not in taken]


def _by_key(gone: list[str], came: list[str], key: Callable[[str], Hashable]) -> list[tuple[str, str]]:
    """Pair names of the same key, the most similar first where one has several; a false key pairs nothing."""
    groups: dict[Hashable, tuple[list[str], list[str]]] = {}
    for name in gone:
        if found := key(name):
            groups.setdefault(found, ([], []))[0].append(name)
    for name in came:
        if (found := key(name)) in groups:
            groups[found][1].append(name)
    return [pair for olds, news in groups.values() if news for pair in _closest(olds, news)]


def _closest(olds: list[str], news: list[str]) -> list[tuple[str, str]]:
    """Return as many pairs as there can be, the most similar first, ties in the alphabet's order."""
    ranked = sorted(
        ((old, new) for old in olds for new in news), key=lambda pair: (-fuzz.ratio(pair[0], pair[1]), pair)
    )
    pairs: dict[str, str] = {}
    for old, new in ranked:
        if old not in pairs and new not in pairs.values():
            pairs[old] = new
    return list(pairs.items())


def _only_alike(gone: list[str], came: list[str], agencies: Mapping[str, int]) -> list[tuple[str, str]]:
    """Pair alike names of which neither is alike to any other; two known agencies are never one."""
    candidates = product(gone, came) if len(gone) * len(came) <= FEW else _sharing_a_key(gone, came)
    pairs = [(old, new) for old, new in candidates if not (agencies.get(old) and agencies.get(new)) and alike(old, new)]
    if not pairs:
        return []
    olds, news = Counter(old for old, _ in pairs), Counter(new for _, new in pairs)
    return [(old, new) for old, new in pairs if olds[old] == news[new] == 1]


def _sharing_a_key(gone: list[str], came: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of names that share a key: the alike are among them."""
    by_key: dict[str, list[str]] = {}
    for new in came:
        for key in like_keys(new):
            by_key.setdefault(key, []).append(new)
    for old in gone:
        for new in sorted({new for key in like_keys(old) for new in by_key.get(key, ())}):
            yield old, new


def compare_facts(before: Mapping[Key, Any], after: Mapping[Key, Any]) -> list[Key]:
    """Return the keys that both hold with different values, in `after`'s order; the order of a list's parts is none."""
    return [key for key in after if key in before and comparable(before[key]) != comparable(after[key])]


def comparable(value: Any) -> str:
    """Return a JSON value as text that is equal for equal values, whatever the order of lists and keys."""
    if isinstance(value, list | tuple):
        return f"[{','.join(sorted(map(comparable, value)))}]"
    return "null" if value is None else _as_json(value)
