"""Rows of CSV files with a header, gzipped or not, read one at a time: memory does not grow with the file."""

import csv
import gzip
import io
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import BinaryIO

from agencies.ingest.parsed import ImportProblem

Row = dict[str, str]


def rows(data: BinaryIO, file: str, columns: list[str], required: list[str]) -> Iterator[tuple[int, Row]]:
    """Yield (row number, row) of a CSV file that is open at its beginning; absent columns read as empty.

    Cells lose outer spaces. The header is row 1. Raises ImportProblem naming `file` and, where there is one, the row.
    """
    number = 1
    try:
        with _text(data) as text:
            reader = csv.reader(text, strict=True)
            header = next(reader, [])
            _check_header(header, columns, required, file)
            blank = dict.fromkeys(columns, "")
            for number, cells in enumerate(filter(None, reader), start=2):
                if len(cells) != len(header):
                    raise ImportProblem(f"has not the header's {len(header)} fields", file=file, row=number)
                if "\x00" in "".join(cells):
                    raise ImportProblem("has a NUL character", file=file, row=number)
                yield number, blank | dict(zip(header, map(str.strip, cells), strict=True))
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
