"""A printed name written out: state, sort of body and the place words that are left. Pure."""

import re
from dataclasses import dataclass

from agencies.folding import fold
from agencies.matching.states import STATE_NAMES

MARKS = re.compile(r"\[[^\]]*\]|\((?:inactive|deactivated|turned off|revoked)\)", re.IGNORECASE)
"""Marks that a network's operator adds to a name and that are no part of it."""

BODIES = [
    ("police", ("department of public safety",)),
    ("police", ("police department",)),
    ("police", ("police dept",)),
    ("police", ("police",)),
    ("police", ("pd",)),
    ("police", ("dps",)),
    ("sheriff", ("sheriffs office",)),
    ("sheriff", ("sheriff office",)),
    ("sheriff", ("sheriffs department",)),
    ("sheriff", ("sheriff department",)),
    ("sheriff", ("sheriffs dept",)),
    ("sheriff", ("sheriffs",)),
    ("sheriff", ("sheriff",)),
    ("sheriff", ("so",)),
]
"""Endings that name the sort of body, longest first; "DPS" and "department of public safety" police a city too."""

WORDS = {"twp": "township", "st": "saint", "ste": "sainte", "mt": "mount", "ft": "fort", "univ": "university"}
CLASSES = ("township", "town", "village", "borough", "charter township")


@dataclass(frozen=True, slots=True)
class NameKey:
    """What two names must have in common to be taken for the same body by this matcher."""

    state: str
    body: str
    stem: str

    def twin_stems(self) -> list[str]:
        """Return the stems that a name without a class word could stand for besides its own.

        "Springfield" may be Springfield Township; "Union City" is not Union Township.
        """
        if self.stem.split()[-1:] and self.stem.split()[-1] in CLASSES:
            return []
        return [f"{self.stem} {word}" for word in CLASSES] + [f"{word} of {self.stem}" for word in CLASSES]


def printed_key(printed_name: str) -> NameKey | None:
    """Return the key of a name as printed, or None when it prints no state or no sort of body.

    The state is a USPS code in front ("AR - Alma PD"), at the end ("Union City PD CA", "... (CA)") or right
    before the body ("Union City CA PD"). "CO" there is Colorado; inside a name it is left alone.
    """
    words = fold(MARKS.sub(" ", printed_name)).split()
    state, words = _take_state(words)
    body, words = _take_body(words)
    if not state and body:
        state, words = _take_state(words)
    if not (state and body and words):
        return None
    return NameKey(state, body, _stem(words, body))


def registry_key(name: str, state: str) -> NameKey | None:
    """Return the key of a registry's name, whose state stands beside it; None when it names no sort of body."""
    body, words = _take_body(fold(name).split())
    return NameKey(state, body, _stem(words, body)) if body and words and state else None


def _take_state(words: list[str]) -> tuple[str, list[str]]:
    """Take a USPS code off the end, else off the front; ("", words) when there is none."""
    if len(words) > 1 and words[-1].upper() in STATE_NAMES:
        return words[-1].upper(), words[:-1]
    if len(words) > 2 and words[0].upper() in STATE_NAMES and words[0] not in {"la", "de"}:
        return words[0].upper(), words[1:]
    return "", words


def _take_body(words: list[str]) -> tuple[str, list[str]]:
    """Take the longest ending that names a sort of body; ("", words) when there is none."""
    text = " ".join(words)
    for body, (ending,) in BODIES:
        if text.endswith(f" {ending}"):
            return body, text.removesuffix(f" {ending}").split()
    return "", words


def _stem(words: list[str], body: str) -> str:
    """Write out abbreviations; at the end of a sheriff's name "co" is county."""
    written = [WORDS.get(word, word) for word in words]
    if body == "sheriff" and written[-1] == "co":
        written[-1] = "county"
    if written[:2] == ["city", "of"]:
        written = written[2:]
    return " ".join(written)
