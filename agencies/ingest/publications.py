"""Networks, sources, captures, streams and lists of parsed documents: looked up or made once, a batch at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields

from agencies.copying import copy_objects
from agencies.identifiers import record_id
from agencies.ingest.names import Names
from agencies.ingest.parsed import ImportProblem, ParsedCapture, ParsedDocument, ParsedList, ParsedSource
from agencies.ingest.storable import check_row
from agencies.models import Capture, ImportRun, Network, SharingList, Source, Statement, Stream

StreamKey = tuple[int, int, str, str, str]
"""Source (id), network (id), access, who reports it, section."""

_OF_SOURCE = [one.name for one in fields(ParsedSource) if one.name not in ("network", "agency")]
_OF_CAPTURE = [one.name for one in fields(ParsedCapture)]
"""What a row takes from a parsed source, or a parsed capture, as it is."""


@dataclass(slots=True)
class KnownCapture:
    """A capture as statements need it; `statements` are the ids, in hex, of those that it is known to have."""

    pk: int
    uuid: str
    source: int
    observed_on: str
    is_new: bool
    statements: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class KnownList:
    """A list as statements need it."""

    pk: int
    uuid: str
    completeness: str


@dataclass(frozen=True, slots=True)
class Draft:
    """A document as rows, made before the database is asked anything: keys of other rows are filled in afterwards."""

    document: ParsedDocument
    capture: Capture
    lists: list[SharingList]


class Publications:
    """What one recording has looked up. Memory grows with the number of sources and streams."""

    def __init__(self, run: ImportRun) -> None:
        self._run = run
        self._networks = {network.slug: network for network in Network.objects.all()}
        self._sources: dict[str, int] = {}
        self._streams: dict[StreamKey, int] = {}

    def network_or_none(self, slug: str) -> Network | None:
        """Return a network, or None for "": what a document says of an agency need not be about a network."""
        return self.network(slug) if slug else None

    def network(self, slug: str) -> Network:
        """Return a network; raises ImportProblem for one that the record does not have."""
        if slug not in self._networks:
            known = ", ".join(sorted(self._networks)) or "none"
            raise ImportProblem(f"unknown network {slug!r} (known: {known})", field="network")
        return self._networks[slug]

    def load_sources(self, documents: Iterable[ParsedDocument], names: Names) -> None:
        """Look up or make the documents' sources. What stands of a known one is kept: an editor may have mended it.

        Four queries where a source was not met before, none otherwise.
        """
        new = {one.source.slug: one.source for one in documents if one.source.slug not in self._sources}
        rows = []
        for parsed in new.values():
            values = {name: getattr(parsed, name) for name in _OF_SOURCE}
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
        """Return what documents are as rows. Raises ImportProblem where the record can't hold one."""
        drafts = []
        for document in documents:
            capture = _capture(document)
            drafts.append(Draft(document, capture, [self._list(capture, parsed) for parsed in document.lists]))
        return drafts

    def captures(self, drafts: Sequence[Draft]) -> list[KnownCapture]:
        """Return the capture of each document, made where it is missing; the same document may stand there twice.

        Two queries, whatever the number of documents. The statements of those that are not new are not loaded.
        """
        rows = [draft.capture for draft in drafts]
        for draft in drafts:
            draft.capture.source_id = self._sources[draft.document.source.slug]
        wanted = {row.uuid: row for row in reversed(rows)}
        found = dict(Capture.objects.filter(uuid__in=wanted).order_by().values_list("uuid", "pk"))
        made = {row.uuid: row for row in rows if row.uuid not in found and wanted[row.uuid] is row}
        copy_objects(list(made.values()))
        known = {
            uuid: KnownCapture(
                pk=found.get(uuid) or row.pk,
                uuid=str(uuid),
                source=row.source_id,
                observed_on=str(row.published_on or row.retrieved_on or row.first_reported_on),
                is_new=uuid in made,
            )
            for uuid, row in wanted.items()
        }
        return [known[row.uuid] for row in rows]

    def load_statements(self, captures: Iterable[KnownCapture]) -> None:
        """Read which statements of captures are on record already; one query."""
        by_pk = {capture.pk: capture for capture in captures}
        rows = Statement.objects.filter(capture__in=by_pk).order_by().values_list("capture", "uuid")
        for capture, uuid in rows.iterator(chunk_size=5000):
            by_pk[capture].statements.add(uuid.hex)

    def lists(self, found: Sequence[tuple[KnownCapture, ParsedList]], rows: Sequence[SharingList]) -> list[KnownList]:
        """Return the list on record of each parsed list, of which `rows` are the drafts, made where it is missing.

        Three queries, whatever the number of lists. Raises ImportProblem where a list was recorded as of another
        completeness.
        """
        self._make_streams(found)
        for (capture, parsed), row in zip(found, rows, strict=True):
            row.capture_id, row.stream_id = capture.pk, self.stream(capture, parsed)
        wanted = {row.uuid: row for row in reversed(rows)}
        old = [capture.pk for capture, _ in found if not capture.is_new]
        standing = SharingList.objects.filter(capture__in=old).order_by().values_list("uuid", "pk", "completeness")
        known = {uuid: KnownList(pk, str(uuid), completeness) for uuid, pk, completeness in standing} if old else {}
        new = [row for row in rows if row.uuid not in known and wanted[row.uuid] is row]
        copy_objects(new)
        for row in new:
            known[row.uuid] = KnownList(row.pk, str(row.uuid), row.completeness)
        for row in rows:
            if (before := known[row.uuid].completeness) != row.completeness:
                raise ImportProblem(f"the list was recorded as {before}, not {row.completeness}")
        return [known[row.uuid] for row in rows]

    def _list(self, capture: Capture, parsed: ParsedList) -> SharingList:
        """Return the row of a list, without the keys of its capture and its stream."""
        words = (parsed.access, parsed.reported_by, parsed.section)
        row = SharingList(
            uuid=record_id("list", capture.uuid, self.network(parsed.network).slug, *words),
            run=self._run,
            completeness=parsed.completeness,
            heading=parsed.heading[:300],
        )
        check_row(row)
        return row

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
        raise ImportProblem("a capture needs a date: published, retrieved or first reported", file=document.file)
    ident = record_id("capture", document.source.slug, parsed.url, parsed.compiled_by, *dates, parsed.sha256)
    values = {name: getattr(parsed, name) for name in _OF_CAPTURE} | {"kept_text": document.kept_text}
    row = Capture(uuid=ident, **values)
    check_row(row)
    return row
