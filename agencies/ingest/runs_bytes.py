"""Which captures of a run have their bytes among the kept files: a parser alone can't know, it keeps nothing."""

import hashlib
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property

from agencies.ingest import formats
from agencies.ingest.kept_paths import parts_of
from agencies.ingest.parsed import ParsedDocument
from agencies.models import Capture, ImportRun


class RunBytes:
    """The bytes that a run keeps, by their SHA-256. Files are hashed once a document asks for it."""

    def __init__(self, run: ImportRun, files: Iterable[bytes]) -> None:
        """Take a run, and what the files on disk hold that it reads: an iterable, which is asked only when needed."""
        self._known, self._paths, self._files = formats.FORMATS.get(run.format), run.paths, files

    def told(self, document: ParsedDocument) -> ParsedDocument:
        """Return a document whose capture says that its bytes are kept, where they are and it did not say so.

        They are where its SHA-256 is that of a file. A document made of several files has one of its own, and all of
        them are kept.
        """
        known, capture = self._known, document.capture
        if known is None or not known.keeps or capture.bytes_kept != Capture.BytesKept.NONE:
            return document
        if not known.is_several_files and capture.sha256 not in self._hashes:
            return document
        said = Capture.BytesKept.REDUCED if known.reduce else Capture.BytesKept.ORIGINAL
        return replace(document, capture=replace(capture, bytes_kept=said.value))

    @cached_property
    def _hashes(self) -> set[str]:
        """Return the SHA-256 of all files as received, in hex."""
        uploaded = {sha256 for sha256, _ in map(parts_of, self._paths) if sha256}
        return uploaded | {hashlib.sha256(data).hexdigest() for data in self._files}
