"""Rung 5 of one agency: the agencies through which its reads may possibly be seen. Pure: arrays in, arrays out."""

from dataclasses import dataclass

import numpy as np

from agencies.network.graph import REPORTED_BY, UNDISPUTED, Graph, Ints
from agencies.network.rungs import CURRENT, Direct, chains, is_reached_body, reads, states

OWN_WORD = REPORTED_BY.index("grantor") + UNDISPUTED
"""Strength of an agency's own published audit: as that of a list of its own."""


@dataclass(frozen=True, eq=False)
class ThroughRows:
    """Agencies that get access from one agency, and those of them that stand on rungs 1 to 4.

    `grantees` are the nodes with current access to reads, ICE, CBP and their parts left out. The columns `edge`,
    `row` (of `Direct`), `state`, `strength` and `seen` have one row an agency: the best chain, the best first.
    """

    grantees: Ints
    edge: Ints
    row: Ints
    state: Ints
    strength: Ints
    seen: Ints

    def count(self, state: int) -> int:
        """Return through how many agencies there is a chain of this state, and none of a better one."""
        return int((self.state == state).sum())


def through(graph: Graph, node: int, direct: Direct, day: int) -> ThroughRows:
    """Return through whom the reads of an agency may be seen by ICE or CBP, or searched for immigration.

    Sorted by state (`STATES`), strength of the weaker part, age of the older one, rung.
    """
    out = graph.out_edges(node)
    edges = np.arange(out.start, out.stop)
    grants = edges[reads(graph, edges) & (states(graph, edges, day) == CURRENT)]
    grantees = np.unique(graph.grantee[grants])
    found = chains(graph, edges, direct, day)
    strength = np.minimum(_strength(graph, direct.edge[found.row]), graph.strength(found.edge))
    seen = np.minimum(direct.seen[found.row], graph.last_seen[found.edge].astype(np.int64))
    rung, via = direct.rung[found.row], graph.grantee[found.edge]
    order = np.lexsort((found.row, found.edge, -seen, -strength, rung, found.state, via))
    order = order[np.unique(via[order], return_index=True)[1]]
    order = order[np.lexsort((via[order], rung[order], -seen[order], -strength[order], found.state[order]))]
    return ThroughRows(
        grantees=grantees[~is_reached_body(graph)[grantees]].astype(np.int64),
        edge=found.edge[order],
        row=found.row[order],
        state=found.state[order],
        strength=strength[order],
        seen=seen[order],
    )


def _strength(graph: Graph, onward: Ints) -> Ints:
    """Return the strength of what puts the agencies between on their rungs: links, or -1 for a published audit."""
    found = np.full(len(onward), OWN_WORD)
    is_link = onward >= 0
    found[is_link] = graph.strength(onward[is_link])
    return found
