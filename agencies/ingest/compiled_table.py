"""CSV tables that others compiled: checked rows with their place in the file."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from agencies.ingest.file_type import refuse_utf_16
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.portal_names import clean


def rows(
    data: bytes, columns: tuple[str, ...], *, file: str, may_be_empty: bool = False
) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield the rows of a UTF-8 table, cells cleaned, with their numbers in the file (the heading is row 1).

    `columns` must be there and hold something in every row; other columns are passed on as they are. There is one
    row at least, unless the table `may_be_empty`. Raises ImportProblem for anything else.
    """
    refuse_utf_16(data, file)
    try:
        reader = csv.DictReader(io.StringIO(data.decode("utf-8-sig"), newline=""), strict=True)
        missing = [column for column in columns if column not in (reader.fieldnames or [])]
        if missing:
            raise ImportProblem("the column is missing", file=file, row=1, field=missing[0])
        number = 1
        for number, record in enumerate(reader, start=2):
            if None in record or None in record.values():
                raise ImportProblem("more or fewer cells than columns", file=file, row=number)
            cells = {column: clean(text) for column, text in record.items()}
            if "\0" in "".join(cells.values()):
                raise ImportProblem("a cell holds a NUL character", file=file, row=number)
            empty = next((column for column in columns if not cells[column]), None)
            if empty:
                raise ImportProblem("the cell is empty", file=file, row=number, field=empty)
            yield number, cells
        if number == 1 and not may_be_empty:
            raise ImportProblem("a table without rows", file=file)
    except (UnicodeDecodeError, csv.Error) as problem:
        raise ImportProblem(f"not a UTF-8 CSV table: {problem}", file=file) from problem


def opened(path: Path) -> bytes:
    """Return the bytes of a file; ImportProblem where it can't be opened."""
    try:
        return path.read_bytes()
    except OSError as problem:
        raise ImportProblem(f"can't be opened: {problem.strerror}", file=str(path)) from problem
