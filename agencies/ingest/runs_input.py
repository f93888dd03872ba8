"""What a run reads: its files, their bytes kept, their documents one after the other, and what was met on the way."""

import hashlib
from collections.abc import Generator, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import transaction

from agencies.ingest import formats, kept
from agencies.ingest.facts_csv import RowsApart
from agencies.ingest.kept_paths import KEPT, parts_of
from agencies.ingest.parsed import ImportProblem, ParsedCapture, ParsedDocument
from agencies.ingest.record import Sizes
from agencies.ingest.runs_bytes import RunBytes
from agencies.ingest.runs_watch import RunWatcher
from agencies.ingest.watcher import Watcher
from agencies.models import Capture, ImportRun, KeptFile

BLOCK = 1 << 20
"""Bytes of a file in memory at a time while it is hashed."""

CaptureKey = tuple[str, str, str, date | None, date | None, date | None, str]
"""Source's slug, address, maker, the three dates, SHA-256: what makes two captures the same."""


@dataclass
class Met:
    """The captures that a run's documents are, in their order, the sizes of the lists in them, and by the source's slug
    the names of the agencies whose own publications they are."""

    captures: list[CaptureKey] = field(default_factory=list)
    sizes: Sizes = field(default_factory=dict)
    agencies: dict[str, set[str]] = field(default_factory=dict)

    def note(self, document: ParsedDocument) -> None:
        """Remember which capture a document is, and of which agency."""
        self.captures.append(capture_key(document.source.slug, document.capture))
        if document.source.agency is not None:
            self.agencies.setdefault(document.source.slug, set()).add(document.source.agency.text)


def capture_key(source: str, capture: ParsedCapture | Capture) -> CaptureKey:
    """Return what makes a capture of a source (slug) the same as another, whether it is on record or not."""
    dates = (capture.published_on, capture.retrieved_on, capture.first_reported_on)
    return source, capture.url, capture.compiled_by, *dates, capture.sha256


def absolute(path: str) -> str:
    """Return a path as a run stores it: absolute, since the worker may stand elsewhere; "kept:" as it is."""
    return path if path.startswith(KEPT) else str(Path(path).resolve())


def documents(
    run: ImportRun, met: Met, watcher: Watcher, *, at_once: bool = False
) -> Generator[ParsedDocument, None, None]:
    """Yield the documents of all paths of a run, noting each in `met`, which forgets those of an earlier reading.

    They are recorded as they are read: where reading fails, the watcher is told that it is in that step.
    Raises ImportProblem as `formats.read` does, and with `at_once` RowsApart.
    """
    try:
        yield from _read(run, met, at_once=at_once)
    except RowsApart:  # Read once more.
        raise
    except Exception:
        watcher.at(ImportRun.Step.PARSE)
        raise


def _read(run: ImportRun, met: Met, *, at_once: bool) -> Generator[ParsedDocument, None, None]:
    """Yield the documents as `documents` does."""
    met.captures.clear()
    met.agencies.clear()
    run_bytes = RunBytes(run, (bytes_of(file) for file in files_of(run)))
    for path, opened in _places(run):
        with opened as local:
            try:
                for document in formats.read(run.format, [str(local)], run.options, at_once=at_once):
                    met.note(document)
                    yield run_bytes.told(document)
            except ImportProblem as problem:
                file = _as_uploaded(problem.file, path, local)
                if file == problem.file:
                    raise
                raise ImportProblem(problem.message, file=file, row=problem.row, field=problem.field) from problem
            except OSError as error:
                raise _unreadable(error, path) from error


def _places(run: ImportRun) -> Iterator[tuple[str, AbstractContextManager[Path]]]:
    """Yield what a run's format reads, one after the other: a path, and the file or folder behind it to be opened.

    The uploaded files of a format whose documents are made of several are one folder.
    """
    known = formats.FORMATS.get(run.format)
    together = [path for path in run.paths if path.startswith(KEPT)] if known and known.is_several_files else []
    for path in run.paths:
        if path not in together:
            yield path, kept.local_path(path)
    if together:
        yield KEPT, kept.local_folder(together)


def _as_uploaded(file: str, path: str, local: Path) -> str:
    """Return a file that a problem names as the editor knows it, where it is the local copy of kept bytes."""
    if not path.startswith(KEPT) or not file:
        return file
    if Path(file).name == local.name:
        return parts_of(path)[1] or (path if path != KEPT else local.name)
    return Path(file).name if Path(file).parent.name == local.name else file


def files_of(run: ImportRun) -> list[Path]:
    """Return the files on disk that a run reads, those of folders by the format's suffixes, in order of name."""
    known = formats.FORMATS.get(run.format)
    suffixes = known.suffixes if known else ()
    return [
        file for path in run.paths if not path.startswith(KEPT) for file in formats.files_below(Path(path), suffixes)
    ]


def keep_files(run: ImportRun, watcher: RunWatcher) -> dict[Path, KeptFile]:
    """Keep the bytes of a run's files where its format wants that, and return what is kept of each.

    A file that is kept already stays as it is. The run notes each, since it may have no capture of its SHA-256: a
    document can be made of several files.
    """
    found: dict[Path, KeptFile] = {}
    known = formats.FORMATS.get(run.format)
    files = files_of(run)
    watcher.of(len(files) + sum(path.startswith(KEPT) for path in run.paths))
    if known is None or not known.keeps:
        return found
    for file in files:
        watcher.check()
        with transaction.atomic():  # Else it could be removed, as a leftover, before it is noted.
            found[file] = kept.keep(bytes_of(file), reduce=known.reduce, name=file.name)
            run.kept_files.add(found[file])
    if files:
        watcher.say(f"kept the bytes of {len(files):,} file{'' if len(files) == 1 else 's'}")
    return found


def check_format(run: ImportRun) -> None:
    """Raise ImportProblem where a run's format, or one of its options, is unknown: before any file is opened."""
    list(formats.read(run.format, [], run.options))


def input_hash(paths: list[str]) -> str:
    """Return the SHA-256 of the files' contents in the order of their names, in hex."""
    digest = hashlib.sha256()
    for path in paths:
        with kept.local_path(path) as local:
            for file in formats.files_below(Path(local), ()):
                _take_in(file, digest)
    return digest.hexdigest()


def _take_in(file: Path, digest: "hashlib._Hash") -> None:
    """Take a file into a hash, a block at a time. Raises ImportProblem where it can't be read."""
    try:
        with file.open("rb") as data:
            while block := data.read(BLOCK):
                digest.update(block)
    except OSError as error:
        raise _unreadable(error, str(file)) from error


def bytes_of(file: Path) -> bytes:
    """Return what a file holds. Raises ImportProblem where it can't be read."""
    try:
        return file.read_bytes()
    except OSError as error:
        raise _unreadable(error, str(file)) from error


def _unreadable(error: OSError, path: str) -> ImportProblem:
    """Return the problem of a file that the system does not give."""
    return ImportProblem(f"can't be read: {error.strerror}", file=error.filename or path)


def as_options(pairs: list[str]) -> dict[str, Any]:
    """Return options given as KEY=VALUE. Raises ImportProblem for one without an equals sign."""
    found = {}
    for pair in pairs:
        name, equals, value = pair.partition("=")
        if not equals or not name:
            raise ImportProblem(f"an option is KEY=VALUE, not {pair!r}")
        found[name] = value
    return found
