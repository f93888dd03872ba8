"""One HTTP request: who asks, how long it may take, how much may come. It follows no redirect and keeps no cookie."""

import gzip
import io
import zlib
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
    """What a server answered: the whole body, unpacked where it was packed and the status is 200."""

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
    """Return the body; what it says of its length is checked by what comes.

    httpx's own unpacking would take a packed body that breaks off for a whole one.
    """
    parts, size = [], 0
    for part in response.iter_raw(65_536):
        deadline.left()
        size += len(part)
        if size > most_bytes:
            raise NoAnswer(f"more than {most_bytes:,} bytes")
        parts.append(part)
    body = b"".join(parts)
    coding = response.headers.get("content-encoding", "").strip().lower()
    if response.status_code != 200 or not body or coding in {"", "identity"}:
        return body
    unpacked = _unpacked(body, coding, most_bytes)
    if len(unpacked) > most_bytes:
        raise NoAnswer(f"more than {most_bytes:,} bytes")
    return unpacked


def _unpacked(body: bytes, coding: str, most_bytes: int) -> bytes:
    """Return what a packed body holds, or of one that holds more than `most_bytes` a little more than that.

    Servers are asked to pack nothing, but some do. Raises NoAnswer where the packing does not reach its own end, with
    its checksum, and for one that is neither gzip nor deflate.
    """
    try:
        if coding in {"gzip", "x-gzip"}:
            return gzip.GzipFile(fileobj=io.BytesIO(body)).read(most_bytes + 1)
        if coding == "deflate":
            return _inflated(body, most_bytes)
    except (EOFError, gzip.BadGzipFile, zlib.error) as problem:
        raise NoAnswer(f"broken off or garbled: packed by {coding}: {problem}") from problem
    raise NoAnswer(f"packed in a way that was not asked for: {coding[:40]!r}")


def _inflated(body: bytes, most_bytes: int) -> bytes:
    """Return what a body packed by deflate holds, as `_unpacked` does: with zlib's head and checksum, or without."""
    has_head = body[0] & 0x0F == 8 and int.from_bytes(body[:2], "big") % 31 == 0
    unpacker = zlib.decompressobj(zlib.MAX_WBITS if has_head else -zlib.MAX_WBITS)
    found = unpacker.decompress(body, most_bytes + 1)
    if len(found) <= most_bytes and (not unpacker.eof or unpacker.unused_data):
        raise EOFError("it does not end where its bytes do")
    return found
