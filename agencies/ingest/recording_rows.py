"""Statements and their payloads on their way into the record: made as lines, written by COPY by the thousands."""

import json
from collections import Counter
from typing import Any

from agencies.copying import cell, copy_new, reserve_ids
from agencies.identifiers import named_hex, record_hex
from agencies.ingest.names import Context, KnownName
from agencies.ingest.parsed import ParsedAnswer, ParsedFact, ParsedGrant
from agencies.ingest.publications import KnownCapture, KnownList
from agencies.ingest.storable import check_row, check_text
from agencies.models import Answer, Fact, ImportRun, Network, SharingStatement, Statement

STATEMENT = ("id", "uuid", "kind", "capture_id", "run_id", "observed_on", "printed", "locator")
GRANT = ("statement_id", "sharing_list_id", "grantor_alias_id", "grantee_alias_id", "account_status")
FACT = ("statement_id", "alias_id", "network_id", "field", "value", "knowledge")

BATCH = 20_000
"""Statements written at a time: enough for PostgreSQL to be the slow part, little enough for memory."""


class Rows:
    """The statements of one recording that wait to be written, and the counts of those that are new or known."""

    def __init__(self, run: ImportRun, counts: Counter[str]) -> None:
        self._run = run.pk
        self._counts = counts
        self._statements: list[str] = []
        self._payloads: list[tuple[str, Any]] = []
        self.answers: list[tuple[Answer, ParsedAnswer]] = []

    def add_list(self, capture: KnownCapture, known: KnownList, grants: list[ParsedGrant], names: Context) -> None:
        """Take in the lines of a list. A line that stands there twice is two statements."""
        seen: dict[str, int] = {}
        for grantor, grantee, printed, locator, status in grants:
            giver, taker = names[grantor], names[grantee]
            key = f"{giver.uuid}\x1f{taker.uuid}\x1f{status}"
            seen[key] = number = seen.get(key, 0) + 1
            ident = named_hex(f"sharing\x1f{known.uuid}\x1f{key}\x1f{number}")
            if self._is_new(capture, ident, "sharing", printed, locator):
                self._payloads.append(("sharing", f"{known.pk}\t{giver.pk}\t{taker.pk}\t{cell(status)}"))
        self.write_many()

    def add_fact(self, capture: KnownCapture, fact: ParsedFact, about: Network | None, alias: KnownName) -> None:
        """Take in a fact."""
        ident = record_hex("fact", capture.uuid, alias.uuid, about.slug if about else "", fact.field)
        if self._is_new(capture, ident, "fact", fact.printed, fact.locator):
            value = None if fact.value is None else json.dumps(fact.value)
            values = (alias.pk, about.pk if about else None, fact.field, value, fact.knowledge)
            self._payloads.append(("fact", "\t".join(map(cell, values))))

    def add_answer(self, capture: KnownCapture, answer: ParsedAnswer, alias: KnownName) -> None:
        """Take in an answer."""
        parts = (answer.effect, answer.answers_source, answer.grantor.text, answer.grantee.text)
        if self._is_new(capture, record_hex("answer", capture.uuid, alias.uuid, *parts), "answer", "", answer.locator):
            row = Answer(alias_id=alias.pk, effect=answer.effect, paraphrase=answer.paraphrase)
            check_row(row)
            self._payloads.append(("answer", (row, answer)))

    def _is_new(self, capture: KnownCapture, ident: str, kind: str, printed: str, locator: str) -> bool:
        """Take in a statement unless the record has it; tell whether it is new."""
        if ident in capture.statements:
            self._counts["statements known"] += 1
            return False
        capture.statements.add(ident)
        text = printed + locator
        if text.isprintable() and "\\" not in text:
            said = f"{printed[:300]}\t{locator[:200]}"
        else:
            check_text(printed, "printed")
            check_text(locator, "locator")
            said = f"{cell(printed[:300])}\t{cell(locator[:200])}"
        self._statements.append(f"{ident}\t{kind}\t{capture.pk}\t{self._run}\t{capture.observed_on}\t{said}")
        return True

    def write_many(self) -> None:
        """Write once enough waits."""
        if len(self._statements) >= BATCH:
            self.write()

    def write(self) -> None:
        """Write all that waits: the statements, then their payloads."""
        if not self._statements:
            return
        ids = reserve_ids(Statement, len(self._statements))
        lines = (f"{pk}\t{line}" for pk, line in zip(ids, self._statements, strict=True))
        copy_new(Statement, STATEMENT, lines, ids)
        for kind, model, columns in (("sharing", SharingStatement, GRANT), ("fact", Fact, FACT)):
            payloads = {pk: row for pk, (what, row) in zip(ids, self._payloads, strict=True) if what == kind}
            if payloads:
                copy_new(model, columns, (f"{pk}\t{row}" for pk, row in payloads.items()), list(payloads))
        self._write_answers(ids)
        self._counts["statements new"] += len(ids)
        self._statements, self._payloads = [], []

    def _write_answers(self, ids: list[int]) -> None:
        """Write the answers that wait; what they answer is found at the end."""
        answers = [(pk, row) for pk, (kind, row) in zip(ids, self._payloads, strict=True) if kind == "answer"]
        for pk, (answer, _) in answers:
            answer.statement_id = pk
        Answer.objects.bulk_create([answer for _, (answer, _) in answers])
        self.answers += [pair for _, pair in answers]
