"""Sources, captures and streams of parsed documents, each looked up or made once."""

from agencies.identifiers import record_id
from agencies.ingest.names import Names
from agencies.ingest.parsed import ImportProblem, ParsedDocument, ParsedList
from agencies.models import Capture, Network, Source, Stream


class Publications:
    """What one recording has looked up of sources, captures and streams."""

    def __init__(self) -> None:
        self._networks = {network.slug: network for network in Network.objects.all()}
        self._sources: dict[str, Source] = {}
        self._streams: dict[tuple[object, ...], Stream] = {}

    def network(self, slug: str) -> Network:
        """Return a network; raises ImportProblem for one that the record does not have."""
        if slug not in self._networks:
            known = ", ".join(sorted(self._networks)) or "none"
            raise ImportProblem(f"unknown network {slug!r} (known: {known})", field="network")
        return self._networks[slug]

    def source(self, document: ParsedDocument, names: Names) -> Source:
        """Return the document's source. What stands of a known source is kept: an editor may have mended it."""
        parsed = document.source
        if parsed.slug not in self._sources:
            alias = names.alias(parsed.agency, self.network(parsed.network)) if parsed.agency else None
            self._sources[parsed.slug], _ = Source.objects.get_or_create(
                slug=parsed.slug,
                defaults={
                    "title": parsed.title,
                    "kind": parsed.kind,
                    "publisher": parsed.publisher,
                    "url": parsed.url,
                    "licence": parsed.licence,
                    "licence_url": parsed.licence_url,
                    "credit": parsed.credit,
                    "agency_alias": alias,
                },
            )
        return self._sources[parsed.slug]

    def capture(self, document: ParsedDocument, source: Source) -> tuple[Capture, bool]:
        """Return the document's capture, and whether it is new here."""
        parsed = document.capture
        dates = (parsed.published_on, parsed.retrieved_on, parsed.first_reported_on)
        if not any(dates):
            raise ImportProblem("a capture needs a date: published, retrieved or first reported", file=document.file)
        ident = record_id("capture", source.slug, parsed.url, parsed.compiled_by, *dates, parsed.sha256)
        capture, is_new = Capture.objects.get_or_create(
            uuid=ident,
            defaults={
                "source": source,
                "url": parsed.url,
                "archive_url": parsed.archive_url,
                "compiled_by": parsed.compiled_by,
                "licence": parsed.licence,
                "licence_url": parsed.licence_url,
                "published_on": parsed.published_on,
                "retrieved_on": parsed.retrieved_on,
                "first_reported_on": parsed.first_reported_on,
                "sha256": parsed.sha256,
                "bytes_kept": parsed.bytes_kept,
                "kept_text": document.kept_text,
            },
        )
        if is_new:
            capture.refresh_from_db(fields=["observed_on"])
        capture.source = source
        return capture, is_new

    def stream(self, source: Source, parsed: ParsedList) -> Stream:
        """Return the stream that a list is a copy of, made when missing."""
        network = self.network(parsed.network)
        key = (source.pk, network.pk, parsed.access, parsed.reported_by, parsed.section)
        if key not in self._streams:
            stream, _ = Stream.objects.get_or_create(
                source=source,
                network=network,
                access=parsed.access,
                reported_by=parsed.reported_by,
                section=parsed.section,
            )
            stream.network = network
            self._streams[key] = stream
        return self._streams[key]
