"""Decisions that need no judgement: the printed name is one registry name once it is written out."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from agencies.folding import fold
from agencies.matching.normalise import MARKS, NameKey, printed_key, registry_key
from agencies.models import Agency, MatchDecision

MATCHER_VERSION = "exact-1"


@dataclass(frozen=True, slots=True)
class Match:
    """An agency (id) for a printed name, with how and why."""

    agency: int
    method: str
    reason: str


class RegistryIndex:
    """The registry's names, folded and by key, held in memory (20,000 agencies: about 15 MB, one query)."""

    def __init__(self, agencies: Iterable[tuple[int, str, str, str]]) -> None:
        """Index (id, name, state, kind) rows."""
        self._by_name: dict[str, set[int]] = defaultdict(set)
        self._by_key: dict[NameKey, set[int]] = defaultdict(set)
        for ident, name, state, kind in agencies:
            self._by_name[fold(name)].add(ident)
            key = registry_key(name, state)
            if key is not None:
                self._by_key[key].add(ident)
            if kind == "campus" and key is not None:
                self._by_name[f"{key.stem} {state.lower()}"].add(ident)

    @classmethod
    def load(cls) -> "RegistryIndex":
        """Index every current agency; one query."""
        return cls(Agency.objects.current().values_list("id", "name", "state", "kind"))

    def match(self, printed_name: str) -> Match | None:
        """Return the one agency that a printed name can be, or None.

        A name that spells out no state matches only a name that the whole registry has once and that names
        its state or country itself ("California Highway Patrol"), never a city's or county's police.
        """
        key = printed_key(printed_name)
        if key is None:
            return self._by_full_name(printed_name)
        found = self._by_key.get(key, set())
        twins = [stem for stem in key.twin_stems() if self._by_key.get(NameKey(key.state, key.body, stem))]
        if len(found) != 1 or twins:
            return None
        reason = f"“{key.stem}”, {key.body}, {key.state}: one registry name is written so"
        return Match(next(iter(found)), MatchDecision.Method.NORMALISED, reason)

    def _by_full_name(self, printed_name: str) -> Match | None:
        """Match a whole folded name that is the registry's, once, and no city's or county's police."""
        folded = fold(MARKS.sub(" ", printed_name))
        found = self._by_name.get(folded, set())
        if len(found) != 1 or registry_key(printed_name, "?") is not None:
            return None
        return Match(next(iter(found)), MatchDecision.Method.EXACT, "the registry has this name once")
