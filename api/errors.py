"""Errors as RFC 9457 problem documents, whatever went wrong."""

import logging
from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any

from django.core.exceptions import PermissionDenied
from django.core.signals import got_request_exception
from django.db import OperationalError
from django.http import Http404
from rest_framework import exceptions
from rest_framework.response import Response

from api.renderers import OrjsonRenderer

logger = logging.getLogger(__name__)

PROBLEM_TYPE = "application/problem+json"


class InvalidParameters(exceptions.APIException):
    """Query parameters that are unknown, repeated, empty or ill-typed: all of them are named at once."""

    status_code = 400

    def __init__(self, problems: Mapping[str, Iterable[str]], allowed: Iterable[str] | None = None) -> None:
        """Take the messages of each parameter, and the allowed names where one was unknown."""
        super().__init__(f"Query parameters that cannot be used: {', '.join(sorted(problems))}.")
        self.members: dict[str, Any] = {
            "errors": [
                {"parameter": name, "detail": message} for name, messages in problems.items() for message in messages
            ]
        }
        if allowed is not None:
            self.members["allowed"] = sorted(allowed)


class InvalidBody(exceptions.APIException):
    """A body whose fields cannot be used: all of them are named at once, as paths into it."""

    status_code = 400

    def __init__(self, problems: Mapping[str, Iterable[str]]) -> None:
        """Take the messages of each field."""
        super().__init__(f"Fields that cannot be used: {', '.join(sorted(problems)[:5])}.")
        self.members: dict[str, Any] = {
            "errors": [{"parameter": name, "detail": text} for name, texts in problems.items() for text in texts]
        }


class BodyTooLarge(exceptions.APIException):
    """A body of more bytes than are read."""

    status_code = 413

    def __init__(self, most: int) -> None:
        """Take how many bytes are read at most."""
        super().__init__(f"The body may have up to {most:,} bytes.")


class Gone(exceptions.APIException):
    """What was withdrawn: the reason stays to be read."""

    status_code = 410

    def __init__(self, kind: str, reason: str, withdrawn_on: str) -> None:
        """Take why it was withdrawn, as a code and in a line, and the day (ISO 8601)."""
        super().__init__("This was withdrawn from the record.")
        self.members = {"withdrawal": {"kind": kind, "reason": reason, "withdrawn_on": withdrawn_on}}


def problem(status: int, detail: str, **members: Any) -> dict[str, Any]:
    """Return a problem document; `members` are extensions of it."""
    return {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **members}


def _api_exception(error: Exception, request: Any) -> exceptions.APIException:
    """Return the error as one of DRF's; what nobody expected is logged and told to Django's signal."""
    if isinstance(error, exceptions.APIException):
        return error
    if isinstance(error, Http404):
        return exceptions.NotFound(str(error) if str(error) and "matches the given" not in str(error) else None)
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    logger.error("API request failed", exc_info=error)
    if isinstance(error, OperationalError):
        busy = exceptions.APIException("The database gave no answer in time. Ask for less, or again later.")
        busy.status_code = 503
        return busy
    got_request_exception.send(sender=None, request=request)
    return exceptions.APIException("Something went wrong here. It has been logged.")


def problem_response(error: Exception, context: Mapping[str, Any]) -> Response:
    """Return the problem document of an error: DRF's `EXCEPTION_HANDLER`."""
    request = context["request"]
    found = _api_exception(error, request)
    headers: dict[str, str] = {}
    if wait := getattr(found, "wait", None):
        headers["Retry-After"] = str(int(wait))
    request.accepted_renderer, request.accepted_media_type = OrjsonRenderer(), OrjsonRenderer.media_type
    data = problem(found.status_code, str(found.detail), **getattr(found, "members", {}))
    return Response(data, status=found.status_code, headers=headers, content_type=PROBLEM_TYPE)
