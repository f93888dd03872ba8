"""What formats share whose documents are single files: files below a folder, options said beside the file."""

from datetime import date
from pathlib import Path

from agencies.ingest.parsed import ImportProblem


def files_at(path: Path, suffixes: tuple[str, ...], options: dict[str, str]) -> list[Path]:
    """Return the file at `path`, or all files with these suffixes below the folder, in the order of their paths.

    Raises ImportProblem for a folder without any, and where options that describe one file (`sha256`, `url`) are
    given for a folder.
    """
    if not path.is_dir():
        return [path]
    if options.get("sha256") or options.get("url"):
        raise ImportProblem("hash and address describe a single file, not a folder", file=str(path))
    found = sorted(file for file in path.rglob("*") if file.suffix.lower() in suffixes)
    if not found:
        raise ImportProblem(f"no file with {' or '.join(suffixes)} below the folder", file=str(path))
    return found


def date_option(text: str, name: str, file: str) -> date | None:
    """Return the date that an option gives, None for ""; raises ImportProblem for anything but an ISO date."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise ImportProblem(f"not a date (YYYY-MM-DD): {text[:40]!r}", file=file, field=name) from problem
