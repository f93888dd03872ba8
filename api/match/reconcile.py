"""The Reconciliation API, version 0.2, at /api/v1/reconcile/: what OpenRefine and its like ask for agencies.

Specification: https://www.w3.org/community/reports/reconciliation/CG-FINAL-specs-0.2-20230410/. JSONP, which it leaves
open, is not served; data extension and preview are not offered.
"""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.parsers import FormParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.matching.machine import current_matcher
from agencies.matching.verdict import Candidate, Verdict
from api.base import site_of
from api.errors import InvalidBody
from api.match.base import MatchingView
from api.match.queries import ANY_KIND, KINDS, Query, read_queries
from api.match.shapes import ANSWER, BATCH, FORM

QUERIES = OpenApiParameter("queries", str, description="Queries by their ids, as JSON. Without it: the manifest.")


class ReconcileView(MatchingView):
    """Reconcile names with agencies. Nothing that is asked is kept."""

    http_method_names = ["get", "head", "post", "options"]
    parser_classes = [FormParser, MultiPartParser]

    def allowed_parameters(self) -> set[str]:
        """Take `queries` in the address of a GET."""
        return {"format", "queries"} if self.request.method != "POST" else {"format"}

    @extend_schema(
        summary="Reconciliation service: manifest, or matches",
        operation_id="reconcile",
        tags=["matching"],
        parameters=[QUERIES],
        responses={200: ANSWER},
    )
    def get(self, request: Request) -> Response:
        """Return the manifest, or the candidates of each query."""
        asked = request.query_params.get("queries")
        return Response(manifest(site_of(request)) if asked is None else self._answer(asked))

    @extend_schema(
        summary="Reconciliation service: matches",
        operation_id="reconcile_batch",
        tags=["matching"],
        request={"application/x-www-form-urlencoded": FORM},
        responses={200: BATCH},
    )
    def post(self, request: Request) -> Response:
        """Return the candidates of each query in the form's field `queries`; 50 count as one request."""
        asked = request.data.get("queries") if isinstance(request.data, dict) else None
        if not isinstance(asked, str) or len(request.data) > 1:
            raise InvalidBody({"queries": ["A form with this one field is needed: queries by their ids, as JSON."]})
        return Response(self._answer(asked))

    def _answer(self, asked: str) -> dict[str, Any]:
        """Return the result batch."""
        queries = read_queries(asked)
        self.charge_for(len(queries))
        matcher = current_matcher()
        return {
            ident: {
                "result": _results(
                    query,
                    matcher.match(query.name, context_state=query.context_state, city=query.city, state=query.state),
                )
            }
            for ident, query in queries.items()
        }


def manifest(site: str) -> dict[str, Any]:
    """Return what the service says of itself."""
    return {
        "versions": ["0.2"],
        "name": "ALPR Sharing Atlas: law-enforcement agencies",
        "identifierSpace": f"{site}/agencies/",
        "schemaSpace": f"{site}/api/v1/schema/",
        "defaultTypes": [{"id": ANY_KIND, "name": "Agency of any kind"}],
        "documentation": f"{site}/api/v1/docs/",
        "view": {"url": f"{site}/agencies/{{{{id}}}}/"},
    }


def _results(query: Query, verdict: Verdict) -> list[dict[str, Any]]:
    """Return the candidates of a query's kinds, best first."""
    found = [candidate for candidate in verdict.candidates if not query.kinds or candidate.kind in query.kinds]
    return [_result(query, candidate, verdict) for candidate in found[: query.limit]]


def _result(query: Query, candidate: Candidate, verdict: Verdict) -> dict[str, Any]:
    """Return a candidate; it is a match only where the matcher accepts it, and every state given is one."""
    accepted = verdict.agency is not None and verdict.agency.agency == candidate.agency
    where = f"{KINDS[candidate.kind]}, {candidate.state or 'national'}"
    return {
        "id": candidate.slug,
        "name": candidate.name,
        "description": f"{where}, ORI {candidate.ori}" if candidate.ori else where,
        "type": [{"id": candidate.kind, "name": KINDS[candidate.kind]}],
        "score": round(100 * candidate.score, 2),
        "match": accepted and query.certain,
        "features": [{"id": name, "value": value} for name, value in candidate.features.items()],
    }
