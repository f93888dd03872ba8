"""Where graphs are kept: files that all processes of a machine map into memory, a folder for each state of the record.

A graph belongs to the marks of the record that it was read from. While the record is small, whoever first asks after a
change builds it on the spot; of a large one the newest that was built is served, until `build_graph` (a task) has
built another: `StoredGraph.is_stale` and `.generated` say so. Replays to a past day are built and kept the same way,
the newest few. Where nothing is kept (`REVISION_SECONDS` is 0, as in tests), every call reads the record.
"""

import hashlib
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cache

from django.conf import settings
from django.core.cache import cache as shared_cache
from django.db import connection
from django.utils import timezone

from agencies.models import SharingLink
from agencies.network.graph import Graph, days
from agencies.network.graph_files import NOW, Shelf, open_shelf
from agencies.network.graph_rows import graph_around, whole_graph
from agencies.revision import record_as_of, record_marks

SMALL = 200_000
"""Links up to which a graph is built within a request: about a second of today's record, some of a replayed one."""
DAYS_KEPT = 8
"""Replayed graphs that are kept."""
FORMAT = 2
"""Grows with every change of the arrays, so that no process reads those of another version."""


class GraphNotBuiltError(Exception):
    """The record is too large to build this graph within a request; `build_graph` has to be run for it."""


@dataclass(frozen=True)
class StoredGraph:
    """A graph, when it was read from the record, and whether the record has changed since."""

    graph: Graph
    generated: datetime
    is_stale: bool = False


@dataclass(frozen=True)
class _Held:
    """What this process has mapped for a day: under which mark of the record, and until when it is taken as it is."""

    mark: str
    looked_at: float
    found: StoredGraph

    def serves(self, mark: str) -> bool:
        """Tell whether it need not be looked for again; a stale one is, after a while."""
        if self.mark != mark:
            return False
        return not self.found.is_stale or time.monotonic() < self.looked_at + settings.REVISION_SECONDS


_held: dict[str, _Held] = {}
_holding = threading.Lock()


def current_graph(as_of: date | None = None) -> Graph:
    """Return the graph of the record as it stands, or replayed to a day; see `stored_graph`."""
    return stored_graph(as_of).graph


def stored_graph(as_of: date | None = None) -> StoredGraph:
    """Return the newest graph there is, with its age; no query while the record is taken as unchanged.

    Raises GraphNotBuiltError where none was built yet and the record is too large to do so now, and ValueError for a
    day before 1970 or after 2149.
    """
    if as_of is not None:
        days(as_of)
    if not settings.REVISION_SECONDS:
        return StoredGraph(whole_graph(as_of), timezone.now())
    if as_of is not None and as_of >= (record_as_of() or date.min):
        found = stored_graph()
        return replace(found, graph=replace(found.graph, as_of=as_of))
    key, mark = _key(as_of), _mark()
    held = _held.get(key)
    if held is None or not held.serves(mark):
        held = _Held(mark, time.monotonic(), _find(key, mark, as_of))
        with _holding:
            _hold(key, held)
    return held.found


def graph_near(agencies: Collection[int], targets: Collection[int], as_of: date | None = None) -> Graph:
    """Return a graph that has at least the links granted by `agencies` and those that lead to `targets` (ids).

    A past day that is not at hand is replayed for these links alone, so that a page need not wait for the whole record.
    """
    if as_of is None or as_of >= (record_as_of() or date.min):
        return current_graph(as_of)
    held = _held.get(_key(as_of))
    if held is not None and held.serves(_mark()):
        return held.found.graph
    return graph_around(agencies, targets, as_of)


def build_graph(as_of: date | None = None) -> StoredGraph:
    """Build the graph, put it where all processes find it, and remove older ones. For a task or a command.

    Builds whatever there is already; where nothing is kept, it is only returned.
    """
    if not settings.REVISION_SECONDS:
        return StoredGraph(whole_graph(as_of), timezone.now())
    shared_cache.delete("record-marks")
    shelf = open_shelf(_database())
    with shelf.lock(wait=True):
        mark = _mark()
        found = _build(shelf, _key(as_of), mark, as_of)
    with _holding:
        _hold(_key(as_of), _Held(mark, time.monotonic(), found))
    return found


def today() -> int:
    """Return the day as of which the record as it stands is judged, in days since 1970."""
    return days(timezone.localdate())


def judged_on(graph: Graph) -> int:
    """Return the day as of which a graph is judged: its own, or today."""
    return days(graph.as_of) if graph.as_of else today()


def _find(key: str, mark: str, as_of: date | None) -> StoredGraph:
    """Return the graph from the files; else build it, if that is quick or nothing else is there."""
    shelf = open_shelf(_database())
    found = shelf.load(key, mark)
    if found:
        return StoredGraph(*found)
    older = shelf.load(key)
    is_small = SharingLink.objects.count() <= SMALL
    if is_small:
        with shelf.lock(wait=older is None) as is_ours:
            found = shelf.load(key, mark)
            if found:
                return StoredGraph(*found)
            if is_ours:
                return _build(shelf, key, mark, as_of)
    if older is None:
        raise GraphNotBuiltError("The graph is not built yet.")
    return StoredGraph(*older, is_stale=True)


def _build(shelf: Shelf, key: str, mark: str, as_of: date | None) -> StoredGraph:
    """Read the record, and keep what was read under a mark that was taken before."""
    generated = timezone.now()
    graph = whole_graph(as_of)
    kept = shelf.keep(key, mark, graph, generated)
    shelf.prune(DAYS_KEPT)
    return StoredGraph(kept, generated)


def _hold(key: str, held: _Held) -> None:
    """Remember a graph in this process, in place of the one before and of the oldest replayed one."""
    _held.pop(key, None)
    _held[key] = held
    for oldest in [name for name in _held if name != NOW][:-DAYS_KEPT]:
        del _held[oldest]


def _key(as_of: date | None) -> str:
    """Return the name of a day among the files."""
    return as_of.isoformat() if as_of else NOW


def _mark() -> str:
    """Return what stands for the state of the record."""
    return hashlib.sha256(repr((FORMAT, record_marks())).encode()).hexdigest()[:16]


def _database() -> str:
    """Return what stands for this database and no other, a restored one of the same name included."""
    place = connection.settings_dict
    return _database_id(f"{place['HOST']}:{place['PORT']}/{place['NAME']}")


@cache
def _database_id(address: str) -> str:
    """Return a short name of the database at an address; one query in the life of a process."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT oid FROM pg_database WHERE datname = current_database()")
        oid = cursor.fetchone()[0]
    return hashlib.sha256(f"{address} {oid}".encode()).hexdigest()[:12]
