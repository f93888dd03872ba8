"""How much one reader may ask for, counted without keeping the reader's address.

The key is an HMAC of the address under a random salt that lives for a day in the cache and in memory only.
"""

from __future__ import annotations

import hmac
import ipaddress
import secrets
import time
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from django.core.cache import cache
from rest_framework.exceptions import Throttled
from rest_framework.request import Request
from rest_framework.settings import api_settings
from rest_framework.throttling import BaseThrottle

from api.keys import key_of

if TYPE_CHECKING:  # DRF's views import this module.
    from rest_framework.views import APIView

_DAY = 86_400
_SECONDS = {"s": 1, "m": 60, "h": 3600, "d": _DAY}


@lru_cache(maxsize=2)
def _salt(day: str) -> bytes:
    """Return the day's salt, the same in every process that shares the cache."""
    cache.add(f"api-salt-{day}", secrets.token_bytes(32), _DAY)
    return cache.get(f"api-salt-{day}") or secrets.token_bytes(32)


def _network_of(address: str) -> str:
    """Return what stands for one reader: the IPv4 address, or the /64 of an IPv6 address."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if parsed.version == 4 else str(ipaddress.ip_network((parsed, 64), strict=False))


def parse_rate(rate: str) -> tuple[int, int]:
    """Return (requests, seconds) of a rate such as `600/min`."""
    number, _, period = rate.partition("/")
    return int(number), _SECONDS[period[0]]


class AddressThrottle(BaseThrottle):
    """Count requests of an address, or of an API key, in fixed windows.

    The rate is the key's own, else `DEFAULT_THROTTLE_RATES["anon"]`.
    """

    reset = 0

    def allow_request(self, request: Request, view: APIView) -> bool:
        """Count the request and tell whether it is within the rate; no rate means no limit."""
        return self._use(request, 1)

    def charge(self, request: Request, more: int) -> None:
        """Count a request that is long work as `more` requests besides itself. Raises Throttled beyond the rate."""
        if more and not self._use(request, more):
            raise Throttled(self.wait())

    def _use(self, request: Request, cost: int) -> bool:
        """Count `cost` requests and tell whether they are within the rate."""
        key = key_of(request.META.get("HTTP_AUTHORIZATION", ""))
        rate = key.rate if key else api_settings.DEFAULT_THROTTLE_RATES.get("anon")
        if not rate:
            return True
        limit, seconds = parse_rate(str(rate))
        now = time.time()
        self.reset = seconds - int(now) % seconds
        reader = f"key-{key.pk}" if key else self._reader(request)
        used = self._count(f"{rate}|{int(now) // seconds}|{reader}", seconds, cost)
        request._request.rate_limit = (limit, max(0, limit - used), self.reset)  # type: ignore[attr-defined]
        return used <= limit

    def wait(self) -> float:
        """Return the seconds until the next window."""
        return self.reset

    def _reader(self, request: Request) -> str:
        """Return the reader's key of today."""
        address = _network_of(self.get_ident(request) or "")
        day = datetime.now(UTC).date().isoformat()
        return hmac.new(_salt(day), address.encode(), "sha256").hexdigest()

    @staticmethod
    def _count(key: str, seconds: int, cost: int) -> int:
        """Return how many requests the window has seen, these included."""
        key = f"api-throttle-{key.replace('|', '-').replace('/', '-')}"
        if cache.add(key, cost, seconds + 1):
            return cost
        try:
            return cache.incr(key, cost)
        except ValueError:  # The window ended between the two calls.
            return cost
