"""What rows of a facts file say of their document: lists with their grants, facts and answers."""

from collections.abc import Callable
from dataclasses import dataclass, field

from agencies.ingest.facts_columns import COLUMNS, ROWS, checked, words_of
from agencies.ingest.facts_grants import NamesOfFile, grants
from agencies.ingest.facts_rows import Cells, Group, Row
from agencies.ingest.facts_values import read_name, read_value
from agencies.ingest.parsed import ImportProblem, ParsedAnswer, ParsedDocument, ParsedFact, ParsedList, PrintedName
from agencies.ingest.storable import check_values
from agencies.models import Answer, Stream

AT = {name: position for position, name in enumerate(COLUMNS)}
LIST = slice(AT["network"], AT["network"] + 4)
KIND, ACCOUNT_STATUS = AT["row"], AT["account_status"]
"""Where a row's cells stand: those that tell its list, and single ones."""

FactKey = tuple[PrintedName, str, str]
"""Whom a fact is about, on which network, and its field: a document says it once."""


@dataclass(slots=True)
class Told:
    """A document, and what its further rows are held against: its lists, and its facts with their row numbers."""

    document: ParsedDocument
    lists: dict[Cells, ParsedList] = field(default_factory=dict)
    facts: dict[FactKey, tuple[ParsedFact, int]] = field(default_factory=dict)

    def add(self, group: Group, cells: Cells, names: NamesOfFile) -> None:
        """Take in rows of this document that agree in their words; `cells` are the first one's.

        Raises ImportProblem naming file, row and field.
        """
        kind, file, number = cells[KIND] or ROWS[0], self.document.file, group.number
        try:
            if kind == "sharing":
                parsed = _list(self, cells, number)
                status = cells[ACCOUNT_STATUS] or "active"
                parsed.grants += grants(group, parsed.reported_by, status, names)
                return
            for number, row in group.rows():
                ADD[kind](self, row, number)
        except ImportProblem as problem:
            raise problem.at(file, number) from problem


def row_of(cells: Cells) -> Row:
    """Return a row by the names of its columns, with the defaults filled in."""
    return dict(zip(COLUMNS, cells, strict=True)) | checked(words_of(cells))


def _name(row: Row, column: str) -> PrintedName:
    return read_name(row[column], row[f"{column}_state"], column)


def _list(told: Told, cells: Cells, number: int) -> ParsedList:
    """Return the list that a row stands in, an extract until a row of kind `list` says more."""
    key = cells[LIST]
    if key not in told.lists:
        network, access, reported_by, section = key
        check_values(Stream, {"access": access, "reported_by": reported_by, "section": section})
        told.lists[key] = ParsedList(network, access, reported_by, section, completeness="extract")
        told.document.lists.append(told.lists[key])
        told.document.network_rows.setdefault(network, number)
    return told.lists[key]


def _add_list(told: Told, cells: Cells, number: int) -> None:
    row, parsed = row_of(cells), _list(told, cells, number)
    parsed.completeness = row["completeness"]
    parsed.heading = row["heading"]


def _add_fact(told: Told, cells: Cells, number: int) -> None:
    row = row_of(cells)
    value = None if row["value"] in ("", "null") else read_value(row["value"], row["field"])
    if (value is not None) != (row["knowledge"] == "known"):
        raise ImportProblem("a known fact has a value, any other has none", field="value")
    fact = ParsedFact(
        _name(row, "agency"), row["field"], value, row["network"], row["knowledge"], row["printed"], row["locator"]
    )
    key = fact.agency, fact.network or told.document.source.network, fact.field
    before, first = told.facts.setdefault(key, (fact, number))
    if (before.value, before.knowledge) != (fact.value, fact.knowledge):
        raise ImportProblem(f"another value of {fact.field} than row {first}", field="value")
    told.document.facts.append(fact)
    told.document.network_rows.setdefault(fact.network, number)


def _add_answer(told: Told, cells: Cells, number: int) -> None:
    row = row_of(cells)
    for name in ("paraphrase", "answers_source"):
        if not row[name]:
            raise ImportProblem("is empty", field=name)
    check_values(Answer, row)
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
    told.document.answers.append(answer)
    told.document.network_rows.setdefault(answer.network, number)


ADD: dict[str, Callable[[Told, Cells, int], None]] = {
    "list": _add_list,
    "fact": _add_fact,
    "answer": _add_answer,
}
"""What adds a row to its document, by its kind; grants are added many at a time."""
