"""Rows of CSV files with a header, gzipped or not, read one at a time: memory does not grow with the file."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from operator import itemgetter
from typing import BinaryIO

from agencies.ingest.parsed import ImportProblem

Row = dict[str, str]
Cells = tuple[str, ...]


def rows(data: BinaryIO, file: str, columns: list[str], required: list[str]) -> Iterator[tuple[int, Row]]:
    """Yield (row number, row) of a CSV file that is open at its beginning; absent columns read as empty.

    Cells lose outer spaces. The header is row 1. Raises ImportProblem naming `file` and, where there is one, the row.
    """
    for number, cells in lines(data, file, columns, required):
        yield number, dict(zip(columns, cells, strict=True))


def lines(data: BinaryIO, file: str, columns: list[str], required: list[str]) -> Iterator[tuple[int, Cells]]:
    """Yield what `rows` does, each row as its cells in the order of `columns`: for files of a million rows."""
    for number, cells in picked(data, file, columns, required, columns):
        yield number, tuple(map(str.strip, cells))


def picked(
    data: BinaryIO, file: str, columns: list[str], required: list[str], wanted: list[str]
) -> Iterator[tuple[int, Cells]]:
    """Yield what `lines` does, with the cells of two or more `wanted` columns only, and with their outer spaces."""
    number = 1
    try:
        with _text(data) as text:
            reader = csv.reader(text, strict=True)
            header = next(reader, [])
            _check_header(header, columns, required, file)
            width = len(header)
            # What is absent from the file is read from an empty cell put behind each row.
            pick = itemgetter(*(header.index(name) if name in header else width for name in wanted))
            for number, cells in enumerate(filter(None, reader), start=2):
                if len(cells) != width:
                    raise ImportProblem(f"has not the header's {width} fields", file=file, row=number)
                if "\x00" in "".join(cells):
                    raise ImportProblem("has a NUL character", file=file, row=number)
                cells.append("")
                yield number, pick(cells)
    except csv.Error as error:
        raise ImportProblem(f"not readable as CSV: {error}", file=file, row=number + 1) from error
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        raise ImportProblem(f"not readable as UTF-8 CSV: {error}", file=file) from error


@contextmanager
def _text(data: BinaryIO) -> Iterator[io.TextIOWrapper]:
    """Read a file as text while the block works, unpacked where it is gzipped, without a byte order mark."""
    packed = data.read(2) == b"\x1f\x8b"
    data.seek(0)
    text = io.TextIOWrapper(gzip.GzipFile(fileobj=data) if packed else data, encoding="utf-8-sig", newline="")
    try:
        yield text
    finally:
        text.detach()  # It would close the file, which may be read once more.


def _check_header(header: list[str], columns: list[str], required: list[str], file: str) -> None:
    unknown = [name for name in header if name not in columns]
    missing = [name for name in required if name not in header]
    if unknown or missing or len(set(header)) != len(header):
        said = [f"unknown columns {unknown}" * bool(unknown), f"missing columns {missing}" * bool(missing)]
        raise ImportProblem("; ".join(filter(None, said)) or "a column stands twice", file=file, row=1)
