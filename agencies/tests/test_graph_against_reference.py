"""Ladders and routes of random records: what the graph says is what a walk over all statements says."""

from datetime import date, timedelta
from typing import Any

import numpy as np
from django.test import tag
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase as HypothesisTestCase

from agencies.models import Agency, Withdrawal
from agencies.network.graph import Graph, day_of
from agencies.network.graph_rows import graph_around, whole_graph
from agencies.network.graph_store import judged_on
from agencies.network.ladder import ladders
from agencies.network.paths import Paths, current_paths, past_paths
from agencies.network.rebuild import rebuild_links
from agencies.network.rungs import STATES, Rung, country_ladder
from agencies.tests import factories as make
from agencies.tests.graph_factories import make_bodies
from agencies.tests.graph_reference import Reference

BEGUN = date(2022, 10, 1)
DAYS = (BEGUN, date(2023, 4, 20), date(2023, 5, 10), date(2026, 4, 1), date(2026, 4, 20))
"""Days of documents, close to and far from the three years that make a list old."""
JUDGED = (date(2023, 5, 1), date(2026, 5, 1))
LISTS = st.lists(
    st.tuples(
        st.integers(0, 3),  # publisher
        st.sampled_from(DAYS),
        st.sampled_from(["complete", "complete", "complete", "none", "extract"]),
        st.lists(st.tuples(st.integers(0, 8), st.sampled_from(["active", "active", "inactive"])), max_size=4),
        st.sampled_from(["grantor", "grantor", "grantee", "third_party"]),
        st.sampled_from(
            ["configured_access", "configured_access", "configured_access", "observed_search", "hotlist_feed"]
        ),
        st.sampled_from(["flock", "flock", "vigilant"]),
        st.sampled_from(["", "", "", "denied", "withdrawn"]),
    ),
    min_size=1,
    max_size=10,
)
AUDITS = st.lists(st.tuples(st.integers(0, 3), st.sampled_from(DAYS), st.integers(0, 1)), max_size=2)


def make_record(lists: list[Any], audits: list[Any]) -> list[Agency]:
    """Create agencies, and what their lists and audits say; return the agencies."""
    bodies = make_bodies()
    own = [make.make_agency(f"Source {number} Police Department") for number in range(4)]
    others = [*own, *(bodies[name] for name in ("ice", "newark", "sector", "fbi", "dhs"))]
    for number, day, completeness, names, reporter, access, network, fate in lists:
        publisher = own[number]
        source = make.make_source(f"portal-{number}", agency_alias=make.make_alias(publisher.name, publisher))
        found = make.make_list(
            make.make_capture(source, day),
            completeness=completeness,
            reported_by=reporter,
            network=make.make_network(network),
            access=access,
            section=f"{reporter}-{access}",
        )
        for other, status in names if completeness in ("complete", "extract") else []:
            if others[other] == publisher:
                continue
            pair = (others[other], publisher) if reporter == "grantee" else (publisher, others[other])
            grant = make.make_grant(*pair, found, account_status=status)
            if fate == "denied":
                article = make.make_capture(make.make_source("article", kind="article"), day + timedelta(3))
                make.make_answer(publisher, grant, capture=article)
        if reporter == "third_party" and fate != "withdrawn":  # ICE's own records name the publisher.
            release = make.make_list(
                make.make_capture(make.make_source("ice-2019", kind="foia"), day),
                completeness="extract",
                reported_by="grantee",
                network=make.make_network(network),
                access=access,
                section="ice-access-2019",
            )
            make.make_grant(publisher, bodies["ice"], release)
        if fate == "withdrawn":
            Withdrawal.objects.create(capture=found.capture, kind="error", reason="test")
    for number, day, count in audits:
        value = {f"{day - timedelta(20):%Y-%m}": {"immigration": count, "theft": 3}}
        make.make_fact(own[number], "searches_seen", value, make.make_capture(day=day))
    rebuild_links()
    return [*own, *bodies.values()]


def as_chains(graph: Graph, found: list[Paths]) -> dict[tuple[int, ...], tuple[int, date | None]]:
    """Return paths by the agencies behind the first, each with its strength and its oldest day."""
    chains: dict[tuple[int, ...], tuple[int, date | None]] = {}
    for paths in found:
        for edges, strength, seen in zip(paths.edges, paths.strength.tolist(), paths.seen.tolist(), strict=True):
            chain = tuple(graph.agency[graph.grantee[edges]].tolist())
            assert chain not in chains
            chains[chain] = strength, day_of(seen)
    return chains


class ReferenceTests(HypothesisTestCase):
    def compare(self, lists: list[Any], audits: list[Any]) -> None:
        agencies = make_record(lists, audits)
        for day in JUDGED:
            expected = Reference(day, as_of=day)
            graph = whole_graph(day)
            self.compare_links(graph, expected)
            self.compare_ladders(graph, agencies, expected)
            self.compare_routes(graph, agencies, expected)

    def compare_links(self, graph: Graph, expected: Reference) -> None:
        self.assertEqual(graph.links_count, len(expected.links))
        for node, pk in enumerate(graph.agency.tolist()):
            granted = sorted(key[1] for key in expected.granted[pk])
            self.assertEqual(graph.agency[graph.grantee[graph.out_edges(node)]].tolist(), granted)
            given = sorted(key[0] for key in expected.links if key[1] == pk)
            self.assertEqual(graph.agency[graph.grantor[graph.in_edges(node)]].tolist(), given)

    def compare_ladders(self, graph: Graph, agencies: list[Agency], expected: Reference) -> None:
        country = country_ladder(graph, judged_on(graph))
        rungs = dict(
            zip(graph.agency.tolist(), zip(country.top.tolist(), country.past.tolist(), strict=True), strict=True)
        )
        for pk, found in ladders(agencies, graph.as_of, best=99).items():
            self.assertEqual((found.top or 0, found.past or 0), expected.top_and_past(pk))
            self.assertEqual(rungs[pk], expected.top_and_past(pk))
            if expected.body(pk):
                continue
            states = {step.rung: step.state for step in found.steps if step.state in STATES}
            self.assertEqual(states, expected.rungs(pk))
            through = found.step(Rung.POSSIBLE_ROUTE).through
            assert through
            self.assertEqual({chain.through.pk: chain.state for chain in through.best}, expected.through(pk))
            self.assert_evidence(found.steps)

    def assert_evidence(self, steps: tuple[Any, ...]) -> None:
        for step in steps:
            for hop in step.hops:
                if hop.status == "listed" and step.rung > Rung.ICE_LISTED:
                    self.assertTrue(hop.statements)
                for row in hop.statements:
                    self.assertLessEqual(row.observed_on, hop.last_seen)

    def compare_routes(self, graph: Graph, agencies: list[Agency], expected: Reference) -> None:
        day = judged_on(graph)
        reached = {agency.pk for agency in agencies if expected.body(agency.pk)}
        for origin in agencies[:4]:
            for targets in (reached, {agencies[0].pk}):
                nodes = np.array([graph.node(pk) for pk in sorted(targets)])
                near = graph_around([origin.pk], targets, graph.as_of) if graph.as_of else graph
                for hops, over in ((1, near), (2, near), (3, graph)):
                    start = over.node(origin.pk)
                    assert start is not None
                    now = current_paths(over, start, nodes, hops, day)
                    past = past_paths(over, start, nodes, hops, day, now)
                    known = expected.routes(origin.pk, targets, hops)
                    self.assertEqual((as_chains(over, now), as_chains(over, past)), known)

    @settings(max_examples=25, deadline=None)
    @given(LISTS, AUDITS)
    def test_random_records(self, lists: list[Any], audits: list[Any]) -> None:
        self.compare(lists, audits)

    @tag("deep")
    @settings(max_examples=150, deadline=None)
    @given(LISTS, AUDITS)
    def test_many_random_records(self, lists: list[Any], audits: list[Any]) -> None:
        self.compare(lists, audits)
