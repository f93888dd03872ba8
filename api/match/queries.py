"""Queries of the Reconciliation API read exactly: JSON in, names to match out. Pure."""

import json
from dataclasses import dataclass
from typing import Any

from agencies.folding import fold
from agencies.matching.states import STATE_NAMES
from agencies.models import Agency
from api.errors import InvalidBody
from api.match.base import LONGEST_NAME, MOST_NAMES

ANY_KIND = "agency"
KINDS: dict[str, str] = {str(value): str(label) for value, label in Agency.Kind.choices}
PROPERTIES = {
    "state": "State beside the name, as a two-letter code or written out.",
    "city": "City beside the name.",
    "context_state": "State of the document's agency: a hint, which alone never decides.",
}
MOST_CANDIDATES = 5
_CODES = {fold(name): code for code, name in STATE_NAMES.items()}


@dataclass(frozen=True, slots=True)
class Query:
    """One name to match. `kinds` is empty for any; `certain` is false where a state given is none we know."""

    name: str
    kinds: frozenset[str]
    limit: int
    state: str = ""
    city: str = ""
    context_state: str = ""
    certain: bool = True


def read_queries(text: str) -> dict[str, Query]:
    """Return the queries of a batch by their ids. Raises InvalidBody that names each one that cannot be read."""
    try:
        batch = json.loads(text)
    except ValueError as error:
        raise InvalidBody({"queries": ["Not JSON."]}) from error
    if not isinstance(batch, dict) or not 1 <= len(batch) <= MOST_NAMES:
        raise InvalidBody({"queries": [f"An object of 1 to {MOST_NAMES} queries by their ids."]})
    found: dict[str, Query] = {}
    problems: dict[str, list[str]] = {}
    for ident, query in batch.items():
        try:
            found[ident] = _query(query)
        except ValueError as problem:
            problems[f"queries.{ident}"[:100]] = [str(problem)]
    if problems:
        raise InvalidBody(problems)
    return found


def _query(query: Any) -> Query:
    """Return one query. Raises ValueError with a sentence."""
    if not isinstance(query, dict):
        raise ValueError("A query is an object.")
    name, limit = query.get("query"), query.get("limit", MOST_CANDIDATES)
    if not isinstance(name, str) or not 1 <= len(name.strip()) <= LONGEST_NAME:
        raise ValueError(f"`query` is a name of 1 to {LONGEST_NAME} characters.")
    if not isinstance(limit, int) or isinstance(limit, bool) or limit < 1:
        raise ValueError("`limit` is a whole number of at least 1.")
    values = _properties(query.get("properties", []))
    states = {key: _state(values.get(key, "")) for key in ("state", "context_state")}
    return Query(
        name=name.strip(),
        kinds=_kinds(query.get("type", [])),
        limit=min(limit, MOST_CANDIDATES),
        state=states["state"] or "",
        context_state=states["context_state"] or "",
        city=values.get("city", "")[:100],
        certain=None not in states.values(),
    )


def _kinds(asked: Any) -> frozenset[str]:
    """Return the kinds asked for."""
    kinds = [asked] if isinstance(asked, str) else asked
    if not isinstance(kinds, list) or not all(isinstance(kind, str) for kind in kinds):
        raise ValueError("`type` is the id of a type, or an array of them.")
    if unknown := sorted(set(kinds) - KINDS.keys() - {ANY_KIND}):
        raise ValueError(f"No such type: {unknown[0][:50]}. There are {ANY_KIND}, {', '.join(KINDS)}.")
    return frozenset() if ANY_KIND in kinds else frozenset(kinds)


def _properties(given: Any) -> dict[str, str]:
    """Return the values of the properties by their ids; of several values the first counts."""
    if not isinstance(given, list) or not all(isinstance(row, dict) and "pid" in row and "v" in row for row in given):
        raise ValueError("`properties` is an array of objects with `pid` and `v`.")
    found: dict[str, str] = {}
    for row in given:
        if row["pid"] not in PROPERTIES:
            raise ValueError(f"No such property: {str(row['pid'])[:50]}. There are {', '.join(PROPERTIES)}.")
        found.setdefault(row["pid"], _text(row["v"]).strip())
    return found


def _text(value: Any) -> str:
    """Return the text of a property's value: of an array its first, of an entity its name."""
    if isinstance(value, list):
        return _text(value[0]) if value else ""
    if isinstance(value, dict):
        return _text(value.get("name") or value.get("id") or "")
    return "" if value is None else str(value)


def _state(text: str) -> str | None:
    """Return the code of a state, "" for none given, None for one that we do not know."""
    if not text or text.upper() in STATE_NAMES:
        return text.upper()
    return _CODES.get(fold(text))
