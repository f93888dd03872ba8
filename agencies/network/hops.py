"""One link of a graph as a page or the API shows it: who, what, when, how sure, and the statements behind it."""

from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

import numpy as np
from django.db.models import F, Prefetch, Q
from django.db.models.functions import Coalesce

from agencies.federal import standing_answers
from agencies.identifiers import record_id
from agencies.models import Agency, Answer, MatchDecision, Network, SharingLink, Statement
from agencies.network.graph import ACCESS, REPORTED_BY, STATUS, Graph, Ints, day_of
from agencies.network.rungs import STATES, RungState, states
from agencies.querysets import StatementQuerySet

PairKey = tuple[int, int, int, str]
"""(grantor id, grantee id, network id, kind of access)."""


@dataclass(frozen=True)
class Hop:
    """Grantor gives grantee access, as listed: one link as of a day, with its statements, newest first.

    `state` is current, inactive or history; `closed_on` the day as of which it is ended or inactive; `strength` 0 to 7
    (`Graph.strength`). `link` is the primary key of the link of today's record, None where today has none.
    """

    grantor: Agency
    grantee: Agency
    network: Network
    access: str
    status: str
    state: RungState
    reported_by: str
    first_seen: date
    last_seen: date
    closed_on: date | None
    disputed_on: date | None
    strength: int
    link: int | None
    statements: tuple[Statement, ...] = ()

    @property
    def is_old(self) -> bool:
        """Tell whether it is history by age alone: nothing newer says that it ended."""
        return self.state == RungState.HISTORY and self.status != SharingLink.Status.ENDED

    @property
    def never_active(self) -> bool:
        """Tell whether every statement shown marks the grantee's account: it claims access at no time."""
        return bool(self.statements) and all(row.sharing.account_status != "active" for row in self.statements)

    @property
    def uuid(self) -> UUID:
        """Return the link's public id."""
        return record_id("link", self.grantor.uuid, self.grantee.uuid, self.network.slug, self.access)

    @property
    def answers(self) -> tuple[Answer, ...]:
        """Return the answers to its statements, each once, the newest first."""
        found = {answer.pk: answer for row in self.statements for answer in row.sharing.answers.all()}
        return tuple(sorted(found.values(), key=lambda answer: answer.statement.observed_on, reverse=True))


@dataclass
class Names:
    """Agencies and networks by primary key, read once for many hops."""

    agencies: dict[int, Agency]
    networks: dict[int, Network] = field(default_factory=dict)


def read_names(graph: Graph, edges: Ints) -> Names:
    """Read the agencies at both ends of links, and all networks; two queries."""
    nodes = np.union1d(graph.grantor[edges], graph.grantee[edges])
    ids = graph.agency[nodes.astype(np.int64)].tolist()
    return Names(Agency.objects.in_bulk(ids), Network.objects.in_bulk())


def make_hops(graph: Graph, edges: Ints, day: int, names: Names, *, evidence: bool = True) -> dict[int, Hop]:
    """Return the hop of each link, by its number in the graph; three queries where the evidence is asked for.

    A link whose agency or network was removed a moment ago is left out.
    """
    edges = np.unique(edges)
    told = statements_of(graph, edges) if evidence else {}
    found = {}
    for edge, state in zip(edges.tolist(), states(graph, edges, day).tolist(), strict=True):
        grantor, grantee, network, access = key = key_of(graph, edge)
        if grantor in names.agencies and grantee in names.agencies and network in names.networks:
            found[edge] = Hop(
                grantor=names.agencies[grantor],
                grantee=names.agencies[grantee],
                network=names.networks[network],
                access=access,
                state=STATES[state],
                statements=tuple(told.get(key, ())),
                **_values(graph, edge),
            )
    return found


def _values(graph: Graph, edge: int) -> dict[str, Any]:
    """Return what the arrays say of a link, in the record's words."""
    return {
        "status": STATUS[graph.status[edge]],
        "reported_by": REPORTED_BY[graph.reported_by[edge]],
        "first_seen": day_of(graph.first_seen[edge]),
        "last_seen": day_of(graph.last_seen[edge]),
        "closed_on": day_of(graph.closed_on[edge]),
        "disputed_on": day_of(graph.disputed_on[edge]),
        "strength": int(graph.strength(slice(edge, edge + 1))[0]),
        "link": int(graph.link[edge]) or None,
    }


def key_of(graph: Graph, edge: int) -> PairKey:
    """Return the key of a link: both agencies' and the network's primary keys, and the kind of access."""
    ends = int(graph.agency[graph.grantor[edge]]), int(graph.agency[graph.grantee[edge]])
    return *ends, int(graph.network[edge]), ACCESS[graph.access[edge]]


def statements_of(graph: Graph, edges: Ints) -> dict[PairKey, list[Statement]]:
    """Return the standing statements behind links up to the graph's day, newest first, with their answers.

    Three queries: names, statements with their documents, their answers.
    """
    keys = {key_of(graph, edge) for edge in edges.tolist()}
    if not keys:
        return {}
    names = names_of_all({agency for key in keys for agency in key[:2]})
    sides = [[alias for alias, agency in names.items() if agency in {key[side] for key in keys}] for side in (0, 1)]
    ends = Q(sharing__grantor_alias__in=sides[0], sharing__grantee_alias__in=sides[1])
    rows = Statement.objects.standing().filter(ends, kind=Statement.Kind.SHARING)
    if graph.as_of is not None:
        rows = rows.as_of(graph.as_of)
    found: dict[PairKey, list[Statement]] = {}
    for row in _with_documents(rows, graph.as_of).order_by("-observed_on", "uuid"):
        stream = row.sharing.sharing_list.stream
        pair = names[row.sharing.grantor_alias_id], names[row.sharing.grantee_alias_id]
        key = *pair, stream.network_id, stream.access
        if key in keys:
            found.setdefault(key, []).append(row)
    return found


def _with_documents(rows: StatementQuerySet, as_of: date | None) -> StatementQuerySet:
    """Fetch with statements what a page says of them: document, list, network, names, answers up to a day."""
    answers = standing_answers()
    if as_of is not None:
        answers = answers.filter(statement__observed_on__lte=as_of)
    sharing = ("sharing__sharing_list__stream__network", "sharing__grantor_alias", "sharing__grantee_alias")
    return (
        rows.select_related("capture__source", *sharing)
        .defer("capture__kept_text")
        .prefetch_related(Prefetch("sharing__answers", queryset=answers))
    )


def names_of_all(agencies: Collection[int]) -> dict[int, int]:
    """Return the agency that each alias matched to one of these, or to one merged into it, stands for; one query."""
    # A subquery, not an OR over a join: the latter reads every decision there is.
    of_them = Agency.objects.filter(Q(pk__in=agencies) | Q(merged_into__in=agencies)).order_by().values("pk")
    in_force = MatchDecision.objects.filter(agency__in=of_them, outcome="matched", alias__decision=F("pk"))
    return dict(in_force.order_by().values_list("alias", Coalesce("agency__merged_into", "agency")))
