"""The registry as the matcher holds it: every agency's name taken apart, by state and sort of body."""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz, process

from agencies.folding import fold
from agencies.matching.parse import ParsedName, as_force, parse, written_out
from agencies.matching.states import STATE_NAMES
from agencies.matching.tables import LITTLE_WORDS, STOPWORDS
from agencies.models import Agency, Place

BODY_OF_KIND = {
    "municipal_police": "police",
    "sheriff": "sheriff",
    "state_police": "state",
    "other_state": "state",
    "federal": "federal",
}
"""Kinds whose names are compared by place or whole; every other kind is compared as a body of its own name."""

PLACED = frozenset({"police", "sheriff"})
"""Bodies that a place names: the place words must agree, and all of them."""


COUNTY_APPENDED = re.compile(r", [\w .'-]+ (County|Parish)(?= Police|$)")
"""How the registry tells namesakes of one state apart: "Reno Police Department, Lamar County"."""


@dataclass(frozen=True, slots=True)
class Row:
    """One agency as it comes from the database."""

    agency: int
    slug: str
    ori: str
    name: str
    other_name: str
    kind: str
    state: str
    county: str
    status: str
    geoid: str
    place: str
    place_class: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One agency under one of its names: body, class and words of the place, and all telling words."""

    row: Row
    body: str
    level: str
    place: str
    county: str
    telling: frozenset[str]

    @property
    def squashed(self) -> str:
        """Return the place without spaces."""
        return self.place.replace(" ", "")


class Registry:
    """All current agencies, and the names of all places, in memory: 20,000 take about 2 s and 40 MB."""

    def __init__(self, rows: Iterable[Row], places: Iterable[tuple[str, str, str]]) -> None:
        """Index agencies, and places as (name, full name, state)."""
        self.placed: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self.named: dict[str, list[Entry]] = defaultdict(list)
        self._by_place: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._places: dict[str, list[str]] = {}
        self.cities: dict[str, set[str]] = defaultdict(set)
        self.towns: set[tuple[str, str]] = set()
        self.rows: dict[int, Row] = {}
        for row in rows:
            self.rows[row.agency] = row
            for entry in entries(row):
                self._add(entry)
        for name, full_name, state in places:
            squashed = written_out(fold(name)).replace(" ", "")
            if not full_name.endswith(" CDP"):
                self.cities[squashed].add(state)
                self.towns.add((squashed, state))
        for key, found in self.placed.items():
            self._places["|".join(key)] = [entry.squashed for entry in found]

    @classmethod
    def load(cls) -> "Registry":
        """Read every current main body and every city; two queries."""
        columns = (
            "id", "slug", "ori", "name", "registry_name", "kind", "state", "status", "county__name", "county__geoid",
            "servings__basis", "servings__place__geoid", "servings__place__name", "servings__place__full_name",
        )  # fmt: skip
        found: dict[int, Row] = {}
        agencies = Agency.objects.current().main_bodies().order_by("id", "servings__basis", "servings__place_id")
        for row in agencies.values_list(*columns).iterator(chunk_size=5000):
            ident, slug, ori, name, other, kind, state, status, county, county_geoid, basis, geoid, place, full = row
            if ident not in found or basis == "name":
                by_name = basis == "name" and kind != "sheriff"
                found[ident] = Row(
                    agency=ident,
                    slug=slug,
                    ori=ori or "",
                    name=name,
                    other_name=other,
                    kind=kind,
                    state=state,
                    county=county or "",
                    status=status,
                    geoid=geoid if by_name else _county_geoid(kind, name, county_geoid),
                    place=place if by_name else "",
                    place_class=full if by_name else "",
                )
        cities = Place.objects.filter(kind="city").order_by("id").values_list("name", "full_name", "state")
        return cls(found.values(), cities.iterator(chunk_size=5000))

    def _add(self, entry: Entry) -> None:
        if entry.body in PLACED:
            self.placed[entry.row.state, entry.body].append(entry)
            self._by_place[entry.squashed, entry.body].append(entry)
        else:
            self.named[entry.row.state].append(entry)

    def exact(self, squashed: str, body: str) -> list[Entry]:
        """Return the entries of any state whose place is spelt so."""
        return self._by_place.get((squashed, body), [])

    def alike(self, squashed: str, state: str, body: str, limit: int = 6) -> list[Entry]:
        """Return the entries of a state whose place is spelt most alike, best first."""
        spelt: Sequence[str] = self._places.get(f"{state}|{body}", [])
        hits = process.extract(squashed, spelt, scorer=fuzz.ratio, score_cutoff=72, limit=limit)
        found = self.placed[state, body] if hits else []
        return [found[index] for _, _, index in hits]


def is_double(one: Row, other: Row) -> bool:
    """Tell whether two records are one body: the same one, or alike in all but that only one is in the newer table."""
    if one.agency == other.agency:
        return True
    same = (one.name, one.state, one.county) == (other.name, other.state, other.county)
    return same and (one.status == "active") != (other.status == "active")


def _county_geoid(kind: str, name: str, county_geoid: str | None) -> str:
    """Return the county's GEOID for a sheriff or a county's own police, "" for any other."""
    of_county = kind == "sheriff" or (kind == "municipal_police" and " county " in f" {fold(name)} ")
    return county_geoid or "" if of_county else ""


def telling_words(words: str, body: str = "named") -> frozenset[str]:
    """Return the words that tell one body from another, without the ending of a plural.

    Every word of a state body's name tells ("Department of Public Safety"), save the little ones.
    """
    left_out = LITTLE_WORDS if body == "state" else STOPWORDS
    return frozenset(_singular(word) for word in written_out(words).split() if word not in left_out)


def _singular(word: str) -> str:
    """Return a word without a plural's or possessive's ending: both are printed for the same body."""
    return word.removesuffix("s") if len(word) > 4 and not word.endswith("ss") else word


def entries(row: Row) -> list[Entry]:
    """Return an agency under each name that differs: its own, the registry's print, the place it serves."""
    found: dict[tuple[str, str, frozenset[str]], Entry] = {}
    for name in filter(None, (row.name, row.other_name)):
        entry = _entry(row, name)
        found.setdefault((entry.level, entry.squashed, entry.telling), entry)
    first = next(iter(found.values()))
    if first.body == "police" and row.place:
        place = written_out(fold(row.place))
        key = (first.level, place.replace(" ", ""), first.telling)
        found.setdefault(key, Entry(row, first.body, first.level, place, first.county, first.telling))
    return [entry for entry in found.values() if entry.place or entry.telling]


def _entry(row: Row, name: str) -> Entry:
    if BODY_OF_KIND.get(row.kind) in PLACED:
        name = COUNTY_APPENDED.sub("", name)
    parsed: ParsedName = parse(f"{name} ({row.state})" if row.state else name)
    body = BODY_OF_KIND.get(row.kind, "named")
    if body in PLACED:
        parsed = as_force(parsed) or parsed
    county = written_out(fold(row.county).removesuffix(" county").removesuffix(" parish"))
    place = parsed.place
    if body == "sheriff":
        place = place or county
    return Entry(row, body, parsed.level, place, county, telling_words(fold(name), body))


def state_words(state: str) -> frozenset[str]:
    """Return the words of a state's full name, which a printed code stands for."""
    return telling_words(fold(STATE_NAMES.get(state, "")))
