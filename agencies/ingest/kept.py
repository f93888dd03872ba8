"""The store of captures: the bytes behind them, once each, by content. It never serves them to readers."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.files.base import ContentFile
from django.core.files.storage import Storage, storages
from django.db import connection, transaction

from agencies.ingest.file_type import file_type, may_be_page, type_of_suffix
from agencies.ingest.flock_audit_file import refuse_audit
from agencies.ingest.flock_portal_reduce import reduce as reduce_page
from agencies.ingest.kept_paths import KEPT, PASSING, parts_of, path_of
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.personal_data import count_personal_data
from agencies.models import KeptFile, RemovedBytes

UPLOADED = "uploaded files"
"""Name of the folder of files that were uploaded together."""


def captures_store() -> Storage:
    """Return where the bytes are: a folder or a bucket, see settings.STORAGES."""
    return storages["captures"]


@transaction.atomic
def keep(data: bytes, *, reduce: Callable[[bytes], bytes] | None = None, name: str = "") -> KeptFile:
    """Store the bytes of a document and return their row; the same bytes are stored once and give the same row.

    `reduce` cuts out what is never stored, see `storable`; the row is found by the SHA-256 of `data` all the same.
    `name` is only for messages. Of workers that keep the same bytes at once, one writes and the others wait for it.
    Raises ImportProblem for a search audit, for bytes that were removed, and where nothing is left to store; and
    whatever `reduce` raises.
    """
    refuse_audit(data, file=name)
    received = hashlib.sha256(data).hexdigest()
    wait_for_turn(received)
    _refuse_removed(name, kept_file__sha256=received)
    known = KeptFile.objects.filter(sha256=received).first()
    if known is not None:
        return known
    stored = storable(data, reduce)
    if not stored:
        raise ImportProblem("an empty file", file=name)
    stored_sha256 = hashlib.sha256(stored).hexdigest()
    _refuse_removed(name, kept_file__stored_sha256=stored_sha256)
    kind = file_type(stored)
    return KeptFile.objects.create(
        sha256=received,
        stored_sha256=stored_sha256,
        stored_name=_write(f"{received[:2]}/{received}{kind.suffix}", stored),
        size=len(stored),
        media_type=kind.media_type,
        is_reduced=stored != data,
        personal_data=count_personal_data(stored, kind.media_type),
    )


def storable(data: bytes, reduce: Callable[[bytes], bytes] | None = None) -> bytes:
    """Return what may be stored of bytes: by `reduce`, the format's own, where it has one.

    A page that came under the format of another type is reduced as portals are: it may hold a search audit, too.
    """
    if reduce is not None:
        return reduce(data)
    return reduce_page(data) if may_be_page(data) else data


def kept_path(kept: KeptFile, name: str = "") -> str:
    """Return how an import run names a kept file among its paths; `name` is what the editor's file was called."""
    return path_of(kept.sha256, name)


def find_kept(path: str) -> KeptFile | None:
    """Return the kept file that a run's path names, or None when it names a file or folder of the server.

    Raises ImportProblem where the path names bytes that are not kept here, or no longer.
    """
    if not path.startswith(KEPT):
        return None
    sha256, _ = parts_of(path)
    kept = KeptFile.objects.select_related("removal").filter(sha256=sha256).first()
    if kept is None:
        raise ImportProblem("no such file is kept (any more): upload it again", file=path)
    if kept.is_removed:
        raise _removed(kept.removal, path)
    return kept


@contextmanager
def local_path(path: str) -> Iterator[Path]:
    """Give a path that a parser can open: "kept:SHA256" becomes a file that goes with the block.

    It has the name that the path tells, as some formats read a date in it. Any other path is given as it is. Raises
    ImportProblem for kept bytes that are missing or damaged.
    """
    kept = find_kept(path)
    if kept is None:
        yield Path(path)
        return
    with TemporaryDirectory(prefix=PASSING) as folder:
        file = Path(folder) / _local_name(kept, path)
        file.write_bytes(read_kept(kept))
        yield file


@contextmanager
def local_folder(paths: list[str]) -> Iterator[Path]:
    """Give a folder that goes with the block, in which the bytes of all "kept:" paths lie under their files' names.

    Raises ImportProblem for two files of one name, and as `local_path` does.
    """
    with TemporaryDirectory(prefix=PASSING) as outer:
        folder = Path(outer) / UPLOADED
        folder.mkdir()
        for path in paths:
            with local_path(path) as file:
                if (folder / file.name).exists():
                    raise ImportProblem("two files have this name", file=file.name)
                file.rename(folder / file.name)
        yield folder


def _local_name(kept: KeptFile, path: str) -> str:
    """Return the name of the local file for kept bytes; its ending is one that parsers know."""
    name, suffix = parts_of(path)[1] or f"kept-{kept.sha256[:12]}", Path(kept.stored_name).suffix
    return name if type_of_suffix(Path(name).suffix) else name + suffix


def read_kept(kept: KeptFile) -> bytes:
    """Return the stored bytes; raises ImportProblem where they were removed, are missing or not what was stored."""
    if kept.is_removed:
        raise _removed(kept.removal, kept.stored_name)
    try:
        with captures_store().open(kept.stored_name) as file:
            data: bytes = file.read()
    except OSError as problem:
        raise ImportProblem("the kept bytes are missing from the store", file=kept.stored_name) from problem
    if hashlib.sha256(data).hexdigest() != kept.stored_sha256:
        raise ImportProblem("the kept bytes are damaged: another SHA-256", file=kept.stored_name)
    return data


def _removed(removal: RemovedBytes, name: str) -> ImportProblem:
    """Return the problem of bytes that were removed."""
    said = f"its bytes were removed from the store on {removal.removed_at:%Y-%m-%d} and are not kept again"
    return ImportProblem(f"{said}: {removal.reason}", file=name)


def _refuse_removed(name: str, **which: str) -> None:
    """Raise ImportProblem where bytes were removed that are such."""
    if (removal := RemovedBytes.objects.filter(**which).first()) is not None:
        raise _removed(removal, name)


def wait_for_turn(sha256: str) -> None:
    """Wait while another transaction keeps the same bytes, or removes what is left of them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [int(sha256[:15], 16)])


def _write(name: str, data: bytes) -> str:
    """Write bytes under exactly this name; what a killed worker left there without a row is replaced."""
    store = captures_store()
    if store.exists(name):
        store.delete(name)
    written = store.save(name, ContentFile(data))
    if written != name:
        store.delete(written)
        raise ImportProblem(f"the store took another name: {written}", file=name)
    return name
