"""Statements and their payloads on their way into the record: made as lines, written by COPY by the thousands.

While PostgreSQL writes some, the next are made.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import partial

from agencies.copying import cell, copy_new, packed, reserve_ids
from agencies.identifiers import named_hexes, record_hex
from agencies.ingest.names import Context, KnownName
from agencies.ingest.parsed import ParsedAnswer, ParsedFact, ParsedGrant
from agencies.ingest.publications import KnownCapture, KnownList
from agencies.ingest.storable import check_row, check_text
from agencies.models import Answer, Fact, ImportRun, Network, SharingStatement, Statement
from agencies.writing_behind import WritingBehind

STATEMENT = ("id", "uuid", "kind", "capture_id", "run_id", "observed_on", "printed", "locator")
GRANT = ("statement_id", "sharing_list_id", "grantor_alias_id", "grantee_alias_id", "account_status")
FACT = ("statement_id", "alias_id", "network_id", "field", "value", "knowledge")

BATCH = 20_000
"""Statements written at a time: enough for PostgreSQL to be the slow part, little enough for memory."""

PRINTED, LOCATOR = 300, 200
"""Characters of the printed text and of the locator that are kept."""


@dataclass(slots=True)
class _Payloads:
    """Rows of one payload table, without their keys, and which statements of the batch they belong to."""

    places: list[int] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Batch:
    """What was made and is not written yet."""

    statements: list[str] = field(default_factory=list)
    grants: _Payloads = field(default_factory=_Payloads)
    facts: _Payloads = field(default_factory=_Payloads)
    answers: list[tuple[int, Answer, ParsedAnswer]] = field(default_factory=list)


class Rows:
    """The statements of one recording that wait to be written, and the counts of those that are new or known."""

    def __init__(self, run: ImportRun, counts: Counter[str], behind: WritingBehind) -> None:
        self._run = run.pk
        self._counts = counts
        self._behind = behind
        self._made = _Batch()
        self._ids: list[int] = []
        self.answers: list[tuple[Answer, ParsedAnswer]] = []

    def add_list(self, capture: KnownCapture, known: KnownList, grants: list[ParsedGrant], names: Context) -> int:
        """Take in the lines of a list, and return how many different names they are.

        A line that stands there twice is two statements.
        """
        ends = [(names[grant[0]], names[grant[1]], grant[4]) for grant in grants]
        marks = {status: cell(status) for status in {end[2] for end in ends}}
        of_list = f"sharing\x1f{known.uuid}\x1f"
        keys = [f"{of_list}{giver[1]}\x1f{taker[1]}\x1f{status}" for giver, taker, status in ends]
        all_differ = len(set(keys)) == len(keys)
        idents = named_hexes([f"{key}\x1f1" for key in keys] if all_differ else _numbered(keys))
        payloads = [f"{known.pk}\t{giver[0]}\t{taker[0]}\t{marks[status]}" for giver, taker, status in ends]
        texts = _said([grant[2] for grant in grants], [grant[3] for grant in grants])
        if capture.statements.isdisjoint(idents):
            self._take(capture, "sharing", idents, texts, self._made.grants, payloads)
        else:
            for ident, text, payload in zip(idents, texts, payloads, strict=True):
                self._take_unless_known(capture, "sharing", ident, text, self._made.grants, payload)
        if len(self._made.statements) >= BATCH:
            self.write()
        if all_differ and len(marks) == 1:
            return len(ends)
        return len({(giver[0], taker[0]) for giver, taker, _ in ends})

    def add_fact(self, capture: KnownCapture, fact: ParsedFact, about: Network | None, alias: KnownName) -> None:
        """Take in a fact."""
        ident = record_hex("fact", capture.uuid, alias.uuid, about.slug if about else "", fact.field)
        value = None if fact.value is None else json.dumps(fact.value)
        values = (alias.pk, about.pk if about else None, fact.field, value, fact.knowledge)
        (text,) = _said([fact.printed], [fact.locator])
        self._take_unless_known(capture, "fact", ident, text, self._made.facts, "\t".join(map(cell, values)))

    def add_answer(self, capture: KnownCapture, answer: ParsedAnswer, alias: KnownName) -> None:
        """Take in an answer."""
        parts = (answer.effect, answer.answers_source, answer.grantor.text, answer.grantee.text)
        ident = record_hex("answer", capture.uuid, alias.uuid, *parts)
        (text,) = _said([""], [answer.locator])
        if self._take_unless_known(capture, "answer", ident, text):
            row = Answer(alias_id=alias.pk, effect=answer.effect, paraphrase=answer.paraphrase)
            check_row(row)
            self._made.answers.append((len(self._made.statements) - 1, row, answer))

    def _take_unless_known(
        self,
        capture: KnownCapture,
        kind: str,
        ident: str,
        text: str,
        payloads: _Payloads | None = None,
        payload: str = "",
    ) -> bool:
        """Take in a statement unless the record has it; tell whether it is new."""
        if ident in capture.statements:
            self._counts["statements known"] += 1
            return False
        self._take(capture, kind, [ident], [text], payloads, [payload])
        return True

    def _take(
        self,
        capture: KnownCapture,
        kind: str,
        idents: Sequence[str],
        texts: Sequence[str],
        payloads: _Payloads | None,
        lines: Sequence[str],
    ) -> None:
        """Take in new statements of one capture, with their payloads where those are written by COPY."""
        said = self._made.statements
        if payloads is not None:
            payloads.places.extend(range(len(said), len(said) + len(idents)))
            payloads.lines.extend(lines)
        capture.statements.update(idents)
        of_capture = f"\t{kind}\t{capture.pk}\t{self._run}\t{capture.observed_on}\t"
        said.extend([f"{ident}{of_capture}{text}" for ident, text in zip(idents, texts, strict=True)])

    def reserved(self, ids: Sequence[int]) -> None:
        """Take in keys that were reserved for statements to come: others are asked for when they are needed."""
        self._ids += ids

    def write(self) -> None:
        """Begin to write what was taken in."""
        made, self._made = self._made, _Batch()
        if not made.statements:
            return
        number = len(made.statements)
        if (missing := number - len(self._ids)) > 0:
            self._ids += reserve_ids(Statement, missing)
        ids, self._ids = self._ids[:number], self._ids[number:]
        self._counts["statements new"] += number
        self._behind.begin(_ready(made, ids))
        if made.answers:
            self._write_answers(made, ids)

    def _write_answers(self, made: _Batch, ids: list[int]) -> None:
        """Write answers, few as they are, once their statements are; what they answer is found at the end."""
        for place, row, _ in made.answers:
            row.statement_id = ids[place]
        Answer.objects.bulk_create([row for _, row, _ in made.answers])
        self.answers += [(row, parsed) for _, row, parsed in made.answers]


def _numbered(keys: list[str]) -> list[str]:
    """Return each key with the number of times that it has come by then, from 1."""
    seen: Counter[str] = Counter()
    numbered = []
    for key in keys:
        seen[key] += 1
        numbered.append(f"{key}\x1f{seen[key]}")
    return numbered


def _said(printed: list[str], locators: list[str]) -> list[str]:
    """Return printed texts and locators as pairs of cells, cut to what the record holds.

    Raises ImportProblem for a text that it can't hold.
    """
    text = "".join([*printed, *locators])
    if text.isprintable() and "\\" not in text:
        return [f"{one[:PRINTED]}\t{where[:LOCATOR]}" for one, where in zip(printed, locators, strict=True)]
    for one, where in zip(printed, locators, strict=True):
        check_text(one, "printed")
        check_text(where, "locator")
    return [f"{cell(one[:PRINTED])}\t{cell(where[:LOCATOR])}" for one, where in zip(printed, locators, strict=True)]


def _ready(made: _Batch, ids: list[int]) -> Callable[[], None]:
    """Return the writing of a batch, whose statements get these keys."""
    writes = [partial(copy_new, Statement, STATEMENT, _with_ids(made.statements, ids), ids)]
    for model, columns, payloads in ((SharingStatement, GRANT, made.grants), (Fact, FACT, made.facts)):
        if payloads.lines:
            own = ids if len(payloads.places) == len(ids) else [ids[place] for place in payloads.places]
            writes.append(partial(copy_new, model, columns, _with_ids(payloads.lines, own), own))

    def write() -> None:
        for one in writes:
            one()

    return write


def _with_ids(lines: list[str], ids: list[int]) -> bytes:
    """Return rows for COPY, each of its key and its line."""
    return packed([f"{pk}\t{line}" for pk, line in zip(ids, lines, strict=True)])
