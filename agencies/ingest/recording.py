"""Recording what a reader yields: begun at once, and once more of documents that are whole where that was too soon."""

import inspect
from collections import Counter
from collections.abc import Generator
from typing import Protocol

from agencies.ingest.facts_csv import RowsApart
from agencies.ingest.parsed import ImportProblem, ParsedDocument
from agencies.ingest.record import Sizes, record
from agencies.ingest.watcher import Unwatched, Watcher
from agencies.models import ImportRun


class Reads(Protocol):
    """What yields documents, each call from the first on; `at_once` may raise RowsApart in their midst."""

    def __call__(self, *, at_once: bool) -> Generator[ParsedDocument, None, None]:
        """Begin to read."""


def recorded(read: Reads, run: ImportRun, watcher: Watcher | None = None, sizes: Sizes | None = None) -> Counter[str]:
    """Record what `read` yields, as `record` does, and return its counts.

    Reading begins at once. Where rows of a document turn out to stand apart, what was recorded of it is undone, and
    all is read once more, whole. So it is where the record refuses a document while more are to come: it may be a part
    of one, such as a list without the row that tells how complete it is.
    """
    watcher = watcher or Unwatched()
    documents = read(at_once=True)
    try:
        return record(documents, run, watcher, sizes)
    except RowsApart as apart:
        watcher.say(f"rows of one document stand apart in {apart.file}: it is undone and read once more, whole")
    except ImportProblem:
        if inspect.getgeneratorstate(documents) == inspect.GEN_CLOSED:  # Read to its end, or refused by the reader.
            raise
        documents.close()
    return record(read(at_once=False), run, watcher, sizes)
