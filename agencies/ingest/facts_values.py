"""What cells of a facts file may say: values of facts by their field, printed names with their states, dates."""

import json
import sys
from collections.abc import Callable
from datetime import date

from agencies.ingest.parsed import ImportProblem, PrintedName
from agencies.ingest.portal_names import US_STATES
from agencies.ingest.storable import check_address, check_text
from agencies.models import Alias, FactField

STATES = US_STATES | {"AS", "GU", "MP", "VI"}
"""USPS codes of all states and territories that have counties in the places file."""

LONGEST_NAME = Alias._meta.get_field("printed_name").max_length or sys.maxsize
"""Characters of a printed name that the record holds."""


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_yes_or_no(value: object) -> bool:
    return isinstance(value, bool)


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, str) for part in value)


def _is_objects(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)


def _is_object_of_texts(value: object) -> bool:
    return isinstance(value, dict) and all(isinstance(part, str) for part in value.values())


def _is_numbers_by_month(value: object) -> bool:
    return isinstance(value, dict) and all(
        isinstance(reasons, dict) and all(map(_is_number, reasons.values())) for reasons in value.values()
    )


Kind = tuple[Callable[[object], bool], str]
"""What tells whether a value is of a kind, and the kind in words."""

_NUMBER: Kind = _is_number, "a whole number, 0 or more"
_YES_OR_NO: Kind = _is_yes_or_no, "true or false"
_TEXTS: Kind = _is_texts, "a list of texts"
_LISTED: dict[FactField, Kind] = {
    FactField.HOTLISTS: _TEXTS,
    FactField.DETECTED: _TEXTS,
    FactField.NOT_DETECTED: _TEXTS,
    FactField.PROHIBITED_USES: _TEXTS,
    FactField.POLICY_URL: _TEXTS,
    FactField.SHARING_POLICY: _TEXTS,
    FactField.CONTRIBUTORS_PRIVATE: _TEXTS,
    FactField.AUDIT_PUBLISHED: _YES_OR_NO,
    FactField.SEARCHES_SEEN: (_is_numbers_by_month, "an object of numbers by reason, by month"),
    FactField.AGREEMENTS_287G: (_is_objects, "a list of objects"),
    FactField.RECORDS_SUIT: (_is_object_of_texts, "an object of texts"),
}
KINDS: dict[str, Kind] = {field.value: _LISTED.get(field, _NUMBER) for field in FactField}
"""What the values of each field are: those not told apart above are counts, or days."""


def _no_number(text: str) -> None:
    """Refuse NaN and Infinity, which JSON has not."""
    raise ValueError(f"{text} is no number")


def read_value(text: str, field: str) -> object:
    """Return the value of a field of FactField, from JSON.

    Raises ImportProblem for what is no JSON, can't be stored, or is not of the field's kind.
    """
    try:
        value = json.loads(text, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise ImportProblem(f"{text[:40]!r} is not JSON: {error}", field="value") from error
    _check_value(field, value)
    return value


def _check_value(field: str, value: object) -> None:
    """Raise ImportProblem for a known value that is not of its field's kind, or holds text that can't be stored."""
    is_of_kind, kind = KINDS[field]
    plain = json.dumps(value, ensure_ascii=False)
    if not is_of_kind(value):
        raise ImportProblem(f"{plain[:40]} is not what {field} is: {kind}", field="value")
    if "\\u0000" in plain:
        raise ImportProblem("has a NUL character", field="value")
    check_text(plain, "value")
    if field == FactField.POLICY_URL and isinstance(value, list):
        for address in value:
            check_address(address, "value")


def read_name(text: str, state: str, column: str) -> PrintedName:
    """Return a printed name with its state; raises ImportProblem where it is empty, too long, or no state's."""
    if not text:
        raise ImportProblem("is empty", field=column)
    if len(text) > LONGEST_NAME:
        raise ImportProblem(f"is longer than {LONGEST_NAME} characters: {text[:40]!r}...", field=column)
    if state and state not in STATES:
        raise ImportProblem(f"{state[:20]!r} is no state's USPS code", field=f"{column}_state")
    return PrintedName(text, state)


def read_date(text: str, column: str) -> date | None:
    """Return a date, None for an empty cell; raises ImportProblem for what is no date."""
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise ImportProblem(f"{text[:40]!r} is not a date (YYYY-MM-DD)", field=column) from error
