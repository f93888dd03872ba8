"""Python's search for unreachable cycles, made rarer while plain rows go by in great number."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager

RARELY = 100_000
"""Objects made, and not freed, after which the newest are searched; Python's own measure is some hundreds."""


@contextmanager
def searched_rarely() -> Iterator[None]:
    """Search for cycles rarely while the block works: parsed documents have none, and are freed without a search.

    A seventh of the time that Python works for an import went into it.
    """
    usual = gc.get_threshold()
    gc.set_threshold(RARELY, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
