"""What to offer while somebody still types. Nothing that is typed is kept."""

from dataclasses import dataclass

from django.db.models import Case, IntegerField, Q, Value, When

from agencies.models import Agency, Place
from agencies.search import LARGER_FIRST, PEOPLE, misspelt, ordered_agencies, places_of_zip
from agencies.search_terms import (
    Typed,
    best_first,
    has_initials,
    holds_words,
    other_spellings,
    read,
    state_keys,
    widest_first,
)

LIMIT = 8
"""Most suggestions at once: what a phone shows above its keyboard."""

SHORTEST = 2
"""Letters from which on there are suggestions."""

LONGEST_INITIALS = 4
"""Letters up to which a beginning of a place's name may be initials all the same, as in LAPD."""

INITIALLED = 3
WIDE_KINDS = (Agency.Kind.FEDERAL, Agency.Kind.STATE_POLICE)

PLACES = 5
"""Most places among the suggestions while agencies fit too."""


@dataclass(frozen=True)
class Suggestion:
    """One line of the list: where it leads, what it is called, what it is, and where that lies."""

    url: str
    label: str
    kind: str
    within: str


def suggest(query: str) -> list[Suggestion]:
    """Return up to eight places and agencies for a query that may not be finished; the likeliest first.

    At most five queries, or seven more where nothing begins so and what is spelt nearly so is looked for.
    """
    typed = read(query)
    if typed.zip_code:
        return [_line(place) for place in places_of_zip(typed.zip_code)[:LIMIT]]
    if len(typed.text) < SHORTEST:
        return []
    places, agencies = _begun_places(typed), _begun_agencies(typed)
    initialled = _initialled(typed) if not places or len(typed.text) <= LONGEST_INITIALS else []
    if not places and not agencies and not initialled:
        places, agencies = misspelt(typed)
    return [_line(thing) for thing in _mixed(typed, initialled, places, agencies)]


def _begun_places(typed: Typed) -> list[Place]:
    """Return places whose name, or name and state, begin so: the finished ones first, then the larger."""
    begins = Q(search_key__startswith=typed.text) | Q(search_key__in=state_keys(typed.text))
    if typed.state:
        begins |= Q(search_key__startswith=typed.name, state=typed.state)
    for name in other_spellings(typed.name):
        if not typed.name.startswith(name):  # "union" is no other word for "union city" while one types.
            begins |= Q(search_key__startswith=name, **({"state": typed.state} if typed.state else {}))
    finished = Q(search_key__regex=rf"^{typed.name} [a-z]{{2}}$")
    rank = Case(When(finished, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = Place.objects.filter(begins).select_related("county").annotate(people=PEOPLE, unfinished=rank)
    return list(found.order_by("unfinished", *LARGER_FIRST)[:LIMIT])


def _begun_agencies(typed: Typed) -> list[Agency]:
    """Return agencies whose names hold words that begin so; of two letters, names that begin so."""
    words = holds_words(typed.name) if len(typed.text) > SHORTEST else Q(search_key__startswith=typed.text)
    if typed.state:
        words = (words & Q(state=typed.state)) | holds_words(typed.text)
    return ordered_agencies(words, best_first(typed.name), LIMIT)


def _initialled(typed: Typed) -> list[Agency]:
    """Return the widest agencies with these initials."""
    initials = has_initials(typed.text)
    return ordered_agencies(initials, widest_first(), INITIALLED) if initials else []


def _mixed(typed: Typed, initialled: list[Agency], places: list[Place], agencies: list[Agency]) -> list[Place | Agency]:
    """Return places before agencies, unless a word says that an agency is meant; ICE and CHP before Icehouse Canyon."""
    wide = [agency for agency in initialled if agency.kind in WIDE_KINDS]
    agencies = list(dict.fromkeys([*initialled, *agencies]))
    mixed: list[Place | Agency] = [*wide]
    if typed.wants_agency:
        mixed += [*agencies, *places]
    else:
        mixed += [*places[: PLACES if agencies else LIMIT], *agencies]
    return list(dict.fromkeys(mixed))[:LIMIT]


def _line(thing: Place | Agency) -> Suggestion:
    """Return the line of a place or an agency."""
    county = thing.county.name if thing.county else ""
    return Suggestion(thing.get_absolute_url(), str(thing), thing.get_kind_display(), county)
