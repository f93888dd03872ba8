"""Addresses of API resources and of the pages about the same things."""

from functools import cache

from django.urls import reverse

_SAMPLES = {"uuid": "00000000-0000-4000-8000-{:012d}", "geoid": "{:02d}"}
"""Values that fit a route's converter, by what the column's name ends in; anything else is a slug."""


@cache
def address_pattern(route: str, columns: tuple[str, ...]) -> str:
    """Return the path of a route with a `{}` for each column, so that a row costs no `reverse()`.

    `route` is a URL name. Only values that need no quoting (UUIDs, slugs, GEOIDs) may be filled in.
    """
    samples = []
    for number, column in enumerate(columns, start=1):
        sample = _SAMPLES.get(column.rpartition("__")[2], "sample-{:02d}-slug")
        samples.append(sample.format(number + 80))
    path = reverse(route, args=samples)
    for sample in samples:
        path = path.replace(sample, "{}")
    return path
