"""The atlas's own format: facts as CSV, one row a thing that a document says, each with its source and dates.

`docs/facts-csv.md` describes it for those who write such files by hand. `agencies.ingest.facts_export` writes it.
"""

import io
from collections.abc import Generator, Iterator
from pathlib import Path
from typing import Any

from agencies.ingest.facts_columns import (
    CAPTURE_COLUMNS,
    COLUMNS,
    DATE_COLUMNS,
    REQUIRED,
    SOURCE_COLUMNS,
    SOURCE_REQUIRED,
    WORDS,
    checked,
    words_of,
)
from agencies.ingest.facts_document import LIST, Told, row_of
from agencies.ingest.facts_grants import NamesOfFile
from agencies.ingest.facts_rows import Cells, Group, Row, groups, rows
from agencies.ingest.facts_values import read_date, read_name
from agencies.ingest.parsed import ImportProblem, ParsedCapture, ParsedDocument, ParsedSource
from agencies.ingest.storable import check_capture, check_values
from agencies.models import Source

Key = tuple[ParsedSource, ParsedCapture]
"""What makes rows one document."""

CAPTURE = slice(COLUMNS.index("source"), COLUMNS.index("source") + 1 + len(CAPTURE_COLUMNS))
"""Where the cells stand that tell a row's capture."""

COMMON = {*COLUMNS[CAPTURE], *COLUMNS[LIST], *WORDS}
"""Columns in which neighbours agree that are looked at together: what they are rows of, and every vocabulary's word."""


class RowsApart(Exception):
    """A capture comes again after its document was handed out: what was made of its documents is not whole.

    Undo it all, and read the file again whole: without `at_once`.
    """

    def __init__(self, file: str, number: int) -> None:
        super().__init__(f"{file}, row {number}: rows of a capture that stand apart from its others")
        self.file = file


def read(path: Path, *, at_once: bool = False) -> Generator[ParsedDocument, None, None]:
    """Yield the documents of a statements file (.csv or .csv.gz), or of all of them in a folder.

    Sources come from `sources.csv` (or .gz) beside it. Raises ImportProblem naming file, row and field. `at_once` and
    memory are as in `stream`.
    """
    folder = path if path.is_dir() else path.parent
    sources = read_sources(folder)
    files = sorted(folder.glob("statements*.csv*")) if path.is_dir() else [path]
    if not files:
        raise ImportProblem("no statements*.csv in this folder", file=str(path))
    for file in files:
        with file.open("rb") as data:
            yield from stream(data, file=file.name, sources=sources, at_once=at_once)


def read_sources(folder: Path) -> dict[str, ParsedSource]:
    """Return the sources described in a folder, by slug; none where it has no sources file."""
    found: dict[str, ParsedSource] = {}
    for file in sorted(folder.glob("sources.csv*")):
        with file.open("rb") as data:
            for number, row in rows(data, file.name, SOURCE_COLUMNS, SOURCE_REQUIRED):
                if row["slug"] in found:
                    raise ImportProblem("this source stands twice", file=file.name, row=number, field="slug")
                try:
                    found[row["slug"]] = _source(row, (file.name, number))
                except ImportProblem as problem:
                    raise problem.at(file.name, number) from problem
    return found


def parse(data: bytes, *, file: str, sources: dict[str, ParsedSource]) -> list[ParsedDocument]:
    """Parse one statements file into documents, in the order in which their captures first appear.

    Row numbers in problems count the header as row 1. Memory grows with the file: some hundred bytes a row.
    """
    return list(_gathered(io.BytesIO(data), file, sources))


def stream(
    data: io.BufferedIOBase, *, file: str, sources: dict[str, ParsedSource], at_once: bool = False
) -> Iterator[ParsedDocument]:
    """Yield what `parse` returns of an open file, one document at a time where the rows of each stand together.

    The file is read twice: first only to see whether they do; where not, all of it is in memory, as in `parse`.
    `at_once` trusts that they do, which spares the first look, and raises RowsApart where that turns out wrong: for
    those who can undo what they made of the documents until then.
    """
    together = at_once or _stand_together(data, file, sources)
    data.seek(0)
    yield from (_in_turn if together else _gathered)(data, file, sources)


def _stand_together(data: io.BufferedIOBase, file: str, sources: dict[str, ParsedSource]) -> bool:
    """Tell whether no capture's rows are interrupted by another's, up to the first row that is refused.

    Looks at nothing but the cells that tell a row's capture: what else is wrong is met when the documents are read.
    """
    seen: set[int] = set()
    key: Key | None = None
    telling = COLUMNS[CAPTURE]
    try:
        for group in groups(data, file, COLUMNS, REQUIRED, same=telling):
            found = _key(dict(zip(telling, group.first()[CAPTURE], strict=True)), sources)
            if found != key:
                key = found
                # Two captures of one hash look like one that is interrupted: then the other way is taken, that is all.
                if hash(key) in seen:
                    return False
                seen.add(hash(key))
    except ImportProblem:
        pass  # It is met again, and told, when the documents are read.
    return True


def _in_turn(data: io.BufferedIOBase, file: str, sources: dict[str, ParsedSource]) -> Iterator[ParsedDocument]:
    """Yield each document as soon as the next one begins. Raises RowsApart where a capture comes again."""
    seen: set[int] = set()
    key: Key | None = None
    told: Told | None = None
    names = NamesOfFile()
    for group, cells, found in _keyed(data, file, sources):
        # The key of a capture is one object for all of its rows that stand together.
        if told is None or (found is not key and found != key):
            if hash(found) in seen:
                raise RowsApart(file, group.number)
            seen.add(hash(found))
            if told is not None:
                yield told.document
            told = Told(ParsedDocument(*found, file=file))
        key = found
        told.add(group, cells, names)
    if told is not None:
        yield told.document


def _gathered(data: io.BufferedIOBase, file: str, sources: dict[str, ParsedSource]) -> Iterator[ParsedDocument]:
    """Yield all documents at the end, wherever their rows stand."""
    documents: dict[Key, Told] = {}
    names = NamesOfFile()
    for group, cells, key in _keyed(data, file, sources):
        if key not in documents:
            documents[key] = Told(ParsedDocument(*key, file=file))
        documents[key].add(group, cells, names)
    yield from (told.document for told in documents.values())


def _keyed(data: io.BufferedIOBase, file: str, sources: dict[str, ParsedSource]) -> Iterator[tuple[Group, Cells, Key]]:
    """Yield rows that have all words in common, the first one's cells, and what they are rows of.

    Raises ImportProblem naming row and field.
    """
    last: Cells = ()
    key: Key | None = None
    for group in groups(data, file, COLUMNS, REQUIRED, same=COMMON):
        cells = group.first()
        try:
            checked(words_of(cells))
            if key is None or cells[CAPTURE] != last:
                key, last = _key(row_of(cells), sources), cells[CAPTURE]
        except ImportProblem as problem:
            raise problem.at(file, group.number) from problem
        yield group, cells, key


def _key(row: Row, sources: dict[str, ParsedSource]) -> Key:
    """Return what a row is a row of."""
    return _known_source(row, sources), _capture(row)


def _known_source(row: Row, sources: dict[str, ParsedSource]) -> ParsedSource:
    if row["source"] not in sources:
        said = (
            "is empty" if not row["source"] else f"{row['source']!r} is not described in sources.csv beside this file"
        )
        raise ImportProblem(said, field="source")
    return sources[row["source"]]


def _source(row: Row, told_in: tuple[str, int]) -> ParsedSource:
    name, state, network = (row.pop(column) for column in ("agency", "agency_state", "network"))
    check_values(Source, row)
    agency = read_name(name, state, "agency") if name else None
    return ParsedSource(**row, network=network, agency=agency, told_in=told_in)


def _capture(row: Row) -> ParsedCapture:
    values: dict[str, Any] = {name: row[name] for name in CAPTURE_COLUMNS}
    values["bytes_kept"] = row["bytes_kept"] or "none"
    for name in DATE_COLUMNS:
        values[name] = read_date(row[name], name)
    if not any(values[name] for name in DATE_COLUMNS):
        raise ImportProblem(f"one of {', '.join(DATE_COLUMNS)} is needed", field=DATE_COLUMNS[0])
    check_capture(values)
    return ParsedCapture(**values)
