"""Whose turn it is at a host: requests no closer together than its pace, over all processes that share the cache."""

import math
import time

from django.core.cache import cache

PATIENCE_SECONDS = 60.0
"""How long a request waits for its turn before it is put off."""


class NotNow(Exception):
    """A host's turn comes too late to wait for it: nothing was asked, and it may be tried in `seconds`."""

    def __init__(self, host: str, seconds: float) -> None:
        super().__init__(f"the next request to {host} may be made in {seconds:,.0f} seconds")
        self.seconds = seconds


def wait_for_turn(host: str, seconds: float, patience: float) -> None:
    """Wait until a host may be asked, and take the turn: the next comes `seconds` later, at once where that is 0.

    Raises NotNow where that would take longer than `patience` seconds.
    """
    give_up = time.time() + patience
    while not _take_turn(host, seconds):
        left = max(0.05, (cache.get(_key(host)) or 0.0) - time.time())
        if time.time() + left > give_up:
            raise NotNow(host, left)
        time.sleep(left)


def _take_turn(host: str, seconds: float) -> bool:
    """Take a host's turn if it is free; a pace of 0 takes none, and waits all the same where the host asked for it."""
    if seconds <= 0:
        return cache.get(_key(host)) is None
    return bool(cache.add(_key(host), time.time() + seconds, math.ceil(seconds)))


def hold(host: str, seconds: float) -> None:
    """Leave a host alone for a while, as it asked."""
    if seconds > 0:
        cache.set(_key(host), time.time() + seconds, math.ceil(seconds))


def _key(host: str) -> str:
    return f"pace:{host.lower()[:200]}"
