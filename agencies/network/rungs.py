"""Which rung of the ladder holds for whom (design rule 6). Pure: a graph's arrays in, arrays out.

Three things can be said of a link on a day: it is *current* (listed, seen within the last three years), its account is
*inactive* (marked so, seen within three years), or it is *history* (ended, or last seen longer ago than that).
"""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from enum import IntEnum, StrEnum

import numpy as np
from numpy.typing import NDArray

from agencies.network.graph import GRANTEE, HOTLIST, INACTIVE, LISTED, OBSERVED, Array, Body, Bools, Graph, Ints

FRESH_DAYS = 3 * 365
"""How long a list counts as saying something of today. A list of 2019 that nobody published again is history."""
CHUNK = 1 << 18
"""How many links the country's ladder looks at in one step: bounds its memory."""


class Rung(IntEnum):
    """The rungs, highest first."""

    ICE_RECORDS = 1
    ICE_LISTED = 2
    BORDER_LISTED = 3
    IMMIGRATION_SEARCHES = 4
    POSSIBLE_ROUTE = 5
    NOTHING_FOUND = 6
    NOT_RESEARCHED = 7


class RungState(StrEnum):
    """State of knowledge of a rung; the last is for "nothing found" and "not researched" where they don't hold."""

    CURRENT = "current"
    INACTIVE = "inactive"
    HISTORY = "history"
    NONE_FOUND = "none_found"
    NOT_RESEARCHED = "not_researched"
    NOT_APPLICABLE = "not_applicable"


STATES = (RungState.CURRENT, RungState.INACTIVE, RungState.HISTORY)
"""States that need evidence, by code."""
CURRENT, ASLEEP, PAST, APART = range(4)
"""Codes of STATES; APART: two links that were never there at the same time."""
LOWEST = np.array([0, *((bits & -bits).bit_length() for bits in range(1, 1 << Rung.POSSIBLE_ROUTE))], np.uint8)
"""The highest rung (the lowest bit) of any set of the rungs 1 to 5."""


def reads(graph: Graph, edges: Ints | slice) -> Bools:
    """Tell which links give access to reads: a hot list leads to the grantee's alerts, to no reads."""
    return graph.access[edges] != HOTLIST


def states(graph: Graph, edges: Ints | slice, day: int) -> Ints:
    """Return the code of STATES of each link on a day."""
    return _states(graph.status[edges], graph.last_seen[edges], day)


def _states(status: Array, last_seen: Array, day: int) -> Ints:
    """Return the code of STATES on a day of what has these statuses and was last seen on these days."""
    fresh = last_seen.astype(np.int64) + FRESH_DAYS >= day
    return np.where(fresh & (status == LISTED), CURRENT, np.where(fresh & (status == INACTIVE), ASLEEP, PAST))


def spans(graph: Graph, edges: Ints | slice, day: int) -> tuple[Ints, Ints]:
    """Return the first and the last day for which each link is known to have been listed as active.

    A current link reaches to `day`; any other only to the day it was last seen, an inactive one to the day before it
    was first seen inactive. A link that was never seen active has a last day before its first.
    """
    first, last = graph.first_seen[edges], graph.last_seen[edges]
    return _spans(graph.status[edges], first, last, graph.closed_on[edges], day)


def _spans(status: Array, first_seen: Array, last_seen: Array, closed_on: Array, day: int) -> tuple[Ints, Ints]:
    """Return first and last days, as `spans` does, of what these columns say."""
    first, last = first_seen.astype(np.int64), last_seen.astype(np.int64)
    last = np.where(status == INACTIVE, np.minimum(last, closed_on.astype(np.int64) - 1), last)
    return first, np.where(_states(status, last_seen, day) == CURRENT, max(day, 0), last)


@dataclass(frozen=True, eq=False)
class Direct:
    """What puts agencies on rungs 1 to 4, one row a piece of evidence, in order of agency.

    `edge` is the link to ICE or CBP, -1 where a published audit documents immigration searches. `word` is the row of
    `Graph.words` that says so, -1 where all lists together do. `seen` is the day of the newest document.
    """

    node: Ints
    rung: Ints
    state: Ints
    first: Ints
    last: Ints
    seen: Ints
    edge: Ints
    word: Ints

    def __len__(self) -> int:
        return len(self.node)

    def take(self, rows: Ints | Bools) -> "Direct":
        """Return some of the rows."""
        return Direct(*(getattr(self, column.name)[rows] for column in fields(self)))

    def of(self, node: int) -> slice:
        """Return the rows of one agency."""
        first, last = np.searchsorted(self.node, [node, node + 1])
        return slice(int(first), int(last))


def is_reached_body(graph: Graph) -> Bools:
    """Tell which agencies are ICE, CBP or a part of them: those that the ladder asks about, and has no rung for."""
    return (graph.body == Body.ICE) | (graph.body == Body.BORDER)


def direct_evidence(graph: Graph, day: int) -> Direct:
    """Return what puts agencies on rungs 1 to 4 as of a day."""
    bodies = is_reached_body(graph)
    edges = graph.edges_into(np.flatnonzero(bodies))
    edges = edges[_counts(graph, edges, bodies) & ~_is_told_apart(graph, edges)]
    words = np.flatnonzero(_counts(graph, graph.words["edge"], bodies) & _is_told_apart(graph, graph.words["edge"]))
    found = _joined(_of_links(graph, edges, day), _of_words(graph, words, day))
    return _joined(found, _searches(graph, ~bodies, day))


def _counts(graph: Graph, edges: Ints, bodies: Bools) -> Bools:
    """Tell which links give access to reads of an agency that the ladder asks about."""
    return reads(graph, edges) & ~bodies[graph.grantor[edges]]


def _is_told_apart(graph: Graph, edges: Ints) -> Bools:
    """Tell of which links the rung depends on who says so: those that list ICE or a part of it."""
    return (graph.body[graph.grantee[edges]] == Body.ICE) & (graph.access[edges] != OBSERVED)


def _of_links(graph: Graph, edges: Ints, day: int) -> Direct:
    """Return rungs 3 and 4 of links."""
    rung = np.where(graph.access[edges] == OBSERVED, Rung.IMMIGRATION_SEARCHES, Rung.BORDER_LISTED)
    return Direct(
        graph.grantor[edges].astype(np.int64),
        rung,
        states(graph, edges, day),
        *spans(graph, edges, day),
        graph.last_seen[edges].astype(np.int64),
        edges,
        np.full(len(edges), -1, np.int64),
    )


def _of_words(graph: Graph, words: Ints, day: int) -> Direct:
    """Return rungs 1 and 2 of what each side says of links."""
    told = graph.words[words]
    edges = told["edge"].astype(np.int64)
    return Direct(
        graph.grantor[edges].astype(np.int64),
        np.where(told["reported_by"] == GRANTEE, Rung.ICE_RECORDS, Rung.ICE_LISTED),
        _states(told["status"], told["last_seen"], day),
        *_spans(told["status"], told["first_seen"], told["last_seen"], told["closed_on"], day),
        told["last_seen"].astype(np.int64),
        edges,
        words,
    )


def _searches(graph: Graph, candidates: Bools, day: int) -> Direct:
    """Return rung 4 of agencies whose published audit documents immigration searches: a day each."""
    nodes = np.flatnonzero(candidates & (graph.immigration_on > 0))
    seen = graph.immigration_on[nodes].astype(np.int64)
    state = np.where(seen + FRESH_DAYS >= day, CURRENT, PAST)
    none = np.full(len(nodes), -1, np.int64)
    return Direct(nodes, np.full(len(nodes), Rung.IMMIGRATION_SEARCHES, np.int64), state, seen, seen, seen, none, none)


def _joined(one: Direct, other: Direct) -> Direct:
    """Return the rows of both in order of agency, then rung."""
    both = Direct(*(np.concatenate([getattr(x, c.name) for x in (one, other)]) for c in fields(Direct)))
    return both.take(np.lexsort((both.edge, both.rung, both.node)))


@dataclass(frozen=True, eq=False)
class Chains:
    """Links `edge` to agencies that stand on rungs 1 to 4, each beside one row of `Direct`, with the state of both."""

    edge: Ints
    row: Ints
    state: Ints


def chains(graph: Graph, edges: Ints, direct: Direct, day: int) -> Chains:
    """Return the possible routes (rung 5) that begin with these links.

    Current: both parts are. Inactive: one is listed as inactive, neither is history. History: both are known to have
    been there on the same day. Parts that were not are no route.
    """
    edges = edges[_first_hops(graph, edges)]
    left, right = join(graph.grantee[edges], direct.node)
    edge, near, far = edges[left], states(graph, edges, day)[left], direct.state[right]
    first, last = spans(graph, edges, day)
    met = np.maximum(first[left], direct.first[right]) <= np.minimum(last[left], direct.last[right])
    state = np.where(np.maximum(near, far) < PAST, np.maximum(near, far), np.where(met, PAST, APART))
    there = state < APART
    return Chains(edge[there], right[there], state[there])


def _first_hops(graph: Graph, edges: Ints) -> Bools:
    """Tell which links can begin a possible route: to reads, and neither from nor to ICE or CBP themselves."""
    bodies = is_reached_body(graph)
    return reads(graph, edges) & ~bodies[graph.grantor[edges]] & ~bodies[graph.grantee[edges]]


def join(left: Array, right: Array) -> tuple[Ints, Ints]:
    """Return all pairs of places with the same value; `right` must be sorted."""
    first = np.searchsorted(right, left, "left")
    sizes = np.searchsorted(right, left, "right") - first
    before = np.cumsum(sizes) - sizes
    return np.repeat(np.arange(len(left)), sizes), np.repeat(first - before, sizes) + np.arange(int(sizes.sum()))


@dataclass(frozen=True, eq=False)
class CountryLadder:
    """For each agency of a graph: `top`, the highest rung that is current, and `past`, the highest that once was.

    `top` is 1 to 7, and 0 for ICE, CBP and their parts. `past` is the highest of rungs 1 to 5 on which there is
    evidence, but only of inactive accounts or of history; 0 where there is none.
    """

    agency: Array
    top: NDArray[np.uint8]
    past: NDArray[np.uint8]


def country_ladder(graph: Graph, day: int) -> CountryLadder:
    """Return the ladder of every agency at once, as of a day (days since 1970)."""
    direct = direct_evidence(graph, day)
    now, ever = (np.zeros(graph.agencies_count, np.uint8) for _ in range(2))
    _mark(now, ever, direct.node, direct.state, direct.rung)
    for edges in _chunks(graph, direct):
        found = chains(graph, edges, direct, day)
        _mark(now, ever, graph.grantor[found.edge], found.state, np.full(len(found.edge), Rung.POSSIBLE_ROUTE))
    top, past = LOWEST[now], LOWEST[ever & ~now]
    was_checked = answers_for_today(graph.checked_on, past > 0, day)
    top = np.where(top > 0, top, np.where(was_checked, Rung.NOTHING_FOUND, Rung.NOT_RESEARCHED))
    asked = ~is_reached_body(graph)
    return CountryLadder(graph.agency, (top * asked).astype(np.uint8), (past * asked).astype(np.uint8))


def answers_for_today(checked_on: Array, has_past: Bools, day: int) -> Bools:
    """Tell where "nothing found" may be said: a complete list of the agency's own is on record that can bear it.

    An old list may bear it only where nothing ever was found: else it could be the very list that named the body.
    """
    is_fresh = checked_on.astype(np.int64) + FRESH_DAYS >= day
    return (checked_on > 0) & (is_fresh | ~has_past)


def _mark(now: NDArray[np.uint8], ever: NDArray[np.uint8], nodes: Array, state: Ints, rungs: Ints) -> None:
    """Set the bit of each rung for its agency: in `ever`, and in `now` where the evidence is current."""
    bits = (1 << (rungs - 1)).astype(np.uint8)
    np.bitwise_or.at(ever, nodes, bits)
    is_current = state == CURRENT
    np.bitwise_or.at(now, nodes[is_current], bits[is_current])


def _chunks(graph: Graph, direct: Direct) -> Iterator[Ints]:
    """Yield the links to agencies that have evidence, some at a time."""
    has_evidence = np.zeros(graph.agencies_count, np.bool_)
    has_evidence[direct.node] = True
    edges = graph.edges_into(np.flatnonzero(has_evidence))
    for first in range(0, len(edges), CHUNK):
        yield edges[first : first + CHUNK]
