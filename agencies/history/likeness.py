"""Whether two printed names are two spellings of one body's name. Strict: the names alone must tell. Pure."""

import re
from functools import lru_cache

from rapidfuzz.distance import Levenshtein

from agencies.folding import fold
from agencies.matching.parse import ParsedName, parse
from agencies.matching.tables import FLAGS

_ACCOUNT_MARKS = [
    re.compile(pattern, re.IGNORECASE) for flag, pattern in FLAGS if flag in {"do_not_use", "inactive", "deactivated"}
]
LONG = 8
"""Letters from which on a name of a place may hold one slip: "Allegheny" is "Alleghany", "Dover" is not "Dovel"."""

_parsed = lru_cache(maxsize=10_000)(parse)


@lru_cache(maxsize=10_000)
def unmarked(name: str) -> str:
    """Return a printed name without the marks of its account, case and punctuation: equal for one name's prints."""
    for mark in _ACCOUNT_MARKS:
        name = mark.sub(" ", name)
    return fold(name)


def like_keys(name: str) -> set[str]:
    """Return keys of which any two names that are alike share one: so that not all need be held against all.

    They are the words of the place without spaces and, where it is long, those without each of its letters.
    """
    place = _parsed(name).squashed
    if len(place) < LONG:
        return {place}
    return {place, *(place[:index] + place[index + 1 :] for index in range(len(place)))}


def alike(one: str, other: str) -> bool:
    """Tell whether two names differ only in marks, punctuation, a state, words of type, or one letter of many.

    Two states, two sorts of body, a county and a city, and two parts of one force are never alike.
    """
    a, b = _parsed(one), _parsed(other)
    if not a.place or ("subnetwork" in a.flags) != ("subnetwork" in b.flags) or "subnetwork" in a.flags:
        return False
    return _agree(a.state, b.state) and _agree(a.body, b.body) and _levels_agree(a, b) and _same_place(a, b)


def _agree(one: str, other: str) -> bool:
    """Tell whether two values are one, or at least one is not printed."""
    return one == other or not (one and other)


def _levels_agree(a: ParsedName, b: ParsedName) -> bool:
    """Tell whether both are a county's, or neither; a sheriff is a county's without the word."""
    if a.body == b.body == "sheriff":
        return _agree(a.level, b.level)
    return (a.level == "county") == (b.level == "county") and _agree(a.level, b.level)


def _same_place(a: ParsedName, b: ParsedName) -> bool:
    """Tell whether the words that are left name one place, a slip of one letter aside where both are long."""
    if a.squashed == b.squashed:
        return a.county == b.county or not (a.county and b.county)
    if min(len(a.squashed), len(b.squashed)) < LONG or any(map(str.isdigit, a.squashed + b.squashed)):
        return False
    return a.state == b.state and a.body == b.body and Levenshtein.distance(a.squashed, b.squashed, score_cutoff=1) <= 1
