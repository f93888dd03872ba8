"""What every operation of the OpenAPI document has in common."""

from typing import Any

from api.guide import introduction
from api.leaving import mark_operations
from api.schema_formats import describe_formats

_PROBLEM = {
    "type": "object",
    "description": "RFC 9457 problem document.",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "Kind of problem; about:blank where the title says it all."},
        "title": {"type": "string", "description": "The status in words."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "detail": {"type": "string", "description": "What went wrong."},
        "errors": {
            "type": "array",
            "description": "Query parameters, or fields of the body, that were refused.",
            "items": {
                "type": "object",
                "required": ["parameter", "detail"],
                "properties": {"parameter": {"type": "string"}, "detail": {"type": "string"}},
            },
        },
        "allowed": {
            "type": "array",
            "description": "The parameters there are, where one was unknown.",
            "items": {"type": "string"},
        },
        "withdrawal": {
            "type": "object",
            "description": "Why it is gone.",
            "required": ["kind", "reason", "withdrawn_on"],
            "properties": {
                "kind": {"type": "string"},
                "reason": {"type": "string"},
                "withdrawn_on": {"type": "string", "format": "date"},
            },
        },
    },
}
_ALWAYS = {
    "400": "A query parameter is unknown, repeated, empty or ill-typed.",
    "401": "The API key is unknown, was revoked, or is needed and missing.",
    "406": "None of the accepted media types can be given.",
    "429": "Too many requests; see Retry-After.",
    "500": "Something went wrong here.",
    "503": "The database gave no answer in time.",
}
_BODY = {"413": "The body is too large.", "415": "The body has a media type that is not read."}
_ONE = {"404": "Nothing on record has this name."}
_GONE = {"410": "It was withdrawn; the reason is given."}
_WITHDRAWN = tuple(f"/api/v1/{name}/{{" for name in ("captures", "facts", "releases", "sources", "statements"))
_CONFLICT = {"409": "The key has as many webhooks as it may, or this one was switched off."}
_KEY = "apiKey"
_MOVED = {"308": "It was merged into another record; see Location."}


def add_problems(result: dict[str, Any], **kwargs: Any) -> dict[str, Any]:
    """Add the statuses that an operation can answer with, and the formats of lists (a drf-spectacular hook)."""
    result["info"]["description"] += f"\n\n{introduction()}"
    result["components"]["schemas"]["Problem"] = _PROBLEM
    result["components"]["securitySchemes"] = {_KEY: {"type": "http", "scheme": "bearer"}}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for path, operations in result["paths"].items():
        problems = _ALWAYS | (_ONE if "{" in path else {})
        if path.startswith(_WITHDRAWN):
            problems = problems | _GONE
        for method, operation in operations.items():
            own = _BODY if "requestBody" in operation else {}
            if path.startswith("/api/v1/webhooks/"):
                operation["security"] = [{_KEY: []}]
                own = own | (_CONFLICT if method == "post" else {})
            for status, text in (problems | own).items():
                operation["responses"][status] = {"description": text, "content": content}
            if path.startswith("/api/v1/agencies/{"):
                operation["responses"]["308"] = {"description": _MOVED["308"]}
    describe_formats(result)
    mark_operations(result, kwargs["generator"].endpoints)
    return result
