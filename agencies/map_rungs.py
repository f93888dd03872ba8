"""The highest rung of the ladder of every agency, for the map; none where the ladder is not built yet."""

from typing import NamedTuple

from agencies.network.graph_store import GraphNotBuiltError, current_graph, judged_on
from agencies.network.rungs import country_ladder


class Rungs(NamedTuple):
    """By primary key: the highest rung that is current (0 for ICE, CBP and parts), and the highest that once was."""

    top: dict[int, int]
    past: dict[int, int]


def rungs_by_agency() -> Rungs:
    """Return the rungs of every agency of the graph; empty where the graph of a large record is not built yet."""
    try:
        graph = current_graph()
    except GraphNotBuiltError:
        return Rungs({}, {})
    found = country_ladder(graph, judged_on(graph))
    keys = found.agency.tolist()
    return Rungs(dict(zip(keys, found.top.tolist(), strict=True)), dict(zip(keys, found.past.tolist(), strict=True)))
