"""Counties and places of FBI records: only what the printed county and the agency's own name say."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable

from agencies.ingest.census_places import CountyFinder, Gazetteer, Place

_COUNTY_SUFFIX = re.compile(
    r" (County|Parish|City and Borough|Borough|Census Area|Municipality|Municipio|Island|District|city)$"
)
_SUFFIXES = (("Village", "village"), ("Borough", "borough"), ("Boro", "borough"), ("City", "city"), ("Town", "town"))
"""Words the FBI adds to tell twins apart, and the class a Census place must have to be meant."""
_TOWNS_ARE_SUBDIVISIONS = {"CT", "MA", "ME", "NH", "NJ", "NY", "PA", "RI", "VT", "WI", "MI", "MN", "OH", "IL", "IN"}
"""States where a "Town" or township is a county subdivision, never a Census place."""


def key(name: str) -> str:
    """Return a name's letters and digits without accents, spaces and points; "Saint" is "St"."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]", "", re.sub(r"\bsaint\b", "st", plain))


class Geography:
    """Finds counties and cities by the names that FBI tables print."""

    def __init__(self, gazetteer: Gazetteer) -> None:
        self.by_geoid = gazetteer.by_geoid
        self.state_names = {state.state: state.name for state in gazetteer.states}
        self.state_geoids = {state.state: state.geoid for state in gazetteer.states}
        self._finder = CountyFinder(gazetteer.counties)
        self._counties = _county_keys(gazetteer.counties)
        self._cities: dict[tuple[str, str], list[Place]] = defaultdict(list)
        for city in gazetteer.cities:
            self._cities[city.state, key(city.name)].append(city)
        self._only_county = _only_counties(gazetteer.counties)

    def counties(self, state: str, *printed: str) -> list[set[str]]:
        """Return the GEOIDs in each printed list ("WELD; ADAMS"), names that don't resolve left out."""
        return [self._resolve(state, text) for text in printed]

    def one_county(self, state: str, *printed: str) -> str:
        """Return the county of the first printed list that resolves whole to exactly one, else empty."""
        for text in printed:
            found = self._resolve(state, text)
            if len(found) == 1 and not re.search("[;,]", text):
                return min(found)
        return self._only_county.get(state, "")

    def city(self, state: str, stems: Iterable[str], counties: set[str]) -> Place | None:
        """Return the one city of the state that a stem names and that has ground in one of the counties.

        The county is what tells twins apart: the places file holds one of two towns of the same name, and
        without the county there is no knowing whether it is the one meant. So no county, no city; and no city
        where two of that name are in the county.
        """
        for stem in stems:
            for cities in self._named(state, stem):
                found = [city for city in cities if counties & self._counties_of(city)]
                if len(found) == 1:
                    return found[0]
        return None

    def county_label(self, geoid: str) -> str:
        """Return a county's name, empty for an empty GEOID."""
        return self.by_geoid[geoid].name if geoid else ""

    def _named(self, state: str, stem: str) -> Iterable[list[Place]]:
        """Yield the cities that a stem may name, likeliest first: as printed, without the FBI's word, with "Town"."""
        yield self._cities.get((state, key(stem)), [])
        for word, census_class in _SUFFIXES:
            if stem.endswith(f" {word}") and not (word == "Town" and state in _TOWNS_ARE_SUBDIVISIONS):
                cities = self._cities.get((state, key(stem.removesuffix(word))), [])
                yield [city for city in cities if city.full_name.endswith(f" {census_class}")]
        yield [city for city in self._cities.get((state, key(f"{stem} Town")), []) if city.is_incorporated]

    def _counties_of(self, city: Place) -> set[str]:
        if city.outline is None:
            return {city.county_geoid}
        return self._finder.counties_meeting(city.outline, city.geoid[:2]) | {city.county_geoid}

    def _resolve(self, state: str, printed: str) -> set[str]:
        names = [key(name) for name in re.split("[;,]", printed)]
        return {self._counties[state, name] for name in names if (state, name) in self._counties}


def _county_keys(counties: list[Place]) -> dict[tuple[str, str], str]:
    """Return GEOIDs by state and name; a bare name means the county before the independent city."""
    keys: dict[tuple[str, str], str] = {}
    ordered = sorted(counties, key=lambda county: county.name.endswith(" city"))
    for county in ordered:
        keys.setdefault((county.state, key(_COUNTY_SUFFIX.sub("", county.name))), county.geoid)
        keys[county.state, key(county.name)] = county.geoid
    return keys


def _only_counties(counties: list[Place]) -> dict[str, str]:
    """Return the county of states that have just one (the District of Columbia, Guam)."""
    by_state = defaultdict(list)
    for county in counties:
        by_state[county.state].append(county.geoid)
    return {state: geoids[0] for state, geoids in by_state.items() if len(geoids) == 1}
