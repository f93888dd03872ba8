"""What the record can hold: refused here with a reason, instead of by the database in the middle of a batch."""

import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import cache
from typing import Any, NamedTuple

from django.db.models import CharField, Model, URLField
from django.utils.timezone import localdate

from agencies.ingest.parsed import ImportProblem
from agencies.models import Capture

_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")

LEAD = timedelta(days=2 * 366)
"""How far ahead of the clock a document's date may lie: a slip of the pen lies further, a slow clock not."""


SLACK = timedelta(days=1)
"""How far before a document's own date its retrieval may lie: it was another day there, by the clock."""


def check_text(text: str, field: str) -> None:
    """Raise ImportProblem for text that PostgreSQL can't store: with a NUL character, or with half a character."""
    if text.isprintable():
        return
    if "\x00" in text:
        raise ImportProblem("has a NUL character", field=field)
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise ImportProblem(f"is no Unicode text: {error.reason}", field=field) from error


def check_address(text: str, field: str) -> None:
    """Raise ImportProblem for what is no address of the web: pages link to it. An empty one is none."""
    if text and not _WEB_ADDRESS.fullmatch(text):
        raise ImportProblem(f"{text[:60]!r} is no web address (http or https)", field=field)


def check_row(row: Model) -> None:
    """Raise ImportProblem as `check_values` does for all that an unsaved row holds."""
    check_values(type(row), vars(row))


def check_values(model: type[Model], values: Mapping[str, Any]) -> None:
    """Raise ImportProblem for a text among a row's values, by field, that its field can't hold.

    That is one too long, outside the field's choices, no web address where one belongs, or not to be stored at all.
    """
    for name, longest, is_address, words in _limits(model):
        value = values.get(name)
        if not isinstance(value, str):
            continue
        check_text(value, name)
        if longest is not None and len(value) > longest:
            raise ImportProblem(f"is longer than {longest} characters: {value[:40]!r}...", field=name)
        if is_address:
            check_address(value, name)
        if words and value not in words:
            raise ImportProblem(f"{value[:40]!r} is not one of: {', '.join(words)}", field=name)


def check_capture(values: Mapping[str, Any]) -> None:
    """Raise ImportProblem as `check_values` does for a capture's values, for a SHA-256 that is none, a date far ahead,
    and as `check_retrieved` does.

    All of its dates and its SHA-256 are among them.
    """
    check_values(Capture, values)
    latest = localdate() + LEAD
    for name in ("published_on", "retrieved_on", "first_reported_on"):
        if values[name] is not None and values[name] > latest:
            raise ImportProblem(f"{values[name]} is still to come", field=name)
    check_retrieved(values["retrieved_on"], values["published_on"])
    if values["sha256"] and not _SHA256.fullmatch(values["sha256"]):
        raise ImportProblem(f"{values['sha256'][:70]!r} is not 64 lower-case hex digits", field="sha256")


def check_retrieved(retrieved_on: date | None, published_on: date | None) -> None:
    """Raise ImportProblem for a copy retrieved before the document's own date by more than SLACK: one of them is wrong.

    Of two copies of one day the one retrieved first counts, so that a slip of the year would take the true one's place.
    """
    if retrieved_on and published_on and retrieved_on < published_on - SLACK:
        said = f"{retrieved_on} is before the document's own date, {published_on}"
        raise ImportProblem(said, field="retrieved_on")


class _Limit(NamedTuple):
    """What a field asks of a text: its greatest length, to be a web address, to be one of some words."""

    name: str
    longest: int | None
    is_address: bool
    words: tuple[str, ...]


@cache
def _limits(model: type[Model]) -> list[_Limit]:
    """Return what the fields of a model ask of texts; worked out once, because rows are checked by the thousands."""
    fields: list[Any] = [field for field in model._meta.concrete_fields if not field.is_relation]
    return [
        _Limit(
            field.name,
            field.max_length if isinstance(field, CharField) else None,
            isinstance(field, URLField),
            tuple(str(choice) for choice, _ in field.flatchoices),
        )
        for field in fields
    ]
