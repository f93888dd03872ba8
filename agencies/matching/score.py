"""How likely a printed name means one agency: named features, weighed, as a probability."""

import json
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from rapidfuzz import fuzz

from agencies.matching.parse import ParsedName
from agencies.matching.registry import Entry, Registry, is_double, state_words, telling_words

WEIGHTS = Path(__file__).with_name("weights.json")
"""Weights of the features, fitted by `benchmarks/matching.py --fit` on the labelled names' tuning half."""


PARTING = frozenset(
    {
        *("north", "south", "east", "west", "northern", "southern", "eastern", "western", "new", "old", "upper"),
        *("lower", "little", "big", "great", "grand", "lake", "lakes", "saint", "fort", "mount", "point", "port"),
        *("san", "santa", "los", "las", "el", "la"),
    }
)
"""Words that tell one place from its neighbour."""


TOWN_STATES = frozenset({"NY", "WI"})
"""States whose towns lie around or beside cities of the same name, and which the registry prints as towns."""


@dataclass(frozen=True, slots=True)
class Context:
    """What stands round a name: the state of the document's agency, and the document's own columns."""

    state: str = ""
    city: str = ""
    column_state: str = ""


def placed_features(parsed: ParsedName, entry: Entry, registry: Registry, context: Context) -> dict[str, float]:
    """Return the features of a city's or county's police or a sheriff, each from 0 (against) to 1 (for)."""
    spelling = fuzz.ratio(parsed.squashed, entry.squashed) / 100
    exact = float(parsed.squashed == entry.squashed)
    return {
        "exact": exact,
        "spelling": spelling,
        "aligned": float(exact or aligned(parsed.place, entry.place)),
        "length": 1.0 if exact else min(len(parsed.squashed), 12) / 12,
        "state": _state_agreement(parsed, entry, registry, context),
        "alone": float(_alone(parsed, entry, registry, bool(parsed.state or context.column_state))),
        "level": level_agreement(parsed, entry),
        "county": _agreement(parsed.county, entry.county),
        "city": _agreement(context.city.replace(" ", ""), entry.squashed),
        "body": _body_agreement(parsed, entry),
        "no_rival_town": float(_no_rival_town(parsed, entry, registry)),
        "clean": float(not parsed.flags - {"inactive", "deactivated"}),
    }


def named_features(parsed: ParsedName, entry: Entry, context: Context) -> dict[str, float]:
    """Return the features of a body that no place names: its telling words against the printed ones."""
    state = parsed.state or context.column_state
    printed = printed_words(parsed, entry, state)
    shared = printed & entry.telling
    return {
        "same_words": float(printed == entry.telling),
        "printed_covered": len(shared) / max(len(printed), 1),
        "entry_covered": len(shared) / max(len(entry.telling), 1),
        "state": _named_state(parsed, entry, state, context),
        "words": min(len(shared), 4) / 4,
        "clean": float(not parsed.flags - {"inactive", "deactivated", "federal"}),
    }


def printed_words(parsed: ParsedName, entry: Entry, state: str) -> frozenset[str]:
    """Return the printed telling words as the entry's sort of body is compared.

    A printed code stands for the state's name where the registry writes it out: of state bodies, of federal
    bodies' regions, and of state universities that print themselves without it ("San Jose State University").
    """
    printed = telling_words(parsed.words, entry.body)
    is_state_university = {"state", "university"} <= printed & entry.telling
    if state == entry.row.state and (entry.body in {"state", "federal"} or is_state_university):
        written = state_words(state)
        printed |= written if written <= entry.telling else frozenset()
    return printed


def _named_state(parsed: ParsedName, entry: Entry, state: str, context: Context) -> float:
    """Return 1 where the state is printed or named in words, or where the body is national and no state is."""
    if state:
        return 0.6 if entry.body == "federal" and not entry.row.state else float(state == entry.row.state)
    if not entry.row.state or (state_words(entry.row.state) and state_words(entry.row.state) <= entry.telling):
        return 1.0
    return 0.5 if context.state == entry.row.state else 0.0


def vetoed(features: dict[str, float]) -> str:
    """Return why a candidate may not be accepted by the machine, however likely it looks; "" where it may."""
    vetoes = {
        "level": (0.0, "the class of place differs"),
        "county": (0.0, "the printed county is another"),
        "city": (0.0, "the document's own city is another"),
        "no_rival_town": (0.0, "another place of that name could be meant"),
        "aligned": (0.0, "the words of the place differ"),
        "body": (0.3, "the name does not say what body it is"),
        "state": (0.0, "nothing says that it is this state"),
    }
    return next((said for name, (worst, said) in vetoes.items() if features.get(name, 1.0) <= worst), "")


def probability(kind: str, features: dict[str, float]) -> float:
    """Return the logistic of the weighed features: `kind` is "placed" or "named"."""
    weights = fitted()[kind]
    total = weights["bias"] + sum(weights.get(name, 0.0) * value for name, value in features.items())
    return 1 / (1 + math.exp(-max(-40.0, min(40.0, total))))


@cache
def fitted() -> dict[str, dict[str, float]]:
    """Return the weights by kind and feature; read once a process."""
    return dict(json.loads(WEIGHTS.read_text()))


def _state_agreement(parsed: ParsedName, entry: Entry, registry: Registry, context: Context) -> float:
    """Return 1 where the name or its column prints the state, less where only the world or the context tells it.

    0.7: the name is the only such place in the country. 0.5: it is the document's own state. 0: nothing tells.
    """
    printed = parsed.state or context.column_state
    if printed:
        return float(printed == entry.row.state)
    is_document_state = context.state == entry.row.state
    if parsed.squashed == entry.squashed and _only_there(entry, registry):
        return 0.9 if is_document_state else 0.7
    return 0.5 if is_document_state else 0.0


def _only_there(entry: Entry, registry: Registry) -> bool:
    """Tell whether no other state has an agency of the sort, or a city, of the entry's name."""
    others = (other.row.state for other in registry.exact(entry.squashed, entry.body))
    if any(state != entry.row.state for state in others):
        return False
    is_known_city = len(entry.squashed) >= 6 and registry.cities.get(entry.squashed, set()) <= {entry.row.state}
    return entry.body == "sheriff" or is_known_city


def level_agreement(parsed: ParsedName, entry: Entry) -> float:
    """Return how well the classes of place agree: a township is no city, a county's police no city's."""
    if parsed.level == entry.level:
        return 1.0
    if entry.body == "sheriff":
        return 0.9 if "county" in {parsed.level, entry.level} else 0.5
    if "county" in {parsed.level, entry.level}:
        return 0.0
    if {parsed.level, entry.level} == {"town", "township"}:
        return 0.9
    if not parsed.level:
        return 0.5
    if "township" in {parsed.level, entry.level}:
        return 0.0
    if parsed.level == "town" and not entry.level and entry.row.state in TOWN_STATES:
        return 0.0
    if entry.level:
        return 0.3
    return 0.6 if parsed.level == "town" else 0.8


def aligned(printed: str, found: str) -> bool:
    """Tell whether two spellings have the same words in the same order, up to slips within long words.

    A word that parts one place from the next ("East", "New", "Lake") must be the same.
    """
    ours, theirs = printed.split(), found.split()
    if len(ours) != len(theirs):
        return False
    return all(a == b or _is_slip(a, b) for a, b in zip(ours, theirs, strict=True))


def _is_slip(one: str, other: str) -> bool:
    """Tell whether two words differ by a slip: long, alike, with the same first letter, neither a parting word."""
    if one.rstrip("s") == other.rstrip("s") and min(len(one), len(other)) >= 4:
        return True
    if PARTING & {one, other} or min(len(one), len(other)) < 6 or one[0] != other[0]:
        return False
    return fuzz.ratio(one, other) >= 85


def _body_agreement(parsed: ParsedName, entry: Entry) -> float:
    """Return 1 for the sort of body printed; 0.6 for a marshal, 0.5 for "City of X" as its police; 0.3 for neither."""
    if parsed.body == entry.body:
        return 1.0
    if parsed.body == "marshal":
        return 0.6
    return 0.5 if parsed.level in {"city", "town", "village"} else 0.3


def _agreement(said: str, found: str) -> float:
    """Return 1 for the same, 0 for another, 0.5 where nothing was said."""
    return 0.5 if not said else float(said == found)


def _alone(parsed: ParsedName, entry: Entry, registry: Registry, state_known: bool) -> bool:
    """Tell whether no other agency of the sort bears the place's name: in the state, or anywhere without one."""
    same = [other for other in registry.exact(entry.squashed, entry.body) if not is_double(other.row, entry.row)]
    if parsed.county:
        same = [other for other in same if other.county == parsed.county]
    if state_known:
        same = [other for other in same if other.row.state == entry.row.state]
    own = level_agreement(parsed, entry)
    return not [other for other in same if level_agreement(parsed, other) > own - 0.3]


def _no_rival_town(parsed: ParsedName, entry: Entry, registry: Registry) -> bool:
    """Tell whether no incorporated place of the printed name, other than the agency's own, could be meant."""
    if entry.body != "police" or entry.level == "county":
        return True
    printed_elsewhere = parsed.squashed != entry.squashed and (parsed.squashed, entry.row.state) in registry.towns
    own = entry.row.place_class and not entry.row.place_class.endswith(" CDP")
    is_bare_township = entry.level == "township" and parsed.level != "township"
    unserved = not own and is_bare_township and (entry.squashed, entry.row.state) in registry.towns
    return not (printed_elsewhere or unserved)
