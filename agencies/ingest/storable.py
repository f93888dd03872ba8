"""What the record can hold: refused here with a reason, instead of by the database in the middle of a batch."""

import re
from datetime import timedelta

from django.db.models import CharField, Field, Model, URLField
from django.utils.timezone import localdate

from agencies.ingest.parsed import ImportProblem
from agencies.models import Capture

_WEB_ADDRESS = re.compile(r"https?://[^\s/?#]\S*", re.IGNORECASE)
_SHA256 = re.compile(r"[0-9a-f]{64}")

LEAD = timedelta(days=2 * 366)
"""How far ahead of the clock a document's date may lie: a slip of the pen lies further, a slow clock not."""


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
    """Raise ImportProblem for an unsaved row with a text that its field can't hold.

    That is one too long, outside the field's choices, no web address where one belongs, or not to be stored at all.
    """
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname, None)
        if isinstance(value, str):
            _check_cell(field, value)


def check_capture(row: Capture) -> None:
    """Raise ImportProblem as `check_row` does, for a SHA-256 that is none, and for a date far ahead."""
    check_row(row)
    for name in ("published_on", "retrieved_on", "first_reported_on"):
        day = getattr(row, name)
        if day is not None and day > localdate() + LEAD:
            raise ImportProblem(f"{day} is still to come", field=name)
    if row.sha256 and not _SHA256.fullmatch(row.sha256):
        raise ImportProblem(f"{row.sha256[:70]!r} is not 64 lower-case hex digits", field="sha256")


def _check_cell(field: "Field[str, str]", value: str) -> None:
    check_text(value, field.name)
    if isinstance(field, CharField) and field.max_length is not None and len(value) > field.max_length:
        raise ImportProblem(f"is longer than {field.max_length} characters: {value[:40]!r}...", field=field.name)
    if isinstance(field, URLField):
        check_address(value, field.name)
    if field.choices and value not in (known := [str(choice) for choice, _ in field.flatchoices]):
        raise ImportProblem(f"{value[:40]!r} is not one of: {', '.join(known)}", field=field.name)
