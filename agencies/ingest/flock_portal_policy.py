"""What a portal declares about sharing: sentences of its own sections in, fixed categories out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from agencies.ingest.flock_portal_fields import Item
from agencies.ingest.parsed import ParsedFact, PrintedName
from agencies.ingest.portal_names import clean

OVERVIEW = "Overview"

DECLARING_HEADING = re.compile(
    r"(?:data )?sharing\b.*|search specifics|(?:system )?access policy|acceptable use policy|prohibited uses"
    r"|restrictions on deployment|disclaimer",
    re.IGNORECASE,
)
"""Headings under which a page may declare whom it shares with (whole, any case)."""

_NOT = r"(?:\b(?:does|do|will|shall|may) not|\bnever|\b(?:won|don|doesn).t)"
_REFUSES = _NOT + r"\s+(?:\w+\s+)?(?:share|sell|disseminate|provide)\b"
_ONLY_WITH = r"\bonly (?:be )?shared?\b"
_NO_EXCEPTION = r"^(?!.*\b(?:except|unless|other than|without|but not)\b)"

CATEGORIES: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(pattern, re.IGNORECASE))
    for name, pattern in (
        ("california_only", _ONLY_WITH + r".*\bother California (?:state|local)\b"),
        ("law_enforcement_only", _ONLY_WITH + r".*\blaw enforcement agenc"),
        ("public_agencies_only", _REFUSES + r".*\bexcept to another public agency\b"),
        (
            "out_of_state_not_shared",
            _NO_EXCEPTION + r".*" + _REFUSES + r".*\b(?:out.of.state|outside (?:of )?California)\b",
        ),
        ("federal_not_shared", _NO_EXCEPTION + r".*" + _REFUSES + r".*\bfederal (?:agenc|law enforcement)"),
        ("private_not_shared", _NO_EXCEPTION + r".*" + _REFUSES + r".*\bprivate (?:entit|compan)"),
        (
            "immigration_not_shared",
            _NO_EXCEPTION
            + r".*(?:"
            + _REFUSES
            + r".*\bfor purposes related to immigration|"
            + _ONLY_WITH
            + r".*\bnever for immigration\b)",
        ),
        ("out_of_state_searches_prohibited", r"searches for out.of.state\b"),
        ("federal_searches_prohibited", r"searches for (?:out.of.state or )?federal agencies"),
        ("immigration_searches_filtered", r"filtered out of any searches related to .*\bimmigration\b"),
        ("reproductive_care_searches_filtered", r"filtered out of any searches related to .*\breproductive care\b"),
    )
)
"""Category and the words of one sentence that declare it. Each was seen on a real portal. Nothing is inferred: a page
that says nothing about federal agencies has no category for them."""

_DRAFT = re.compile(r"\bdraft version\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
LONGEST_SENTENCE = 2000
"""Longest sentence, in characters, that is read; the longest seen has 261."""


@dataclass(frozen=True, slots=True)
class Declared:
    """What a page declares: categories in their fixed order, where they stand, and the overview's words among it."""

    categories: tuple[str, ...] = ()
    headings: tuple[str, ...] = ()
    overview: str = ""
    is_draft: bool = False


def declared(overview: str, items: Iterable[Item], list_headings: Iterable[str]) -> Declared:
    """Return what a page declares about sharing.

    `overview` is the page's opening text, `list_headings` the headings of its lists, one of which goes on with
    sentences. Items are read under the headings of DECLARING_HEADING only, and in the overview only the sentences that
    declare something, or that call the page a draft, are kept.
    """
    found: set[str] = set()
    headings: list[str] = []
    kept = []
    for heading, sentence in _sentences(overview, items, list_headings):
        declares = {name for name, words in CATEGORIES if words.search(sentence)}
        found |= declares
        if declares and heading not in headings:
            headings.append(heading)
        if heading == OVERVIEW and (declares or _DRAFT.search(sentence)):
            kept.append(sentence)
    order = tuple(name for name, _ in CATEGORIES if name in found)
    return Declared(order, tuple(headings), " ".join(kept), bool(_DRAFT.search(overview))) if found else Declared()


def policy_fact(agency: PrintedName, said: Declared) -> ParsedFact:
    """Return the fact of what a page declares; the locator names the headings, and a page that calls itself a draft."""
    place = "; ".join(heading[:60] for heading in said.headings)
    draft = "; the overview calls this page a draft version" if said.is_draft else ""
    return ParsedFact(agency, "sharing_policy", list(said.categories), "flock", locator=place[:150] + draft)


def _sentences(overview: str, items: Iterable[Item], list_headings: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (heading, sentence) of all that may declare something."""
    texts = [(OVERVIEW, clean(overview))]
    texts += [(item.heading, item.text) for item in items if DECLARING_HEADING.fullmatch(item.heading)]
    texts += [(heading, heading) for heading in list_headings]
    for heading, text in texts:
        for sentence in _SENTENCE.split(text):
            if len(sentence) <= LONGEST_SENTENCE:
                yield heading, sentence
