"""CSV, NDJSON and GeoJSON of a release. CSV comes first: every other format is made from its rows."""

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from agencies.releases.cells import from_text, to_json, to_text
from agencies.releases.tables import Table

Rows = Iterator[tuple[Any, ...]]


def write_csv(table: Table, path: Path) -> int:
    """Write a table of the database as CSV (RFC 4180, UTF-8, header row); return its number of rows."""
    number = 0
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow([column.name for column in table.columns])
        for row in table.values():
            writer.writerow([to_text(value, column) for value, column in zip(row, table.columns, strict=True)])
            number += 1
    return number


def read_rows(table: Table, path: Path) -> Rows:
    """Yield the typed rows of a table's CSV."""
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.reader(file)
        next(reader)
        for cells in reader:
            yield tuple(from_text(text, column) for text, column in zip(cells, table.columns, strict=True))


def write_ndjson(table: Table, rows: Rows, path: Path) -> None:
    """Write rows as JSON, one object a line; null for unknown."""
    with path.open("w", encoding="utf-8", newline="") as file:
        for row in rows:
            file.write(json.dumps(_object(table, row), ensure_ascii=False, separators=(",", ":")) + "\n")


def write_geojson(table: Table, rows: Rows, path: Path) -> None:
    """Write the rows of a table with `latitude` and `longitude` as a FeatureCollection of points (RFC 7946)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        file.write('{"type":"FeatureCollection","features":[')
        separator = "\n"
        for row in rows:
            properties = _object(table, row)
            latitude, longitude = properties.pop("latitude"), properties.pop("longitude")
            point = {"type": "Point", "coordinates": [longitude, latitude]}
            feature = {
                "type": "Feature",
                "id": row[0],
                "geometry": None if latitude is None or longitude is None else point,
                "properties": properties,
            }
            file.write(separator + json.dumps(feature, ensure_ascii=False, separators=(",", ":")))
            separator = ",\n"
        file.write("\n]}\n")


def _object(table: Table, row: tuple[Any, ...]) -> dict[str, Any]:
    return {column.name: to_json(value, column) for value, column in zip(row, table.columns, strict=True)}
