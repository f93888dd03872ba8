"""Which agencies stand in the middle of the network: degrees and core numbers. Pure: arrays in, arrays out."""

from dataclasses import dataclass

import numpy as np

from agencies.network.graph import Graph, Ints
from agencies.network.rungs import CURRENT, reads, states


@dataclass(frozen=True, eq=False)
class Degrees:
    """For each agency of a graph: how many it currently gives access (`out`), and how many give it access (`into`).

    `mutual` counts those that are both. Two networks or kinds of access between a pair count once.
    """

    out: Ints
    into: Ints
    mutual: Ints


def current_pairs(graph: Graph, day: int) -> tuple[Ints, Ints]:
    """Return grantor and grantee of each pair with current access to reads, once each, in order."""
    every = slice(0, graph.links_count)
    kept = (states(graph, every, day) == CURRENT) & reads(graph, every)
    count = max(graph.agencies_count, 1)
    pairs = graph.grantor[kept].astype(np.int64) * count + graph.grantee[kept]
    pairs = pairs[np.diff(pairs, prepend=-1) != 0]  # They are in order already.
    return pairs // count, pairs % count


def degrees(graph: Graph, day: int) -> Degrees:
    """Count each agency's current neighbours on either side."""
    grantor, grantee = current_pairs(graph, day)
    count = graph.agencies_count
    back = np.isin(grantor * count + grantee, grantee * count + grantor)
    return Degrees(
        out=np.bincount(grantor, minlength=count),
        into=np.bincount(grantee, minlength=count),
        mutual=np.bincount(grantor[back], minlength=count),
    )


def mutual(graph: Graph, node: int, day: int) -> Ints:
    """Return the agencies that one gives access to and gets access from, both currently."""
    out = np.arange(graph.out_edges(node).start, graph.out_edges(node).stop)
    into = graph.in_edges(node).astype(np.int64)
    sides = [edges[reads(graph, edges) & (states(graph, edges, day) == CURRENT)] for edges in (out, into)]
    return np.intersect1d(graph.grantee[sides[0]], graph.grantor[sides[1]]).astype(np.int64)


def core_numbers(graph: Graph, day: int) -> Ints:
    """Return the largest k for each agency with which it belongs to a group whose members have k ties within it each.

    A tie is access given or got; a mutual pair has two. A measure of how dense the middle is, not of who sees what.
    Takes rounds: each removes all agencies that have too few ties left.
    """
    grantor, grantee = current_pairs(graph, day)
    count = graph.agencies_count
    ends = np.concatenate([grantor, grantee])
    others = np.concatenate([grantee, grantor])[np.argsort(ends, kind="stable")]
    starts = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=count))])
    left = np.diff(starts)
    core, alive, level = np.zeros(count, np.int64), np.ones(count, np.bool_), 0
    while alive.any():
        level = max(level, int(left[alive].min()))
        leaving = np.flatnonzero(alive & (left <= level))
        core[leaving] = level
        alive[leaving] = False
        ties = np.concatenate([others[starts[node] : starts[node + 1]] for node in leaving])
        left -= np.bincount(ties, minlength=count)
    return core
