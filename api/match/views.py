"""POST /api/v1/match/: a batch of names, each with a decision, its reason and its candidates."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.matching.machine import current_matcher
from agencies.matching.matcher import VERSION
from agencies.matching.verdict import Verdict
from api.errors import InvalidBody
from api.match.base import MatchingView, agency_row, public_ids
from api.match.serializers import AskedNamesSerializer, MatchesSerializer
from api.terms import terms

EXAMPLE = OpenApiExample(
    "Two names",
    value={"names": [{"name": "Union City CA PD"}, {"name": "Auburn Police Department", "context_state": "WA"}]},
    request_only=True,
)


class MatchView(MatchingView):
    """Match printed names to agencies. Nothing that is asked is kept."""

    http_method_names = ["post", "options"]

    @extend_schema(
        summary="Match names to agencies",
        operation_id="match",
        tags=["matching"],
        request=AskedNamesSerializer,
        responses=MatchesSerializer,
        examples=[EXAMPLE],
    )
    def post(self, request: Request) -> Response:
        """Return a result for each name, in the order asked; 50 names count as one request."""
        asked = AskedNamesSerializer(data=request.data)
        if not asked.is_valid():
            raise InvalidBody(_problems(asked.errors))
        names: list[dict[str, str]] = asked.validated_data["names"]
        self.charge_for(len(names))
        matcher = current_matcher()
        verdicts = [matcher.match(**name) for name in names]
        ids = public_ids(verdicts)
        results = [_result(name["name"], verdict, ids) for name, verdict in zip(names, verdicts, strict=True)]
        return Response({"results": results, "matcher_version": VERSION, **terms()})


def _result(name: str, verdict: Verdict, ids: dict[int, UUID]) -> dict[str, Any]:
    """Return one result."""
    return {
        "name": name,
        "decision": verdict.decision,
        "agency": agency_row(verdict.agency, ids) if verdict.agency else None,
        "reason": verdict.reason,
        "candidates": [
            {"agency": agency_row(candidate, ids), "score": candidate.score, "features": candidate.features}
            for candidate in verdict.candidates
        ],
    }


def _problems(errors: Any) -> dict[str, list[str]]:
    """Return DRF's nested errors as messages by path: `names[3].state`."""
    found: dict[str, list[str]] = {}
    for path, message in _flat(errors, ""):
        found.setdefault(path or "body", []).append(message)
    return found


def _flat(errors: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield (path, message) pairs of nested errors."""
    if isinstance(errors, dict):
        for key, value in errors.items():
            if key == "non_field_errors":
                yield from _flat(value, path)
            else:
                yield from _flat(value, f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip("."))
    elif isinstance(errors, list):
        for number, value in enumerate(errors):
            yield from _flat(value, path if isinstance(value, str) else f"{path}[{number}]")
    else:
        yield path, str(errors)
