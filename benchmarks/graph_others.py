"""The questions of `graph.py` asked of others: a recursive query in PostgreSQL, networkx, rustworkx."""

import os
import time
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import networkx
import numpy as np
import psycopg2
import rustworkx
from graph_world import DAY, SINCE, median, memory, origins, timed

from agencies.network.graph import LINK_ROW, Graph
from agencies.network.graph_files import Shelf
from agencies.network.rungs import CURRENT, reads, states

COLUMNS = list(LINK_ROW.names or ())
CTE = """
WITH RECURSIVE walk(node, hops, path) AS (
    SELECT %(origin)s, 0, ARRAY[%(origin)s]
  UNION ALL
    SELECT l.grantee, w.hops + 1, w.path || l.grantee
    FROM walk w JOIN links l ON l.grantor = w.node
    WHERE w.hops < %(hops)s AND l.status = 0 AND l.access < 2 AND l.last_seen >= %(since)s
      AND l.grantee <> ALL(w.path) AND w.node <> ALL(%(targets)s)
)
SELECT count(*) FROM (SELECT DISTINCT path FROM walk WHERE hops > 0 AND node = ANY(%(targets)s)) found
"""
"""Counts the routes."""
CTE_REACH = """
WITH RECURSIVE reached(node, hops) AS (
    SELECT %(origin)s, 0
  UNION
    SELECT l.grantee, r.hops + 1
    FROM reached r JOIN links l ON l.grantor = r.node
    WHERE r.hops < %(hops)s AND l.status = 0 AND l.access < 2 AND l.last_seen >= %(since)s
)
SELECT bool_or(node = ANY(%(targets)s)) FROM reached WHERE hops > 0
"""
"""Tells only whether there is one: the least that SQL can be asked."""


def connect(name: str) -> Any:
    """Connect to a database of the server in DATABASE_URL."""
    parts = urlsplit(os.environ["DATABASE_URL"])
    return psycopg2.connect(
        host=unquote(parts.hostname or ""), port=parts.port, user=parts.username, password=parts.password, dbname=name
    )


def admin(statement: str) -> None:
    """Carry out a statement on the server's own database."""
    connection = connect("postgres")
    connection.autocommit = True
    connection.cursor().execute(statement)
    connection.close()


def fill(connection: Any, rows: np.ndarray) -> float:
    """Fill the bare table by COPY and index it both ways, as the site's is; return the seconds it took."""
    begun = time.perf_counter()
    cursor = connection.cursor()
    cursor.execute(f"CREATE UNLOGGED TABLE links ({', '.join(f'{name} integer' for name in COLUMNS)})")
    for first in range(0, len(rows), 250_000):
        lines = "\n".join("\t".join(map(str, row)) for row in rows[first : first + 250_000].tolist()) + "\n"
        cursor.copy_expert("COPY links FROM STDIN", BytesIO(lines.encode()))
    cursor.execute("CREATE INDEX ON links (grantor, status, grantee); CREATE INDEX ON links (grantee, status, grantor)")
    cursor.execute("ANALYZE links")
    connection.commit()
    return time.perf_counter() - begun


def read(connection: Any) -> np.ndarray:
    """Read the rows as the site does: a streamed query of numbers."""
    with connection.cursor("links") as cursor:
        cursor.itersize = 20_000
        cursor.execute(f"SELECT {', '.join(COLUMNS)} FROM links")
        return np.fromiter(cursor, LINK_ROW)


def ask_sql(connection: Any, graph: Graph, nodes: list[int], query: str, hops: int) -> tuple[list[float], list[int]]:
    """Ask a recursive query the same of each agency; return the times and the answers."""
    cursor, times, answers = connection.cursor(), [], []
    cursor.execute("SET statement_timeout = '120s'")
    targets = graph.agency[np.flatnonzero(graph.body)].astype(int).tolist()
    for node in nodes:
        values = {"origin": int(graph.agency[node]), "hops": hops, "since": SINCE, "targets": targets}
        took, _ = timed(cursor.execute, query, values)
        answers.append(cursor.fetchone()[0])
        times.append(took)
    return times, answers


def ask_library(name: str, folder: Path) -> dict[str, Any]:
    """Build the graph of current access in a library, in this process, and ask it; return s, MB, ms and counts."""
    found = Shelf((folder,), None).load("now")
    assert found
    graph = found[0]
    every = slice(0, graph.links_count)
    usable = (states(graph, every, DAY) == CURRENT) & reads(graph, every)
    pairs = np.unique(np.stack([graph.grantor[usable], graph.grantee[usable]], 1), axis=0).tolist()
    nodes, targets = origins(graph, 40), set(np.flatnonzero(graph.body).tolist())
    build, walk = {"networkx": (_networkx, _walk_networkx), "rustworkx": (_rustworkx, _walk_rustworkx)}[name]
    before = memory()["rss"]
    built, other = timed(build, pairs, graph.agencies_count)
    used = memory()["rss"] - before
    two = [timed(_count, walk, other, node, targets, 2) for node in nodes]
    three = timed(_count, walk, other, nodes[len(nodes) // 2], targets, 3)
    times = {"build": built / 1000, "memory": used, "two": median([ms for ms, _ in two]), "three": three[0]}
    return times | {"counts": [count for _, count in two]}


def _count(walk: Callable[..., Any], other: Any, origin: int, targets: set[int], hops: int) -> int:
    """Count the paths that end at the first target they meet."""
    return sum(1 for path in walk(other, origin, targets, hops) if not targets.intersection(path[1:-1]))


def _networkx(pairs: list[Any], count: int) -> Any:
    """Build the graph in networkx."""
    made = networkx.DiGraph(pairs)
    made.add_nodes_from(range(count))
    return made


def _walk_networkx(other: Any, origin: int, targets: set[int], hops: int) -> Any:
    """Walk all simple paths in networkx."""
    return networkx.all_simple_paths(other, origin, targets, hops)


def _rustworkx(pairs: list[Any], count: int) -> Any:
    """Build the graph in rustworkx."""
    made = rustworkx.PyDiGraph()
    made.add_nodes_from(range(count))
    made.add_edges_from_no_data([(one, two) for one, two in pairs])
    return made


def _walk_rustworkx(other: Any, origin: int, targets: set[int], hops: int) -> Any:
    """Walk all simple paths in rustworkx, target by target: it has no other way to keep links and ends."""
    for target in targets:
        yield from rustworkx.digraph_all_simple_paths(other, origin, target, cutoff=hops + 1)
