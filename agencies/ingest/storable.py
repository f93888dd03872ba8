"""What the record can hold: refused here with a reason, instead of by the database in the middle of a batch."""

from django.db.models import CharField, Model

from agencies.ingest.parsed import ImportProblem


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


def check_row(row: Model) -> None:
    """Raise ImportProblem for an unsaved row with a text that is too long for its field, or can't be stored."""
    for field in row._meta.concrete_fields:
        value = getattr(row, field.attname, None)
        if not isinstance(value, str):
            continue
        check_text(value, field.name)
        if isinstance(field, CharField) and field.max_length is not None and len(value) > field.max_length:
            raise ImportProblem(f"is longer than {field.max_length} characters: {value[:40]!r}...", field=field.name)
