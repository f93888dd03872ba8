"""The record that ships: every agency's rungs against the slow reference, and the cases that people will look up."""

from datetime import date
from unittest import mock

import numpy as np
from django.conf import settings as django_settings
from django.db import connection
from django.test import TestCase, tag

from agencies.ingest.starter import load_starter
from agencies.models import Agency, AgencyPlace
from agencies.network.graph import Graph, day_of, days
from agencies.network.graph_rows import graph_around, whole_graph
from agencies.network.ladder import ladder, ladders, place_ladder
from agencies.network.paths import current_paths, past_paths
from agencies.network.rungs import STATES, Rung, RungState, country_ladder
from agencies.network.steps import Ladder
from agencies.tests.graph_reference import Reference

DAY = date(2026, 5, 1)
"""After every document of the starter record that these cases stand on."""
UNION_CITY = "union-city-police-department-ca"
IRVINE = "irvine-police-department-ca"
NCRIC = "northern-california-regional-intelligence-center-ca"
HSI = "ice-homeland-security-investigations"


def as_text(found: Ladder) -> str:
    """Return a ladder as plain lines, for people who read the output of the deep tests."""
    lines = [f"{found.agency}, as of {found.as_of}: top {name(found.top)}, past {name(found.past)}"]
    for step in found.steps:
        facts = f"seen {step.seen_on}, checked {step.checked_on}" + (", in part" if step.is_partial else "")
        facts += f", disputed {step.disputed_on}" if step.disputed_on else ""
        lines.append(f"  {step.rung} {name(step.rung)}: {step.state} ({facts})")
        lines += [
            f"      {hop.grantee} on {hop.network}: {hop.state}, {hop.status} {hop.last_seen}, by {hop.reported_by}; "
            + "; ".join(f"“{row.printed}”, {row.capture.source.title}" for row in hop.statements[:1])
            for hop in step.hops
        ]
        lines += [f"      {one.effect}, {one.statement.observed_on}: {one.paraphrase}" for one in step.answers]
        if step.through:
            told = step.through
            lines.append(
                f"      {told.grantees} grantees, {told.researched} researched; routes through {told.current} current, "
                f"{told.inactive} inactive, {told.history} history"
            )
            lines += [f"      through {one.through}, rung {one.rung}, {one.state}, {one.seen_on}" for one in told.best]
        lines += [f"      {row.capture.source.title}, {row.capture.observed_on}: {row.names}" for row in step.lists]
    lines += [f"  beside: {hop.grantee}, {hop.state}, {hop.last_seen}" for hop in found.federal]
    lines += [f"  hot list to {hop.grantee}, {hop.state}, {hop.last_seen}" for hop in found.hot_lists]
    return "\n".join(lines)


def name(rung: Rung | None) -> str:
    """Return the name of a rung in words."""
    return rung.name.lower().replace("_", " ") if rung else "none"


@tag("deep")
class StarterGraphTests(TestCase):
    """Loaded once; nothing here changes it."""

    graph: Graph
    reference: Reference

    @classmethod
    def setUpTestData(cls) -> None:
        load_starter(django_settings.DATA_DIR, lambda line: None)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")  # Within the test's transaction nobody else does.

    @classmethod
    def setUpClass(cls) -> None:
        super().setUpClass()
        cls.graph = whole_graph(DAY)
        cls.reference = Reference(DAY, as_of=DAY)

    def of(self, slug: str) -> Ladder:
        found = ladder(Agency.objects.get(slug=slug), DAY)
        print("\n" + as_text(found))
        return found

    # --- Against the reference ---

    def test_every_agency_stands_where_the_reference_puts_it(self) -> None:
        country = country_ladder(self.graph, days(DAY))
        rungs = zip(country.top.tolist(), country.past.tolist(), strict=True)
        found = dict(zip(country.agency.tolist(), rungs, strict=True))
        self.assertEqual(found, {pk: self.reference.top_and_past(pk) for pk in self.reference.agencies})
        print(
            "\nby top rung:",
            np.bincount(country.top, minlength=8).tolist(),
            "by past rung:",
            np.bincount(country.past, minlength=6).tolist(),
        )

    def test_ladders_with_evidence_are_those_of_the_reference(self) -> None:
        touched = [pk for pk in self.reference.agencies if self.reference.rungs(pk)]
        self.assertGreater(len(touched), 100)
        with mock.patch("agencies.network.ladder.graph_near", return_value=self.graph):
            found = ladders(Agency.objects.filter(pk__in=touched), DAY, best=999)
        for pk, one in found.items():
            states = {step.rung: step.state for step in one.steps if step.state in STATES}
            self.assertEqual(states, self.reference.rungs(pk), one.agency)
            through = one.step(Rung.POSSIBLE_ROUTE).through
            assert through
            self.assertEqual({chain.through.pk: chain.state for chain in through.best}, self.reference.through(pk))
            for step in one.steps:
                for hop in step.hops:
                    self.assertTrue(hop.statements, (one.agency, hop.grantee))

    def test_routes_to_ice_and_cbp_are_those_of_the_reference(self) -> None:
        targets = {pk for pk in self.reference.agencies if self.reference.body(pk)}
        nodes = np.array(sorted(node for pk in targets if (node := self.graph.node(pk)) is not None))
        sizes = np.diff(self.graph.out_start)
        for origin in self.graph.agency[np.argsort(-sizes)[:300:10]].tolist():
            node = self.graph.node(origin)
            assert node is not None
            now = current_paths(self.graph, node, nodes, 2, days(DAY))
            past = past_paths(self.graph, node, nodes, 2, days(DAY), now)
            found = []
            for paths in (now, past):
                found.append(
                    {
                        tuple(self.graph.agency[self.graph.grantee[edges]].tolist()): (strength, day_of(seen))
                        for some in paths
                        for edges, strength, seen in zip(
                            some.edges, some.strength.tolist(), some.seen.tolist(), strict=True
                        )
                    }
                )
            self.assertEqual(tuple(found), self.reference.routes(origin, targets, 2))

    def test_replay_of_the_links_near_an_agency_is_the_replay_of_the_whole_record(self) -> None:
        agency = Agency.objects.get(slug=UNION_CITY)
        near = graph_around([agency.pk], [], DAY)
        node, other = near.node(agency.pk), self.graph.node(agency.pk)
        assert node is not None and other is not None
        for column in ("grantee", "network", "status", "first_seen", "last_seen", "reported_by", "link"):
            np.testing.assert_array_equal(
                getattr(near, column)[near.out_edges(node)], getattr(self.graph, column)[self.graph.out_edges(other)]
            )

    # --- The cases that people will look up ---

    def test_union_city_was_named_by_ice_in_2019_denied_it_and_lists_no_federal_body_now(self) -> None:
        found = self.of(UNION_CITY)
        named = found.step(Rung.ICE_RECORDS)
        self.assertEqual((found.top, found.past), (Rung.NOTHING_FOUND, Rung.ICE_RECORDS))
        self.assertEqual((named.state, named.seen_on), (RungState.HISTORY, date(2019, 3, 13)))
        self.assertTrue(named.hops[0].is_old)
        self.assertEqual(named.disputed_on, date(2019, 3, 14))
        self.assertEqual({answer.effect for answer in named.answers}, {"denies"})
        self.assertEqual(found.step(Rung.NOTHING_FOUND).checked_on, date(2026, 4, 23))

    def test_irvine_listed_a_part_of_ice_and_a_border_patrol_sector_in_2020(self) -> None:
        found = self.of(IRVINE)
        self.assertEqual((found.top, found.past), (Rung.NOT_RESEARCHED, Rung.ICE_LISTED))
        ice, border = found.step(Rung.ICE_LISTED), found.step(Rung.BORDER_LISTED)
        self.assertEqual([body.slug for body in ice.bodies], [f"{HSI}-newark"])
        self.assertIn("border-patrol-san-diego-sector", [body.slug for body in border.bodies])
        for step in (ice, border):
            self.assertEqual((step.state, step.seen_on), (RungState.HISTORY, date(2020, 3, 2)))
        self.assertEqual([hop.grantee.slug for hop in found.hot_lists], ["border-patrol-san-diego-sector"])
        self.assertEqual(ladder(found.agency, date(2020, 6, 1)).top, Rung.ICE_LISTED)

    def test_ncrics_list_was_read_and_names_neither(self) -> None:
        found = self.of(NCRIC)
        self.assertEqual(found.top, Rung.NOTHING_FOUND)
        step = found.step(Rung.POSSIBLE_ROUTE)
        self.assertEqual((step.state, step.is_partial), (RungState.NONE_FOUND, True))
        self.assertGreater(step.through.grantees, step.through.researched)

    def test_agency_that_listed_border_patrol_in_june_2025(self) -> None:
        patrol = Agency.objects.get(slug="border-patrol")
        link = patrol.receipts.filter(status="listed", last_seen=date(2025, 6, 11)).order_by("grantor__name").first()
        found = self.of(link.grantor.slug)
        step = found.step(Rung.BORDER_LISTED)
        self.assertEqual((found.top, step.state, step.bodies), (Rung.BORDER_LISTED, RungState.CURRENT, (patrol,)))
        self.assertEqual(step.hops[0].statements[0].observed_on, date(2025, 6, 11))

    def test_inactive_account_of_homeland_security_investigations_claims_no_access(self) -> None:
        hsi = Agency.objects.get(slug=HSI)
        others = Agency.objects.get(slug="border-patrol").receipts.filter(status="listed").values("grantor")
        link = hsi.receipts.filter(status="inactive").exclude(grantor__in=others).order_by("grantor__name").first()
        if link is None:  # Every one of them lists Border Patrol too.
            link = hsi.receipts.filter(status="inactive").order_by("grantor__name").first()
        found = self.of(link.grantor.slug)
        step = found.step(Rung.ICE_LISTED)
        self.assertEqual((step.state, step.bodies, step.holds), (RungState.INACTIVE, (hsi,), False))
        self.assertTrue(step.hops[0].never_active)
        self.assertIn("Inactive", step.hops[0].statements[0].printed)
        self.assertNotEqual(found.top, Rung.ICE_LISTED)

    def test_agency_of_which_nothing_is_on_record(self) -> None:
        country = country_ladder(self.graph, days(DAY))
        sizes = np.diff(self.graph.out_start) + np.diff(self.graph.in_start)
        pk = int(self.graph.agency[np.flatnonzero((country.top == 7) & (sizes == 0))[0]])
        found = self.of(Agency.objects.get(pk=pk).slug)
        self.assertEqual((found.top, found.past), (Rung.NOT_RESEARCHED, None))
        self.assertFalse(found.step(Rung.NOT_RESEARCHED).is_partial)

    def test_place_of_union_city_answers_by_its_own_police(self) -> None:
        serving = (
            AgencyPlace.objects.filter(agency__slug=UNION_CITY, place__kind="city").select_related("place").first()
        )
        found = place_ladder(serving.place, DAY)
        self.assertIn(UNION_CITY, [one.agency.slug for one in found.own])
        self.assertEqual((found.is_served_from_afar, found.past), (False, Rung.ICE_RECORDS))
