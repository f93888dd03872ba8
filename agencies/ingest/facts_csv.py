"""The atlas's own format: facts as CSV, one row a thing that a document says, each with its source and dates.

`docs/facts-csv.md` describes it for those who write such files by hand. `agencies.ingest.facts_export` writes it.
"""

import io
import json
from collections.abc import Callable, Generator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from agencies.ingest.facts_columns import (
    CAPTURE_COLUMNS,
    COLUMNS,
    DATE_COLUMNS,
    REQUIRED,
    ROWS,
    SOURCE_COLUMNS,
    SOURCE_REQUIRED,
    WORDS,
    checked,
    words_of,
)
from agencies.ingest.facts_grants import NamesOfFile, grants
from agencies.ingest.facts_rows import Cells, Group, Row, groups, rows
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedAnswer,
    ParsedCapture,
    ParsedDocument,
    ParsedFact,
    ParsedList,
    ParsedSource,
    PrintedName,
)
from agencies.ingest.storable import check_capture, check_row
from agencies.models import Capture, Source

Key = tuple[ParsedSource, ParsedCapture]
"""What makes rows one document."""

Lists = dict[Cells, ParsedList]
"""The lists of one document by network, access, side that reports and section."""

AT = {name: position for position, name in enumerate(COLUMNS)}
CAPTURE = slice(AT["source"], AT["source"] + 1 + len(CAPTURE_COLUMNS))
LIST = slice(AT["network"], AT["network"] + 4)
KIND, ACCOUNT_STATUS = AT["row"], AT["account_status"]
"""Where a row's cells stand: those that tell its capture and its list, and single ones."""

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
                    found[row["slug"]] = _source(row)
                except ImportProblem as problem:
                    raise _at(problem, file.name, number) from problem
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
    document: ParsedDocument | None = None
    lists: Lists = {}
    names = NamesOfFile()
    for group, cells, found in _keyed(data, file, sources):
        # The key of a capture is one object for all of its rows that stand together.
        if document is None or (found is not key and found != key):
            if hash(found) in seen:
                raise RowsApart(file, group.number)
            seen.add(hash(found))
            if document is not None:
                yield document
            lists = {}
            document = ParsedDocument(*found, file=file)
        key = found
        _add(document, group, cells, lists, names)
    if document is not None:
        yield document


def _gathered(data: io.BufferedIOBase, file: str, sources: dict[str, ParsedSource]) -> Iterator[ParsedDocument]:
    """Yield all documents at the end, wherever their rows stand."""
    documents: dict[Key, tuple[ParsedDocument, Lists]] = {}
    names = NamesOfFile()
    for group, cells, key in _keyed(data, file, sources):
        if key not in documents:
            documents[key] = ParsedDocument(*key, file=file), {}
        document, lists = documents[key]
        _add(document, group, cells, lists, names)
    yield from (document for document, _ in documents.values())


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
                key, last = _key(_row(cells), sources), cells[CAPTURE]
        except ImportProblem as problem:
            raise _at(problem, file, group.number) from problem
        yield group, cells, key


def _add(document: ParsedDocument, group: Group, cells: Cells, lists: Lists, names: NamesOfFile) -> None:
    """Add what rows say to their document; `cells` are the first one's."""
    kind = cells[KIND] or ROWS[0]
    if kind == "sharing":
        parsed = _list(document, cells, lists)
        status = cells[ACCOUNT_STATUS] or "active"
        parsed.grants += grants(group, document.file, parsed.reported_by, status, names)
        return
    for number, row in group.rows():
        try:
            ADD[kind](document, row, lists)
        except ImportProblem as problem:
            raise _at(problem, document.file, number) from problem


def _row(cells: Cells) -> Row:
    """Return a row by the names of its columns, with the defaults filled in."""
    return dict(zip(COLUMNS, cells, strict=True)) | checked(words_of(cells))


def _at(problem: ImportProblem, file: str, number: int) -> ImportProblem:
    return ImportProblem(problem.message, file=file, row=number, field=problem.field)


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


def _source(row: Row) -> ParsedSource:
    agency, network = PrintedName(row.pop("agency"), row.pop("agency_state")), row.pop("network")
    check_row(Source(**row))
    return ParsedSource(**row, network=network, agency=agency if agency.text else None)


def _capture(row: Row) -> ParsedCapture:
    values: dict[str, Any] = {name: row[name] for name in CAPTURE_COLUMNS}
    values["bytes_kept"] = row["bytes_kept"] or "none"
    for name in DATE_COLUMNS:
        values[name] = _date(row, name)
    if not any(values[name] for name in DATE_COLUMNS):
        raise ImportProblem(f"one of {', '.join(DATE_COLUMNS)} is needed", field=DATE_COLUMNS[0])
    check_capture(Capture(**values))
    return ParsedCapture(**values)


def _date(row: Row, name: str) -> date | None:
    if not row[name]:
        return None
    try:
        return date.fromisoformat(row[name])
    except ValueError as error:
        raise ImportProblem(f"{row[name]!r} is not a date (YYYY-MM-DD)", field=name) from error


def _name(row: Row, column: str) -> PrintedName:
    if not row[column]:
        raise ImportProblem("is empty", field=column)
    return PrintedName(row[column], row[f"{column}_state"])


def _list(document: ParsedDocument, cells: Cells, lists: Lists) -> ParsedList:
    """Return the list that a row stands in, an extract until a row of kind `list` says more."""
    key = cells[LIST]
    if key not in lists:
        network, access, reported_by, section = key
        lists[key] = ParsedList(network, access, reported_by, section, completeness="extract")
        document.lists.append(lists[key])
    return lists[key]


def _add_list(document: ParsedDocument, cells: Cells, lists: Lists) -> None:
    row, parsed = _row(cells), _list(document, cells, lists)
    parsed.completeness = row["completeness"]
    parsed.heading = row["heading"]


def _add_fact(document: ParsedDocument, cells: Cells, lists: Lists) -> None:
    row = _row(cells)
    value: object = None
    if row["value"]:
        try:
            value = json.loads(row["value"])
        except json.JSONDecodeError as error:
            raise ImportProblem(f"{row['value']!r} is not JSON: {error.msg}", field="value") from error
    if (value is not None) != (row["knowledge"] == "known"):
        raise ImportProblem("a known fact has a value, any other has none", field="value")
    fact = ParsedFact(
        _name(row, "agency"), row["field"], value, row["network"], row["knowledge"], row["printed"], row["locator"]
    )
    document.facts.append(fact)


def _add_answer(document: ParsedDocument, cells: Cells, lists: Lists) -> None:
    row = _row(cells)
    for name in ("paraphrase", "answers_source"):
        if not row[name]:
            raise ImportProblem("is empty", field=name)
    answer = ParsedAnswer(
        agency=_name(row, "agency"),
        effect=row["effect"],
        paraphrase=row["paraphrase"],
        network=row["network"],
        grantor=_name(row, "grantor"),
        grantee=_name(row, "grantee"),
        answers_source=row["answers_source"],
        locator=row["locator"],
    )
    document.answers.append(answer)


ADD: dict[str, Callable[[ParsedDocument, Cells, Lists], None]] = {
    "list": _add_list,
    "fact": _add_fact,
    "answer": _add_answer,
}
"""What adds a row to its document, by its kind; grants are added many at a time."""
