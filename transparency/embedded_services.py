"""The servers that the site needs, embedded where the environment names none."""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from transparency.embedded_postgres import embedded_postgres
from transparency.embedded_valkey import embedded_valkey


@contextmanager
def embedded_services() -> Iterator[dict[str, str]]:
    """Yield a whole environment with DATABASE_URL and REDIS_URL; start only what was not named."""
    with ExitStack() as stack:
        environment = dict(os.environ)
        if not environment.get("DATABASE_URL"):
            environment["DATABASE_URL"] = stack.enter_context(embedded_postgres())
        if not environment.get("REDIS_URL"):
            environment["REDIS_URL"] = stack.enter_context(embedded_valkey())
        yield environment
