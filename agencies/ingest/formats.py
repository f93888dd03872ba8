"""The importers by name: what `import_documents FORMAT` may say."""

from collections.abc import Callable, Iterator
from pathlib import Path

from agencies.ingest import (
    facts_csv,
    flock_federal_extract,
    flock_portal,
    ice_release_2019,
    irvine_2020,
    news_observer,
)
from agencies.ingest.parsed import ImportProblem, ParsedDocument

FORMATS: dict[str, Callable[[Path], Iterator[ParsedDocument]]] = {
    "facts_csv": facts_csv.read,
    "flock_federal_extract": flock_federal_extract.read,
    "flock_portal": flock_portal.read,
    "ice_release_2019": ice_release_2019.read,
    "irvine_2020": irvine_2020.read,
    "news_observer": news_observer.read,
}
"""Format name -> reader of one file or folder."""


def read(format_name: str, paths: list[str]) -> Iterator[ParsedDocument]:
    """Yield the documents of all paths in order; raises ImportProblem for an unknown format or a missing path."""
    reader = FORMATS.get(format_name)
    if reader is None:
        raise ImportProblem(f"unknown format {format_name!r} (known: {', '.join(FORMATS)})")
    for path in map(Path, paths):
        if not path.exists():
            raise ImportProblem("no such file or folder", file=str(path))
        yield from reader(path)
