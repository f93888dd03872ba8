"""Routes, the states that reads can be seen from, and what goes when one link ends."""

from datetime import date, timedelta

from django.test import TestCase

from agencies.models import SharingLink
from agencies.network.reach import if_ended, seen_from
from agencies.network.rebuild import rebuild_links
from agencies.network.routes import Routes, routes
from agencies.network.rungs import Rung
from agencies.tests import factories as make
from agencies.tests.graph_factories import DAY, make_bodies, own_list

RECENT = date(2025, 6, 11)


class RoutesTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.city = make.make_agency()
        cls.county = make.make_agency("Alameda County Sheriff's Office", kind="sheriff")
        cls.town = make.make_agency("Reno Police Department", state="NV")
        cls.port = make.make_agency("Port Police Department", state="WA")
        cls.bodies = make_bodies()

    def of_city(self, hops: int = 2, limit: int = 20, as_of: date = DAY) -> Routes:
        rebuild_links()
        return routes(self.city, self.bodies["ice"], hops=hops, as_of=as_of, limit=limit)


class RoutesTests(RoutesTestCase):
    def test_route_names_every_hop_with_its_evidence(self) -> None:
        own_list(self.city, RECENT, self.county)
        own_list(self.county, RECENT, self.bodies["ice"])
        found = self.of_city()
        [route] = found.current
        self.assertEqual((route.through, route.target, route.is_direct), ((self.county,), self.bodies["ice"], False))
        self.assertEqual([hop.statements[0].printed for hop in route.hops], [self.county.name, self.bodies["ice"].name])
        self.assertEqual((found.total, found.totals, found.as_of), (1, {1: 0, 2: 1}, DAY))

    def test_third_hop_only_when_asked_for(self) -> None:
        own_list(self.city, RECENT, self.county)
        own_list(self.county, RECENT, self.town)
        own_list(self.town, RECENT, self.bodies["ice"])
        self.assertEqual(self.of_city().total, 0)
        self.assertEqual(self.of_city(hops=3).totals, {1: 0, 2: 0, 3: 1})
        with self.assertRaises(ValueError):
            self.of_city(hops=4)

    def test_direct_access_stands_first_then_the_surest_then_the_newest(self) -> None:
        towns = [make.make_agency(f"Town {number} Police Department") for number in range(3)]
        own_list(self.city, RECENT, *towns, self.bodies["ice"])
        for number, town in enumerate(towns):
            own_list(town, RECENT - timedelta(5 - number), self.bodies["ice"])
        told = make.make_list(
            make.make_capture(make.make_source("inbound"), RECENT), completeness="extract", reported_by="grantee"
        )
        make.make_grant(self.city, towns[0], told)
        make.make_grant(towns[0], self.bodies["ice"], told)
        found = self.of_city()
        self.assertEqual([route.through for route in found.current], [(), (towns[0],), (towns[2],), (towns[1],)])
        self.assertEqual([route.strength for route in found.current], [6, 7, 6, 6])
        self.assertEqual(found.current[3].seen_on, RECENT - timedelta(4))
        self.assertEqual(found.current[3].weakest.grantor, towns[1])

    def test_denied_hop_makes_the_route_the_least_sure(self) -> None:
        own_list(self.city, RECENT, self.county, self.town)
        for agency in (self.county, self.town):
            own_list(agency, RECENT, self.bodies["ice"])
        [grant] = self.county.decisions.get().alias.grants_out.all()
        make.make_answer(self.county, grant, capture=make.make_capture(make.make_source("article"), RECENT))
        found = self.of_city()
        self.assertEqual(
            [(route.through[0], route.is_disputed) for route in found.current],
            [(self.town, False), (self.county, True)],
        )

    def test_limit_cuts_the_list_and_never_the_total(self) -> None:
        towns = [make.make_agency(f"Town {number} Police Department") for number in range(5)]
        own_list(self.city, RECENT, *towns)
        for town in towns:
            own_list(town, RECENT, self.bodies["ice"])
        found = self.of_city(limit=2)
        self.assertEqual((len(found.current), found.total), (2, 5))
        with self.assertNumQueries(len(self.queries_of(limit=1))):
            self.of_city_again(limit=5)

    def queries_of(self, limit: int) -> list[object]:
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as queries:
            self.of_city_again(limit)
        return list(queries)

    def of_city_again(self, limit: int) -> Routes:
        return routes(self.city, self.bodies["ice"], as_of=DAY, limit=limit)

    def test_ended_inactive_and_old_hops_are_no_current_route(self) -> None:
        own_list(self.city, RECENT, self.county)
        own_list(self.county, RECENT, self.bodies["ice"], account_status="inactive")
        self.assertEqual((self.of_city().total, self.of_city().past_total), (0, 0))
        own_list(self.county, RECENT - timedelta(9), self.bodies["ice"])
        self.assertEqual((self.of_city().total, self.of_city().past_total), (0, 0))
        own_list(self.city, RECENT - timedelta(9), self.county)
        found = self.of_city()
        self.assertEqual((found.total, found.past_total, found.past[0].hops[1].status), (0, 1, "inactive"))

    def test_hot_list_is_never_a_hop(self) -> None:
        feed = make.make_list(make.make_capture(day=RECENT), access="hotlist_feed")
        make.make_grant(self.city, self.county, feed)
        own_list(self.county, RECENT, self.bodies["ice"])
        found = self.of_city()
        self.assertEqual((found.total, found.past_total), (0, 0))

    def test_observed_search_leads_to_who_searched_and_not_back(self) -> None:
        log = make.make_list(make.make_capture(day=RECENT), access="observed_search", completeness="extract")
        make.make_grant(self.county, self.city, log)
        own_list(self.county, RECENT, self.bodies["ice"])
        self.assertEqual(self.of_city().total, 0)
        make.make_grant(self.city, self.county, log)
        self.assertEqual(self.of_city().current[0].hops[0].access, "observed_search")

    def test_pair_on_two_networks_is_one_route_that_names_both(self) -> None:
        for slug in ("flock", "vigilant"):
            source = make.make_source(f"list-{slug}")
            found = make.make_list(make.make_capture(source, RECENT), network=make.make_network(slug))
            make.make_grant(self.city, self.bodies["ice"], found)
        [route] = self.of_city().current
        self.assertEqual({route.hops[0].network.name, *route.also[0]}, {"Flock", "Vigilant"})

    def test_as_of_an_earlier_day_there_was_no_route_yet(self) -> None:
        own_list(self.city, RECENT, self.bodies["ice"])
        self.assertEqual(self.of_city(as_of=RECENT - timedelta(1)).total, 0)
        self.assertEqual(self.of_city(as_of=RECENT).total, 1)
        self.assertEqual(self.of_city(as_of=RECENT - timedelta(1), hops=3).total, 0)

    def test_agency_that_the_graph_does_not_have_has_no_route(self) -> None:
        self.city.merged_into = self.county
        self.city.save(update_fields=["merged_into"])
        self.assertEqual((self.of_city().total, self.of_city().current), (0, ()))


class ReachTests(RoutesTestCase):
    def test_states_of_grantees_and_apart_those_of_their_grantees(self) -> None:
        today = date.today()
        own_list(self.city, today, self.county, self.town, self.bodies["fbi"])
        own_list(self.town, today, self.port, self.city, self.county)
        rebuild_links()
        found = seen_from(self.city)
        self.assertEqual(found.states, {"": 1, "CA": 1, "NV": 1})
        self.assertEqual((found.possible, found.out_of_state), ({"WA": 1}, 1))

    def test_agency_without_grantees_is_seen_from_nowhere_that_is_known(self) -> None:
        self.assertEqual(seen_from(self.city).states, {})

    def test_one_link_less_says_whose_rungs_fall_and_how_many_routes_go(self) -> None:
        today = date.today()
        own_list(self.city, today, self.county)
        own_list(self.town, today, self.county)
        own_list(self.county, today, self.bodies["ice"], self.bodies["patrol"])
        rebuild_links()
        ice = SharingLink.objects.get(grantee=self.bodies["ice"])
        found = if_ended(ice)
        self.assertEqual(
            [(fall.agency, fall.before, fall.after) for fall in found.falls],
            [(self.county, Rung.ICE_LISTED, Rung.BORDER_LISTED)],
        )
        self.assertEqual(found.routes_lost, 3)
        found = if_ended(SharingLink.objects.get(grantor=self.city))
        self.assertEqual([(fall.agency, fall.after) for fall in found.falls], [(self.city, Rung.NOTHING_FOUND)])
        self.assertEqual(found.routes_lost, 2)
