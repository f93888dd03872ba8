"""Sharing links as a compact, immutable, directed graph. Pure: rows in, arrays out; nothing here asks the database.

Agencies and links are numbered by their place in the arrays. A link leads from grantor to grantee and is never turned
round: the arrays "into" an agency only find the same links from their other end. Days are counted from 1970-01-01;
0 stands for "no date".
"""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
Array = NDArray[Any]

EPOCH = date(1970, 1, 1)
ACCESS = ("configured_access", "observed_search", "hotlist_feed")
"""Kinds of access by code; the last is no access to reads."""
STATUS = ("listed", "inactive", "ended")
"""Statuses of a link by code."""
REPORTED_BY = ("third_party", "grantee", "grantor", "both")
"""Who reports a link, by code: the weakest first."""
GRANTEE = REPORTED_BY.index("grantee")
LISTED, INACTIVE, ENDED = range(3)
OBSERVED, HOTLIST = 1, 2
UNDISPUTED = len(REPORTED_BY)
"""What an undisputed link's strength has above that of any disputed one."""


class Body(IntEnum):
    """What an agency is to the question "does it reach ICE?"."""

    OTHER = 0
    ICE = 1
    BORDER = 2
    FEDERAL = 3


AGENCY_ROW = np.dtype(
    [("agency", "u4"), ("state", "S2"), ("body", "u1"), ("checked_on", "u2"), ("immigration_on", "u2")]
)
"""One agency: key, state's code, `Body`, day of its newest complete list of grantees, end of the newest month in
which immigration searches are documented."""
LINK_ROW = np.dtype(
    [
        ("grantor", "u4"),
        ("grantee", "u4"),
        ("network", "u2"),
        ("access", "u1"),
        ("status", "u1"),
        ("reported_by", "u1"),
        ("first_seen", "u2"),
        ("last_seen", "u2"),
        ("closed_on", "u2"),
        ("disputed_on", "u2"),
        ("link", "u4"),
    ]
)
"""One link: keys of both agencies, of network and link; codes; days."""
WORD_ROW = np.dtype(
    [
        ("edge", "u4"),
        ("status", "u1"),
        ("reported_by", "u1"),
        ("first_seen", "u2"),
        ("last_seen", "u2"),
        ("closed_on", "u2"),
    ]
)
"""What one side's lists say of a link, as if there were no others: the grantee's own, or all the rest."""


def days(day: date | None) -> int:
    """Return a date as days since 1970; 0 for none. Raises ValueError outside 1970 to 2149."""
    if day is None:
        return 0
    number = (day - EPOCH).days
    if not 0 < number < 1 << 16:
        raise ValueError(f"{day} is outside the dates that a graph can hold")
    return number


def day_of(number: int) -> date | None:
    """Return the date of a number of days; None for 0."""
    return EPOCH + timedelta(int(number)) if number else None


@dataclass(frozen=True, eq=False)
class Graph:
    """Agencies and links as arrays: `out_start` and `in_start` bound each agency's links, `in_edge` names the latter.

    Links are in order of grantor, grantee, network and access, so that those of one agency or one pair are a slice.
    About 30 bytes a link. `words` are rows of WORD_ROW for the links to ICE and its parts alone, of which the ladder
    asks what ICE's own records say and what others say. `as_of` is None for the record as it stands.
    """

    agency: Array
    state: Array
    body: Array
    checked_on: Array
    immigration_on: Array
    out_start: Array
    in_start: Array
    in_edge: Array
    grantor: Array
    grantee: Array
    network: Array
    access: Array
    status: Array
    reported_by: Array
    first_seen: Array
    last_seen: Array
    closed_on: Array
    disputed_on: Array
    link: Array
    words: Array
    as_of: date | None = None

    @property
    def agencies_count(self) -> int:
        """Return the number of agencies."""
        return len(self.agency)

    @property
    def links_count(self) -> int:
        """Return the number of links, of any status and kind."""
        return len(self.link)

    def node(self, agency: int) -> int | None:
        """Return the number of an agency by its primary key; None where the graph has none."""
        place = int(np.searchsorted(self.agency, agency))
        return place if place < len(self.agency) and self.agency[place] == agency else None

    def out_edges(self, node: int) -> slice:
        """Return the links that the agency grants, as a slice of every array of links."""
        return slice(int(self.out_start[node]), int(self.out_start[node + 1]))

    def in_edges(self, node: int) -> Array:
        """Return the links that give the agency access."""
        return self.in_edge[int(self.in_start[node]) : int(self.in_start[node + 1])]

    def edges_from(self, nodes: Array) -> Ints:
        """Return all links that these agencies grant."""
        return ranges(self.out_start, nodes)

    def edges_into(self, nodes: Array) -> Ints:
        """Return all links that give these agencies access."""
        return self.in_edge[ranges(self.in_start, nodes)].astype(np.int64)

    def edges_between(self, grantor: int, grantee: int) -> slice:
        """Return the links of a pair, one for each network and kind of access."""
        out = self.out_edges(grantor)
        first, last = np.searchsorted(self.grantee[out], [grantee, grantee + 1])
        return slice(out.start + int(first), out.start + int(last))

    def strength(self, edges: Ints | slice) -> Ints:
        """Return how sure links are: 4 to 7 by who reports them (`REPORTED_BY`), 0 to 3 the same, but denied."""
        undisputed = self.disputed_on[edges] == 0
        return self.reported_by[edges].astype(np.int64) + UNDISPUTED * undisputed


ARRAYS = tuple(field.name for field in fields(Graph) if field.name != "as_of")
"""Names of the arrays of a graph."""


def ranges(starts: Array, nodes: Array) -> Ints:
    """Return the concatenated ranges starts[n] to starts[n + 1] of all nodes."""
    first = starts[nodes].astype(np.int64)
    sizes = starts[np.asarray(nodes) + 1].astype(np.int64) - first
    before = np.cumsum(sizes) - sizes
    return np.repeat(first - before, sizes) + np.arange(int(sizes.sum()))


def compact(agencies: Array, links: Array, words: Array, as_of: date | None = None) -> Graph:
    """Build a graph from rows of AGENCY_ROW and LINK_ROW, in any order, and of WORD_ROW.

    `edge` of a word is the place of its link among `links`. A link of an agency that is not among `agencies` (one
    merged a moment ago) is left out.
    """
    nodes = agencies[np.argsort(agencies["agency"])]
    keys = nodes["agency"]
    grantor, grantee = _places(keys, links["grantor"]), _places(keys, links["grantee"])
    known = (grantor >= 0) & (grantee >= 0)
    if not known.all():
        moved = np.cumsum(known) - 1
        words = words[known[words["edge"]]]
        words["edge"] = moved[words["edge"]]
        links, grantor, grantee = links[known], grantor[known], grantee[known]
    pair = grantor.astype(np.int64) * len(nodes) + grantee
    order = np.argsort((pair << 18) | (links["network"].astype(np.int64) << 2) | links["access"])
    grantor, grantee, links = grantor[order], grantee[order], links.take(order)
    columns = {name: np.ascontiguousarray(links[name]) for name in LINK_ROW.names or ()}
    columns |= {"grantor": grantor, "grantee": grantee}
    return _frozen(
        Graph(
            **{name: np.ascontiguousarray(nodes[name]) for name in AGENCY_ROW.names or ()},
            out_start=_starts(grantor, len(nodes)),
            in_start=_starts(grantee, len(nodes)),
            in_edge=np.argsort(_short(grantee, len(nodes)), kind="stable").astype(np.int32),
            **columns,
            words=_moved(words, order),
            as_of=as_of,
        )
    )


def _moved(words: Array, order: Array) -> Array:
    """Return words in the order of their links, which have been put in a new order."""
    words = words.copy()
    place = np.empty(len(order), np.uint32)
    place[order] = np.arange(len(order), dtype=np.uint32)
    words["edge"] = place[words["edge"]]
    return words[np.lexsort((words["reported_by"], words["edge"]))]


def _places(keys: Array, wanted: Array) -> NDArray[np.int32]:
    """Return where each wanted key stands among the sorted keys; -1 where it does not. 4 bytes a possible key."""
    table = np.full(max(int(found.max(initial=0)) for found in (keys, wanted)) + 1, -1, np.int32)
    table[keys] = np.arange(len(keys), dtype=np.int32)
    return table[wanted]


def _starts(nodes: Array, count: int) -> NDArray[np.int32]:
    """Return for each node where its links begin, and the end of the last one's."""
    starts = np.zeros(count + 1, np.int32)
    np.cumsum(np.bincount(nodes, minlength=count), out=starts[1:])
    return starts


def _short(nodes: NDArray[np.int32], count: int) -> Array:
    """Return numbers below `count` in two bytes where they fit: those are sorted five times as fast."""
    return nodes.astype(np.uint16) if count <= 1 << 16 else nodes


def _frozen(graph: Graph) -> Graph:
    """Refuse writes to the arrays from here on."""
    for name in ARRAYS:
        getattr(graph, name).setflags(write=False)
    return graph
