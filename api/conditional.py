"""Answers that a client has already: an ETag from the record's revision, and 304 without a query or a throttle."""

import hashlib
from functools import cache, lru_cache
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from agencies.revision import record_marks

_CODE = ("api", "agencies", "transparency")
CACHE_CONTROL = "public, no-cache"
"""Shared caches may keep an answer and must ask whether it still holds."""


@cache
def code_stamp() -> str:
    """Return a hash of the code that makes answers: a new version of the site is a new answer. Read once a process."""
    digest = hashlib.blake2b(digest_size=8)
    for folder in _CODE:
        for file in sorted(Path(settings.BASE_DIR / folder).rglob("*.py")):
            if "tests" not in file.parts:
                digest.update(file.read_bytes())
    return digest.hexdigest()


@lru_cache(maxsize=4)
def _stamp(marks: tuple[int, ...]) -> str:
    """Return the code and the record's marks as text."""
    return "\x1f".join((code_stamp(), *map(str, marks)))


def etag_of(request: HttpRequest) -> str:
    """Return the weak ETag that the answer to a request has while record and code stay as they are.

    Weak, since the time of making (`generated_at`) differs between answers that say the same. Costs no query while
    the record's marks are in the cache.
    """
    # META, since `request.headers` is made of all headers at its first use.
    asked = (str(request.scheme), request.get_host(), request.get_full_path(), request.META.get("HTTP_ACCEPT", ""))
    digest = hashlib.blake2b("\x1f".join((_stamp(record_marks()), *asked)).encode(), digest_size=12)
    return f'W/"{digest.hexdigest()}"'


def not_modified(request: HttpRequest, etag: str) -> HttpResponse | None:
    """Return a 304 where the client has the answer with this ETag already, else None."""
    # A client may return the strong form of a weak tag; the two name the same answer (RFC 9110, 13.1.2).
    given = request.META.get("HTTP_IF_NONE_MATCH")
    known = {tag.removeprefix("W/") for tag in parse_etags(given)} if given else set()
    if etag.removeprefix("W/") not in known:
        return None
    response = HttpResponse(status=304)
    del response.headers["Content-Type"]
    stamp(response, etag)
    return response


def stamp(response: HttpResponse, etag: str) -> None:
    """Give an answer its ETag and say how caches may keep it."""
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = CACHE_CONTROL
    patch_vary_headers(response, ["Accept"])
