"""One HTTP request: who asks, how long it may take, how much may come. It follows no redirect and keeps no cookie."""

from dataclasses import dataclass

import httpcore
import httpx
from django.conf import settings

from agencies.ingest.guarded_network import Deadline, GuardedTransport

PRODUCT = "ALPR-Sharing-Atlas"
"""The name under which the atlas asks, and that a robots.txt may address."""

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 15.0, 30.0, 120.0
"""How long a connection, the next bytes, and all of a request may take."""


class NoAnswer(Exception):
    """A request got no whole answer: the message says why, in a line."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered: the whole body, unpacked where it was packed."""

    url: str
    status: int
    headers: httpx.Headers
    body: bytes


def user_agent() -> str:
    """Return what names us and a way to reach us to every server that is asked."""
    contact = settings.CONTACT_URL or (f"mailto:{settings.CONTACT_EMAIL}" if settings.CONTACT_EMAIL else "")
    return f"{PRODUCT}/1 (+{contact})" if contact else f"{PRODUCT}/1"


def ask(url: str, *, most_bytes: int, headers: dict[str, str] | None = None) -> Answer:
    """Return a server's answer to a GET of `url`, whatever its status.

    Raises NoAnswer where none comes whole within TOTAL_SECONDS and `most_bytes`, or the address is none to ask.
    """
    deadline = Deadline(TOTAL_SECONDS)
    timeout = httpx.Timeout(READ_SECONDS, connect=CONNECT_SECONDS)
    sent = {"User-Agent": user_agent(), "Accept": "*/*", "Accept-Encoding": "identity", **(headers or {})}
    try:
        with (
            httpx.Client(transport=GuardedTransport(deadline), timeout=timeout, trust_env=False) as client,
            client.stream("GET", url, headers=sent) as response,
        ):
            return Answer(url, response.status_code, response.headers, _body(response, most_bytes, deadline))
    except (httpx.TimeoutException, httpcore.TimeoutException) as problem:
        raise NoAnswer(deadline.problem or "nothing came in time") from problem
    except httpx.RemoteProtocolError as problem:
        raise NoAnswer(f"broken off or garbled: {problem}") from problem
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as problem:
        raise NoAnswer(str(problem) or type(problem).__name__) from problem


def _body(response: httpx.Response, most_bytes: int, deadline: Deadline) -> bytes:
    """Return the body; what it says of its length is checked by what comes."""
    parts, size = [], 0
    for part in response.iter_bytes(65_536):
        deadline.left()
        size += len(part)
        if size > most_bytes:
            raise NoAnswer(f"more than {most_bytes:,} bytes")
        parts.append(part)
    return b"".join(parts)
