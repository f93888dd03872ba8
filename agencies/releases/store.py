"""Where releases lie: a store of files under their names, on disk or in a bucket."""

from collections.abc import Iterator
from pathlib import Path

from django.core.files import File
from django.core.files.storage import Storage, storages

from agencies.models import RecordChange

TOMBSTONE = "TOMBSTONE.txt"
"""Stands in a release that had to be taken down: its text is the reason, and nothing else of it is given."""


def store() -> Storage:
    """Return the store of releases."""
    return storages["releases"]


def put(name: str, folder: Path) -> None:
    """Store every file of a folder as release `name`."""
    for path in files_of(folder):
        with path.open("rb") as file:
            store().save(f"{name}/{path.relative_to(folder).as_posix()}", File(file))


def files_of(folder: Path) -> Iterator[Path]:
    """Yield the files below a folder, by name."""
    return (path for path in sorted(folder.rglob("*")) if path.is_file())


def tombstone(name: str) -> str | None:
    """Return why a release was taken down; None where it stands."""
    path = f"{name}/{TOMBSTONE}"
    if not store().exists(path):
        return None
    with store().open(path) as file:
        return str(file.read().decode())


def taken_down(name: str) -> tuple[str, str] | None:
    """Return why and when (ISO 8601 day) a release was taken down; None where it stands."""
    reason = tombstone(name)
    if reason is None:
        return None
    return reason, store().get_modified_time(f"{name}/{TOMBSTONE}").date().isoformat()


def take_down(name: str, files: list[str], reason: str) -> None:
    """Remove the files of a release and leave the reason in their place."""
    with_reason = store().save(f"{name}/{TOMBSTONE}", File(_text(reason)))
    if with_reason != f"{name}/{TOMBSTONE}":
        store().delete(with_reason)
    for file in files:
        store().delete(f"{name}/{file}")
    RecordChange.objects.create()  # Only files went: answers that are kept learn of it by this.


def _text(text: str) -> "File[bytes]":
    from django.core.files.base import ContentFile

    return ContentFile(text.encode())
