"""The atlas's own format: facts as CSV, one row a thing that a document says, each with its source and dates.

`docs/facts-csv.md` describes it for those who write such files by hand. `agencies.ingest.facts_export` writes it.
"""

import csv
import gzip
import io
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from agencies.ingest.facts_columns import (
    CAPTURE_COLUMNS,
    CHOICES,
    COLUMNS,
    DATE_COLUMNS,
    REQUIRED,
    SOURCE_COLUMNS,
    SOURCE_REQUIRED,
)
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedAnswer,
    ParsedCapture,
    ParsedDocument,
    ParsedFact,
    ParsedGrant,
    ParsedList,
    ParsedSource,
    PrintedName,
)

Row = dict[str, str]


def read(path: Path) -> Iterator[ParsedDocument]:
    """Yield the documents of a statements file (.csv or .csv.gz), or of all of them in a folder.

    Sources come from `sources.csv` (or .gz) beside it. Raises ImportProblem naming file, row and field.
    """
    folder = path if path.is_dir() else path.parent
    sources = read_sources(folder)
    files = sorted(folder.glob("statements*.csv*")) if path.is_dir() else [path]
    if not files:
        raise ImportProblem("no statements*.csv in this folder", file=str(path))
    for file in files:
        yield from parse(file.read_bytes(), file=file.name, sources=sources)


def read_sources(folder: Path) -> dict[str, ParsedSource]:
    """Return the sources described in a folder, by slug; none where it has no sources file."""
    found: dict[str, ParsedSource] = {}
    for file in sorted(folder.glob("sources.csv*")):
        for number, row in _rows(file.read_bytes(), file.name, SOURCE_COLUMNS, SOURCE_REQUIRED):
            if row["slug"] in found:
                raise ImportProblem("this source stands twice", file=file.name, row=number, field="slug")
            found[row["slug"]] = _source(row)
    return found


def parse(data: bytes, *, file: str, sources: dict[str, ParsedSource]) -> list[ParsedDocument]:
    """Parse one statements file into documents, in the order in which their captures first appear.

    Row numbers in problems count the header as row 1. Memory grows with the file: about 1 kB a row.
    """
    documents: dict[tuple[str, ParsedCapture], ParsedDocument] = {}
    lists: dict[tuple[Any, ...], ParsedList] = {}
    for number, row in _rows(data, file, COLUMNS, REQUIRED):
        try:
            _check(row)
            source = _known_source(row, sources)
            capture = _capture(row)
            key = (source.slug, capture)
            document = documents.setdefault(key, ParsedDocument(source, capture, file=file))
            ADD[row["row"]](document, row, lists)
        except ImportProblem as problem:
            raise ImportProblem(problem.message, file=file, row=number, field=problem.field) from problem
    return list(documents.values())


def _rows(data: bytes, file: str, columns: list[str], required: list[str]) -> Iterator[tuple[int, Row]]:
    """Yield (row number, row) of CSV bytes, gzipped or not; absent columns read as empty."""
    try:
        text = (gzip.decompress(data) if data[:2] == b"\x1f\x8b" else data).decode("utf-8-sig")
    except (OSError, EOFError, UnicodeDecodeError) as error:
        raise ImportProblem(f"not readable as UTF-8 CSV: {error}", file=file) from error
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    blank = dict.fromkeys(columns, "")
    try:
        header = list(reader.fieldnames or [])
        _check_header(header, columns, required, file)
        for number, row in enumerate(reader, start=2):
            if None in row or None in row.values():
                raise ImportProblem(f"has not the header's {len(header)} fields", file=file, row=number)
            if "\x00" in "".join(row.values()):
                raise ImportProblem("has a NUL character", file=file, row=number)
            yield number, {**blank, **{name: value.strip() for name, value in row.items()}}
    except csv.Error as error:
        raise ImportProblem(f"not readable as CSV: {error}", file=file, row=reader.line_num) from error


def _check_header(header: list[str], columns: list[str], required: list[str], file: str) -> None:
    unknown = [name for name in header if name not in columns]
    missing = [name for name in required if name not in header]
    if unknown or missing or len(set(header)) != len(header):
        said = [f"unknown columns {unknown}" * bool(unknown), f"missing columns {missing}" * bool(missing)]
        raise ImportProblem("; ".join(filter(None, said)) or "a column stands twice", file=file, row=1)


def _check(row: Row) -> None:
    """Refuse a value outside its vocabulary, and fill in the defaults."""
    row["row"] = row["row"] or "sharing"
    if row["row"] not in ADD:
        raise ImportProblem(f"{row['row']!r} is not one of: {', '.join(ADD)}", field="row")
    for name, (choices, default) in CHOICES.items():
        if row["row"] in choices.rows:
            row[name] = row[name] or default
            if row[name] not in choices.values:
                said = f"{row[name]!r} is not one of: {', '.join(sorted(choices.values))}" if row[name] else "is empty"
                raise ImportProblem(said, field=name)


def _known_source(row: Row, sources: dict[str, ParsedSource]) -> ParsedSource:
    if row["source"] not in sources:
        said = (
            "is empty" if not row["source"] else f"{row['source']!r} is not described in sources.csv beside this file"
        )
        raise ImportProblem(said, field="source")
    return sources[row["source"]]


def _source(row: Row) -> ParsedSource:
    agency = PrintedName(row.pop("agency"), row.pop("agency_state"))
    return ParsedSource(**row, agency=agency if agency.text else None)


def _capture(row: Row) -> ParsedCapture:
    values: dict[str, Any] = {name: row[name] for name in CAPTURE_COLUMNS}
    for name in DATE_COLUMNS:
        values[name] = _date(row, name)
    if not any(values[name] for name in DATE_COLUMNS):
        raise ImportProblem(f"one of {', '.join(DATE_COLUMNS)} is needed", field=DATE_COLUMNS[0])
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


def _list(document: ParsedDocument, row: Row, lists: dict[tuple[Any, ...], ParsedList]) -> ParsedList:
    """Return the list that a row stands in, an extract until a row of kind `list` says more."""
    stream = (row["network"], row["access"], row["reported_by"], row["section"])
    key = (document.source.slug, document.capture, *stream)
    if key not in lists:
        lists[key] = ParsedList(*stream, completeness="extract")
        document.lists.append(lists[key])
    return lists[key]


def _add_list(document: ParsedDocument, row: Row, lists: dict[tuple[Any, ...], ParsedList]) -> None:
    parsed = _list(document, row, lists)
    parsed.completeness = row["completeness"]
    parsed.heading = row["heading"]


def _add_sharing(document: ParsedDocument, row: Row, lists: dict[tuple[Any, ...], ParsedList]) -> None:
    grantor, grantee = _name(row, "grantor"), _name(row, "grantee")
    listed = grantor if row["reported_by"] == "grantee" else grantee
    grant = ParsedGrant(grantor, grantee, row["printed"] or listed.text, row["locator"], row["account_status"])
    _list(document, row, lists).grants.append(grant)


def _add_fact(document: ParsedDocument, row: Row, lists: dict[tuple[Any, ...], ParsedList]) -> None:
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


def _add_answer(document: ParsedDocument, row: Row, lists: dict[tuple[Any, ...], ParsedList]) -> None:
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


ADD: dict[str, Callable[[ParsedDocument, Row, dict[tuple[Any, ...], ParsedList]], None]] = {
    "sharing": _add_sharing,
    "list": _add_list,
    "fact": _add_fact,
    "answer": _add_answer,
}
