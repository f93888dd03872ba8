"""All ways from one agency to some others in one, two or three links. Pure: a graph's arrays in, arrays out.

A path never visits an agency twice and ends at the first target that it meets. Paths are found from both ends: the
links that the origin grants, those that lead to the targets, and for three hops the links between.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from agencies.network.graph import Bools, Graph, Ints
from agencies.network.rungs import CURRENT, join, reads, spans, states

MOST_HOPS = 3
Test = Callable[[Ints], Bools]


@dataclass(frozen=True, eq=False)
class Paths:
    """Paths of one length: each row of `edges` is a path, hop by hop; the best first.

    `strength` is that of the weakest hop, `seen` the day on which the hop last seen longest ago was last seen.
    """

    edges: Ints
    strength: Ints
    seen: Ints

    def __len__(self) -> int:
        return len(self.edges)


def current_paths(graph: Graph, origin: int, targets: Ints, hops: int, day: int) -> list[Paths]:
    """Return the paths of 1 to `hops` current links, one for each chain of agencies: over its best links."""
    found = _find(graph, origin, targets, hops, lambda edges: states(graph, edges, day) == CURRENT)
    return [_best(graph, edges) for edges in found]


def past_paths(graph: Graph, origin: int, targets: Ints, hops: int, day: int, current: list[Paths]) -> list[Paths]:
    """Return the paths that were: all hops are known to have been there on one same day, and one is not current.

    Chains of agencies that are among the `current` paths are left out.
    """
    found = _find(graph, origin, targets, hops, lambda edges: np.ones(len(edges), np.bool_))
    return [_best(graph, _met(graph, edges, day), now.edges) for edges, now in zip(found, current, strict=True)]


def _find(graph: Graph, origin: int, targets: Ints, hops: int, usable: Test) -> list[Ints]:
    """Return paths of each length as rows of links; `usable` tells which links may be used."""
    if not 1 <= hops <= MOST_HOPS:
        raise ValueError(f"routes have 1 to {MOST_HOPS} hops, not {hops}")
    is_target = np.zeros(graph.agencies_count, np.bool_)
    is_target[targets] = True
    is_target[origin] = False

    def kept(edges: Ints) -> Ints:
        return edges[reads(graph, edges) & usable(edges) & (graph.grantee[edges] != origin)]

    out = graph.out_edges(origin)
    first = kept(np.arange(out.start, out.stop))
    ends = is_target[graph.grantee[first]]
    found, first = [first[ends][:, None]], first[~ends]
    if hops == 1:
        return found
    last = kept(graph.edges_into(np.flatnonzero(is_target)))
    last = last[~is_target[graph.grantor[last]] & (graph.grantor[last] != origin)]
    last = last[np.argsort(graph.grantor[last], kind="stable")]
    left, right = join(graph.grantee[first], graph.grantor[last])
    found.append(np.stack([first[left], last[right]], axis=1))
    if hops == MOST_HOPS:
        found.append(_three(graph, first, last, kept))
    return found


def _three(graph: Graph, first: Ints, last: Ints, kept: Callable[[Ints], Ints]) -> Ints:
    """Return the paths of three hops between the first hops and the last ones."""
    ends = np.zeros(graph.agencies_count, np.bool_)
    ends[graph.grantor[last]] = True
    middle = graph.edges_from(np.unique(graph.grantee[first]))
    middle = kept(middle[ends[graph.grantee[middle]]])
    one, two = join(graph.grantee[first], graph.grantor[middle])
    first, middle = first[one], middle[two]
    left, right = join(graph.grantee[middle], graph.grantor[last])
    return np.stack([first[left], middle[left], last[right]], axis=1)


def _met(graph: Graph, edges: Ints, day: int) -> Ints:
    """Keep the paths of which all hops are known to have been there on one same day."""
    hops = [spans(graph, edges[:, hop], day) for hop in range(edges.shape[1])]
    begun = np.max([first for first, _ in hops], axis=0)
    return edges[begun <= np.min([last for _, last in hops], axis=0)]


def _best(graph: Graph, edges: Ints, without: Ints | None = None) -> Paths:
    """Return the best path of each chain of agencies, the best first; leave out chains of the paths `without`."""
    strength = np.min([graph.strength(hop) for hop in edges.T], axis=0)
    seen = np.min([graph.last_seen[hop].astype(np.int64) for hop in edges.T], axis=0)
    order = np.lexsort((*edges.T[::-1], -seen, -strength))
    edges, strength, seen = edges[order], strength[order], seen[order]
    chains = _chains(graph, edges)
    keep: Bools = np.zeros(len(edges), np.bool_)
    keep[np.unique(chains, return_index=True)[1]] = True
    if without is not None and len(without):
        keep &= ~np.isin(chains, _chains(graph, without))
    return Paths(edges[keep], strength[keep], seen[keep])


def _chains(graph: Graph, edges: Ints) -> Ints:
    """Return a number for each path that stands for its chain of agencies behind the first."""
    number = np.zeros(len(edges), np.int64)
    for hop in edges.T:
        number = number * graph.agencies_count + graph.grantee[hop]
    return number
