"""Find places and agencies by what people type. Nothing that is typed is kept."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

import zipcodes
from django.contrib.postgres.search import TrigramWordSimilarity
from django.db import connection, transaction
from django.db.models import F, Max, OrderBy, Q
from django.db.models.expressions import Case

from agencies.folding import fold
from agencies.models import Agency, Place
from agencies.querysets import AgencyQuerySet
from agencies.search_terms import (
    Typed,
    best_first,
    has_initials,
    holds_words,
    nearly_named,
    other_spellings,
    read,
    widest_first,
)

LIMIT = 40
"""Most places, and most agencies, that one answer holds."""

NEARLY = 10
"""Most of each where nothing is called so."""


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
    agencies_first: bool = False

    def __bool__(self) -> bool:
        """Tell whether anything was found."""
        return bool(self.places or self.agencies)

    @property
    def first(self) -> Place | Agency | None:
        """Return what stands on top of the answer; None where nothing was found."""
        places: list[Place | Agency] = [*self.places]
        found = [*self.agencies, *places] if self.agencies_first else [*places, *self.agencies]
        return found[0] if found else None


def find(query: str) -> SearchResults:
    """Return places and agencies for a city, county, ZIP code or agency, as typed. At most eleven queries."""
    typed = read(query)
    results = SearchResults(typed.raw)
    if typed.zip_code:
        results.zip_code, results.places = typed.zip_code, places_of_zip(typed.zip_code)[:LIMIT]
        return results
    if not typed.text:
        return results
    results.places = _named_places(typed)
    agencies = _named_agencies(typed)
    if not results.places and not agencies:
        results.misspelt = True
        results.places, agencies = misspelt(typed)
    results.agencies, results.more_agencies = agencies[:LIMIT], len(agencies) > LIMIT
    results.agencies_first = typed.wants_agency or not results.places
    results.certain = None if results.misspelt else _certain(results, typed.state)
    return results


def findable() -> AgencyQuerySet:
    """Return the agencies that a search finds: not merged, no posts of a state police."""
    return Agency.objects.current().main_bodies()


def _named_places(typed: Typed) -> list[Place]:
    """Return places of that very name, else of another spelling of it; in the state where one is named."""
    found = _exact_places([typed.name], typed.state) or (_exact_places([typed.text], "") if typed.state else [])
    spellings = other_spellings(typed.name)
    if found or typed.wants_agency or not spellings:
        return found
    return [place for place in _exact_places(spellings, typed.state) if place.kind != Place.Kind.STATE]


def _exact_places(names: Sequence[str], state: str) -> list[Place]:
    """Return the places of exactly these names, the larger first. A place's key ends in its state."""
    places = Place.objects.select_related("county")
    if state:
        places = places.filter(search_key__in=[f"{name} {state.lower()}" for name in names])
    else:
        places = places.filter(search_key__regex=rf"^(?:{'|'.join(names)}) [a-z]{{2}}$")
    found: list[Place] = list(places.annotate(people=PEOPLE).order_by(*LARGER_FIRST)[:LIMIT])
    return sorted(found, key=lambda place: WIDEST_FIRST.index(place.kind))


WIDEST_FIRST: list[str] = [Place.Kind.STATE, Place.Kind.COUNTY, Place.Kind.COUNTY_SUBDIVISION, Place.Kind.CITY]

PEOPLE = Max("servings__agency__population_served")
"""How many people the largest agency of a place serves: the Census tables here hold no population."""

LARGER_FIRST: tuple[OrderBy | str, ...] = (F("people").desc(nulls_last=True), "state", "name", "geoid")


def _certain(results: SearchResults, state: str) -> Place | None:
    """Return the only place of the name, unless agencies elsewhere bear the name too."""
    if len(results.places) != 1:
        return None
    place = results.places[0]
    elsewhere = any(agency.state != place.state for agency in results.agencies)
    return place if state or not elsewhere else None


def _named_agencies(typed: Typed) -> list[Agency]:
    """Return agencies by their initials, then by the words of their name; one more than are shown."""
    initials = has_initials(typed.text)
    found = ordered_agencies(initials, widest_first(), LIMIT + 1) if initials else []
    words = holds_words(typed.name)
    words = words & Q(state=typed.state) if typed.state else words
    found += ordered_agencies(words, best_first(typed.name), LIMIT + 1)
    return list(dict.fromkeys(found))


def ordered_agencies(condition: Q, order: Sequence[OrderBy | Case | str], limit: int) -> list[Agency]:
    """Return the first agencies that fit, in two queries: sorting them with their counties takes longer."""
    return list(findable().filter(condition).order_by(*order).prefetch_related("county")[:limit])


def places_of_zip(zip_code: str) -> list[Place]:
    """Return the cities, then the counties, that the post office names for a ZIP code; a ZIP is no area."""
    wanted = Q()
    for row in zipcodes.matching(zip_code):
        names = [row["city"], row["county"], *row["acceptable_cities"]]
        wanted |= Q(search_key__in=[fold(f"{name} {row['state']}") for name in names if name])
    if not wanted:
        return []
    found = Place.objects.filter(wanted).exclude(kind=Place.Kind.STATE).select_related("county")
    places = list(found.order_by("name", "geoid"))
    return sorted(places, key=lambda place: place.kind == Place.Kind.COUNTY)


@contextmanager
def _word_likeness(threshold: float) -> Iterator[None]:
    """Have the trigram index find words as like as `threshold`; by default 0.6, but "alamda" is 0.57 like "alameda"."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pg_trgm.word_similarity_threshold', %s, true)", [str(threshold)])
        yield


def misspelt(typed: Typed) -> tuple[list[Place], list[Agency]]:
    """Return what is spelt nearly so, most alike first: whole names of places, parts of names of agencies.

    By trigrams: "oaklnd" has a similarity of 0.36 to "oakland", and 0.3 is enough for a place. Seven queries.
    """
    own, generic = nearly_named(typed.name)
    in_state = Q(state=typed.state) if typed.state else Q()
    agencies = findable().filter(in_state & generic, search_key__trigram_word_similar=own)
    agencies = agencies.annotate(alike=TrigramWordSimilarity(own, "search_key")).prefetch_related("county")
    people = F("population_served").desc(nulls_last=True)
    with _word_likeness(0.5):
        found: list[Agency] = list(agencies.order_by("-alike", people, "name", "pk")[:NEARLY])
    if typed.wants_agency:
        return [], found
    key = f"{typed.name} {typed.state}".strip().lower()
    places = Place.objects.filter(in_state, search_key__trigram_similar=key).select_related("county")
    places = places.annotate(alike=TrigramWordSimilarity(typed.name, "search_key"), people=PEOPLE)
    return list(places.order_by("-alike", *LARGER_FIRST)[:NEARLY]), found
