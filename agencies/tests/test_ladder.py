"""The ladder: which rung holds, in which state, and on what it stands."""

from datetime import date, timedelta

from django.test import TestCase

from agencies.models import AgencyPlace, Withdrawal
from agencies.network.graph import days
from agencies.network.graph_rows import whole_graph
from agencies.network.graph_store import judged_on
from agencies.network.ladder import ladder, ladders, place_ladder
from agencies.network.rebuild import rebuild_links
from agencies.network.rungs import Rung, RungState, country_ladder
from agencies.network.steps import Ladder
from agencies.tests import factories as make
from agencies.tests.graph_factories import DAY, list_of_2019, make_bodies, own_list

RECENT = date(2025, 6, 11)


class LadderTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_bodies()
        cls.city = make.make_agency()
        cls.county = make.make_agency("Alameda County Sheriff's Office", kind="sheriff")
        cls.town = make.make_agency("Colma Police Department")

    def of_city(self, as_of: date = DAY) -> Ladder:
        rebuild_links()
        found = ladder(self.city, as_of)
        graph = whole_graph(as_of)
        country = country_ladder(graph, judged_on(graph))
        node = graph.node(self.city.pk)
        self.assertEqual((country.top[node], country.past[node]), (found.top or 0, found.past or 0))
        return found

    def assertRung(self, rung: Rung, state: RungState, as_of: date = DAY) -> Ladder:
        found = self.of_city(as_of)
        self.assertEqual(found.step(rung).state, state)
        return found


class RungTests(LadderTestCase):
    def test_agency_without_documents_is_not_researched(self) -> None:
        found = self.assertRung(Rung.NOT_RESEARCHED, RungState.NOT_RESEARCHED)
        self.assertEqual((found.top, found.past), (Rung.NOT_RESEARCHED, None))
        self.assertFalse(found.step(Rung.NOT_RESEARCHED).is_partial)
        self.assertEqual(found.step(Rung.NOTHING_FOUND).state, RungState.NOT_APPLICABLE)
        for rung in (1, 2, 3, 4, 5):
            self.assertEqual(found.step(Rung(rung)).state, RungState.NOT_RESEARCHED)

    def test_part_of_ice_on_the_list_is_the_second_rung_and_says_which_part(self) -> None:
        own_list(self.city, RECENT, self.bodies["newark"])
        found = self.assertRung(Rung.ICE_LISTED, RungState.CURRENT)
        step = found.step(Rung.ICE_LISTED)
        self.assertEqual((found.top, step.bodies, step.seen_on), (Rung.ICE_LISTED, (self.bodies["newark"],), RECENT))
        self.assertEqual(step.hops[0].statements[0].printed, self.bodies["newark"].name)

    def test_border_patrol_sector_is_the_third_rung_and_not_the_second(self) -> None:
        own_list(self.city, RECENT, self.bodies["sector"])
        found = self.assertRung(Rung.BORDER_LISTED, RungState.CURRENT)
        self.assertEqual(found.top, Rung.BORDER_LISTED)
        self.assertEqual(found.step(Rung.ICE_LISTED).state, RungState.NONE_FOUND)
        self.assertEqual(found.step(Rung.ICE_LISTED).checked_on, RECENT)

    def test_homeland_security_itself_and_the_fbi_stand_beside_the_ladder(self) -> None:
        own_list(self.city, RECENT, self.bodies["dhs"], self.bodies["fbi"])
        found = self.assertRung(Rung.NOTHING_FOUND, RungState.NONE_FOUND)
        self.assertEqual({hop.grantee for hop in found.federal}, {self.bodies["dhs"], self.bodies["fbi"]})
        self.assertEqual(found.top, Rung.NOTHING_FOUND)

    def test_inactive_account_is_said_as_inactive_and_holds_no_rung(self) -> None:
        own_list(self.city, RECENT, self.bodies["hsi"], account_status="inactive")
        found = self.assertRung(Rung.ICE_LISTED, RungState.INACTIVE)
        self.assertEqual((found.top, found.past), (Rung.NOTHING_FOUND, Rung.ICE_LISTED))
        self.assertTrue(found.step(Rung.ICE_LISTED).hops[0].never_active)

    def test_dropped_name_is_history_with_its_date(self) -> None:
        own_list(self.city, RECENT, self.bodies["ice"])
        own_list(self.city, RECENT + timedelta(30), self.town)
        found = self.assertRung(Rung.ICE_LISTED, RungState.HISTORY)
        self.assertEqual(found.step(Rung.ICE_LISTED).hops[0].closed_on, RECENT + timedelta(30))
        self.assertFalse(found.step(Rung.ICE_LISTED).hops[0].is_old)

    def test_list_is_current_for_three_years_and_history_from_then_on(self) -> None:
        seen = DAY - timedelta(3 * 365)
        own_list(self.city, seen, self.bodies["ice"])
        self.assertRung(Rung.ICE_LISTED, RungState.CURRENT)
        found = self.assertRung(Rung.ICE_LISTED, RungState.HISTORY, DAY + timedelta(1))
        self.assertTrue(found.step(Rung.ICE_LISTED).hops[0].is_old)
        self.assertEqual((found.top, found.past), (Rung.NOT_RESEARCHED, Rung.ICE_LISTED))

    def test_old_list_says_nothing_was_found_only_where_nothing_ever_was(self) -> None:
        own_list(self.city, date(2020, 3, 2), self.town)
        found = self.assertRung(Rung.NOTHING_FOUND, RungState.NONE_FOUND)
        self.assertEqual(found.step(Rung.NOTHING_FOUND).checked_on, date(2020, 3, 2))
        own_list(self.city, date(2020, 3, 1), self.bodies["ice"])
        self.assertRung(Rung.NOT_RESEARCHED, RungState.NOT_RESEARCHED)
        own_list(self.city, RECENT, self.town)
        self.assertRung(Rung.NOTHING_FOUND, RungState.NONE_FOUND)

    def test_records_of_ice_are_the_first_rung_and_not_the_second(self) -> None:
        list_of_2019(self.bodies["ice"], date(2019, 3, 13), self.city)
        found = self.assertRung(Rung.ICE_RECORDS, RungState.HISTORY)
        self.assertEqual((found.top, found.past), (Rung.NOT_RESEARCHED, Rung.ICE_RECORDS))
        self.assertEqual(found.step(Rung.ICE_LISTED).state, RungState.NOT_RESEARCHED)
        self.assertTrue(found.step(Rung.NOT_RESEARCHED).is_partial)
        self.assertRung(Rung.ICE_RECORDS, RungState.CURRENT, date(2019, 4, 1))

    def test_agency_that_the_records_do_not_name_is_none_found_among_the_names_in_print(self) -> None:
        list_of_2019(self.bodies["ice"], date(2019, 3, 13), self.town)
        step = self.assertRung(Rung.ICE_RECORDS, RungState.NONE_FOUND).step(Rung.ICE_RECORDS)
        self.assertEqual((step.checked_on, step.is_partial), (date(2019, 3, 13), True))

    def test_both_lists_give_both_rungs_each_with_its_own_statements(self) -> None:
        old = list_of_2019(self.bodies["ice"], date(2025, 3, 13), self.city)
        own = make.make_list(make.make_capture(day=RECENT), network=old.stream.network)
        make.make_grant(self.city, self.bodies["ice"], own)
        found = self.assertRung(Rung.ICE_RECORDS, RungState.CURRENT)
        self.assertEqual(found.step(Rung.ICE_RECORDS).seen_on, date(2025, 3, 13))
        self.assertEqual(found.step(Rung.ICE_LISTED).seen_on, RECENT)

    def test_own_list_that_dropped_ice_stays_on_the_second_rung_beside_the_records(self) -> None:
        network = list_of_2019(self.bodies["ice"], RECENT, self.city).stream.network
        source = make.make_source("report")
        make.make_grant(
            self.city, self.bodies["ice"], make.make_list(make.make_capture(source, RECENT), network=network)
        )
        make.make_list(make.make_capture(source, RECENT + timedelta(9)), network=network)
        found = self.assertRung(Rung.ICE_LISTED, RungState.HISTORY)
        [hop] = found.step(Rung.ICE_LISTED).hops
        self.assertEqual((hop.reported_by, hop.status, hop.closed_on), ("grantor", "ended", RECENT + timedelta(9)))
        [hop] = found.step(Rung.ICE_RECORDS).hops
        self.assertEqual((hop.reported_by, hop.state, hop.closed_on), ("grantee", RungState.CURRENT, None))

    def test_release_of_2019_is_made_no_newer_by_a_list_of_today(self) -> None:
        network = list_of_2019(self.bodies["ice"], date(2019, 3, 13), self.city).stream.network
        make.make_grant(self.city, self.bodies["ice"], make.make_list(make.make_capture(day=RECENT), network=network))
        found = self.assertRung(Rung.ICE_RECORDS, RungState.HISTORY)
        self.assertEqual((found.top, found.past), (Rung.ICE_LISTED, Rung.ICE_RECORDS))
        self.assertTrue(found.step(Rung.ICE_RECORDS).hops[0].is_old)
        self.assertEqual(found.step(Rung.ICE_LISTED).state, RungState.CURRENT)

    def test_denial_stands_beside_the_rung_and_takes_nothing_away(self) -> None:
        [grant] = list_of_2019(self.bodies["ice"], RECENT, self.city).grants.all()
        article = make.make_capture(make.make_source("answers", kind="article"), RECENT + timedelta(1))
        make.make_answer(self.city, grant, capture=article)
        step = self.assertRung(Rung.ICE_RECORDS, RungState.CURRENT).step(Rung.ICE_RECORDS)
        self.assertEqual((step.disputed_on, step.answers[0].effect), (RECENT + timedelta(1), "denies"))
        self.assertIsNone(self.of_city(RECENT).step(Rung.ICE_RECORDS).disputed_on)

    def test_withdrawn_list_leaves_no_rung(self) -> None:
        found = own_list(self.city, RECENT, self.bodies["ice"])
        Withdrawal.objects.create(capture=found.capture, kind="error", reason="test")
        self.assertEqual(self.of_city().top, Rung.NOT_RESEARCHED)

    def test_hot_list_is_no_rung_and_no_route(self) -> None:
        source = make.make_source("report")
        feed = make.make_list(make.make_capture(source, RECENT), access="hotlist_feed", completeness="extract")
        make.make_grant(self.city, self.bodies["patrol"], feed)
        make.make_grant(self.city, self.town, feed)
        own_list(self.town, RECENT, self.bodies["ice"])
        found = self.of_city()
        self.assertEqual((found.top, found.past), (Rung.NOT_RESEARCHED, None))
        self.assertEqual([hop.grantee for hop in found.hot_lists], [self.bodies["patrol"]])

    def test_search_by_ice_is_the_fourth_rung(self) -> None:
        log = make.make_list(make.make_capture(day=RECENT), access="observed_search", completeness="extract")
        make.make_grant(self.city, self.bodies["ice"], log)
        self.assertEqual(self.of_city().top, Rung.IMMIGRATION_SEARCHES)

    def test_search_that_ices_own_records_tell_of_is_the_fourth_rung_alone(self) -> None:
        log = make.make_list(
            make.make_capture(day=RECENT), access="observed_search", completeness="extract", reported_by="grantee"
        )
        make.make_grant(self.city, self.bodies["ice"], log)
        found = self.assertRung(Rung.IMMIGRATION_SEARCHES, RungState.CURRENT)
        self.assertEqual((found.top, found.step(Rung.ICE_RECORDS).hops), (Rung.IMMIGRATION_SEARCHES, ()))

    def test_search_by_the_agency_in_ices_reads_is_no_rung(self) -> None:
        log = make.make_list(make.make_capture(day=RECENT), access="observed_search", completeness="extract")
        make.make_grant(self.bodies["ice"], self.city, log)
        self.assertEqual(self.of_city().top, Rung.NOT_RESEARCHED)

    def test_audit_with_immigration_searches_is_the_fourth_rung_with_its_months(self) -> None:
        value = {"2026-03": {"immigration": 2, "theft": 4}, "2026-02": {"theft": 1}, "unknown": {"immigration": 1}}
        make.make_fact(self.city, "searches_seen", value, make.make_capture(day=date(2026, 4, 23)))
        step = self.assertRung(Rung.IMMIGRATION_SEARCHES, RungState.CURRENT).step(Rung.IMMIGRATION_SEARCHES)
        self.assertEqual(step.searches[0].months, {"2026-03": 2, "unknown": 1})
        self.assertEqual(step.seen_on, date(2026, 4, 23))

    def test_audit_without_immigration_searches_was_checked_in_part(self) -> None:
        value = {"2026-03": {"theft": 4, "immigration": 0}}
        make.make_fact(self.city, "searches_seen", value, make.make_capture(day=date(2026, 4, 23)))
        step = self.assertRung(Rung.IMMIGRATION_SEARCHES, RungState.NONE_FOUND).step(Rung.IMMIGRATION_SEARCHES)
        self.assertEqual((step.checked_on, step.is_partial), (date(2026, 4, 23), True))

    def test_nothing_found_needs_a_complete_list_of_its_own(self) -> None:
        own_list(self.city, RECENT, self.town, completeness="extract")
        self.assertEqual(self.of_city().top, Rung.NOT_RESEARCHED)
        own_list(self.city, RECENT + timedelta(1), self.town)
        found = self.assertRung(Rung.NOTHING_FOUND, RungState.NONE_FOUND)
        self.assertEqual(found.step(Rung.NOTHING_FOUND).checked_on, RECENT + timedelta(1))
        self.assertEqual(found.step(Rung.NOTHING_FOUND).lists[0].names.active, 1)

    def test_list_of_who_gives_it_access_does_not_count_as_checked(self) -> None:
        source = make.make_source("inbound", agency_alias=make.make_alias(self.city.name, self.city))
        make.make_grant(self.town, self.city, make.make_list(make.make_capture(source, RECENT), reported_by="grantee"))
        self.assertEqual(self.of_city().top, Rung.NOT_RESEARCHED)


class PossibleRouteTests(LadderTestCase):
    def test_route_through_a_grantee_that_lists_ice(self) -> None:
        own_list(self.city, RECENT, self.town, self.county)
        own_list(self.town, RECENT, self.bodies["ice"])
        found = self.assertRung(Rung.POSSIBLE_ROUTE, RungState.CURRENT)
        through = found.step(Rung.POSSIBLE_ROUTE).through
        self.assertEqual((through.grantees, through.researched, through.current), (2, 1, 1))
        [chain] = through.best
        self.assertEqual((chain.through, chain.onward.grantee, chain.rung), (self.town, self.bodies["ice"], 2))
        self.assertTrue(found.step(Rung.POSSIBLE_ROUTE).is_partial)
        self.assertEqual(found.top, Rung.POSSIBLE_ROUTE)

    def test_route_is_never_turned_round(self) -> None:
        own_list(self.town, RECENT, self.city, self.bodies["ice"])
        self.assertEqual(self.of_city().top, Rung.NOT_RESEARCHED)

    def test_two_steps_away_is_no_possible_route(self) -> None:
        own_list(self.city, RECENT, self.town)
        own_list(self.town, RECENT, self.county)
        own_list(self.county, RECENT, self.bodies["ice"])
        self.assertEqual(self.of_city().top, Rung.NOTHING_FOUND)

    def test_route_through_an_agency_that_searched_for_immigration(self) -> None:
        own_list(self.city, RECENT, self.town)
        make.make_fact(self.town, "searches_seen", {"2025-05": {"immigration": 1}}, make.make_capture(day=RECENT))
        chain = self.assertRung(Rung.POSSIBLE_ROUTE, RungState.CURRENT).step(Rung.POSSIBLE_ROUTE).through.best[0]
        self.assertEqual((chain.rung, chain.onward, chain.searched_on), (4, None, date(2025, 5, 31)))

    def test_route_to_an_inactive_account_is_inactive(self) -> None:
        own_list(self.city, RECENT, self.town)
        own_list(self.town, RECENT, self.bodies["hsi"], account_status="inactive")
        found = self.assertRung(Rung.POSSIBLE_ROUTE, RungState.INACTIVE)
        self.assertEqual((found.top, found.past), (Rung.NOTHING_FOUND, Rung.POSSIBLE_ROUTE))

    def test_parts_that_never_met_are_no_route_and_parts_that_met_are_history(self) -> None:
        own_list(self.town, date(2020, 3, 2), self.bodies["ice"])
        own_list(self.city, date(2020, 3, 3), self.town)
        self.assertRung(Rung.POSSIBLE_ROUTE, RungState.NONE_FOUND)
        own_list(self.town, date(2020, 3, 3), self.bodies["ice"])
        self.assertRung(Rung.POSSIBLE_ROUTE, RungState.HISTORY)

    def test_best_chains_come_first_and_are_cut(self) -> None:
        towns = [make.make_agency(f"Town {number} Police Department") for number in range(4)]
        own_list(self.city, RECENT, *towns)
        for number, town in enumerate(towns):
            own_list(town, RECENT - timedelta(number), self.bodies["patrol"])
        rebuild_links()
        through = ladder(self.city, DAY, best=2).step(Rung.POSSIBLE_ROUTE).through
        self.assertEqual(through.current, 4)
        self.assertEqual([chain.through for chain in through.best], towns[:2])
        self.assertEqual(through.best[1].seen_on, RECENT - timedelta(1))


class ManyLaddersTests(LadderTestCase):
    def test_query_count_is_the_same_for_one_agency_and_for_many(self) -> None:
        towns = [make.make_agency(f"Town {number} Police Department") for number in range(8)]
        for town in towns:
            own_list(town, RECENT, self.bodies["ice"], self.city)
        own_list(self.city, RECENT, self.bodies["patrol"])
        rebuild_links()
        with self.assertNumQueries(18):
            ladders([self.city])
        with self.assertNumQueries(18):
            self.assertEqual(len(ladders([self.city, *towns])), 9)

    def test_body_of_the_question_has_no_rung(self) -> None:
        own_list(self.bodies["patrol"], RECENT, self.bodies["ice"])
        rebuild_links()
        found = ladder(self.bodies["patrol"], DAY)
        self.assertEqual((found.top, found.past, found.body.name), (None, None, "BORDER"))

    def test_merged_agency_is_not_researched(self) -> None:
        self.town.merged_into = self.city
        self.town.save(update_fields=["merged_into"])
        self.assertEqual(ladder(self.town).top, Rung.NOT_RESEARCHED)

    def test_place_without_its_own_agency_shows_the_sheriffs_ladder_and_says_so(self) -> None:
        county = make.make_place("Alameda County", kind="county", geoid="06001")
        place = make.make_place("Ashland", county=county)
        AgencyPlace.objects.create(agency=self.county, place=county, basis="county", source="test")
        own_list(self.county, RECENT, self.bodies["ice"])
        rebuild_links()
        found = place_ladder(place, DAY)
        self.assertTrue(found.is_served_from_afar)
        self.assertEqual((found.top, [one.agency for one in found.shown]), (Rung.ICE_LISTED, [self.county]))
        make.make_serving(self.city, place)
        found = place_ladder(place, DAY)
        self.assertFalse(found.is_served_from_afar)
        self.assertEqual((found.top, [one.agency for one in found.shown]), (Rung.NOT_RESEARCHED, [self.city]))

    def test_place_that_nobody_serves_has_no_rung(self) -> None:
        found = place_ladder(make.make_place("Nowhere", state="ZZ"), DAY)
        self.assertEqual((found.top, found.past, found.shown), (None, None, ()))

    def test_the_record_as_it_stands_is_judged_as_of_today(self) -> None:
        graph = whole_graph()
        self.assertGreater(judged_on(graph), days(date(2026, 1, 1)))
