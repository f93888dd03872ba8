"""Graphs as files: a folder of arrays for each, put in place by one rename, mapped into memory by whoever reads it."""

import fcntl
import logging
import os
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from django.conf import settings

from agencies.network.graph import ARRAYS, Graph

NOW = "now"
"""Key of the record as it stands; a replay's key is its day."""
ABANDONED_SECONDS = 3600
"""Age at which an unfinished folder is taken for a dead process's."""

logger = logging.getLogger(__name__)


def open_shelf(database: str) -> "Shelf":
    """Return the shelf of a database: below `VAR_DIR`, else, where that is read-only, in the machine's own /tmp.

    Where neither can be written, graphs stay in the memory of the process that built them.
    """
    shared = settings.VAR_DIR / "graph" / database
    own = Path(tempfile.gettempdir()) / f"alpr-atlas-graph-{os.getuid()}" / database
    return Shelf((shared, own), next((folder for folder in (shared, own) if _usable(folder)), None))


def _usable(folder: Path) -> bool:
    """Make a folder that is ours alone, and tell whether it can be written."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        is_ours = folder.parent.stat().st_uid == os.getuid() and not folder.parent.is_symlink()
    except OSError:
        return False
    return is_ours and os.access(folder, os.W_OK)


@dataclass(frozen=True)
class Shelf:
    """Folders in which graphs may lie, and the one that this process writes to; None: none."""

    folders: tuple[Path, ...]
    home: Path | None

    def load(self, key: str, mark: str = "") -> tuple[Graph, datetime] | None:
        """Return the newest graph of a key (and mark, unless ""), mapped, and when it was read from the record."""
        for folder in self._books(key):
            if not mark or folder.name.endswith(f".{mark}"):
                try:
                    return _mapped(folder), _generated(folder)
                except (OSError, ValueError):  # Removed a moment ago, or broken: the next one will do.
                    logger.info("Graph %s cannot be read.", folder.name)
        return None

    def keep(self, key: str, mark: str, graph: Graph, generated: datetime) -> Graph:
        """Write a graph and return it mapped; return it as it is where it cannot be written."""
        if self.home is None:
            return graph
        name = f"{key}.{int(generated.timestamp() * 1e6):020d}.{mark}"
        try:
            fresh = Path(tempfile.mkdtemp(prefix=".", dir=self.home))
            for array in ARRAYS:
                np.save(fresh / f"{array}.npy", getattr(graph, array), allow_pickle=False)
            fresh.rename(self.home / name)
            return _mapped(self.home / name)
        except OSError as error:
            logger.warning("The graph is kept in memory only: %s", error)
            return graph

    def prune(self, days_kept: int) -> None:
        """Remove all graphs of now but the newest, all but the newest few replays, and what dead processes left.

        A process that has one of them mapped keeps it: the system frees the space when the last lets go.
        """
        if self.home is None:
            return
        books = [book for book in self._books() if book.parent == self.home]
        of_now, replays = ([book for book in books if (_key(book) == NOW) == now] for now in (True, False))
        limit = time.time() - ABANDONED_SECONDS
        dead = [book for book in self.home.glob(".*") if book.is_dir() and book.stat().st_mtime < limit]
        for book in [*of_now[1:], *replays[days_kept:], *dead]:
            shutil.rmtree(book, ignore_errors=True)

    @contextmanager
    def lock(self, *, wait: bool) -> Iterator[bool]:
        """Hold the shelf, so that one process builds at a time; yield False where another does and `wait` is off."""
        if self.home is None:
            yield True
            return
        with (self.home / "lock").open("w") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
            except BlockingIOError:
                yield False
            else:
                yield True

    def _books(self, key: str = "") -> list[Path]:
        """Return the finished graphs, of one key or all, the newest first."""
        pattern = f"{key or '[!.]*'}.*.*"
        found = [book for folder in self.folders for book in folder.glob(pattern)]
        return sorted(found, key=lambda book: book.name.split(".")[1], reverse=True)


def _mapped(folder: Path) -> Graph:
    """Map the arrays of a folder into memory, read-only."""
    arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in ARRAYS}
    key = _key(folder)
    as_of = None if key == NOW else date.fromisoformat(key)
    return Graph(**{name: array.view(np.ndarray) for name, array in arrays.items()}, as_of=as_of)


def _key(folder: Path) -> str:
    """Return what a folder's graph is of: a day, or now."""
    return folder.name.split(".")[0]


def _generated(folder: Path) -> datetime:
    """Return when the graph of a folder was read from the record."""
    return datetime.fromtimestamp(int(folder.name.split(".")[1]) / 1e6, UTC)
