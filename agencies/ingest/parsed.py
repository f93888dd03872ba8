"""What a parser gives back: plain values, one object a thing a document says, no database in sight."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple


class ImportProblem(Exception):
    """A document can't be read: names the file, and the row and field where there are any."""

    def __init__(self, message: str, *, file: str = "", row: int | None = None, field: str = "") -> None:
        self.message, self.file, self.row, self.field = message, file, row, field
        where = [file, f"row {row}" if row is not None else "", f"field {field!r}" if field else ""]
        super().__init__(": ".join([", ".join(part for part in where if part), message]).lstrip(": "))

    @classmethod
    def from_json(cls, stored: dict[str, Any]) -> "ImportProblem":
        """Return the problem that a failed ImportRun stores."""
        return cls(stored["message"], file=stored["file"], row=stored["row"], field=stored["field"])

    def at(self, file: str, row: int | None = None) -> "ImportProblem":
        """Return the problem with its place, as far as it does not name that itself."""
        row = row if self.row is None else self.row
        return ImportProblem(self.message, file=self.file or file, row=row, field=self.field)

    def as_json(self) -> dict[str, str | int | None]:
        """Return the problem as stored on a failed ImportRun."""
        return {"file": self.file, "row": self.row, "field": self.field, "message": self.message}


@contextmanager
def found_in(file: str, row: int | None = None) -> Iterator[None]:
    """Have problems of the block name the file, and the row where one is given, as far as they name none."""
    try:
        yield
    except ImportProblem as problem:
        raise problem.at(file, row) from problem


class PrintedName(NamedTuple):
    """A body's name as printed (outer and doubled spaces removed), with the state of the document's agency.

    `state` is the two-letter USPS code of the agency whose document it is, or the state that the document
    itself prints beside the name; "" when there is none.
    """

    text: str
    state: str = ""


@dataclass(frozen=True, slots=True)
class ParsedSource:
    """A publisher of documents. `agency` is the body whose own list, portal or report it is, if any.

    `told_in` is the file and the row that describe it, where such a row does.
    """

    slug: str
    title: str
    kind: str
    publisher: str
    url: str = ""
    licence: str = ""
    licence_url: str = ""
    credit: str = ""
    network: str = ""
    agency: PrintedName | None = None
    told_in: tuple[str, int] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ParsedCapture:
    """One dated copy of a document. At least one of the three dates is known; None is unknown."""

    url: str
    archive_url: str = ""
    compiled_by: str = ""
    licence: str = ""
    licence_url: str = ""
    published_on: date | None = None
    retrieved_on: date | None = None
    first_reported_on: date | None = None
    sha256: str = ""
    bytes_kept: str = "none"


class ParsedGrant(NamedTuple):
    """One line of a sharing list: grantor gives grantee access. `printed` is the line as it stands."""

    grantor: PrintedName
    grantee: PrintedName
    printed: str
    locator: str = ""
    account_status: str = "active"


@dataclass(slots=True)
class ParsedList:
    """One list of one capture: who is listed, under which heading, and how complete the list is.

    `reported_by` says which side of the grants publishes the list: grantor, grantee or third_party.
    `section` is the canonical name of the list in its stream, the same whatever the heading's wording.
    """

    network: str
    access: str
    reported_by: str
    section: str
    completeness: str
    heading: str = ""
    grants: list[ParsedGrant] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class ParsedFact:
    """One fact of an agency. `value` is JSON-ready, None unless `knowledge` is "known"."""

    agency: PrintedName
    field: str
    value: object
    network: str = ""
    knowledge: str = "known"
    printed: str = ""
    locator: str = ""


@dataclass(frozen=True, slots=True)
class ParsedAnswer:
    """An agency's reply to what another source says of a grant.

    It answers every statement of `answers_source` that `grantor` gives `grantee` access on `network`.
    """

    agency: PrintedName
    effect: str
    paraphrase: str
    network: str
    grantor: PrintedName
    grantee: PrintedName
    answers_source: str
    locator: str = ""


@dataclass(slots=True)
class ParsedDocument:
    """All that one capture says, in the order in which it stands there.

    `kept_text` holds the sections that were read, as printed, or "" when nothing is kept. `network_rows` are the rows
    of `file` that name a network (slug) first, where rows do.
    """

    source: ParsedSource
    capture: ParsedCapture
    file: str = ""
    lists: list[ParsedList] = field(default_factory=list)
    facts: list[ParsedFact] = field(default_factory=list)
    answers: list[ParsedAnswer] = field(default_factory=list)
    kept_text: str = ""
    network_rows: dict[str, int] = field(default_factory=dict, compare=False)
