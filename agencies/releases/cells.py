"""Values as the text files of a release hold them, and back."""

import json
from datetime import date
from typing import Any

from agencies.releases.tables import Column


def to_text(value: Any, column: Column) -> str:
    """Return a value as a cell: empty for unknown, JSON where any type may stand, ISO 8601 for dates."""
    if value is None:
        return ""
    if column.type == "any":
        return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    if isinstance(value, date):
        return value.isoformat()
    return str(value)


def from_text(text: str, column: Column) -> Any:
    """Return the value of a cell; None for an empty one. Free values stay JSON text: their type differs by row."""
    if not text:
        return None
    match column.type:
        case "integer":
            return int(text)
        case "number":
            return float(text)
        case "date":
            return date.fromisoformat(text)
    return text


def to_json(value: Any, column: Column) -> Any:
    """Return a value read from a cell as JSON has it."""
    if value is not None and column.type == "any":
        return json.loads(value)
    return value.isoformat() if isinstance(value, date) else value
