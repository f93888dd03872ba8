"""Parsed documents into the record: sources, captures, lists, names and statements, each once.

Ids are made from content, so that recording the same document again adds nothing.
"""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction

from agencies.identifiers import record_id
from agencies.ingest.names import Names
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedAnswer,
    ParsedDocument,
    ParsedFact,
    ParsedGrant,
    ParsedList,
)
from agencies.ingest.publications import Publications
from agencies.matching.rematch import match_undecided
from agencies.models import (
    Answer,
    AnswerTarget,
    Capture,
    Fact,
    ImportRun,
    SharingList,
    SharingStatement,
    Statement,
)
from agencies.network.rebuild import lock_record, note_statistics, refresh_links

BATCH = 2000
"""Statements written at a time: enough for PostgreSQL to be the slow part, little enough for memory."""

MANY = 5000
"""New statements from which on PostgreSQL's idea of the tables is worth bringing up to date."""

Progress = Callable[[int, int], None]
"""Called with documents and statements recorded so far."""


@dataclass
class _Pending:
    """Rows that wait for the next write, in the order in which they depend on each other."""

    statements: list[Statement] = field(default_factory=list)
    grants: list[SharingStatement] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    answers: list[tuple[Answer, ParsedAnswer]] = field(default_factory=list)

    def write(self) -> None:
        """Write the statements, then their payloads."""
        Statement.objects.bulk_create(self.statements)
        for rows in (self.grants, self.facts, [answer for answer, _ in self.answers]):
            for row in rows:
                row.statement_id = row.statement.pk
        SharingStatement.objects.bulk_create(self.grants)
        Fact.objects.bulk_create(self.facts)
        Answer.objects.bulk_create([answer for answer, _ in self.answers])


@transaction.atomic
def record(documents: Iterable[ParsedDocument], run: ImportRun, progress: Progress | None = None) -> Counter[str]:
    """Record all that `documents` say, match their names where that needs no judgement, refresh the links.

    One transaction: on any error nothing of it stays. Returns counts: documents, captures, statements and
    names new, statements known, names matched, links new/changed/ended/removed/same. Waits for the record's lock.
    Raises ImportProblem where a document contradicts what stands.
    """
    lock_record()
    recorder = _Recorder(run)
    for number, document in enumerate(documents, start=1):
        recorder.add(document)
        if progress is not None:
            progress(number, recorder.counts["statements new"] + recorder.counts["statements known"])
    return recorder.finish()


class _Recorder:
    """The state of one recording: what is known, what waits to be written, what was counted."""

    def __init__(self, run: ImportRun) -> None:
        self.run = run
        self.counts: Counter[str] = Counter()
        self.publications = Publications()
        self.names = Names(self.counts)
        self.pending = _Pending()
        self.answers: list[tuple[Answer, ParsedAnswer]] = []
        self.streams: set[int] = set()

    def add(self, document: ParsedDocument) -> None:
        """Take in one document."""
        self.counts["documents"] += 1
        source = self.publications.source(document, self.names)
        capture, is_new = self.publications.capture(document, source)
        self.counts["captures new"] += is_new
        known: set[uuid.UUID] = set()
        if not is_new:
            self._write()  # The same document may stand twice in one import.
            known |= set(capture.statements.values_list("uuid", flat=True))
        for parsed_list in document.lists:
            self._add_list(capture, parsed_list, known)
        for fact in document.facts:
            self._add_fact(capture, fact, document.source.network, known)
        for answer in document.answers:
            self._add_answer(capture, answer, known)
        if len(self.pending.statements) >= BATCH:
            self._write()

    def finish(self) -> Counter[str]:
        """Write what waits, tie answers to what they answer, match names, refresh links."""
        self._write()
        self.streams |= tie_answers(self.answers, self.names)
        self.counts["names matched"] += match_undecided(self.names.new)
        if self.counts["statements new"] >= MANY:
            note_statistics()
        links = refresh_links(streams=self.streams)
        self.counts.update({f"links {word}": number for word, number in links.items()})
        return self.counts

    def _write(self) -> None:
        self.pending.write()
        self.answers += self.pending.answers
        self.pending = _Pending()

    def _add_list(self, capture: Capture, parsed: ParsedList, known: set[uuid.UUID]) -> None:
        stream = self.publications.stream(capture.source, parsed)
        ident = record_id("list", capture.uuid, stream.network.slug, parsed.access, parsed.reported_by, parsed.section)
        sharing_list, _ = SharingList.objects.get_or_create(
            uuid=ident,
            defaults={
                "capture": capture,
                "stream": stream,
                "run": self.run,
                "completeness": parsed.completeness,
                "heading": parsed.heading[:300],
            },
        )
        if sharing_list.completeness != parsed.completeness:
            raise ImportProblem(f"the list was recorded as {sharing_list.completeness}, not {parsed.completeness}")
        self.streams.add(stream.pk)
        self.names.load([n for g in parsed.grants for n in (g.grantor, g.grantee)], stream.network)
        seen: Counter[tuple[object, ...]] = Counter()
        for grant in parsed.grants:
            self._add_grant(sharing_list, grant, seen, known)

    def _add_grant(
        self, sharing_list: SharingList, grant: ParsedGrant, seen: Counter[tuple[object, ...]], known: set[uuid.UUID]
    ) -> None:
        network = sharing_list.stream.network
        grantor, grantee = self.names.alias(grant.grantor, network), self.names.alias(grant.grantee, network)
        key = (grantor.uuid, grantee.uuid, grant.account_status)
        seen[key] += 1
        ident = record_id("sharing", sharing_list.uuid, *key, seen[key])
        statement = self._statement(ident, Statement.Kind.SHARING, sharing_list.capture, grant, known)
        if statement is not None:
            self.pending.grants.append(
                SharingStatement(
                    statement=statement,
                    sharing_list=sharing_list,
                    grantor_alias=grantor,
                    grantee_alias=grantee,
                    account_status=grant.account_status,
                )
            )

    def _add_fact(self, capture: Capture, fact: ParsedFact, network: str, known: set[uuid.UUID]) -> None:
        about = self.publications.network(fact.network or network)
        alias = self.names.alias(fact.agency, about)
        ident = record_id("fact", capture.uuid, alias.uuid, about.slug, fact.field)
        statement = self._statement(ident, Statement.Kind.FACT, capture, fact, known)
        if statement is not None:
            self.pending.facts.append(
                Fact(
                    statement=statement,
                    alias=alias,
                    network=about,
                    field=fact.field,
                    value=fact.value,
                    knowledge=fact.knowledge,
                )
            )

    def _add_answer(self, capture: Capture, answer: ParsedAnswer, known: set[uuid.UUID]) -> None:
        network = self.publications.network(answer.network)
        alias = self.names.alias(answer.agency, network)
        parts = (answer.effect, answer.answers_source, answer.grantor.text, answer.grantee.text)
        ident = record_id("answer", capture.uuid, alias.uuid, *parts)
        statement = self._statement(ident, Statement.Kind.ANSWER, capture, answer, known)
        if statement is not None:
            row = Answer(statement=statement, alias=alias, effect=answer.effect, paraphrase=answer.paraphrase)
            self.pending.answers.append((row, answer))

    def _statement(
        self,
        ident: uuid.UUID,
        kind: str,
        capture: Capture,
        parsed: ParsedGrant | ParsedFact | ParsedAnswer,
        known: set[uuid.UUID],
    ) -> Statement | None:
        """Return the unsaved statement, or None when the record has it already."""
        if ident in known:
            self.counts["statements known"] += 1
            return None
        known.add(ident)
        self.counts["statements new"] += 1
        statement = Statement(
            uuid=ident,
            kind=kind,
            capture=capture,
            run=self.run,
            observed_on=capture.observed_on,
            printed=getattr(parsed, "printed", "")[:300],
            locator=parsed.locator[:200],
        )
        self.pending.statements.append(statement)
        return statement


def tie_answers(answers: list[tuple[Answer, ParsedAnswer]], names: Names) -> set[int]:
    """Point each answer at the statements that it answers; return the streams (ids) that those stand in.

    Raises ImportProblem for an answer to nothing.
    """
    streams: set[int] = set()
    targets: list[AnswerTarget] = []
    for answer, parsed in answers:
        found = SharingStatement.objects.filter(
            statement__capture__source__slug=parsed.answers_source,
            grantor_alias=names.known(parsed.grantor, parsed.network),
            grantee_alias=names.known(parsed.grantee, parsed.network),
        ).select_related("sharing_list")
        rows = list(found)
        if not rows:
            said = f"{parsed.grantor.text} gives {parsed.grantee.text} access"
            raise ImportProblem(f"nothing in source {parsed.answers_source!r} says that {said}", field="answers_source")
        targets += [AnswerTarget(answer=answer, sharing=row) for row in rows]
        streams |= {row.sharing_list.stream_id for row in rows}
    AnswerTarget.objects.bulk_create(targets)
    return streams
