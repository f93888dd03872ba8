"""Routes: chains of links along which plate reads of one agency may be seen at another (design rule 2).

Access is not transitive: where A gives B access and B gives C access, people at B can search A's reads, and C has B's.
A route of two hops or more is only possible. It is as sure as its weakest hop and as old as its oldest.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import numpy as np

from agencies.models import Agency
from agencies.network.graph import Graph, Ints, day_of
from agencies.network.graph_store import current_graph, graph_near, judged_on
from agencies.network.hops import Hop, Names, make_hops, read_names
from agencies.network.paths import Paths, current_paths, past_paths
from agencies.network.rungs import CURRENT, reads, states

DEFAULT_HOPS = 2


@dataclass(frozen=True)
class Route:
    """One chain of hops; `also` names for each hop the other networks through which it is listed too.

    `strength` (0 to 7, see `Graph.strength`) is that of the weakest hop; `seen_on` the date of the hop that was last
    seen longest ago.
    """

    hops: tuple[Hop, ...]
    also: tuple[tuple[str, ...], ...]
    strength: int
    seen_on: date

    @property
    def through(self) -> tuple[Agency, ...]:
        """Return the agencies between origin and target; none for a direct link."""
        return tuple(hop.grantee for hop in self.hops[:-1])

    @property
    def target(self) -> Agency:
        """Return where it leads."""
        return self.hops[-1].grantee

    @property
    def is_direct(self) -> bool:
        """Tell whether it is one link: access itself, no possible route."""
        return len(self.hops) == 1

    @property
    def weakest(self) -> Hop:
        """Return the hop that it is as sure as."""
        return min(self.hops, key=lambda hop: (hop.strength, hop.last_seen))

    @property
    def is_disputed(self) -> bool:
        """Tell whether an answer denies one of its hops."""
        return any(hop.disputed_on for hop in self.hops)


@dataclass(frozen=True)
class Routes:
    """The routes from one agency to some: `current` ones, and apart what was (`past`), each up to the limit asked for.

    `total` and `past_total` count all there are; `totals` those of each number of hops.
    """

    origin: Agency
    targets: tuple[Agency, ...]
    hops: int
    as_of: date
    current: tuple[Route, ...]
    total: int
    totals: dict[int, int]
    past: tuple[Route, ...]
    past_total: int
    past_totals: dict[int, int]


def routes(
    origin: Agency,
    target: Agency | Iterable[Agency],
    *,
    hops: int = DEFAULT_HOPS,
    as_of: date | None = None,
    limit: int = 20,
) -> Routes:
    """Return the routes from an agency to another, or to any of several, in 1 to `hops` (at most 3) links.

    Only listed links that were seen within three years make a current route; the past ones need a day on which all
    hops are known to have been there. Hot lists lead to no reads, so they are never a hop. Sorted by number of hops,
    then strength, then age. Constant query count. Raises ValueError for another number of hops, and
    GraphNotBuiltError for three hops as of a past day that is not built yet and too large to replay now.
    """
    targets = (target,) if isinstance(target, Agency) else tuple(target)
    ids = [one.pk for one in targets]
    graph = graph_near([origin.pk], ids, as_of) if hops <= DEFAULT_HOPS else current_graph(as_of)
    day = judged_on(graph)
    now, past = _paths(graph, origin, ids, hops, day)
    shown = [*_first(now, limit), *_first(past, limit)]
    names, found = _read(graph, shown, day)
    made = [_route(graph, path, found, names, day) for path in shown]
    cut = len(_first(now, limit))
    return Routes(
        origin=origin,
        targets=targets,
        hops=hops,
        as_of=day_of(day) or date.min,
        current=tuple(filter(None, made[:cut])),
        total=sum(map(len, now)),
        totals={number: len(paths) for number, paths in enumerate(now, start=1)},
        past=tuple(filter(None, made[cut:])),
        past_total=sum(map(len, past)),
        past_totals={number: len(paths) for number, paths in enumerate(past, start=1)},
    )


def _paths(graph: Graph, origin: Agency, targets: list[int], hops: int, day: int) -> tuple[list[Paths], list[Paths]]:
    """Return the current and the past paths by number of hops; none from an agency that the graph does not have."""
    start = graph.node(origin.pk)
    nodes = [node for target in targets if (node := graph.node(target)) is not None]
    if start is None:
        return [], []
    ends = np.array(nodes, np.int64)
    now = current_paths(graph, start, ends, hops, day)
    return now, past_paths(graph, start, ends, hops, day, now)


def _first(paths: list[Paths], limit: int) -> list[Ints]:
    """Return the first paths, the shortest first, each as the numbers of its links."""
    found: list[Ints] = []
    for some in paths:
        found.extend(some.edges[: max(limit - len(found), 0)])
    return found


def _read(graph: Graph, paths: list[Ints], day: int) -> tuple[Names, dict[int, Hop]]:
    """Read what the links of some paths are shown with; five queries, none without paths."""
    if not paths:
        return Names({}), {}
    edges = np.unique(np.concatenate(paths))
    names = read_names(graph, edges)
    return names, make_hops(graph, edges, day, names)


def _route(graph: Graph, path: Ints, found: dict[int, Hop], names: Names, day: int) -> Route | None:
    """Return a path as a route; None where an agency of it was removed a moment ago."""
    hops = [found.get(edge) for edge in path.tolist()]
    whole = tuple(hop for hop in hops if hop is not None)
    if len(whole) < len(path):
        return None
    also = tuple(_also(graph, edge, names, day) for edge in path.tolist())
    return Route(whole, also, min(hop.strength for hop in whole), min(hop.last_seen for hop in whole))


def _also(graph: Graph, edge: int, names: Names, day: int) -> tuple[str, ...]:
    """Return the names of other networks through which a link's pair is currently listed with access to reads."""
    pair = graph.edges_between(int(graph.grantor[edge]), int(graph.grantee[edge]))
    usable = (states(graph, pair, day) == CURRENT) & reads(graph, pair)
    others = set(graph.network[pair][usable].tolist()) - {int(graph.network[edge])}
    return tuple(sorted(names.networks[pk].name for pk in others if pk in names.networks))
