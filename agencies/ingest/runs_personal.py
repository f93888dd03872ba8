"""What a run's log says of personal data: how much of it stands in each file, before anything is public."""

from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path

from agencies.ingest import formats, kept
from agencies.ingest.file_type import file_type
from agencies.ingest.kept_paths import parts_of
from agencies.ingest.personal_data import count_personal_data
from agencies.ingest.runs_input import bytes_of, files_of
from agencies.ingest.runs_watch import RunWatcher
from agencies.models import ImportRun, KeptFile

MOST_FILES = 50
"""Files with something in them of which the log names each; the rest is counted."""

WORDS = {
    "emails": ("e-mail address", "e-mail addresses"),
    "phones": ("telephone number", "telephone numbers"),
    "pages_without_text": ("page without text", "pages without text"),
    "unread": ("file that could not be looked through", "files that could not be looked through"),
}


def warn_of_personal_data(run: ImportRun, files: Mapping[Path, KeptFile], watcher: RunWatcher) -> None:
    """Log a warning for each file of a run in which personal data was seen, or could not be looked for.

    `files` are those on disk of which the run has kept the bytes: what was seen in them is stored. Nothing is logged of
    a format whose files are not kept. Raises ImportProblem for a file that can't be read.
    """
    known = formats.FORMATS.get(run.format)
    if known is None or not known.keeps:
        return
    named, rest = 0, Counter[str]()
    for name, found in _counts(run, known, files, watcher):
        if found and named < MOST_FILES:
            watcher.say(f"{name}: {in_words(found)}", "warning")
            named += 1
        else:
            rest.update(found)
    if rest:
        watcher.say(f"further files: {in_words(rest)}", "warning")


def in_words(found: dict[str, int]) -> str:
    """Return counts by kind as "2 e-mail addresses, 1 telephone number"."""
    return ", ".join(f"{number:,} {WORDS[kind][number != 1]}" for kind, number in found.items())


def _counts(
    run: ImportRun, known: formats.Format, files: Mapping[Path, KeptFile], watcher: RunWatcher
) -> Iterator[tuple[str, dict[str, int]]]:
    """Yield name and counts of each file; those of kept bytes are stored with them. A query for each upload."""
    for path in run.paths:
        if file := kept.find_kept(path):
            yield parts_of(path)[1] or path, file.personal_data
    for local in files_of(run):
        watcher.check()
        if file := files.get(local):
            yield local.name, file.personal_data
        else:
            data = kept.storable(bytes_of(local), known.reduce)
            yield local.name, count_personal_data(data, file_type(data).media_type)
