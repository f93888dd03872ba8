"""No NUL in a path: PostgreSQL's text cannot hold one, so that no row has it and asking for it is an error.

In a query, forms and the API say themselves which field cannot be used.
"""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase


class NulRefusedMiddleware:
    """Answers 400 to a path with a NUL in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse the request or pass it on."""
        if "\0" in request.path_info and not request.path_info.startswith("/api/"):
            raise BadRequest("a path holds no NUL")
        return self.get_response(request)
