"""What the OpenAPI document says of formats: the streamed ones of lists, and `fields` of single rows."""

from typing import Any

from api.terms import AS_OF

_TEXT: dict[str, dict[str, str]] = {
    "text/csv": {
        "type": "string",
        "description": "All rows, with a header row (RFC 4180); the columns of a related row are named after both.",
    },
    "application/x-ndjson": {"type": "string", "description": "All rows, each as in `results`, one a line."},
}
_FEATURES: dict[str, Any] = {
    "type": "object",
    "description": "All rows as GeoJSON (RFC 7946).",
    "required": ["type", "as_of", "generated_at", "licence", "attribution", "features"],
    "properties": {
        "type": {"type": "string", "enum": ["FeatureCollection"]},
        "as_of": {"type": ["string", "null"], "format": "date", "description": AS_OF},
        "generated_at": {"type": "string", "format": "date-time"},
        "licence": {"type": "string", "format": "uri"},
        "attribution": {"type": "string"},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "id", "geometry", "properties"],
                "properties": {
                    "type": {"type": "string", "enum": ["Feature"]},
                    "id": {"type": "string", "description": "As in the properties."},
                    "geometry": {
                        "type": ["object", "null"],
                        "additionalProperties": True,
                        "description": "Null where no coordinates are known.",
                    },
                    "properties": {"type": "object", "additionalProperties": True, "description": "The row."},
                },
            },
        },
    },
}
_FORMAT = "How the rows are given: pages of JSON, or all of them in one answer, which counts as ten requests."
_FIELDS: dict[str, Any] = {
    "name": "fields",
    "in": "query",
    "required": False,
    "schema": {"type": "string", "minLength": 1},
    "description": "Only these fields, separated by commas; the others are left out, those that are required too.",
}


def describe_formats(result: dict[str, Any]) -> None:
    """Say what each list gives besides pages of JSON, and that single rows take `fields`."""
    for operations in result["paths"].values():
        if "get" not in operations:
            continue
        operation = operations["get"]
        parameters = operation.get("parameters", [])
        formats = next((one for one in parameters if one["name"] == "format"), None)
        content = operation["responses"]["200"].get("content", {})
        if formats is not None:
            formats["description"] = _FORMAT
            _describe_streams(content, formats["schema"]["enum"])
        elif _is_row(operation):
            parameters.append(_FIELDS)


def _is_row(operation: dict[str, Any]) -> bool:
    """Tell whether an operation gives one row of a resource."""
    return str(operation["operationId"]).endswith("_retrieve")


def _describe_streams(content: dict[str, Any], formats: list[str]) -> None:
    """Give the media types of a list their own schemas: none of them has the envelope."""
    content.update({kind: {"schema": dict(schema)} for kind, schema in _TEXT.items()})
    if "geojson" in formats and "Paginated" in content["application/geo+json"]["schema"]["$ref"]:
        content["application/geo+json"] = {"schema": _FEATURES}
