"""A made-up country for `graph.py`: links whose degrees follow a power law, and the ways to ask and measure."""

import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

from agencies.network.graph import AGENCY_ROW, LINK_ROW, WORD_ROW, Body, Graph
from agencies.network.paths import current_paths
from agencies.network.rungs import FRESH_DAYS

SEED, DAY, FEDERAL, FEDERAL_LINKS = 7, 20_500, 40, 400
"""Seed; the day as of which is asked; how many bodies are ICE or CBP; links to each of them at most."""
SINCE = DAY - FRESH_DAYS
"""First day on which a listed link must have been seen to be current."""


def power_law(links: int, agencies: int) -> tuple[np.ndarray, np.ndarray]:
    """Return rows of agencies and links whose degrees fall off as a power of their rank, in no order."""
    random = np.random.default_rng(SEED)
    pairs = _pairs(random, links, agencies)
    rows = np.zeros(len(pairs), LINK_ROW)
    rows["grantor"], rows["grantee"] = pairs // agencies + 1, pairs % agencies + 1
    rows["network"] = random.integers(1, 4, len(rows))
    rows["status"] = random.choice(3, len(rows), p=[0.95, 0.02, 0.03])
    rows["reported_by"] = random.choice(4, len(rows), p=[0.02, 0.05, 0.88, 0.05])
    rows["last_seen"] = random.integers(DAY - 2000, DAY, len(rows))
    rows["first_seen"] = rows["last_seen"] - random.integers(0, 300, len(rows))
    rows["closed_on"] = np.where(rows["status"] > 0, rows["last_seen"], 0)
    rows["link"] = np.arange(1, len(rows) + 1)
    nodes = np.zeros(agencies, AGENCY_ROW)
    nodes["agency"] = np.arange(1, agencies + 1)
    nodes["body"][:FEDERAL] = np.where(np.arange(FEDERAL) < FEDERAL // 2, Body.ICE, Body.BORDER)
    nodes["checked_on"] = np.where(random.random(agencies) < 0.3, DAY - 10, 0)
    nodes["immigration_on"] = np.where(random.random(agencies) < 0.01, DAY - 30, 0)
    return nodes, rows


def words_of(nodes: np.ndarray, rows: np.ndarray) -> np.ndarray:
    """Return what is said of the links to ICE: by the grantee's lists where only those report them, else by others'."""
    edges = np.flatnonzero(np.isin(rows["grantee"], nodes["agency"][nodes["body"] == Body.ICE]))
    words = np.zeros(len(edges), WORD_ROW)
    words["edge"] = edges
    for column in ("status", "reported_by", "first_seen", "last_seen", "closed_on"):
        words[column] = rows[column][edges]
    return words


def _pairs(random: np.random.Generator, links: int, agencies: int) -> np.ndarray:
    """Return different pairs as grantor * agencies + grantee; not more than FEDERAL_LINKS lead to each federal body."""
    weight = 1 / np.arange(1, agencies + 1) ** 0.7
    draw, pairs = weight / weight.sum(), np.zeros(0, np.int64)
    while len(pairs) < links:
        ends = [random.permutation(agencies)[random.choice(agencies, links * 2, p=draw)] for _ in range(2)]
        found = (ends[0] * agencies + ends[1])[ends[0] != ends[1]]
        pairs = np.unique(np.concatenate([pairs, found]))
        into = pairs % agencies
        order = np.lexsort((random.random(len(pairs)), into))
        place = np.arange(len(pairs)) - np.searchsorted(into[order], into[order])
        pairs = pairs[order][(into[order] >= FEDERAL) | (place < FEDERAL_LINKS)]
    return random.permutation(random.choice(pairs, links, replace=False))


def origins(graph: Graph, count: int) -> list[int]:
    """Return agencies to ask about: of every size, hubs among them, none of them federal."""
    sizes = np.diff(graph.out_start)
    order = np.argsort(sizes, kind="stable")
    order = order[(graph.body[order] == 0) & (sizes[order] > 0)]
    return order[np.linspace(0, len(order) - 1, count).astype(int)].tolist()


def ask_graph(graph: Graph, nodes: list[int], hops: int) -> tuple[list[float], list[int]]:
    """Return the time of each question for current routes to all of ICE and CBP, and how many there are."""
    targets = np.flatnonzero(graph.body)
    current_paths(graph, nodes[0], targets, hops, DAY)
    found = [timed(current_paths, graph, node, targets, hops, DAY) for node in nodes]
    return [ms for ms, _ in found], [sum(map(len, paths)) for _, paths in found]


def timed(question: Callable[..., Any], *arguments: Any) -> tuple[float, Any]:
    """Return how many milliseconds a call took, and its answer."""
    begun = time.perf_counter()
    answer = question(*arguments)
    return (time.perf_counter() - begun) * 1000, answer


def median(times: list[float]) -> float:
    """Return the median of some times."""
    return statistics.median(times)


def memory() -> dict[str, float]:
    """Return this process's resident and proportional memory, and what no other process shares, in MB."""
    told = dict(line.split(":", 1) for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:])
    read = {name: int(told[name].split()[0]) / 1024 for name in ("Rss", "Pss", "Private_Clean", "Private_Dirty")}
    return {"rss": read["Rss"], "pss": read["Pss"], "private": read["Private_Clean"] + read["Private_Dirty"]}


def report(name: str, value: str) -> None:
    """Print one line of the table."""
    print(f"{name:58}{value}", flush=True)
