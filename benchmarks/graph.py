"""The graph at scale, beside the same questions asked of SQL, networkx and rustworkx, in one run.

usage: DATABASE_URL=postgres://... .venv/bin/python benchmarks/graph.py [links] [agencies]
Makes a throwaway database on that server with one bare table of links (power-law, 2,000,000 of 20,000 agencies unless
told otherwise), reads it, and drops it. Each library, and each of two processes that map the graph, runs by itself, so
that its memory is its own. Takes three minutes. docs/adr/0006-graph.md has the numbers.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "transparency.settings")

import django  # noqa: E402

django.setup()

from graph_others import CTE, CTE_REACH, admin, ask_library, ask_sql, connect, fill, read  # noqa: E402
from graph_world import DAY, ask_graph, median, memory, origins, power_law, report, timed, words_of  # noqa: E402

from agencies.network.graph import ARRAYS, Graph, compact  # noqa: E402
from agencies.network.graph_files import Shelf  # noqa: E402
from agencies.network.hubs import core_numbers  # noqa: E402
from agencies.network.paths import current_paths, past_paths  # noqa: E402
from agencies.network.rungs import country_ladder  # noqa: E402

DATABASE = "atlas_graph_benchmark"


def process(folder: Path) -> None:
    """Map the stored graph as a web process does, ask of it, wait for the others, and print numbers as JSON."""
    idle = memory()
    loaded, found = timed(Shelf((folder,), None).load, "now")
    graph = found[0]
    for name in ARRAYS:
        np.count_nonzero(getattr(graph, name))  # touches every page
    ask_graph(graph, origins(graph, 200), 2)
    print(json.dumps({"load": loaded, "idle": idle, "used": memory()}), flush=True)
    sys.stdin.readline()
    print(json.dumps(memory()), flush=True)


def shared_memory(folder: Path) -> None:
    """Print the memory of one of two processes that have the same graph mapped."""
    command = [sys.executable, __file__, "process", str(folder)]
    one, other = (subprocess.Popen(command, stdin=-1, stdout=-1, text=True) for _ in range(2))
    first = [json.loads(each.stdout.readline()) for each in (one, other) if each.stdout]
    last = json.loads(one.communicate("\n")[0])  # The other one still waits, with the graph mapped.
    other.communicate("\n")
    idle, used = first[0]["idle"], first[0]["used"]
    report("mapped by a web process", f"{first[0]['load']:.1f} ms")
    report("its memory above the bare process: RSS", f"{used['rss'] - idle['rss']:.0f} MB")
    report("  PSS (shared pages split between two processes)", f"{last['pss'] - idle['pss']:.0f} MB")
    report("  private", f"{used['private'] - idle['private']:.0f} MB")


def child(*arguments: str) -> Any:
    """Run a part of this file in a process of its own and return what it printed."""
    done = subprocess.run([sys.executable, __file__, *arguments], capture_output=True, text=True, timeout=1800)
    if done.returncode:
        raise SystemExit(done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


def build(links: int, agencies: int, connection: Any, folder: Path) -> Graph:
    """Fill and read the table, build the graph, and keep it; print what that took."""
    nodes, rows = power_law(links, agencies)
    report(f"COPY of {len(rows):,} links into PostgreSQL, with two indexes", f"{fill(connection, rows):.1f} s")
    took, found = timed(read, connection)
    report("rows read from PostgreSQL", f"{took / 1000:.1f} s")
    busy = time.process_time()
    builds = [timed(compact, nodes, found, words_of(nodes, found)) for _ in range(5)]
    busy = (time.process_time() - busy) / 5
    graph = builds[0][1]
    told = f"median {median([ms for ms, _ in builds]) / 1000:.2f} s, of the processor's time {busy:.2f} s"
    report("graph built from the rows, 5 times", told)
    report("size of its arrays", f"{sum(getattr(graph, name).nbytes for name in ARRAYS) / 1e6:.0f} MB")
    took, mapped = timed(Shelf((folder,), folder).keep, "now", "mark", graph, datetime.now(UTC))
    report("written to files and mapped", f"{took / 1000:.2f} s")
    return mapped


def ask(graph: Graph) -> None:
    """Print what questions take."""
    targets, many, few = np.flatnonzero(graph.body), origins(graph, 400), origins(graph, 40)
    for hops, nodes in ((2, many), (3, few)):
        times, counts = ask_graph(graph, nodes, hops)
        told = f"median {median(times):.3f} ms, worst {max(times):.1f} ms; {max(counts):,} routes at most"
        report(f"numpy: routes of up to {hops} hops to all of ICE and CBP", told)
    now = [current_paths(graph, node, targets, 2, DAY) for node in few]
    past = [timed(past_paths, graph, node, targets, 2, DAY, found)[0] for node, found in zip(few, now, strict=True)]
    report("numpy: past routes of up to 2 hops", f"median {median(past):.3f} ms")
    ladder = [timed(country_ladder, graph, DAY) for _ in range(5)]
    rungs = np.bincount(ladder[0][1].top, minlength=8).tolist()
    report("numpy: ladder of the whole country", f"{median([ms for ms, _ in ladder]):.0f} ms; by rung {rungs}")
    report("numpy: core numbers of all agencies", f"{timed(core_numbers, graph, DAY)[0]:.0f} ms")


def compare(connection: Any, graph: Graph, folder: Path) -> None:
    """Ask the same of SQL and of the libraries, and check that they count the same routes."""
    few = origins(graph, 40)
    _, counts = ask_graph(graph, few, 2)
    times, answers = ask_sql(connection, graph, few, CTE, 2)
    assert answers == counts, "SQL counts other routes of two hops"
    report("SQL, recursive: the same routes, 2 hops", f"median {median(times):.1f} ms")
    middle = few[10:30:4]
    ours, three = ask_graph(graph, middle, 3)
    for name, query in (("the same routes", CTE), ("yes or no only", CTE_REACH)):
        times, answers = ask_sql(connection, graph, middle, query, 3)
        assert query is CTE_REACH or answers == three, "SQL counts other routes of three hops"
        told = f"median {median(times):.0f} ms; numpy {median(times) / median(ours):.0f} times as fast"
        report(f"SQL, recursive: {name}, 3 hops", told)
    for name in ("networkx", "rustworkx"):
        found = child(name, str(folder))
        assert found["counts"] == counts, f"{name} counts other routes"
        told = f"built in {found['build']:.1f} s, {found['memory']:.0f} MB; 2 hops median {found['two']:.2f} ms"
        report(f"{name}: the same routes", f"{told}, 3 hops {found['three']:.0f} ms (one question)")


def main(links: int = 2_000_000, agencies: int = 20_000) -> None:
    """Make the database, measure, and drop it."""
    admin(f"DROP DATABASE IF EXISTS {DATABASE}")
    admin(f"CREATE DATABASE {DATABASE}")
    try:
        with tempfile.TemporaryDirectory() as folder:
            connection = connect(DATABASE)
            graph = build(links, agencies, connection, Path(folder))
            shared_memory(Path(folder))
            ask(graph)
            compare(connection, graph, Path(folder))
            connection.close()
    finally:
        admin(f"DROP DATABASE IF EXISTS {DATABASE} WITH (FORCE)")


if __name__ == "__main__":
    if sys.argv[1:2] == ["process"]:
        process(Path(sys.argv[2]))
    elif sys.argv[1:2] in (["networkx"], ["rustworkx"]):
        print(json.dumps(ask_library(sys.argv[1], Path(sys.argv[2]))))
    else:
        main(*map(int, sys.argv[1:3]))
