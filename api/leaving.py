"""What is to go one day: said in headers and in the OpenAPI document, at least a year before."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

from django.http import HttpResponseBase
from django.utils.http import http_date

View = TypeVar("View", bound=type[Any])
PROMISED_DAYS = 365


@dataclass(frozen=True)
class Leaving:
    """Since when a resource should not be used any more, until when it answers, and the address that says why."""

    since: date
    until: date
    why: str

    def stamp(self, response: HttpResponseBase) -> None:
        """Add `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and the link that explains them."""
        response.headers["Deprecation"] = f"@{_seconds(self.since)}"
        response.headers["Sunset"] = http_date(_seconds(self.until))
        links = [response.headers.get("Link"), f'<{self.why}>; rel="deprecation"']
        response.headers["Link"] = ", ".join(filter(None, links))


def leaving(since: date, until: date, why: str) -> Callable[[View], View]:
    """Mark a view or viewset as one that will go. Raises ValueError where that is sooner than promised."""
    if (until - since).days < PROMISED_DAYS:
        raise ValueError("docs/api.md promises a year between Deprecation and Sunset.")

    def mark(view: View) -> View:
        view.leaving = Leaving(since, until, why)
        return view

    return mark


def mark_operations(result: dict[str, Any], endpoints: list[Any]) -> None:
    """Say in the OpenAPI document which operations will go; `endpoints` are drf-spectacular's."""
    for path, _, method, callback in endpoints:
        operation = result["paths"].get(path, {}).get(method.lower())
        if operation is not None and getattr(callback.cls, "leaving", None):
            operation["deprecated"] = True


def _seconds(day: date) -> int:
    """Return when a day begins, in seconds since 1970."""
    return int(datetime.combine(day, time(), UTC).timestamp())
