"""Where an agency's plate reads can be seen from, and what would change if one link ended."""

from collections import Counter
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from agencies.models import Agency, SharingLink
from agencies.network.graph import ENDED, Graph, Ints
from agencies.network.graph_store import current_graph, judged_on
from agencies.network.paths import current_paths
from agencies.network.rungs import CURRENT, Rung, country_ladder, is_reached_body, reads, states


@dataclass(frozen=True)
class SeenFrom:
    """In which states people can search an agency's reads: the states of the agencies it currently gives access.

    `states` counts agencies by their state's code, "" for national bodies. `possible` counts agencies that these give
    access in turn and that the agency itself does not: they have the others' reads, not its own (a possible route).
    """

    agency: Agency
    states: dict[str, int]
    possible: dict[str, int]

    @property
    def out_of_state(self) -> int:
        """Return how many agencies of other states get access; national bodies are of none."""
        return sum(count for state, count in self.states.items() if state not in ("", self.agency.state))


@dataclass(frozen=True)
class Fall:
    """An agency whose highest current rung would be another if the link ended."""

    agency: Agency
    before: Rung
    after: Rung


@dataclass(frozen=True)
class IfEnded:
    """What would change if a link ended and nothing else: rungs that fall, and routes to ICE and CBP that go.

    `routes_lost` counts routes of one or two hops over that link, from its grantor and from whom gives that access.
    """

    link: SharingLink
    falls: tuple[Fall, ...]
    routes_lost: int


def seen_from(agency: Agency, as_of: date | None = None) -> SeenFrom:
    """Return the states that an agency's reads can be seen from; no query where the graph is at hand."""
    graph = current_graph(as_of)
    node, day = graph.node(agency.pk), judged_on(graph)
    if node is None:
        return SeenFrom(agency, {}, {})
    near = grantees(graph, np.array([node]), day)
    far = np.setdiff1d(grantees(graph, near, day), np.append(near, node))
    return SeenFrom(agency, _by_state(graph, near), _by_state(graph, far))


def grantees(graph: Graph, nodes: Ints, day: int) -> Ints:
    """Return the agencies that any of these currently gives access to its reads."""
    edges = graph.edges_from(nodes)
    edges = edges[reads(graph, edges) & (states(graph, edges, day) == CURRENT)]
    return np.unique(graph.grantee[edges]).astype(np.int64)


def _by_state(graph: Graph, nodes: Ints) -> dict[str, int]:
    """Count agencies by state, the most first."""
    found = Counter(code.decode() for code in graph.state[nodes].tolist())
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


def if_ended(link: SharingLink) -> IfEnded:
    """Return what would change today if a link ended; two whole-country ladders, and one query for names."""
    graph = current_graph()
    day = judged_on(graph)
    edges = np.flatnonzero(graph.link == link.pk)
    after = _without(graph, edges)
    before_top, after_top = country_ladder(graph, day).top, country_ladder(after, day).top
    fallen = np.flatnonzero(before_top != after_top)
    agencies = Agency.objects.in_bulk(graph.agency[fallen].tolist())
    falls = [
        Fall(agency, Rung(int(before_top[node])), Rung(int(after_top[node])))
        for node in fallen.tolist()
        if (agency := agencies.get(int(graph.agency[node])))
    ]
    lost = _routes_over(graph, edges, day) - _routes_over(after, edges, day)
    return IfEnded(link, tuple(sorted(falls, key=lambda fall: (fall.before, fall.agency.name))), lost)


def _without(graph: Graph, edges: Ints) -> Graph:
    """Return a graph in which these links have ended."""
    status, words = graph.status.copy(), graph.words.copy()
    status[edges] = ENDED
    words["status"][np.isin(words["edge"], edges)] = ENDED
    return replace(graph, status=status, words=words)


def _routes_over(graph: Graph, edges: Ints, day: int) -> int:
    """Count the routes of one or two hops to ICE and CBP from links' grantors, and from whoever gives those access."""
    targets = np.flatnonzero(is_reached_body(graph))
    grantors = np.unique(graph.grantor[edges]).astype(np.int64)
    into = graph.edges_into(grantors)
    starts = np.union1d(grantors, graph.grantor[into])
    return sum(len(found) for node in starts.tolist() for found in current_paths(graph, node, targets, 2, day))
