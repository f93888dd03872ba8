"""What every view of the API does: CORS, rate headers, and no unknown query parameter."""

import logging
from functools import partial
from typing import Any

from django.http import HttpResponse
from rest_framework.exceptions import APIException
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.conditional import etag_of, not_modified, stamp
from api.kept_answers import keep, kept_answer
from api.leaving import Leaving
from api.parameters import check_parameters

logger = logging.getLogger(__name__)

_EXPOSED = (
    "Deprecation, ETag, Link, Location, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset, Retry-After, Sunset"
)


def site_of(request: Request) -> str:
    """Return the scheme and host that the request came to, without a final slash."""
    return f"{request.scheme}://{request.get_host()}"


class PublicView(APIView):
    """A view that any page of any site may read, and that refuses query parameters it does not know."""

    http_method_names = ["get", "head", "options"]
    strict_parameters = True
    follows_from_record = False
    """Whether the answer to a GET is the same until the record changes: then it has an ETag."""
    keeps_answers = False
    """Whether such answers are kept in memory, where nobody typed what they are about."""
    leaving: Leaving | None = None
    """Since when, and until when, where the resource is to go: set by `api.leaving.leaving`."""
    etag = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer at once where the client, or this process, has the answer already."""
        known = None
        if self.follows_from_record and request.method in ("GET", "HEAD"):
            try:
                known = self._known(request)
            except Exception:
                # Database or cache are away: what follows fails as well, and says so in a problem document.
                logger.warning("no ETag for an API answer", exc_info=True)
                self.etag = ""
        return known or super().dispatch(request, *args, **kwargs)

    def _known(self, request: Any) -> HttpResponse | None:
        """Return a 304, before anything is counted or read, or the answer that is kept; None where there is neither."""
        # Made before anything is read: a change in between makes the next answer new, never this one stale.
        self.etag = etag_of(request)
        if (unchanged := not_modified(request, self.etag)) is not None:
            self._open(unchanged)
            return unchanged
        if self.keeps_answers and (known := kept_answer(self.etag)) is not None and self._is_counted(request):
            _tell_limits(request, known)
            return known
        return None

    def _open(self, response: Any) -> None:
        """Let any site read the answer, and say where the resource is to go."""
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        if self.leaving is not None:
            self.leaving.stamp(response)

    def _is_counted(self, request: Any) -> bool:
        """Count a request that is answered from memory; False where it is refused, which is said the usual way."""
        try:
            return all(throttle.allow_request(Request(request), self) for throttle in self.get_throttles())
        except APIException:
            return False

    def allowed_parameters(self) -> set[str]:
        """Return the query parameters that the request may have."""
        return {"format"}

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Check the parameters, once the request has been counted."""
        super().initial(request, *args, **kwargs)
        if self.strict_parameters and request.method in ("GET", "HEAD"):
            check_parameters(request.query_params, self.allowed_parameters())

    def options(self, request: Any, *args: Any, **kwargs: Any) -> Response:
        """Answer a browser's preflight question."""
        methods = ", ".join(method.upper() for method in self.http_method_names)
        headers = {
            "Allow": methods,
            "Access-Control-Allow-Methods": methods,
            "Access-Control-Allow-Headers": "Accept, Authorization, Content-Type, If-None-Match",
            "Access-Control-Max-Age": "86400",
        }
        return Response(status=204, headers=headers)

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let any site read the answer, and say how much more may be asked."""
        response = super().finalize_response(request, response, *args, **kwargs)
        self._open(response)
        plain = getattr(request, "_request", request)
        if self.etag and response.status_code == 200:
            stamp(response, self.etag)
            if self.keeps_answers and isinstance(response, Response):
                response.add_post_render_callback(partial(keep, plain, self.etag))
        _tell_limits(plain, response)
        return response


def _tell_limits(request: Any, response: Any) -> None:
    """Say how much more the reader may ask, where it was counted."""
    limits = getattr(request, "rate_limit", None)
    for name, value in zip(("Limit", "Remaining", "Reset"), limits or (), strict=False):
        response.headers[f"RateLimit-{name}"] = str(value)
