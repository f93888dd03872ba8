"""The matcher: printed names to verdicts, with the whole registry in memory."""

from dataclasses import replace
from functools import lru_cache

from agencies.folding import fold
from agencies.matching.parse import ParsedName, as_force, parse, written_out
from agencies.matching.registry import PLACED, Entry, Registry, is_double
from agencies.matching.score import Context, named_features, placed_features, printed_words, probability, vetoed
from agencies.matching.states import STATE_NAMES
from agencies.matching.verdict import Candidate, Verdict

VERSION = "scored-1"
THRESHOLD = 0.95
"""Least probability for an automatic decision: on the tuning half 721 names are accepted above it, none wrongly."""

SHOWN = 5
"""Candidates that a verdict carries."""

REMEMBERED = 2000
"""Verdicts that a matcher remembers, some kilobytes each: as many as names are decided on at a time."""

NO_AGENCY_FLAGS = {"address": "a street address", "demo": "a demonstration, test or training account"}


class Matcher:
    """The registry's agencies, indexed for matching. Its verdicts stay the same; safe to share between threads."""

    def __init__(self, registry: Registry) -> None:
        self.registry = registry
        self._remembered = lru_cache(REMEMBERED)(self._weigh)

    @classmethod
    def load(cls) -> "Matcher":
        """Index every current agency; two queries."""
        return cls(Registry.load())

    def match(self, name: str, *, context_state: str = "", city: str = "", state: str = "") -> Verdict:
        """Return the verdict on one printed name.

        `context_state` is the state of the document's agency, `city` and `state` the document's own columns beside
        the name. A name that fits agencies of several states is never decided by the context alone.
        """
        return self._remembered(name, context_state, city, state)

    def _weigh(self, name: str, context_state: str, city: str, state: str) -> Verdict:
        """Work out the verdict on one printed name."""
        parsed = parse(name)
        context = Context(context_state, written_out(fold(city)), state)
        said = no_agency(parsed)
        if said:
            return Verdict("not_agency", said, parsed)
        found = self._candidates(parsed, context)
        best = tuple(sorted(found, key=lambda c: (bool(vetoed(c.features)), -c.score, c.slug))[:SHOWN])
        return self._verdict(parsed, best)

    def _candidates(self, parsed: ParsedName, context: Context) -> list[Candidate]:
        """Return the scored candidates of a name, the best entry of each agency."""
        scored: dict[int, Candidate] = {}
        if parsed.place and parsed.body in {*PLACED, "marshal", ""}:
            for reading in readings(parsed):
                for entry in self._placed(reading, context):
                    features = placed_features(reading, entry, self.registry, context)
                    _keep_best(scored, entry, "placed", features)
        force = as_force(parsed)
        if force is not None and force.place:
            for entry in self._placed(force, context):
                if entry.squashed == force.squashed:
                    _keep_best(scored, entry, "placed", placed_features(force, entry, self.registry, context))
        if parsed.body not in PLACED or not parsed.place:
            for entry in self._named(parsed, context):
                _keep_best(scored, entry, "named", named_features(parsed, entry, context))
        return list(scored.values())

    def _placed(self, parsed: ParsedName, context: Context) -> list[Entry]:
        """Return the police or sheriffs whose place is spelt like the name's."""
        state = parsed.state or context.column_state
        body = "police" if parsed.body in {"marshal", ""} else parsed.body
        if state:
            return self.registry.alike(parsed.squashed, state, body)
        exact = self.registry.exact(parsed.squashed, body)
        return exact or (self.registry.alike(parsed.squashed, context.state, body) if context.state else [])

    def _named(self, parsed: ParsedName, context: Context) -> list[Entry]:
        """Return bodies of the state, and federal ones, that share most telling words with the name."""
        state = parsed.state or context.column_state
        states = {state or context.state, "", *states_in_words(parsed.words)}
        pool = [entry for code in sorted(states) for entry in self.registry.named.get(code, ())]
        shared = [(_likeness(printed_words(parsed, entry, state), entry.telling), entry) for entry in pool]
        return [entry for share, entry in sorted(shared, key=lambda pair: -pair[0])[:SHOWN] if share >= 0.5]

    def _without_double(self, best: tuple[Candidate, ...]) -> tuple[Candidate, ...]:
        """Drop the second record of one body: same name, state and county, but only one in the newer table."""
        kept: list[Candidate] = []
        for candidate in best:
            double = next(
                (c for c in kept if is_double(self.registry.rows[c.agency], self.registry.rows[candidate.agency])), None
            )
            if double is None:
                kept.append(candidate)
            elif self._is_active(candidate) and not self._is_active(double):
                kept[kept.index(double)] = candidate
        return tuple(kept)

    def _is_active(self, candidate: Candidate) -> bool:
        return self.registry.rows[candidate.agency].status == "active"

    def _verdict(self, parsed: ParsedName, best: tuple[Candidate, ...]) -> Verdict:
        """Decide between the candidates."""
        if not best:
            return Verdict("review", "no agency of the registry has such a name", parsed)
        best = self._without_double(best)
        first, second = best[0], best[1] if len(best) > 1 else None
        rivals = [c for c in best if c.features.get("exact") == 1.0 == best[0].features.get("exact")]
        if len({c.state for c in rivals}) > 1:
            body = "sheriff" if first.kind == "sheriff" else "police"
            states = ", ".join(sorted({entry.row.state for entry in self.registry.exact(parsed.squashed, body)}))
            return Verdict("ambiguous", f"the name prints no state and fits agencies of {states}", parsed, None, best)
        if second is not None and _fits(first) and _fits(second) and not _clearly_before(first, second):
            return Verdict("ambiguous", f"it fits {first.name} and {second.name} alike", parsed, None, best)
        veto = vetoed(first.features)
        if veto or first.score < THRESHOLD:
            said = veto or f"{first.score:.3f} is below {THRESHOLD}"
            return Verdict("review", f"{first.name}, {first.state}: {said}", parsed, None, best)
        said = f"{first.name}, {first.state}: {first.score:.3f}; next {second.score:.3f}" if second else first.name
        return Verdict("accepted", said, parsed, first, best)


def readings(parsed: ParsedName) -> list[ParsedName]:
    """Return the ways to read a placed name: "Flushing City" is a place of that name, or the city of Flushing."""
    if not parsed.place.endswith(" city") or parsed.level:
        return [parsed]
    return [parsed, replace(parsed, place=parsed.place.removesuffix(" city"), level="city")]


def states_in_words(words: str) -> set[str]:
    """Return the states whose full names stand in a name: "eastern kentucky university"."""
    padded = f" {words} "
    return {code for code, name in STATE_NAMES.items() if f" {fold(name)} " in padded}


def _likeness(printed: frozenset[str], telling: frozenset[str]) -> float:
    """Return the share of words that both have."""
    return len(printed & telling) / (len(printed | telling) or 1)


def _fits(candidate: Candidate) -> bool:
    """Tell whether a candidate is what the name says, to the letter: only such can make a name ambiguous."""
    to_the_letter = candidate.features.get("exact") == 1.0 or candidate.features.get("same_words") == 1.0
    return to_the_letter and not vetoed(candidate.features)


def _clearly_before(first: Candidate, second: Candidate) -> bool:
    """Tell whether the best candidate leaves the next behind: by its score, or by a veto on the next alone."""
    same_spelling = first.features.get("exact") == second.features.get("exact")
    level = first.features.get("level", 0.0) - second.features.get("level", 0.0)
    return level >= 0.3 or first.score - second.score >= (0.02 if same_spelling else 0.0)


def no_agency(parsed: ParsedName) -> str:
    """Return why a name stands for no agency; "" where it may."""
    if parsed.body == "not_agency":
        return "a private body: residents, a shop, a company"
    return next((said for flag, said in NO_AGENCY_FLAGS.items() if flag in parsed.flags), "")


def _keep_best(scored: dict[int, Candidate], entry: Entry, kind: str, features: dict[str, float]) -> None:
    """Keep an agency's best entry."""
    score = probability(kind, features)
    row = entry.row
    if row.agency not in scored or scored[row.agency].score < score:
        scored[row.agency] = Candidate(
            row.agency, row.slug, row.name, row.ori, row.state, row.kind, row.geoid, round(score, 4), features
        )
