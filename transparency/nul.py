"""No NUL in an address: PostgreSQL's text cannot hold one, so that no row has it and asking for it is an error."""

from collections.abc import Callable

from django.core.exceptions import BadRequest
from django.http import HttpRequest, HttpResponseBase

API = "/api/"
"""Whose answers name the parameter themselves."""


class NulRefusedMiddleware:
    """Answers 400 to an address with a NUL in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Refuse the request or pass it on."""
        has_nul = "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", "")
        if has_nul and not request.path_info.startswith(API):
            raise BadRequest("an address holds no NUL")
        return self.get_response(request)
