"""Find places and agencies by what people type. Nothing that is typed is kept."""

import re
from dataclasses import dataclass, field

import zipcodes
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When

from agencies.folding import fold
from agencies.models import Agency, Place

LIMIT = 40
"""Most places, and most agencies, that one answer holds."""

LONGEST = 100
"""Characters of a query that are read."""

ZIP = re.compile(r"(\d{5})(?:-\d{4})?")
WRITTEN_OUT = {
    "pd": "police department",
    "so": "sheriff",
    "sheriffs": "sheriff",
    "dept": "department",
    "univ": "university",
    "co": "county",
    "us": "u s",
}
FILLERS = r"(?:(?:u s|and|of|the|for|city|county) )*"


@dataclass
class SearchResults:
    """What a query found. `certain` is the one place that it can only mean, else None."""

    query: str
    places: list[Place] = field(default_factory=list)
    agencies: list[Agency] = field(default_factory=list)
    certain: Place | None = None
    zip_code: str = ""
    misspelt: bool = False
    more_agencies: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything was found."""
        return bool(self.places or self.agencies)


def find(query: str) -> SearchResults:
    """Return places and agencies for a city, county, ZIP code or agency, as typed. At most six queries."""
    query = query.replace("\0", "")[:LONGEST].strip()
    results = SearchResults(query)
    if zip_code := ZIP.fullmatch(query):
        return _find_zip(zip_code[1], results)
    text = fold(query)
    if not text:
        return results
    name, state = _split_state(text)
    results.places = _exact_places(name, state) or (_exact_places(text, "") if state else [])
    agencies = list(dict.fromkeys([*_agencies_by_initials(text), *_agencies_by_words(name, state)]))
    results.agencies, results.more_agencies = agencies[:LIMIT], len(agencies) > LIMIT
    results.certain = _certain(results, state)
    return results if results else _find_misspelt(name, state, results)


def _split_state(text: str) -> tuple[str, str]:
    """Part a trailing state, as "ca" or "california", from a folded query; "" where it names none."""
    for row in Place.objects.filter(kind=Place.Kind.STATE).values_list("name", "state"):
        for ending in map(fold, row):
            if text.endswith(f" {ending}"):
                return text.removesuffix(f" {ending}"), row[1]
    return text, ""


def _exact_places(name: str, state: str) -> list[Place]:
    """Return the places of that very name, in the state where one is named. A place's key ends in its state."""
    places = Place.objects.select_related("county").serving_order()
    if state:
        return list(places.filter(search_key=f"{name} {state.lower()}")[:LIMIT])
    return list(places.filter(search_key__regex=rf"^{name} [a-z]{{2}}$")[:LIMIT])


def _certain(results: SearchResults, state: str) -> Place | None:
    """Return the only place of the name, unless agencies elsewhere bear the name too."""
    if len(results.places) != 1:
        return None
    place = results.places[0]
    elsewhere = any(agency.state != place.state for agency in results.agencies)
    return place if state or not elsewhere else None


def _ranked(agencies: QuerySet[Agency], start: str) -> list[Agency]:
    """Return agencies whose name starts with `start` first, then the larger; one more than are shown."""
    begins = Case(When(search_key__startswith=start, then=Value(0)), default=Value(1), output_field=IntegerField())
    order = (begins, F("population_served").desc(nulls_last=True), "name", "pk")
    return list(agencies.select_related("county").order_by(*order)[: LIMIT + 1])


def _agencies_by_words(name: str, state: str) -> list[Agency]:
    """Return agencies whose names hold words that begin so, with the usual abbreviations written out."""
    words = " ".join(WRITTEN_OUT.get(word, word) for word in name.split()).split()
    holds_all = Q()
    for word in words:
        holds_all &= Q(search_key__startswith=word) | Q(search_key__contains=f" {word}")
    found = Agency.objects.current().main_bodies().filter(holds_all)
    return _ranked(found.filter(state=state) if state else found, name)


def _agencies_by_initials(text: str) -> list[Agency]:
    """Return agencies whose words begin with the letters, as in LAPD, ICE or UCPD."""
    if not re.fullmatch(r"[a-z]{3,6}", text):
        return []
    pattern = "^" + " ".join(rf"{FILLERS}{letter}\w*" for letter in text) + r"( |$)"
    found = _ranked(Agency.objects.current().main_bodies().filter(search_key__regex=pattern), "")
    return sorted(found, key=lambda agency: agency.kind != Agency.Kind.FEDERAL)


def _find_zip(zip_code: str, results: SearchResults) -> SearchResults:
    """Return the cities and counties that the post office names for a ZIP code; a ZIP is no area."""
    results.zip_code = zip_code
    wanted = Q()
    for row in zipcodes.matching(zip_code):
        names = [row["city"], row["county"], *row["acceptable_cities"]]
        wanted |= Q(search_key__in=[fold(f"{name} {row['state']}") for name in names if name])
    if wanted:
        places = Place.objects.filter(wanted).select_related("county").order_by("-kind", "name", "geoid")
        cities = [place for place in places if place.kind not in (Place.Kind.COUNTY, Place.Kind.STATE)]
        counties = [place for place in places if place.kind == Place.Kind.COUNTY]
        results.places = (cities + counties)[:LIMIT]
    return results


def _find_misspelt(name: str, state: str, results: SearchResults) -> SearchResults:
    """Return what is spelt nearly so, most alike first: whole names of places, parts of names of agencies.

    By trigrams: "oaklnd" has a similarity of 0.36 to "oakland", and 0.3 is enough for a place.
    """
    results.misspelt = True
    key = f"{name} {state}".strip().lower()
    places = Place.objects.filter(search_key__trigram_similar=key)
    places = places.annotate(alike=TrigramWordSimilarity(name, "search_key"))
    agencies = Agency.objects.current().main_bodies().filter(search_key__trigram_word_similar=name)
    agencies = agencies.annotate(alike=TrigramWordSimilarity(name, "search_key"))
    if state:
        places, agencies = places.filter(state=state), agencies.filter(state=state)
    larger_first = F("land_area_m2").desc(nulls_last=True)
    results.places = list(places.select_related("county").order_by("-alike", larger_first, "name", "pk")[:10])
    results.agencies = list(agencies.select_related("county").order_by("-alike", "name", "pk")[:10])
    return results
