"""A printed name taken apart: state, sort of body, place words, marks. Pure and table-driven."""

import re
from dataclasses import dataclass, replace

from agencies.folding import fold
from agencies.matching.states import STATE_NAMES
from agencies.matching.tables import ABBREVIATIONS, ACRONYM, ADDRESS, BODIES, CONTRACT, FLAGS, LEVELS, PHRASES, UNIT

_FLAGS = [(flag, re.compile(pattern, re.IGNORECASE)) for flag, pattern in FLAGS]
_BODIES = [(body, re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")) for body, pattern in BODIES]
_FORCES = [(body, pattern) for body, pattern in _BODIES if body != "not_agency"]
_LEVELS = [(level, re.compile(rf"(?<!\S)(?:{pattern})(?!\S)")) for level, pattern in LEVELS]
_STATES = {fold(name): code for code, name in STATE_NAMES.items()}
_COUNTY_NOTE = re.compile(r"\(([A-Za-z. ]+?)\s+(?:County|Co\.?|Parish)\)", re.IGNORECASE)
_PLACE_NOTE = re.compile(r"(?<=\S )\(([A-Z][a-z]+(?: [A-Z][a-z]+)?)\)\s*$")
_MISREAD = {"Ml": "MI", "lL": "IL", "lN": "IN"}
"""Codes as text recognition misreads them."""
_BRACKETS = re.compile(r"[()\[\]]")
_WORD_LIKE_CODES = frozenset({"IN", "OR", "ME", "HI", "OK", "LA", "DE", "CO", "PA", "MA", "AL", "ID", "OH", "SD"})
"""Codes that names also print for something else; they count only where a state is usually printed."""


@dataclass(frozen=True, slots=True)
class ParsedName:
    """The structure of a printed name.

    `state` is the USPS code that the name prints, "" when none; `body` the sort of body (police, sheriff, campus,
    prosecutor, ...; "" when none is printed); `level` the class word of the place (county, city, township, ...);
    `place` the folded words that are left, abbreviations written out; `county` a county printed in brackets behind
    the place; `words` the whole name folded, without state and marks; `flags` what the name carries besides
    (inactive, demo, federal, subnetwork, contract, address).
    """

    text: str
    state: str = ""
    body: str = ""
    level: str = ""
    place: str = ""
    county: str = ""
    words: str = ""
    flags: frozenset[str] = frozenset()

    @property
    def squashed(self) -> str:
        """Return the place without spaces: "de kalb" and "dekalb" are one."""
        return self.place.replace(" ", "")


def parse(text: str) -> ParsedName:
    """Take a printed name apart. Any text gives a result; what is not recognised stays in `place`."""
    flags = {flag for flag, pattern in _FLAGS if pattern.search(text)}
    if ADDRESS.search(text):
        flags.add("address")
    rest = text
    for _, pattern in _FLAGS:
        rest = pattern.sub(" ", rest)
    rest = " ".join(rest.split())
    unit = UNIT.search(rest)
    if unit and _is_force(fold(rest[: unit.start()])) and not _says_body_or_state(unit["unit"]):
        flags.add("subnetwork")
        rest = rest[: unit.start()]
    contract = CONTRACT.search(rest)
    if contract and contract.group(1) not in STATE_NAMES:
        flags.add("contract")
        rest = rest[: contract.start()]
    rest = ACRONYM.sub(lambda found: found.group(0) if found.group(1) in STATE_NAMES else " ", rest)
    county_note = _COUNTY_NOTE.search(rest) or _place_note(rest)
    if county_note:
        rest = f"{rest[: county_note.start()]} {rest[county_note.end() :]}"
    state, rest = take_state(_BRACKETS.sub(" ", rest))
    whole = words = fold(rest)
    body, words = _take(words, _FORCES if _is_force(words) else _BODIES)
    state, words = _state_of_force(state, body, words)
    level, words = _take(words, _LEVELS)
    if "contract" in flags and level in {"city", "town", "village"}:
        body = body or "police"
    return ParsedName(
        text=text,
        state=state,
        body=body,
        level=level,
        place=written_out(words),
        county=written_out(fold(county_note.group(1))) if county_note else "",
        words=written_out(whole),
        flags=frozenset(flags),
    )


def _place_note(text: str) -> re.Match[str] | None:
    """Return a county's name in brackets at the end of a force's name ("(Cuyahoga)"), where there is one."""
    found = _PLACE_NOTE.search(text)
    is_note = found and _is_force(fold(text[: found.start()])) and not _says_body_or_state(found.group(1))
    return found if is_note else None


def _says_body_or_state(text: str) -> bool:
    """Tell whether words name a sort of body or a state: then they are no mere unit or note."""
    words = fold(text)
    return any(pattern.search(words) for _, pattern in _BODIES) or bool(take_state(f"x {text}")[0]) or words in _STATES


def take_state(text: str) -> tuple[str, str]:
    """Return the USPS code that a name prints, and the name without it.

    A code stands in front with a dash ("AR - Alma PD"), at the end ("Alma PD AR"), or before the last words that
    name the body ("Alma AR PD"). Of several the last counts. Codes that are words too ("IN", "CO") count only in
    these places, and only in capitals, as do all others but "Fl" and the like at the end.
    """
    front = re.match(r"\s*([A-Z]{2})\s*[-–—:/]\s*(?=\S)", text)
    if front and front.group(1) in STATE_NAMES:
        return front.group(1), text[front.end() :]
    tokens = re.findall(r"[A-Za-z0-9'’.&]+|[^A-Za-z0-9'’.&\s]+", text)
    tokens = [_MISREAD.get(token, token) for token in tokens]
    words = [index for index, token in enumerate(tokens) if re.search(r"[A-Za-z0-9]", token)]
    codes = [i for order, i in enumerate(reversed(words)) if _is_code(tokens[i].strip("."), order, len(words))]
    if len(codes) > 1 and tokens[codes[0]] == "SD":
        codes = codes[1:]  # "Riverside County CA SD": the sheriff's department
    if not codes:
        return "", text
    return tokens[codes[0]].strip(".").upper(), " ".join(tokens[: codes[0]] + tokens[codes[0] + 1 :])


def _is_code(token: str, from_end: int, length: int) -> bool:
    """Tell whether a word is a state's code: by its letters and by how many words stand behind it."""
    code = token.upper()
    if code not in STATE_NAMES or from_end == length - 1 or length < 2:
        return False
    if token == code:
        return from_end <= (4 if code not in _WORD_LIKE_CODES else 3)
    return token == code.title() and from_end <= 1 and code not in _WORD_LIKE_CODES


def _state_of_force(state: str, body: str, words: str) -> tuple[str, str]:
    """Take a state's full name off the front of a state body's name ("connecticut" of "Connecticut State Police").

    A place may be called like a state ("Indiana PA PD"): without a state body the words stay.
    """
    for name, code in _STATES.items():
        begins = words.startswith(f"{name} ") and body not in {"police", "sheriff", ""}
        if state in {"", code} and (words == name or begins):
            return code, words.removeprefix(name).strip()
    return state, words


def _take(words: str, table: list[tuple[str, re.Pattern[str]]]) -> tuple[str, str]:
    """Take the first kind of the table that stands in the words, with all of its own words, out of them."""
    for kind, pattern in table:
        if pattern.search(words):
            return kind, " ".join(pattern.sub(" ", words).split())
    return "", words


def as_force(parsed: ParsedName) -> ParsedName | None:
    """Return a name read as a city's police or a sheriff, though another word of it says another sort of body.

    "College Park GA PD" may be a city's and "Pueblo CO PD" no tribe's. None where no word says police or sheriff.
    """
    forces = [(body, pattern) for body, pattern in _BODIES if body in {"police", "sheriff"}]
    body, words = _take(parsed.words, forces)
    if not body or parsed.body == body:
        return None
    level, words = _take(words, _LEVELS)
    return replace(parsed, body=body, level=level, place=words)


def _is_force(words: str) -> bool:
    """Tell whether a name says police or sheriff: then no other word of it makes it a private body."""
    return any(pattern.search(words) for body, pattern in _BODIES if body in {"police", "sheriff"})


def written_out(words: str) -> str:
    """Return folded words with abbreviations written out."""
    for phrase, full in PHRASES:
        words = words.replace(phrase, full)
    return " ".join(ABBREVIATIONS.get(word, word) for word in words.split())
