"""What every view of the API does: CORS, rate headers, and no unknown query parameter."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from api.conditional import etag_of, not_modified, stamp
from api.parameters import check_parameters

_EXPOSED = "ETag, Link, Location, Retry-After, RateLimit-Limit, RateLimit-Remaining, RateLimit-Reset"


def site_of(request: Request) -> str:
    """Return the scheme and host that the request came to, without a final slash."""
    return f"{request.scheme}://{request.get_host()}"


class PublicView(APIView):
    """A view that any page of any site may read, and that refuses query parameters it does not know."""

    http_method_names = ["get", "head", "options"]
    strict_parameters = True
    follows_from_record = False
    """Whether the answer to a GET is the same until the record changes: then it has an ETag."""
    etag = ""

    def dispatch(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer 304 before anything is counted or read where the client has the answer already."""
        if self.follows_from_record and request.method in ("GET", "HEAD"):
            # Made before anything is read: a change in between makes the next answer new, never this one stale.
            self.etag = etag_of(request)
            if (unchanged := not_modified(request, self.etag)) is not None:
                unchanged.headers["Access-Control-Allow-Origin"] = "*"
                unchanged.headers["Access-Control-Expose-Headers"] = _EXPOSED
                return unchanged
        return super().dispatch(request, *args, **kwargs)

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
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Access-Control-Expose-Headers"] = _EXPOSED
        plain = getattr(request, "_request", request)
        if self.etag and response.status_code == 200:
            stamp(response, self.etag)
        limits = getattr(plain, "rate_limit", None)
        for name, value in zip(("Limit", "Remaining", "Reset"), limits or (), strict=False):
            response.headers[f"RateLimit-{name}"] = str(value)
        return response
