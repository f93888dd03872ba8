"""Whole answers of lists, kept in each process for as long as the record stays as it is.

The key is the answer's ETag: it follows from the address, the format, the record's revision and the code. An answer to
words or a place that somebody typed is not kept.
"""

import threading
import time
from collections import OrderedDict
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest, HttpResponse

MOST_ANSWERS = 128
LARGEST_BYTES = 256 * 1024
"""Of one body: all together a process keeps 32 MiB at most."""

SECONDS_KEPT = 60
"""So that `generated_at` is never older. A change of the record is seen after REVISION_SECONDS, whatever it was."""

_TYPED = ("q", "near", "in_bbox")


@dataclass(frozen=True, slots=True)
class _Kept:
    """A body, its headers, and when it was made (seconds of a clock that never goes back)."""

    body: bytes
    headers: dict[str, str]
    made: float


_answers: OrderedDict[str, _Kept] = OrderedDict()
_lock = threading.Lock()


def keep(request: HttpRequest, etag: str, response: HttpResponse) -> None:
    """Keep a rendered answer, in the place of the one that was asked for least lately where there are too many."""
    is_typed = any(name in request.GET for name in _TYPED)
    if is_typed or not settings.REVISION_SECONDS or len(response.content) > LARGEST_BYTES:
        return
    headers = {name: value for name, value in response.headers.items() if not name.startswith("RateLimit-")}
    with _lock:
        _answers[etag] = _Kept(response.content, headers, time.monotonic())
        while len(_answers) > MOST_ANSWERS:
            _answers.popitem(last=False)


def kept_answer(etag: str) -> HttpResponse | None:
    """Return the answer with this ETag as it was made, None where there is none that is young enough."""
    with _lock:
        found = _answers.get(etag)
        if found is None or time.monotonic() - found.made > SECONDS_KEPT:
            _answers.pop(etag, None)
            return None
        _answers.move_to_end(etag)
    return HttpResponse(found.body, headers=found.headers)


def forget() -> None:
    """Forget all answers of this process."""
    with _lock:
        _answers.clear()
