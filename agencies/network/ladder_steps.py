"""The seven steps of one agency's ladder, put together from a graph and from what was read for it."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from agencies.models import Agency, ReportedBy, Statement
from agencies.network.graph import ACCESS, GRANTEE, HOTLIST, REPORTED_BY, STATUS, Body, Graph, Ints, day_of, days
from agencies.network.graph_rows import immigration_months, month_end
from agencies.network.hops import Hop
from agencies.network.ladder_reading import Documents
from agencies.network.rungs import (
    CURRENT,
    FRESH_DAYS,
    PAST,
    STATES,
    Direct,
    Rung,
    RungState,
    answers_for_today,
    is_reached_body,
)
from agencies.network.steps import Chain, Ladder, Searches, Step, Through
from agencies.network.through import ThroughRows
from agencies.summaries import ListSummary


@dataclass(frozen=True, eq=False)
class View:
    """One agency (a node of the graph) as of a day, with the evidence of the whole country beside it."""

    graph: Graph
    node: int
    day: int
    direct: Direct
    via: ThroughRows
    best: int

    @property
    def federal_edges(self) -> Ints:
        """Return its links to federal bodies."""
        out = self.graph.out_edges(self.node)
        return np.flatnonzero(self.graph.body[self.graph.grantee[out]] != Body.OTHER) + out.start

    @property
    def edges(self) -> Ints:
        """Return the links that its ladder shows: to federal bodies, and of the best possible routes."""
        onward = self.direct.edge[self.via.row[: self.best]]
        return np.concatenate([self.federal_edges, self.via.edge[: self.best], onward[onward >= 0]])


def make_ladder(view: View, agency: Agency, hops: dict[int, Hop], documents: Documents) -> Ladder:
    """Return the ladder of an agency; `hops` hold the links in `view.edges`."""
    lists = tuple(documents.lists.get(agency.pk, ()))
    checked_on = max((found.capture.observed_on for found in lists), default=None)
    steps = [
        _ice_records(view, hops, documents),
        _listed(view, Rung.ICE_LISTED, hops, checked_on),
        _listed(view, Rung.BORDER_LISTED, hops, checked_on),
        _searches(view, hops, documents.audits.get(agency.pk, ())),
        _route(view, hops, checked_on),
    ]
    body = Body(int(view.graph.body[view.node]))
    is_asked = not is_reached_body(view.graph)[view.node]
    past = next((step.rung for step in steps if step.state in (RungState.INACTIVE, RungState.HISTORY)), None)
    found = next((step.rung for step in steps if step.holds), _without_evidence(view, past))
    federal = _shown(hops[edge] for edge in view.federal_edges.tolist() if edge in hops)
    reached = {int(pk) for pk in view.graph.agency[is_reached_body(view.graph)]}
    return Ladder(
        agency=agency,
        as_of=day_of(view.day) or date.min,
        steps=(*steps, _nothing_found(found, lists, checked_on), _not_researched(view, found, checked_on)),
        top=found if is_asked else None,
        past=past if is_asked else None,
        body=body,
        federal=tuple(hop for hop in federal if hop.grantee.pk not in reached),
        hot_lists=tuple(hop for hop in federal if hop.grantee.pk in reached and hop.access == ACCESS[HOTLIST]),
        agreements=tuple(documents.agreements.get(agency.pk, ())),
        policies=tuple(documents.policies.get(agency.pk, ())),
    )


# --- Rungs 1 to 4 ------------------------------------------------------------------------------------


def _rows(view: View, rung: Rung) -> list[int]:
    """Return the rows of evidence that put the agency on a rung."""
    own = view.direct.of(view.node)
    return [int(row) + own.start for row in np.flatnonzero(view.direct.rung[own] == rung)]


def _states(view: View, rows: list[int]) -> list[int]:
    """Return the codes of the states of rows of evidence."""
    return [int(code) for code in view.direct.state[rows]]


def _hops(view: View, rows: list[int], hops: dict[int, Hop]) -> tuple[Hop, ...]:
    """Return the links of rows of evidence, each as those tell it who put the agency on that rung, as shown."""
    return _shown(hop for row in rows if (hop := _hop(view, row, hops)))


def _state(states: Iterable[int], checked_on: date | None) -> RungState:
    """Return the best of the states, or whether the absence of any was looked for."""
    best = min(states, default=None)
    if best is not None:
        return STATES[best]
    return RungState.NONE_FOUND if checked_on else RungState.NOT_RESEARCHED


def _shown(hops: Iterable[Hop]) -> tuple[Hop, ...]:
    """Return hops in the order in which they are shown: current first, then the newest."""
    return tuple(sorted(hops, key=lambda hop: (STATES.index(hop.state), -hop.last_seen.toordinal(), hop.grantee.name)))


def _hop(view: View, row: int, hops: dict[int, Hop]) -> Hop | None:
    """Return the link of a row of evidence; with what one side alone says, where the row is of that side.

    None for an audit, and where an agency of it was removed a moment ago.
    """
    hop, word = hops.get(int(view.direct.edge[row])), int(view.direct.word[row])
    if hop is None or word < 0:
        return hop
    told = view.graph.words[word]
    by_grantee = told["reported_by"] == GRANTEE
    return replace(
        hop,
        status=STATUS[told["status"]],
        state=STATES[view.direct.state[row]],
        reported_by=REPORTED_BY[told["reported_by"]],
        first_seen=day_of(told["first_seen"]) or hop.first_seen,
        last_seen=day_of(told["last_seen"]) or hop.last_seen,
        closed_on=day_of(told["closed_on"]),
        statements=tuple(
            one
            for one in hop.statements
            if (one.sharing.sharing_list.stream.reported_by == ReportedBy.GRANTEE) == by_grantee
        ),
    )


def _newest(hops: Iterable[Hop]) -> date | None:
    """Return the date of the newest statement behind hops, or, where none was read, on which one was last seen."""
    return max((hop.statements[0].observed_on if hop.statements else hop.last_seen for hop in hops), default=None)


def _ice_records(view: View, hops: dict[int, Hop], documents: Documents) -> Step:
    """Return rung 1: ICE's own records name the agency. As a whole they are not in print."""
    rows = _rows(view, Rung.ICE_RECORDS)
    shown = _hops(view, rows, hops)
    return Step(
        Rung.ICE_RECORDS,
        _state(_states(view, rows), documents.ice_checked_on),
        hops=shown,
        seen_on=_newest(shown),
        checked_on=documents.ice_checked_on,
        is_partial=documents.ice_is_partial,
    )


def _listed(view: View, rung: Rung, hops: dict[int, Hop], checked_on: date | None) -> Step:
    """Return rung 2 or 3: ICE, or CBP, or a part of it stands on the agency's list."""
    rows = _rows(view, rung)
    shown = _hops(view, rows, hops)
    state = _state(_states(view, rows), checked_on)
    return Step(rung, state, hops=shown, seen_on=_newest(shown), checked_on=checked_on)


def _searches(view: View, hops: dict[int, Hop], audits: Iterable[Statement]) -> Step:
    """Return rung 4: immigration searches are documented, by the agency's audit or as searches by ICE or CBP."""
    rows = _rows(view, Rung.IMMIGRATION_SEARCHES)
    shown = _hops(view, rows, hops)
    audits = list(audits)
    found = tuple(one for audit in audits if (one := _documented(audit, view.day)))
    seen_on = max([one.newest for one in found] + [day for day in [_newest(shown)] if day], default=None)
    checked_on = max((audit.observed_on for audit in audits), default=None)
    state = _state(_states(view, rows), checked_on)
    return Step(Rung.IMMIGRATION_SEARCHES, state, shown, found, seen_on=seen_on, checked_on=checked_on, is_partial=True)


def _documented(audit: Statement, day: int) -> Searches | None:
    """Return what a published audit documents; None where it has no immigration search."""
    months = immigration_months(audit.fact.value)
    if not months:
        return None
    newest = max(month_end(month, audit.observed_on) for month in months)
    is_fresh = days(newest) + FRESH_DAYS >= day
    return Searches(audit, months, newest, STATES[CURRENT if is_fresh else PAST])


# --- Rungs 5 to 7 ------------------------------------------------------------------------------------


def _route(view: View, hops: dict[int, Hop], checked_on: date | None) -> Step:
    """Return rung 5: possible routes through agencies that stand on one of the rungs 1 to 4."""
    via = view.via
    best = tuple(chain for place in range(min(view.best, len(via.edge))) if (chain := _chain(view, place, hops)))
    researched = int((view.graph.checked_on[via.grantees] > 0).sum())
    counts = [via.count(code) for code in range(len(STATES))]
    return Step(
        Rung.POSSIBLE_ROUTE,
        _state(via.state.tolist(), checked_on),
        through=Through(len(via.grantees), researched, counts[0], counts[1], counts[2], best),
        seen_on=day_of(int(via.seen[via.state == via.state.min()].max())) if len(via.state) else None,
        checked_on=checked_on,
        is_partial=researched < len(via.grantees),
    )


def _chain(view: View, place: int, hops: dict[int, Hop]) -> Chain | None:
    """Return a possible route; None where an agency of it was removed a moment ago."""
    via, row = view.via, int(view.via.row[place])
    onward = int(view.direct.edge[row])
    told = _hop(view, row, hops)
    if int(via.edge[place]) not in hops or (onward >= 0 and told is None):
        return None
    return Chain(
        hop=hops[int(via.edge[place])],
        rung=Rung(int(view.direct.rung[row])),
        onward=told,
        searched_on=day_of(int(view.direct.seen[row])) if onward < 0 else None,
        state=STATES[via.state[place]],
        strength=int(via.strength[place]),
        seen_on=day_of(int(via.seen[place])) or date.min,
    )


def _without_evidence(view: View, past: Rung | None) -> Rung:
    """Return rung 6 or 7, for an agency of which nothing current is known."""
    at = slice(view.node, view.node + 1)
    was_checked = answers_for_today(view.graph.checked_on[at], np.array([past is not None]), view.day)
    return Rung.NOTHING_FOUND if was_checked[0] else Rung.NOT_RESEARCHED


def _nothing_found(top: Rung, lists: tuple[ListSummary, ...], checked_on: date | None) -> Step:
    """Return rung 6: a complete list of the agency's own was read, and nothing current found."""
    state = RungState.NONE_FOUND if top == Rung.NOTHING_FOUND else RungState.NOT_APPLICABLE
    return Step(Rung.NOTHING_FOUND, state, lists=lists, seen_on=checked_on, checked_on=checked_on)


def _not_researched(view: View, top: Rung, checked_on: date | None) -> Step:
    """Return rung 7: no complete list of the agency's own is on record, or one too old to bear "nothing found".

    `checked_on` is the old list's date. Partial: there is no list, but others' documents name the agency.
    """
    out = view.graph.out_edges(view.node)
    state = RungState.NOT_RESEARCHED if top == Rung.NOT_RESEARCHED else RungState.NOT_APPLICABLE
    is_named = out.stop > out.start or bool(view.graph.immigration_on[view.node] > 0)
    return Step(Rung.NOT_RESEARCHED, state, checked_on=checked_on, is_partial=is_named and checked_on is None)
