"""Whole results in one answer, row by row: CSV, NDJSON and GeoJSON. Memory does not grow with the result."""

import csv
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import orjson

from api.renderers import JSON_OPTIONS
from api.rows import Row, RowSerializer
from api.tables import flat_columns
from api.terms import dated_terms

CHUNK = 200
"""Rows read, completed and written at a time."""

Complete = Callable[[list[Row]], list[Row]]
"""Takes a chunk of rows from the database, gives them as they are answered."""


class _Line:
    """A file for `csv.writer` that hands back what it is given."""

    def write(self, text: str) -> str:
        """Return the line."""
        return text


def chunks(rows: Iterable[Row]) -> Iterator[list[Row]]:
    """Yield rows in lists of up to 200."""
    rows = iter(rows)
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def csv_lines(
    rows: Iterable[Row], complete: Complete, serializer: RowSerializer, only: frozenset[str] | None
) -> Iterator[bytes]:
    """Yield a CSV with a header row (RFC 4180, UTF-8)."""
    columns = flat_columns(serializer, only)
    writer = csv.writer(_Line())
    yield str(writer.writerow([name for name, _ in columns])).encode()
    for chunk in chunks(rows):
        lines = [writer.writerow([cell(row) for _, cell in columns]) for row in complete(chunk)]
        yield "".join(map(str, lines)).encode()


def json_lines(rows: Iterable[Row], complete: Complete) -> Iterator[bytes]:
    """Yield NDJSON: a row a line, no envelope."""
    for chunk in chunks(rows):
        yield b"".join(
            orjson.dumps(row, default=str, option=JSON_OPTIONS | orjson.OPT_APPEND_NEWLINE) for row in complete(chunk)
        )


def feature_collection(rows: Iterable[Row], complete: Complete) -> Iterator[bytes]:
    """Yield a GeoJSON FeatureCollection (RFC 7946); `complete` gives features."""
    head: bytes = orjson.dumps({"type": "FeatureCollection", **dated_terms()})
    yield head[:-1] + b',"features":['
    separator = b""
    for chunk in chunks(rows):
        yield separator + b",".join(
            orjson.dumps(feature, default=str, option=JSON_OPTIONS) for feature in complete(chunk)
        )
        separator = b","
    yield b"]}"


def line_or_point(*points: tuple[Any, Any]) -> Row | None:
    """Return the geometry of a (longitude, latitude) point, or of a line through several; None where one is unknown."""
    if any(longitude is None or latitude is None for longitude, latitude in points):
        return None
    coordinates = [list(point) for point in points]
    if len(coordinates) == 1:
        return {"type": "Point", "coordinates": coordinates[0]}
    return {"type": "LineString", "coordinates": coordinates}
