"""Statements and their payloads on their way into the record: made as lines, written by COPY by the thousands.

While PostgreSQL writes some, the next are made.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import compress, islice
from typing import NamedTuple

from agencies.copying import cell, copy_new, packed
from agencies.identifiers import named_hexes, record_hex
from agencies.ingest.names import Context, KnownName
from agencies.ingest.parsed import ParsedAnswer, ParsedFact, ParsedGrant
from agencies.ingest.publications import KnownCapture, KnownList
from agencies.ingest.readings import FactKey, OtherValues, Reading, said_by
from agencies.ingest.storable import check_row, check_text
from agencies.models import Answer, Fact, ImportRun, Network, SharingStatement, Statement
from agencies.writing_behind import WritingBehind

STATEMENT = ("id", "uuid", "kind", "capture_id", "run_id", "observed_on", "printed", "locator")
GRANT = ("statement_id", "sharing_list_id", "grantor_alias_id", "grantee_alias_id", "account_status")
FACT = ("statement_id", "alias_id", "network_id", "field", "value", "knowledge")

BATCH = 30_000
"""Statements written at a time: enough for PostgreSQL to be the slow part, little enough for memory."""

PRINTED, LOCATOR = 300, 200
"""Characters of the printed text and of the locator that are kept."""


class NewAnswer(NamedTuple):
    """An answer's row, what it was parsed from, and the file that says it."""

    row: Answer
    parsed: ParsedAnswer
    file: str


@dataclass(slots=True)
class _Lines:
    """Rows of one table as COPY takes them, and their primary keys."""

    ids: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)

    def add(self, ids: Iterable[int], lines: Iterable[str]) -> None:
        """Take in rows."""
        self.ids.extend(ids)
        self.lines.extend(lines)


@dataclass(slots=True)
class _Batch:
    """What was made and is not written yet."""

    statements: _Lines = field(default_factory=_Lines)
    grants: _Lines = field(default_factory=_Lines)
    facts: _Lines = field(default_factory=_Lines)
    answers: list[NewAnswer] = field(default_factory=list)


class Rows:
    """The statements of one recording that wait to be written, and the counts of those that are new or known."""

    def __init__(self, run: ImportRun, counts: Counter[str], behind: WritingBehind) -> None:
        self._run = run.pk
        self._counts = counts
        self._behind = behind
        self._made = _Batch()
        self._ids: Iterator[int] = iter(())
        self.answers: list[NewAnswer] = []
        self.others = OtherValues()

    def begin(self, ids: Iterable[int]) -> None:
        """Begin with documents for whose statements these keys are reserved, ascending, at least one for each."""
        self._ids = iter(ids)

    def add_list(self, capture: KnownCapture, known: KnownList, grants: list[ParsedGrant], names: Context) -> int:
        """Take in the lines of a list, and return how many different names they are.

        A line that stands there twice is two statements.
        """
        if not grants:
            return 0
        grantors, grantees, printed, locators, statuses = zip(*grants, strict=True)
        ends = list(zip(map(names.__getitem__, grantors), map(names.__getitem__, grantees), statuses, strict=True))
        keys = [f"{giver[1]}\x1f{taker[1]}\x1f{status}\x1f1" for giver, taker, status in ends]
        all_differ = len(set(keys)) == len(keys)
        idents = named_hexes(keys if all_differ else _numbered(keys), f"sharing\x1f{known.uuid}\x1f")
        texts = _said(printed, locators)
        marks = {status: cell(status) for status in set(statuses)}
        size = len(ends) if all_differ and len(marks) == 1 else len({(giver[0], taker[0]) for giver, taker, _ in ends})
        if not capture.statements.isdisjoint(idents):
            new = [ident not in capture.statements for ident in idents]
            self._counts["statements known"] += new.count(False)
            ends, idents, texts = list(compress(ends, new)), list(compress(idents, new)), list(compress(texts, new))
        ids = self._take(capture, "sharing", idents, texts)
        payloads = [
            f"{pk}\t{known.pk}\t{giver[0]}\t{taker[0]}\t{marks[status]}"
            for pk, (giver, taker, status) in zip(ids, ends, strict=True)
        ]
        self._made.grants.add(ids, payloads)
        if len(self._made.statements.ids) >= BATCH:
            self.write()
        return size

    def add_fact(self, capture: KnownCapture, fact: ParsedFact, about: Network | None, alias: KnownName) -> None:
        """Take in a fact. One that stands with another value stays as it is."""
        now = Reading(said_by(fact.value, fact.knowledge), stands=True)
        readings = capture.facts.setdefault(FactKey(alias.pk, about.pk if about else None, fact.field), [])
        standing = next((one for one in readings if one.stands), None)
        if any(one.said == now.said for one in readings) or standing is not None:
            self._counts["statements known"] += 1
            if standing is not None and standing.said != now.said:
                self.others.add(fact, standing, now, capture.file)
            return
        parts = [capture.uuid, alias.uuid, about.slug if about else "", fact.field]
        if readings:  # What was read first has an id that does not tell its value.
            parts.append(now.said)
        ident = record_hex("fact", *parts)
        readings.append(now)
        ids = self._take(capture, "fact", [ident], _said([fact.printed], [fact.locator]))
        value = None if fact.value is None else json.dumps(fact.value)
        values = (*ids, alias.pk, about.pk if about else None, fact.field, value, fact.knowledge)
        self._made.facts.add(ids, ["\t".join(map(cell, values))])

    def add_answer(self, capture: KnownCapture, answer: ParsedAnswer, alias: KnownName) -> None:
        """Take in an answer."""
        parts = (answer.effect, answer.answers_source, answer.grantor.text, answer.grantee.text)
        ident = record_hex("answer", capture.uuid, alias.uuid, *parts)
        texts = _said([""], [answer.locator])
        if ident in capture.statements:
            self._counts["statements known"] += 1
            return
        row = Answer(alias_id=alias.pk, effect=answer.effect, paraphrase=answer.paraphrase)
        check_row(row)
        (row.statement_id,) = self._take(capture, "answer", [ident], texts)
        self._made.answers.append(NewAnswer(row, answer, capture.file))

    def _take(self, capture: KnownCapture, kind: str, idents: list[str], texts: list[str]) -> list[int]:
        """Take in new statements of one capture; return their keys."""
        ids = list(islice(self._ids, len(idents)))
        capture.statements.update(idents)
        of_capture = f"\t{kind}\t{capture.pk}\t{self._run}\t{capture.observed_on}\t"
        lines = [f"{pk}\t{ident}{of_capture}{text}" for pk, ident, text in zip(ids, idents, texts, strict=True)]
        self._made.statements.add(ids, lines)
        return ids

    def write(self) -> None:
        """Begin to write what was taken in."""
        made, self._made = self._made, _Batch()
        if not made.statements.ids:
            return
        self._counts["statements new"] += len(made.statements.ids)
        self._behind.begin(_ready(made))
        if made.answers:  # Few, and written once their statements are; what they answer is found at the end.
            Answer.objects.bulk_create([new.row for new in made.answers])
            self.answers += made.answers


def _numbered(keys: list[str]) -> list[str]:
    """Return keys that end in 1 with the number of times that each has come by then instead."""
    seen: Counter[str] = Counter()
    numbered = []
    for key in keys:
        seen[key] += 1
        numbered.append(f"{key[:-1]}{seen[key]}")
    return numbered


def _said(printed: Sequence[str], locators: Sequence[str]) -> list[str]:
    """Return printed texts and locators, one or more, as pairs of cells, cut to what the record holds.

    Raises ImportProblem for a text that it can't hold.
    """
    text = "".join([*printed, *locators])
    if not text.isprintable() or "\\" in text:
        for one, where in zip(printed, locators, strict=True):
            check_text(one, "printed")
            check_text(where, "locator")
        return [f"{cell(one[:PRINTED])}\t{cell(where[:LOCATOR])}" for one, where in zip(printed, locators, strict=True)]
    if max(map(len, printed)) > PRINTED or max(map(len, locators)) > LOCATOR:
        return [f"{one[:PRINTED]}\t{where[:LOCATOR]}" for one, where in zip(printed, locators, strict=True)]
    return list(map("\t".join, zip(printed, locators, strict=True)))


def _ready(made: _Batch) -> Callable[[], None]:
    """Return the writing of a batch."""
    tables = ((Statement, STATEMENT, made.statements), (SharingStatement, GRANT, made.grants), (Fact, FACT, made.facts))
    writes = [partial(copy_new, model, columns, packed(rows.lines), rows.ids) for model, columns, rows in tables]

    def write() -> None:
        for one in writes:
            one()

    return write
