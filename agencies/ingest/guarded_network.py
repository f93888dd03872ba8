"""Connections that end in time, and never at this machine or its own network.

The address is checked where the connection is made, so that a name which means one thing when it is looked at and
another when it is used gets nowhere.
"""

import functools
import ipaddress
import socket
import ssl
import time
import typing

import httpcore
import httpx
from django.conf import settings

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_SOCKET_OPTIONS = typing.Iterable[typing.Any]


class Deadline:
    """The moment at which a request must be over, however its parts trickle in."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._end = time.monotonic() + seconds

    @property
    def problem(self) -> str:
        """Return what is wrong once it has passed, "" before."""
        return f"not over after {self._seconds:g} seconds" if time.monotonic() >= self._end else ""

    def left(self, timeout: float | None = None) -> float:
        """Return the seconds that one step may take. Raises httpcore.ReadTimeout when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise httpcore.ReadTimeout(self.problem)
        return left if timeout is None else min(left, timeout)


def public_addresses(host: str, port: int) -> list[str]:
    """Return the IP addresses of a host. Raises httpcore.ConnectError where it has none, or one that is not public.

    A host with a single address inside is refused altogether. settings.FETCH_PRIVATE_ADDRESSES lets all through.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as problem:
        raise httpcore.ConnectError(f"no address of {host} is known: {problem}") from problem
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not settings.FETCH_PRIVATE_ADDRESSES and not is_public(address):
            raise httpcore.ConnectError(f"{host} leads to {address}, which is not on the public internet")
    return addresses


def is_public(address: str) -> bool:
    """Tell whether an IP address is on the public internet, looking inside those that wrap another."""
    found = ipaddress.ip_address(address.split("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found in _NAT64:
            inner.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        if any(part is not None and not is_public(str(part)) for part in inner):
            return False
        if found.ipv4_mapped is not None:
            return True
    return found.is_global and not found.is_multicast


class GuardedBackend(httpcore.NetworkBackend):
    """Makes connections to public addresses only, each step of which ends by the deadline."""

    def __init__(self, deadline: Deadline) -> None:
        self._deadline = deadline
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: _SOCKET_OPTIONS | None = None,
    ) -> httpcore.NetworkStream:
        """Connect to the first address of a host that answers."""
        problem: Exception = httpcore.ConnectError(f"{host} does not answer")
        for address in public_addresses(host, port):
            try:
                seconds = self._deadline.left(timeout)
                stream = self._plain.connect_tcp(address, port, seconds, local_address, socket_options)
                return _TimedStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as found:
                problem = found
        raise problem


class _TimedStream(httpcore.NetworkStream):
    """A connection of which no step outlasts the deadline."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream, self._deadline = stream, deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """Read what has come."""
        return self._stream.read(max_bytes, self._deadline.left(timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """Send."""
        self._stream.write(buffer, self._deadline.left(timeout))

    def close(self) -> None:
        """Hang up."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """Go on under TLS."""
        seconds = self._deadline.left(timeout)
        return _TimedStream(self._stream.start_tls(ssl_context, server_hostname, seconds), self._deadline)

    def get_extra_info(self, info: str) -> typing.Any:
        """Return what the connection knows of itself."""
        return self._stream.get_extra_info(info)


@functools.cache
def _tls() -> ssl.SSLContext:
    """Return how certificates are checked: made once, as that reads them all."""
    return httpx.create_ssl_context(trust_env=False)


class GuardedTransport(httpx.HTTPTransport):
    """httpx's transport over guarded connections; no proxy, no HTTP/2, no connection kept."""

    def __init__(self, deadline: Deadline) -> None:
        super().__init__(verify=_tls(), trust_env=False)
        self._pool.close()
        # httpx has no public way to say which connections its transport makes.
        self._pool = httpcore.ConnectionPool(
            ssl_context=_tls(),
            max_keepalive_connections=0,
            network_backend=GuardedBackend(deadline),
        )
