"""Does it reach ICE? The ladder of design rule 6, for one agency, for many, and for a place.

The rungs come from the graph (`rungs.py`, the same functions as for the whole country); `ladder_steps.py` adds what
each stands on: statements, documents, answers. No sentence is made here.
"""

from collections.abc import Iterable
from datetime import date

import numpy as np

from agencies.models import Agency, Place
from agencies.network.bodies import reached_ids
from agencies.network.graph import Body, day_of
from agencies.network.graph_store import graph_near, judged_on
from agencies.network.hops import make_hops, read_names
from agencies.network.ladder_reading import read_documents
from agencies.network.ladder_steps import View, make_ladder
from agencies.network.rungs import Rung, RungState, direct_evidence
from agencies.network.steps import Ladder, PlaceLadder, Step
from agencies.network.through import through
from agencies.serving import bodies_of

BEST = 5
"""Possible routes that a ladder lists unless asked for more."""


def ladder(agency: Agency, as_of: date | None = None, best: int = BEST) -> Ladder:
    """Return the ladder of an agency; see `ladders`."""
    return ladders([agency], as_of, best)[agency.pk]


def ladders(agencies: Iterable[Agency], as_of: date | None = None, best: int = BEST) -> dict[int, Ladder]:
    """Return the ladder of each agency by primary key, in the order given; a dozen queries, however many they are.

    With `as_of`, all statements up to that day are replayed, and judged as of it. `best` possible routes are listed.
    """
    asked = {agency.pk: agency for agency in agencies}
    graph = graph_near(list(asked), reached_ids() if as_of else [], as_of)
    day = judged_on(graph)
    direct = direct_evidence(graph, day)
    nodes = {pk: node for pk in asked if (node := graph.node(pk)) is not None}
    views = {pk: View(graph, node, day, direct, through(graph, node, direct, day), best) for pk, node in nodes.items()}
    edges = np.unique(np.concatenate([np.zeros(0, np.int64), *(view.edges for view in views.values())]))
    hops = make_hops(graph, edges, day, read_names(graph, edges))
    documents = read_documents(list(views), graph.as_of)
    return {
        pk: make_ladder(views[pk], agency, hops, documents) if pk in views else _unknown(agency, day)
        for pk, agency in asked.items()
    }


def _unknown(agency: Agency, day: int) -> Ladder:
    """Return the ladder of an agency that the graph does not have: one merged into another, or made a moment ago."""
    steps = [Step(rung, RungState.NOT_RESEARCHED) for rung in Rung]
    steps[Rung.NOTHING_FOUND - 1] = Step(Rung.NOTHING_FOUND, RungState.NOT_APPLICABLE)
    return Ladder(agency, day_of(day) or date.min, tuple(steps), Rung.NOT_RESEARCHED, None, Body.OTHER)


def place_ladder(place: Place, as_of: date | None = None, best: int = BEST) -> PlaceLadder:
    """Return the ladders of the agencies that serve a place: its own, and its sheriff's and state police's."""
    serving = bodies_of(place)
    found = ladders([*serving.own, *serving.wider], as_of, best)
    return PlaceLadder(
        place,
        own=tuple(found[agency.pk] for agency in serving.own),
        wider=tuple(found[agency.pk] for agency in serving.wider),
    )
