"""How many agencies of a state stand on each rung of the ladder, out of how many that were researched."""

from dataclasses import dataclass

import numpy as np

from agencies.models import Agency
from agencies.network.graph import Array
from agencies.network.graph_store import GraphNotBuiltError, current_graph, judged_on
from agencies.network.rungs import Rung, country_ladder
from agencies.reach_wording import RUNGS
from agencies.revision import kept


@dataclass(frozen=True)
class RungCount:
    """Agencies whose highest current rung it is, their share of all, and how many only once stood there."""

    rung: int
    label: str
    count: int
    share: float
    past: int


@dataclass(frozen=True)
class StateRungs:
    """A state's agencies by rung. `known` of `agencies` stand on a rung from 1 to 6: for the rest nothing is known."""

    agencies: int
    known: int
    rungs: tuple[RungCount, ...]


def state_rungs(state: str) -> StateRungs | None:
    """Return a state's agencies by rung, kept until the record changes; None where the graph is not built yet.

    Two queries, posts of a state police left out; the ladder of the whole country is made once for all states.
    """
    try:
        found: StateRungs = kept(f"rungs-{state}", lambda: _count(state))
    except GraphNotBuiltError:
        return None
    return found


def _country() -> tuple[Array, Array, Array]:
    """Return all agencies' keys, highest current rungs, and highest rungs that are inactive or history."""
    graph = current_graph()
    found = country_ladder(graph, judged_on(graph))
    return np.array(found.agency), found.top, found.past


def _count(state: str) -> StateRungs:
    """Count a state's agencies by rung; ICE, CBP and their parts have none."""
    keys, top, past = kept("country-ladder", _country)
    bodies = Agency.objects.current().main_bodies().filter(state=state).order_by().values_list("pk", flat=True)
    here = np.isin(keys, list(bodies)) & (top > 0)
    now = np.bincount(top[here], minlength=len(Rung) + 1)
    once = np.bincount(past[here & ((past < top) & (past > 0))], minlength=len(Rung) + 1)
    total = int(here.sum())
    return StateRungs(
        agencies=total,
        known=total - int(now[Rung.NOT_RESEARCHED]),
        rungs=tuple(
            RungCount(int(rung), str(RUNGS[rung]), int(now[rung]), now[rung] / max(total, 1), int(once[rung]))
            for rung in Rung
        ),
    )
