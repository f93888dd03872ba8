"""Networks, sources, captures, streams and lists of parsed documents: looked up or made once, a batch at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from typing import NamedTuple

from agencies.copying import copy_lines, line_of
from agencies.identifiers import record_id
from agencies.ingest.names import Names
from agencies.ingest.parsed import ImportProblem, ParsedCapture, ParsedDocument, ParsedList, ParsedSource, found_in
from agencies.ingest.readings import Readings, readings_of
from agencies.ingest.storable import check_capture, check_row
from agencies.models import Capture, ImportRun, Network, RemovedBytes, SharingList, Source, Statement, Stream

StreamKey = tuple[int, int, str, str, str]
"""Source (id), network (id), access, who reports it, section."""

_OF_SOURCE = [one.name for one in fields(ParsedSource) if one.name not in ("network", "agency", "told_in")]
_OF_CAPTURE = [one.name for one in fields(ParsedCapture)]
"""What a row takes from a parsed source, or a parsed capture, as it is."""

_CAPTURE_LATER, _LIST_LATER = ("source",), ("capture", "stream")
"""What a row needs of others that may not be there yet."""


@dataclass(slots=True)
class KnownCapture:
    """A capture as statements need it; `statements` are the ids, in hex, of those that it is known to have.

    `facts` are what they say of facts. Its key and its source's are 0 until it was looked up. `file` is the one that
    problems name.
    """

    uuid: str
    observed_on: str
    file: str = ""
    pk: int = 0
    source: int = 0
    is_new: bool = False
    statements: set[str] = field(default_factory=set)
    facts: Readings = field(default_factory=dict)


@dataclass(slots=True)
class KnownList:
    """A list as statements need it; its key is 0 until it was looked up."""

    uuid: str
    completeness: str
    pk: int = 0


class DraftList(NamedTuple):
    """A list, and the line that its row is but for the keys of its capture and its stream."""

    known: KnownList
    line: str


class Draft(NamedTuple):
    """A document as lines of COPY, made before the database is asked anything: keys of other rows come afterwards."""

    document: ParsedDocument
    capture: KnownCapture
    line: str
    lists: list[DraftList]


class Publications:
    """What one recording has looked up. Memory grows with the number of sources and streams."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._networks = {network.slug: network for network in Network.objects.all()}
        self._sources: dict[str, int] = {}
        self._streams: dict[StreamKey, int] = {}
        self._removed = set(RemovedBytes.objects.order_by().values_list("kept_file__sha256", flat=True))

    def network_or_none(self, slug: str) -> Network | None:
        """Return a network, or None for "": what a document says of an agency need not be about a network."""
        return self.network(slug) if slug else None

    def network(self, slug: str) -> Network:
        """Return a network; raises ImportProblem for one that the record does not have."""
        if slug not in self._networks:
            known = ", ".join(sorted(self._networks)) or "none"
            raise ImportProblem(f"unknown network {slug!r} (known: {known})", field="network")
        return self._networks[slug]

    def _check_networks(self, document: ParsedDocument) -> None:
        """Raise ImportProblem for the first network that the record does not have; it names the row where one does."""
        source, rows = document.source, document.network_rows
        if source.network and source.network not in self._networks:
            with found_in(*source.told_in or (document.file,)):
                self.network(source.network)
        about = {one.network for one in document.facts} | {one.network for one in document.answers}
        unknown = (about - {""} | {one.network for one in document.lists}) - self._networks.keys()
        for slug in sorted(unknown, key=lambda slug: rows.get(slug, 0))[:1]:
            with found_in(document.file, rows.get(slug)):
                self.network(slug)

    def load_sources(self, documents: Iterable[ParsedDocument], names: Names) -> None:
        """Look up or make the documents' sources. What stands of a known one is kept: an editor may have mended it.

        Four queries where a source was not met before, none otherwise.
        """
        new = {one.source.slug: (one.source, one.file) for one in documents if one.source.slug not in self._sources}
        rows = []
        for parsed, file in new.values():
            values = {name: getattr(parsed, name) for name in _OF_SOURCE}
            with found_in(file):
                alias = names.alias(parsed.agency, self.network_or_none(parsed.network)) if parsed.agency else None
                rows.append(Source(**values, agency_alias_id=alias.pk if alias else None))
                check_row(rows[-1])
        if not rows:
            return
        known = Source.objects.filter(slug__in=new).order_by()
        self._sources.update(known.values_list("slug", "pk"))
        made = Source.objects.bulk_create([row for row in rows if row.slug not in self._sources])
        self._sources.update((row.slug, row.pk) for row in made)
        streams = Stream.objects.filter(source__slug__in=new).order_by()
        columns = ("source_id", "network_id", "access", "reported_by", "section")
        for pk, source, network, access, reported_by, section in streams.values_list("pk", *columns):
            self._streams[source, network, access, reported_by, section] = pk

    def drafts(self, documents: Iterable[ParsedDocument]) -> list[Draft]:
        """Return what documents are as rows. Raises ImportProblem naming the file where the record can't hold one."""
        drafts = []
        for document in documents:
            with found_in(document.file):
                self._check_networks(document)
                capture = _capture(document)
                if capture.sha256 in self._removed and capture.bytes_kept in Capture.HELD:
                    capture.bytes_kept = Capture.BytesKept.REMOVED
                lists = [self._list(capture, parsed) for parsed in document.lists]
            known = KnownCapture(
                uuid=str(capture.uuid),
                observed_on=str(capture.published_on or capture.retrieved_on or capture.first_reported_on),
                file=document.file,
            )
            drafts.append(Draft(document, known, line_of(capture, _CAPTURE_LATER), lists))
        return drafts

    def captures(self, drafts: Sequence[Draft]) -> list[KnownCapture]:
        """Return the capture of each document, made where it is missing; the same document may stand there twice.

        Two queries, whatever the number of documents. The statements of those that are not new are not loaded.
        """
        wanted = {draft.capture.uuid: draft for draft in reversed(drafts)}
        rows = Capture.objects.filter(uuid__in=wanted).order_by().values_list("uuid", "pk")
        found = {str(uuid): pk for uuid, pk in rows}
        for uuid, draft in wanted.items():
            draft.capture.source = self._sources[draft.document.source.slug]
            draft.capture.pk = found.get(uuid, 0)
        new = [draft for draft in drafts if not draft.capture.pk and wanted[draft.capture.uuid] is draft]
        lines = [f"{draft.capture.source}\t{draft.line}" for draft in new]
        for draft, pk in zip(new, copy_lines(Capture, lines, _CAPTURE_LATER), strict=True):
            draft.capture.pk, draft.capture.is_new = pk, True
        return [wanted[draft.capture.uuid].capture for draft in drafts]

    def load_statements(self, captures: Iterable[KnownCapture]) -> None:
        """Read which statements of captures are on record already, and what they say of facts; three queries."""
        by_pk = {capture.pk: capture for capture in captures}
        rows = Statement.objects.filter(capture__in=by_pk).order_by().values_list("capture", "uuid")
        for capture, uuid in rows.iterator(chunk_size=5000):
            by_pk[capture].statements.add(uuid.hex)
        for pk, readings in readings_of(by_pk).items():
            by_pk[pk].facts = readings

    def lists(self, found: Sequence[tuple[KnownCapture, ParsedList]], drafts: Sequence[DraftList]) -> list[KnownList]:
        """Return the list on record of each parsed list, of which `drafts` are the rows, made where it is missing.

        Three queries, whatever the number of lists. Raises ImportProblem where a list was recorded as of another
        completeness.
        """
        self._make_streams(found)
        known = self._standing([capture.pk for capture, _ in found if not capture.is_new])
        new, lines = [], []
        for (capture, parsed), draft in zip(found, drafts, strict=True):
            if known.setdefault(draft.known.uuid, draft.known) is draft.known:
                new.append(draft.known)
                lines.append(f"{capture.pk}\t{self.stream(capture, parsed)}\t{draft.line}")
        for one, pk in zip(new, copy_lines(SharingList, lines, _LIST_LATER), strict=True):
            one.pk = pk
        for (capture, _), (one, _) in zip(found, drafts, strict=True):
            if (before := known[one.uuid].completeness) != one.completeness:
                said = f"the list was recorded as {before}, not {one.completeness}"
                raise ImportProblem(said, file=capture.file, field="completeness")
        return [known[one.uuid] for one, _ in drafts]

    def _standing(self, captures: Sequence[int]) -> dict[str, KnownList]:
        """Return the lists of captures (ids) that are on record, by UUID; one query, none for no captures."""
        if not captures:
            return {}
        rows = SharingList.objects.filter(capture__in=captures).order_by().values_list("uuid", "completeness", "pk")
        return {str(uuid): KnownList(str(uuid), completeness, pk) for uuid, completeness, pk in rows}

    def _list(self, capture: Capture, parsed: ParsedList) -> DraftList:
        """Return a list as a row, without the keys of its capture and its stream."""
        words = (parsed.access, parsed.reported_by, parsed.section)
        row = SharingList(
            uuid=record_id("list", capture.uuid, self.network(parsed.network).slug, *words),
            run=self._run,
            completeness=parsed.completeness,
            heading=parsed.heading[:300],
        )
        check_row(row)
        return DraftList(KnownList(str(row.uuid), row.completeness), line_of(row, _LIST_LATER))

    def stream(self, capture: KnownCapture, parsed: ParsedList) -> int:
        """Return the stream (id) that a list is a copy of."""
        return self._streams[self._stream_key(capture, parsed)]

    def _stream_key(self, capture: KnownCapture, parsed: ParsedList) -> StreamKey:
        network = self.network(parsed.network)
        return capture.source, network.pk, parsed.access, parsed.reported_by, parsed.section

    def _make_streams(self, found: Sequence[tuple[KnownCapture, ParsedList]]) -> None:
        """Make the streams that are missing; one query, none where all are known."""
        missing = dict.fromkeys(self._stream_key(*one) for one in found).keys() - self._streams.keys()
        rows = [
            Stream(source_id=source, network_id=network, access=access, reported_by=reported_by, section=section)
            for source, network, access, reported_by, section in sorted(missing)
        ]
        for row in rows:
            check_row(row)
        for key, row in zip(sorted(missing), Stream.objects.bulk_create(rows), strict=True):
            self._streams[key] = row.pk


def _capture(document: ParsedDocument) -> Capture:
    """Return the row of a capture, without the key of its source."""
    parsed = document.capture
    dates = (parsed.published_on, parsed.retrieved_on, parsed.first_reported_on)
    if not any(dates):
        raise ImportProblem("a capture needs a date: published, retrieved or first reported")
    ident = record_id("capture", document.source.slug, parsed.url, parsed.compiled_by, *dates, parsed.sha256)
    values = {name: getattr(parsed, name) for name in _OF_CAPTURE} | {"kept_text": document.kept_text}
    check_capture(values)
    return Capture(uuid=ident, **values)
