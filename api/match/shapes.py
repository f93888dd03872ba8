"""The Reconciliation API's messages as JSON schemas, for the OpenAPI document."""

from typing import Any

_TEXT: dict[str, Any] = {"type": "string"}
_TYPE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {"id": _TEXT, "name": _TEXT},
}
_CANDIDATE: dict[str, Any] = {
    "type": "object",
    "required": ["id", "name", "description", "type", "score", "match", "features"],
    "properties": {
        "id": {"type": "string", "description": "Slug of the agency; with identifierSpace before it, its address."},
        "name": {"type": "string", "description": "Its name."},
        "description": {"type": "string", "description": "Kind, state and ORI."},
        "type": {"type": "array", "items": _TYPE, "description": "Its kind."},
        "score": {"type": "number", "description": "Calibrated probability, 0 to 100."},
        "match": {"type": "boolean", "description": "Whether the matcher accepts it by itself."},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["id", "value"],
                "properties": {"id": _TEXT, "value": {"type": "number"}},
            },
        },
    },
}
BATCH: dict[str, Any] = {
    "type": "object",
    "description": "Results by the queries' ids.",
    "additionalProperties": {
        "type": "object",
        "required": ["result"],
        "properties": {"result": {"type": "array", "items": _CANDIDATE}},
    },
}
_MANIFEST: dict[str, Any] = {
    "type": "object",
    "description": "What the service says of itself.",
    "required": ["versions", "name", "identifierSpace", "schemaSpace", "view"],
    "properties": {
        "versions": {"type": "array", "items": _TEXT},
        "name": _TEXT,
        "identifierSpace": {"type": "string", "format": "uri"},
        "schemaSpace": {"type": "string", "format": "uri"},
        "defaultTypes": {"type": "array", "items": _TYPE},
        "documentation": {"type": "string", "format": "uri"},
        "view": {"type": "object", "required": ["url"], "properties": {"url": _TEXT}},
    },
}
ANSWER: dict[str, Any] = {"anyOf": [_MANIFEST, BATCH]}
FORM: dict[str, Any] = {
    "type": "object",
    "required": ["queries"],
    "properties": {
        "queries": {
            "type": "string",
            "description": "JSON: queries by their ids, each with `query`, and perhaps `type`, `limit`, `properties`.",
        }
    },
}
