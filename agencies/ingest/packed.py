"""Facts files: gzipped text with the same bytes for the same rows, on every run and machine."""

import csv
import gzip
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any


def write_packed(path: Path, text: str) -> None:
    """Write `text` as gzip without a timestamp or file name, so that equal text gives equal bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as packed:
        packed.write(text.encode())


def write_packed_csv(path: Path, columns: Sequence[str], rows: Iterable[dict[str, Any]]) -> int:
    """Write rows as gzipped CSV with a header row, one at a time, and return how many.

    Absent columns are left empty; raises ValueError for a row with an unknown one.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    number = 0
    with (
        path.open("wb") as raw,
        gzip.GzipFile("", "wb", compresslevel=9, fileobj=raw, mtime=0) as packed,
        io.TextIOWrapper(packed, "utf-8", newline="") as text,
    ):
        writer = csv.DictWriter(text, columns, restval="", lineterminator="\n")
        writer.writeheader()
        for row in rows:
            writer.writerow(row)
            number += 1
    return number


def read_packed_csv(path: Path) -> list[dict[str, str]]:
    """Return the rows of a gzipped CSV file with a header row."""
    with gzip.open(path, "rt", encoding="utf-8", newline="") as packed:
        return list(csv.DictReader(packed))
