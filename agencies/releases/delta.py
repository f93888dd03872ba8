"""What changed between two releases: rows added, removed and changed, by id."""

import csv
import hashlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path
from typing import IO

DELTA_TABLES = ("agencies", "links", "statements", "facts", "laws", "findings")
"""Tables whose rows have a stable id, which is their first column."""


def write_delta(before: IO[bytes] | None, after: Path, path: Path) -> int:
    """Write the rows that differ as CSV, with a first column `change`: added, removed or changed; return how many.

    `before` is the older file, None where there is none: then every row is added. Both are sorted by id, so that they
    are read side by side and memory does not grow. Where the columns differ, every row counts as changed.
    """
    with after.open(encoding="utf-8", newline="") as new, path.open("w", encoding="utf-8", newline="") as out:
        reader = csv.reader(new)
        writer = csv.writer(out, lineterminator="\r\n")
        writer.writerow(["change", *next(reader)])
        number = 0
        for change, row in _merged(_older(before), reader):
            writer.writerow([change, *row])
            number += 1
    return number


def _older(file: IO[bytes] | None) -> Iterator[list[str]]:
    """Yield the rows of the older file, without its header."""
    if file is None:
        return
    rows = csv.reader(line.decode() for line in file)
    next(rows, None)
    yield from rows


def _merged(before: Iterator[list[str]], after: Iterator[list[str]]) -> Iterator[tuple[str, list[str]]]:
    """Yield what differs between two sorted sequences of rows."""
    old, new = next(before, None), next(after, None)
    while old is not None and new is not None:
        if old[0] == new[0]:
            if old != new:
                yield "changed", new
            old, new = next(before, None), next(after, None)
        elif old[0] < new[0]:
            yield "removed", old
            old = next(before, None)
        else:
            yield "added", new
            new = next(after, None)
    yield from (("removed", row) for row in chain([old] if old else [], before))
    yield from (("added", row) for row in chain([new] if new else [], after))


def rows_hash(path: Path) -> str:
    """Return the SHA-256 of a CSV's contents: the logical hash of every format made from its rows; hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
