"""GET /api/v1/agencies/{id}/reach/ and /api/v1/routes/: does it reach ICE, and along which chains of links."""

from datetime import date

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.exceptions import APIException, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agencies.models import Agency, SharingLink
from agencies.network.bodies import reached_bodies
from agencies.network.graph_store import GraphNotBuiltError
from agencies.network.ladder import ladder
from agencies.network.paths import MOST_HOPS
from agencies.network.reach import seen_from
from agencies.network.routes import DEFAULT_HOPS, Routes, routes
from agencies.route_form import EARLIEST
from api.base import PublicView, site_of
from api.errors import InvalidParameters
from api.lookups import find_agency, replacement_of
from api.reach import reach_payload, routes_payload
from api.serializers.reach import ReachSerializer, RoutesSerializer
from api.terms import terms

MOST_ROUTES, FIRST_ROUTES = 100, 20

_ID = OpenApiParameter("id", str, OpenApiParameter.PATH, description="Id (UUID) or slug; a merged one answers 308.")
_AS_OF = OpenApiParameter(
    "as_of", date, description="Replay all documents up to this day (YYYY-MM-DD), under today's matching of names."
)
_ROUTES = [
    OpenApiParameter("from", str, required=True, description="Whose plate reads: id or slug."),
    OpenApiParameter("to", str, description="Who may see them: id or slug. Without: ICE, CBP and their parts."),
    OpenApiParameter(
        "hops",
        {"type": "integer", "minimum": 1, "maximum": MOST_HOPS, "default": DEFAULT_HOPS},
        description="Links that a route may have.",
    ),
    OpenApiParameter(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": MOST_ROUTES, "default": FIRST_ROUTES},
        description="Routes to list, of the current and of the past ones; the totals count all.",
    ),
    _AS_OF,
]


class NotBuilt(APIException):
    """The graph of this day is not built yet."""

    status_code = 503
    default_detail = "The graph of this day is being built. Ask again later, or for another day."


class ReachView(PublicView):
    """Does it reach ICE? An agency's ladder."""

    def allowed_parameters(self) -> set[str]:
        """Take a day."""
        return {"format", "as_of"}

    @extend_schema(
        summary="Does an agency's reads reach ICE?",
        operation_id="agencies_reach",
        tags=["agencies"],
        parameters=[_ID, _AS_OF],
        responses=ReachSerializer,
    )
    def get(self, request: Request, id: str) -> Response:
        """Return the ladder of an agency as of a day; a constant number of queries."""
        agency = find_agency(id)
        if agency is None:
            raise NotFound("No agency has this id or slug.")
        if agency.merged_into_id:
            return self._moved(agency)
        try:
            day = _day(request)
            found, seen = ladder(agency, day), seen_from(agency) if day is None else None
        except GraphNotBuiltError as error:
            raise NotBuilt from error
        return Response({**reach_payload(found, seen, site_of(request)), **terms()})

    def _moved(self, agency: Agency) -> Response:
        """Answer 308 with the address of the record that replaces a merged one."""
        address = reverse("api:agency-reach", args=[replacement_of(agency).uuid], request=self.request)
        query = self.request.META.get("QUERY_STRING", "")
        return Response(
            {"merged_into": address}, status=308, headers={"Location": f"{address}?{query}" if query else address}
        )


class RoutesView(PublicView):
    """Chains of links between two agencies."""

    def allowed_parameters(self) -> set[str]:
        """Take both ends, the number of links, a day, and how many to list."""
        return {"format", "from", "to", "hops", "as_of", "limit"}

    @extend_schema(
        summary="Routes between agencies",
        operation_id="routes",
        tags=["routes"],
        parameters=_ROUTES,
        responses=RoutesSerializer,
    )
    def get(self, request: Request) -> Response:
        """Return the routes from one agency to another, else to ICE, CBP and their parts."""
        origin, target = _agency(request, "from"), _agency(request, "to", required=False)
        if origin is None or origin == target:
            raise InvalidParameters({"to": ["Another agency than `from`."]})
        found = _routes(request, origin, target)
        is_researched = bool(found.total) or SharingLink.objects.filter(grantor=origin).exists()
        payload = routes_payload(found, target is None, is_researched, site_of(request))
        return Response({**payload, **terms()})


def _routes(request: Request, origin: Agency, target: Agency | None) -> Routes:
    """Return the routes that the parameters ask for."""
    hops = _number(request, "hops", DEFAULT_HOPS, MOST_HOPS)
    limit = _number(request, "limit", FIRST_ROUTES, MOST_ROUTES)
    targets = [target] if target else reached_bodies()
    try:
        return routes(origin, targets, hops=hops, as_of=_day(request), limit=limit)
    except GraphNotBuiltError as error:
        raise NotBuilt from error


def _agency(request: Request, name: str, required: bool = True) -> Agency | None:
    """Return the agency that a parameter names, or what it was merged into; None where it is left out."""
    key = request.query_params.get(name)
    if key is None and not required:
        return None
    found = find_agency(key) if key else None
    if found is None:
        raise InvalidParameters({name: ["No agency has this id or slug." if key else "The id or slug of an agency."]})
    return replacement_of(found)


def _number(request: Request, name: str, default: int, most: int) -> int:
    """Return a whole number from 1 up to the most that is allowed."""
    text = request.query_params.get(name, str(default))
    if not (text.isascii() and text.isdigit() and len(text) < 4 and 1 <= int(text) <= most):
        raise InvalidParameters({name: [f"A whole number from 1 to {most}."]})
    return int(text)


def _day(request: Request) -> date | None:
    """Return the day asked for; None for the record as it stands."""
    text = request.query_params.get("as_of")
    if text is None:
        return None
    try:
        found = date.fromisoformat(text) if len(text) == len("2026-11-24") else None
    except ValueError:
        found = None
    if found is None or not EARLIEST <= found <= timezone.localdate():
        raise InvalidParameters({"as_of": [f"A day from {EARLIEST} to today, written YYYY-MM-DD."]})
    return found
