"""Parsed documents into the record: sources, captures, lists, names and statements, each once.

Ids are made from content, so that recording the same document again adds nothing. Documents are taken in some
hundreds at a time, and their rows written by COPY.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from operator import itemgetter
from typing import NamedTuple

from django.db import transaction

from agencies.copying import checked_at_once, reserve_ids
from agencies.history.rebuild import refresh_changes_meanwhile
from agencies.ingest.names import Names, check_name
from agencies.ingest.parsed import ImportProblem, ParsedAnswer, ParsedDocument, ParsedList, PrintedName, found_in
from agencies.ingest.publications import Draft, KnownCapture, KnownList, Publications
from agencies.ingest.recording_rows import BATCH, NewAnswer, Rows
from agencies.ingest.watcher import Unwatched, Watcher
from agencies.matching.machine import current_matcher
from agencies.matching.matcher import REMEMBERED, Matcher
from agencies.matching.rematch import match_undecided
from agencies.models import AnswerTarget, ImportRun, SharingStatement, Statement
from agencies.network.rebuild import lock_record, note_statistics, refresh_links
from agencies.writing_behind import WritingBehind

DOCUMENTS = 500
"""Documents in memory at a time, unless they hold many statements."""

Sizes = dict[int, int | None]
"""How many different names each of some lists (ids) holds; None where only the record can tell."""

MANY = 5000
"""New statements from which on PostgreSQL's idea of the tables is worth bringing up to date."""

_GRANTOR, _GRANTEE = itemgetter(0), itemgetter(1)
"""Ends of a ParsedGrant: by place, which is half the time of by name."""


@transaction.atomic
def record(
    documents: Iterable[ParsedDocument],
    run: ImportRun,
    watcher: Watcher | None = None,
    sizes: Sizes | None = None,
) -> Counter[str]:
    """Record all that `documents` say, match their names where that needs no judgement, refresh links and changes.

    One transaction: on any error nothing of it stays. Returns counts: documents, captures, statements and
    names new, statements known, facts known with another value, names matched, links and changes new/changed/... .
    `sizes` is filled with those of the lists. Waits for the record's lock.
    Raises ImportProblem where a document contradicts what stands, RunCancelled when the watcher is asked to stop.
    """
    watcher = watcher or Unwatched()
    lock_record()
    watcher.at(ImportRun.Step.RECORD)
    with checked_at_once(), WritingBehind() as behind:
        recorder = _Recorder(run, behind)
        # What some need is looked up while the lines of those before them are made, after others have been written.
        for known in behind.ahead(map(recorder.look_up, _batches(documents, watcher))):
            recorder.write(known)
    if sizes is not None:
        sizes.clear()
        sizes.update(recorder.sizes)
    return recorder.finish(watcher)


def statements_in(document: ParsedDocument) -> int:
    """Return how many statements a document makes."""
    return sum(len(found.grants) for found in document.lists) + len(document.facts) + len(document.answers)


def _batches(documents: Iterable[ParsedDocument], watcher: Watcher) -> Iterator[list[ParsedDocument]]:
    """Yield documents some hundreds at a time, or fewer where they hold many statements, and tell of progress."""
    batch: list[ParsedDocument] = []
    waiting = read = 0
    for number, document in enumerate(documents, start=1):
        batch.append(document)
        waiting += statements_in(document)
        if waiting >= BATCH or len(batch) >= DOCUMENTS:
            yield batch
            read, batch, waiting = read + waiting, [], 0
        watcher.progress(number, read + waiting)
    if batch:
        yield batch


class _Known(NamedTuple):
    """What the record has of documents, a key for each statement should it be new, and the names it did not have."""

    captures: list[tuple[KnownCapture, ParsedDocument]]
    lists: list[tuple[tuple[KnownCapture, ParsedList], KnownList]]
    ids: Sequence[int]
    new_names: list[PrintedName]


class _Recorder:
    """The state of one recording: what is known, what waits to be written, what was counted."""

    def __init__(self, run: ImportRun, behind: WritingBehind) -> None:
        self.counts: Counter[str] = Counter()
        self.publications = Publications(run)
        self.names = Names(self.counts)
        self.rows = Rows(run, self.counts, behind)
        self.streams: set[int] = set()
        self.sources: set[int] = set()
        self.sizes: Sizes = {}
        self.behind = behind
        self.matcher: Matcher | None = None
        self.weighed = 0

    def look_up(self, documents: list[ParsedDocument]) -> Callable[[], _Known]:
        """Return the looking up of documents, for which all is done already that needs no database."""
        self.counts["documents"] += len(documents)
        return partial(self._look_up, self.publications.drafts(documents), _names_in(documents))

    def _look_up(self, drafts: list[Draft], names: dict[str, set[PrintedName]]) -> _Known:
        """Look up or make sources, names, captures and lists of documents, and reserve keys for their statements."""
        documents, names_before = [draft.document for draft in drafts], len(self.names.new)
        self.publications.load_sources(documents, self.names)
        try:
            for network, printed in names.items():
                self.names.load(printed, self.publications.network_or_none(network))
        except ImportProblem as problem:
            raise problem.at(_file_with_bad_name(documents)) from problem
        if self.matcher is None and self.names.new:
            self.matcher = current_matcher()
        captures = list(zip(self.publications.captures(drafts), documents, strict=True))
        found = [(capture, parsed) for capture, document in captures for parsed in document.lists]
        lists = self.publications.lists(found, [row for draft in drafts for row in draft.lists])
        ids = reserve_ids(Statement, sum(map(statements_in, documents)))
        new_names = list(islice(self.names.new.values(), names_before, None))
        return _Known(captures, list(zip(found, lists, strict=True)), ids, new_names)

    def write(self, known: _Known) -> None:
        """Make the lines of documents, and begin to write them."""
        captures = [capture for capture, _ in known.captures]
        if old := [capture for capture in captures if not capture.is_new]:
            # One of them may be among those of the batch before: the query waits until that is written.
            self.publications.load_statements(old)
        self.counts["captures new"] += len({capture.pk for capture in captures if capture.is_new})
        self.sources |= {capture.source for capture in captures}
        self._weigh_beforehand(known.new_names)
        self.rows.begin(known.ids)
        for (capture, parsed), known_list in known.lists:
            self.streams.add(self.publications.stream(capture, parsed))
            context = self.names.context(self.publications.network(parsed.network))
            size = self.rows.add_list(capture, known_list, parsed.grants, context)
            is_all_of_it = capture.is_new and known_list.pk not in self.sizes
            self.sizes[known_list.pk] = size if is_all_of_it else None
        for capture, document in known.captures:
            self._add_others(capture, document)
        self.rows.write()

    def _weigh_beforehand(self, names: list[PrintedName]) -> None:
        """Have new names weighed while PostgreSQL is waited for, as many as the matcher remembers."""
        names = names[: REMEMBERED - self.weighed]
        if self.matcher is not None and names:
            self.weighed += len(names)
            self.behind.meanwhile(self.matcher.match(name.text, context_state=name.state) for name in names)

    def _add_others(self, capture: KnownCapture, document: ParsedDocument) -> None:
        """Take in facts and answers of a document."""
        for fact in document.facts:
            about = self.publications.network_or_none(fact.network or document.source.network)
            self.rows.add_fact(capture, fact, about, self.names.alias(fact.agency, about))
        for answer in document.answers:
            network = self.publications.network_or_none(answer.network)
            with found_in(document.file):
                self.rows.add_answer(capture, answer, self.names.alias(answer.agency, network))

    def finish(self, watcher: Watcher) -> Counter[str]:
        """Tie answers to what they answer, match names, refresh links and changes."""
        if self.rows.others.number:
            self.counts["facts known with another value"] = self.rows.others.number
            self.rows.others.tell(watcher)
        self.streams |= tie_answers(self.rows.answers, self.names)
        watcher.at(ImportRun.Step.MATCH)
        self.counts["names matched"] += match_undecided(self.names.new)
        if self.counts["statements new"] >= MANY:
            note_statistics()
        watcher.at(ImportRun.Step.REBUILD)
        with WritingBehind() as behind:
            # While links are written, lists are held against each other.
            changes = refresh_changes_meanwhile(self.sources, behind)
            links = refresh_links(streams=self.streams, behind=behind)
        self.counts.update({f"links {word}": number for word, number in links.items()})
        self.counts.update({f"changes {word}": number for word, number in changes.items()})
        return self.counts


def _names_in(documents: Iterable[ParsedDocument]) -> dict[str, set[PrintedName]]:
    """Return the names that documents print, by the network that they are printed about; "" for none."""
    found: dict[str, set[PrintedName]] = defaultdict(set)
    for document in documents:
        for parsed in document.lists:
            names = found[parsed.network]
            names.update(map(_GRANTOR, parsed.grants))
            names.update(map(_GRANTEE, parsed.grants))
        for fact in document.facts:
            found[fact.network or document.source.network].add(fact.agency)
        for answer in document.answers:
            found[answer.network].add(answer.agency)
    return found


def _file_with_bad_name(documents: Iterable[ParsedDocument]) -> str:
    """Return the file of the first document that prints a name that the record can't hold, "" where none does."""
    for document in documents:
        try:
            for printed in _names_in([document]).values():
                for name in printed:
                    check_name(name)
        except ImportProblem:
            return document.file
    return ""


def tie_answers(answers: list[NewAnswer], names: Names) -> set[int]:
    """Point each answer at the statements that it answers; return the streams (ids) that those stand in.

    Raises ImportProblem for an answer to nothing.
    """
    streams: set[int] = set()
    targets: list[AnswerTarget] = []
    for answer, parsed, file in answers:
        with found_in(file):
            rows = _answered(parsed, names)
        targets += [AnswerTarget(answer=answer, sharing=row) for row in rows]
        streams |= {row.sharing_list.stream_id for row in rows}
    AnswerTarget.objects.bulk_create(targets)
    return streams


def _answered(parsed: ParsedAnswer, names: Names) -> list[SharingStatement]:
    """Return the statements that an answer is about; raises ImportProblem where there are none."""
    rows = SharingStatement.objects.filter(
        statement__capture__source__slug=parsed.answers_source,
        grantor_alias=names.known(parsed.grantor, parsed.network),
        grantee_alias=names.known(parsed.grantee, parsed.network),
    )
    if found := list(rows.select_related("sharing_list")):
        return found
    said = f"{parsed.grantor.text} gives {parsed.grantee.text} access"
    raise ImportProblem(f"nothing in source {parsed.answers_source!r} says that {said}", field="answers_source")
