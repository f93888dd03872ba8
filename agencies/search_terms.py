"""What is typed into the search box, read into conditions. No query is made here, and nothing typed is kept."""

import re
from dataclasses import dataclass

from django.db.models import Case, F, IntegerField, OrderBy, Q, Value, When
from django.db.models.functions import Concat
from django.db.models.lookups import Regex
from rapidfuzz.distance import OSA

from agencies.folding import fold
from agencies.matching.states import STATE_NAMES

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
    "saint": "st",
    "us": "u s",
    "uc": "university california",
    "dps": "department public safety",
    "bart": "bay area rapid transit",
}
FILLERS = r"(?:(?:u s|and|of|the|for|city|county) )*"
FIRST_FILLERS = ("u s ", "the ", "city of ", "county of ")
OFFICE_WORDS = frozenset(
    ("police", "pd", "sheriff", "sheriffs", "so", "department", "dept", "dps", "office", "patrol", "marshal")
    + ("constable", "attorney", "da", "campus", "bart")
)
"""Words that say that an agency is meant."""

OFTEN_MISSPELT = ("sheriff", "police", "department")
GENERIC_WORDS = OFFICE_WORDS | {"county"}
"""Words that make names alike that are not: "alamda county sheriff" is nearest to every county's sheriff."""

ENDINGS = sorted(
    ((fold(ending), code) for code, name in STATE_NAMES.items() for ending in (name, code)),
    key=lambda pair: -len(pair[0]),
)
"""States as they end a query, "west virginia" before "virginia"."""


@dataclass(frozen=True)
class Typed:
    """A query as read: `raw` as typed, `text` folded, which is `name` and the USPS code `state` ("" for none)."""

    raw: str
    text: str
    name: str
    state: str

    @property
    def zip_code(self) -> str:
        """Return the five digits where the query is a ZIP code, else ""."""
        found = ZIP.fullmatch(self.raw)
        return found[1] if found else ""

    @property
    def wants_agency(self) -> bool:
        """Tell whether a word says that an agency is meant, not a place."""
        return any(word in OFFICE_WORDS or nearest_office_word(word) for word in self.name.split())


def nearest_office_word(word: str) -> str:
    """Return the usual office word that a word differs from in one letter, as "sheriff" for "sherif"; "" for none."""
    return next((known for known in OFTEN_MISSPELT if OSA.distance(known, word, score_cutoff=1) < 2), "")


def read(query: str) -> Typed:
    """Read a query: cut to length, folded, its state parted."""
    raw = query.replace("\0", "")[:LONGEST].strip()
    text = fold(raw)
    for ending, code in ENDINGS:
        if text.endswith(f" {ending}"):
            return Typed(raw, text, text.removesuffix(f" {ending}"), code)
    return Typed(raw, text, text, "")


def other_spellings(name: str) -> list[str]:
    """Return what else a place of that name may be called in the Census: "city of X" is X, "saint" is "st"."""
    found = [re.sub(r"\bsaint\b", "st", name), re.sub(r"\bst\b", "saint", name)]
    found += [re.sub(r"^(?:the )?(?:city|town|village|borough) of ", "", name), re.sub(r" (?:city|town)$", "", name)]
    found.append(re.sub(r"^county of (.*)$", r"\1 county", name))
    return [spelling for spelling in dict.fromkeys(found) if spelling and spelling != name]


def state_keys(text: str) -> list[str]:
    """Return keys of places that a query means whose state is only begun: "union city cal" -> "union city ca"."""
    parts = text.split()
    splits = [(" ".join(parts[:cut]), " ".join(parts[cut:])) for cut in range(1, len(parts))]
    return [
        f"{name} {code.lower()}"
        for name, begun in splits
        for ending, code in ENDINGS
        if len(begun) > 1 and ending.startswith(begun)
    ]


def holds_words(name: str) -> Q:
    """Return the condition that an agency's name holds words that begin so, usual abbreviations written out."""
    words = " ".join(WRITTEN_OUT.get(word, word) for word in name.split()).split()
    condition = Q()
    for word in words:
        condition &= Q(search_key__startswith=word) | Q(search_key__contains=f" {word}")
    return condition


def has_initials(text: str) -> Q | None:
    """Return the condition that an agency's words begin with the letters, as in LAPD or ICE; None for no initials.

    The last letters of LASD and LASO are a sheriff's, whatever the registry calls the office.
    """
    if not re.fullmatch(r"[a-z]{3,6}", text) or text in OFFICE_WORDS:
        return None
    patterns = [_initials(text) + "( |$)"]
    if sheriff := re.fullmatch(r"([a-z]{1,3}?)c?s[do]", text):
        patterns.append(_initials(sheriff[1]) + r" (?:county )?sheriff")
    starts = Q(search_key__startswith=text[0])
    for filler in FIRST_FILLERS:
        starts |= Q(search_key__startswith=filler)
    # Not a plain column: the trigram index would be asked first, and finds all rows for such a pattern.
    return starts & Q(Regex(Concat("search_key", Value("")), Value(f"^(?:{'|'.join(patterns)})")))


def _initials(letters: str) -> str:
    """Return the pattern of words that begin with the letters, small words between them left out."""
    return " ".join(rf"{FILLERS}{letter}\w*" for letter in letters)


def nearly_named(name: str) -> tuple[str, Q]:
    """Part a misspelt name: its own words, for which to look by likeness, and the condition for its generic ones."""
    words = [nearest_office_word(word) or word for word in name.split()]
    own = [word for word in words if word not in GENERIC_WORDS]
    generic = [word for word in words if word in GENERIC_WORDS]
    return (" ".join(own), holds_words(" ".join(generic))) if own else (" ".join(words), Q())


def best_first(start: str) -> list[OrderBy | Case | str]:
    """Return the order of agencies: those whose name starts with `start`, then the larger."""
    begins = Case(When(search_key__startswith=start, then=Value(0)), default=Value(1), output_field=IntegerField())
    return [begins, F("population_served").desc(nulls_last=True), "name", "pk"]


def widest_first() -> list[OrderBy | Case | str]:
    """Return the order of agencies found by initials: national, then statewide, then the larger."""
    ranks = [When(kind="federal", then=Value(0)), When(kind="state_police", then=Value(1))]
    rank = Case(*ranks, default=Value(2), output_field=IntegerField())
    return [rank, F("population_served").desc(nulls_last=True), "name", "pk"]
