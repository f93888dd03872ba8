"""Rows of CSV files with a header, gzipped or not, read some hundreds at a time: memory does not grow with the file.

Files have a million rows, so whatever one call can do for many of them is done so: widths and NULs are looked at once
a block, and neighbours that agree in the columns that matter are handed on as one group.
"""

import csv
import gzip
import io
import zlib
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from itertools import groupby, islice, repeat
from operator import itemgetter
from typing import Any

from agencies.ingest.file_type import refuse_utf_16
from agencies.ingest.parsed import ImportProblem

Row = dict[str, str]
Cells = tuple[str, ...]
Line = list[str]
"""A row as it stands in its file: the cells in the order of the header, with their outer spaces."""

BLOCK = 200
"""Rows in memory at a time."""

BEGINNING = 100
"""Bytes of a file that tell its encoding."""

UNREADABLE = (csv.Error, OSError, EOFError, UnicodeDecodeError, zlib.error)
"""What reading raises where a file is damaged or is no CSV."""


@dataclass(frozen=True, slots=True)
class Block:
    """Rows that stand one after the other; `number` is the first one's, `header` names their cells."""

    header: Line
    number: int
    lines: list[Line]


class Layout:
    """Where the columns of one file stand. Those that it has not are read as empty."""

    def __init__(self, header: Line, columns: list[str]) -> None:
        self.places = {name: place for place, name in enumerate(header)}
        # What is absent is read from an empty cell put behind each row.
        self._arranged = itemgetter(*(self.places.get(name, len(header)) for name in columns))

    def cells(self, line: Line) -> Cells:
        """Return the cells of a row in the order of the columns, without outer spaces."""
        return tuple(map(str.strip, self._arranged([*line, ""])))

    def telling(self, names: Collection[str]) -> Callable[[Line], Any]:
        """Return what gives of a row the cells of those of some columns that the file has: one of them or more."""
        return itemgetter(*(self.places[name] for name in names if name in self.places))


@dataclass(frozen=True, slots=True)
class Group:
    """Neighbouring rows that agree in some columns; `number` is the first one's."""

    number: int
    lines: list[Line]
    layout: Layout

    def first(self) -> Cells:
        """Return the cells of the first row, in the order of the columns, without outer spaces."""
        return self.layout.cells(self.lines[0])

    def rows(self) -> Iterator[tuple[int, Cells]]:
        """Yield each row's number and cells, in the order of the columns, without outer spaces."""
        return enumerate(map(self.layout.cells, self.lines), start=self.number)

    def column(self, name: str) -> Iterator[str]:
        """Yield one column's cells, with their outer spaces."""
        place = self.layout.places.get(name)
        return repeat("", len(self.lines)) if place is None else map(itemgetter(place), self.lines)


def rows(data: io.BufferedIOBase, file: str, columns: list[str], required: list[str]) -> Iterator[tuple[int, Row]]:
    """Yield (row number, row) of a CSV file that is open at its beginning; absent columns read as empty.

    Cells lose outer spaces. The header is row 1. Raises ImportProblem naming `file` and, where there is one, the row.
    """
    for block in blocks(data, file, columns, required):
        layout = Layout(block.header, columns)
        for number, line in enumerate(block.lines, start=block.number):
            yield number, dict(zip(columns, layout.cells(line), strict=True))


def groups(
    data: io.BufferedIOBase, file: str, columns: list[str], required: list[str], same: Collection[str]
) -> Iterator[Group]:
    """Yield what `rows` does, neighbours that agree in all columns of `same` together, as far as their block goes.

    One of `same` must be required.
    """
    layout: Layout | None = None
    for block in blocks(data, file, columns, required):
        layout = layout or Layout(block.header, columns)
        number = block.number
        for _, lines in groupby(block.lines, key=layout.telling(same)):
            group = Group(number, list(lines), layout)
            number += len(group.lines)
            yield group


def blocks(data: io.BufferedIOBase, file: str, columns: list[str], required: list[str]) -> Iterator[Block]:
    """Yield the rows of a file some hundreds at a time; those before one that is refused still come."""
    number = 1
    try:
        received = _Received(data)
        refuse_utf_16(received.beginning, file)
        with io.TextIOWrapper(received, encoding="utf-8-sig", newline="") as text:
            reader = csv.reader(text, strict=True)
            header = next(reader, [])
            _check_header(header, columns, required, file)
            while True:
                lines, error = _taken(reader)
                good, refused = _checked(lines, len(header), received.has_nul)
                if good:
                    yield Block(header, number + 1, good)
                number += len(good)
                if refused:
                    raise ImportProblem(refused, file=file, row=number + 1)
                if error:
                    raise error
                if not lines:
                    return
    except csv.Error as error:
        raise ImportProblem(f"not readable as CSV: {error}", file=file, row=number + 1) from error
    except UNREADABLE as error:
        raise ImportProblem(f"not readable as UTF-8 CSV: {error}", file=file) from error


class _Received(io.BufferedIOBase):
    """A file's bytes, unpacked where they are gzipped; notes the first ones, and whether a NUL was among them.

    Closed, it leaves the file open: that may be read once more.
    """

    name = ""  # TextIOWrapper passes on whatever name it finds here.

    def __init__(self, data: io.BufferedIOBase) -> None:
        packed = data.read(2) == b"\x1f\x8b"
        data.seek(0)
        self._data = gzip.GzipFile(fileobj=data) if packed else data
        self.beginning = self._data.read(BEGINNING)
        self._data.seek(0)
        self.has_nul = False

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def read1(self, size: int = -1, /) -> bytes:
        """Return some bytes, b"" at the end."""
        found = self._data.read1(size)
        self.has_nul = self.has_nul or b"\0" in found
        return found


def _taken(reader: Iterator[Line]) -> tuple[list[Line], Exception | None]:
    """Return the next rows that are not blank, none at the end, and what stopped their reading if anything did."""
    lines: list[Line] = []
    try:
        lines.extend(islice(filter(None, reader), BLOCK))
    except UNREADABLE as error:
        return lines, error  # The list has what came before.
    return lines, None


def _checked(lines: list[Line], width: int, has_nul: bool) -> tuple[list[Line], str]:
    """Return the rows before the first one to refuse, and why that one is; all, and "", where none is."""
    if has_nul or set(map(len, lines)) - {width}:
        for place, line in enumerate(lines):
            if len(line) != width:
                return lines[:place], f"has not the header's {width} fields"
            if "\x00" in "".join(line):
                return lines[:place], "has a NUL character"
    return lines, ""


def _check_header(header: list[str], columns: list[str], required: list[str], file: str) -> None:
    unknown = [name for name in header if name not in columns]
    missing = [name for name in required if name not in header]
    if unknown or missing or len(set(header)) != len(header):
        said = [f"unknown columns {unknown}" * bool(unknown), f"missing columns {missing}" * bool(missing)]
        raise ImportProblem("; ".join(filter(None, said)) or "a column stands twice", file=file, row=1)
