"""The explorer of routes, and the ladder on the pages of agencies, places and states."""

from datetime import date, timedelta
from typing import Any
from unittest.mock import patch

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from agencies.network.graph_store import GraphNotBuiltError
from agencies.network.rebuild import rebuild_links
from agencies.tests import factories as make
from agencies.tests.graph_factories import make_bodies, own_list
from agencies.tests.pages import words

RECENT = timezone.localdate() - timedelta(200)
"""Pages judge as of today, so that a document of a fixed day would be history one day."""


class ReachTestCase(TestCase):
    """Union City gives Colma access, Colma gives Border Patrol access; San Bruno gives HSI's inactive account."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_bodies()
        cls.city = make.make_agency()
        cls.town = make.make_agency("Colma Police Department")
        cls.quiet = make.make_agency("San Bruno Police Department")
        own_list(cls.city, RECENT, cls.town)
        own_list(cls.town, RECENT, cls.bodies["patrol"], cls.bodies["fbi"])
        own_list(cls.quiet, RECENT, cls.bodies["hsi"], account_status="inactive")
        rebuild_links()


class RoutesPageTests(ReachTestCase):
    def page(self, status: int = 200, **asked: Any) -> str:
        """Return the words of the page."""
        asked = {name.removesuffix("_"): value for name, value in asked.items()}
        response = self.client.get("/routes/", asked)
        self.assertEqual(response.status_code, status)
        return words(response)

    def test_nothing_asked_shows_the_form(self) -> None:
        text = self.page()
        self.assertIn("From agency", text)
        self.assertIn("A chain is only a possible route.", text)
        self.assertNotIn("Current routes", text)

    def test_possible_route_to_ice_and_cbp_is_the_default_and_is_counted(self) -> None:
        text = self.page(from_=self.city.slug)
        self.assertIn(
            "Routes from Union City Police Department to ICE, CBP (with Border Patrol) and their parts in up to 2 "
            "links",
            text,
        )
        self.assertIn("Of one link, which is access as listed: 0. Of more, which are only possible: 1.", text)
        self.assertIn("Possible route through Colma Police Department: people at Colma", text)
        self.assertIn("it does not show that anyone did.", text)

    def test_each_hop_leads_to_its_evidence(self) -> None:
        response = self.client.get("/routes/", {"from": self.city.slug})
        for pair in ((self.city, self.town), (self.town, self.bodies["patrol"])):
            self.assertContains(response, f'href="/links/{pair[0].slug}/{pair[1].slug}/"')
        self.assertContains(response, '<svg class="route-diagram"')

    def test_one_link_finds_no_chain_and_silence_is_no_no(self) -> None:
        text = self.page(from_=self.city.slug, hops=1)
        self.assertIn("No route found from Union City Police Department", text)
        self.assertIn("That is not a no", text)

    def test_agency_without_documents_is_not_researched(self) -> None:
        nobody = make.make_agency("Nobody Police Department")
        self.assertIn("Not researched: no document in the atlas", self.page(from_=nobody.slug))

    def test_direct_access_is_no_possible_route(self) -> None:
        text = self.page(from_=self.town.slug, to=self.bodies["fbi"].slug)
        self.assertIn("access as listed: 1. Of more, which are only possible: 0.", text)
        self.assertIn("Being listed does not show that a search took place.", text)

    def test_account_that_was_never_active_makes_no_route(self) -> None:
        text = self.page(from_=self.quiet.slug)
        self.assertIn("None in the atlas. That is not a no.", text)
        self.assertNotIn("accounts that are inactive now", text)

    def test_account_that_is_inactive_now_stands_apart(self) -> None:
        own_list(self.quiet, RECENT - timedelta(30), self.bodies["hsi"])
        rebuild_links()
        past = self.page(from_=self.quiet.slug).split("History, and accounts that are inactive now")[1]
        self.assertIn("with an inactive account: no access is claimed.", past)
        self.assertIn("None of these is claimed for today.", past)

    def test_day_before_the_documents_finds_nothing(self) -> None:
        day = RECENT - timedelta(1)
        self.assertIn("No route found", self.page(from_=self.city.slug, as_of=day.isoformat()))

    def test_names_are_taken_as_people_write_them(self) -> None:
        for name in ("Union City Police Department (CA)", "union city police department", str(self.city.uuid)):
            with self.subTest(name):
                self.assertIn("Routes from Union City Police Department", self.page(from_=name))

    def test_name_of_several_offers_a_choice(self) -> None:
        other = make.make_agency("Union City Police Department", "NJ")
        response = self.client.get("/routes/", {"from": "Union City Police Department", "hops": "3"})
        self.assertEqual(response.status_code, 400)
        self.assertContains(response, f"?from={other.slug}&amp;hops=3", status_code=400)
        self.assertIn("Choose below which agency is meant.", words(response))

    def test_parameters_that_cannot_be_used_are_told(self) -> None:
        cases: list[tuple[dict[str, str], str]] = [
            ({"from": "nobody at all"}, "No agency is called so."),
            ({"from": "a\x00b"}, "Null characters are not allowed."),
            ({"to": self.town.slug}, "Name an agency."),
            ({"from": self.city.slug, "hops": "4"}, "Select a valid choice"),
            ({"from": self.city.slug, "hops": "two"}, "Select a valid choice"),
            ({"from": self.city.slug, "as_of": "yesterday"}, "A day, written YYYY-MM-DD."),
            ({"from": self.city.slug, "as_of": "1950-01-01"}, "A day from 2000-01-01 to today."),
            ({"from": self.city.slug, "as_of": "2149-12-31"}, "A day from 2000-01-01 to today."),
            ({"from": self.city.slug, "to": self.city.slug}, "Name two different agencies."),
        ]
        for asked, told in cases:
            with self.subTest(asked):
                response = self.client.get("/routes/", asked)
                self.assertEqual(response.status_code, 400)
                self.assertIn(told, words(response))

    def test_merged_agency_stands_for_its_replacement(self) -> None:
        old = make.make_agency("Union City PD", merged_into=self.city)
        self.assertIn("Routes from Union City Police Department", self.page(from_=old.slug))

    def test_graph_that_is_not_built_yet_is_told(self) -> None:
        with patch("agencies.views.routes.routes", side_effect=GraphNotBuiltError("not yet")):
            self.assertIn("come back in a few minutes", self.page(503, from_=self.city.slug))

    def test_query_count_is_the_same_for_one_route_and_for_ten(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.page(from_=self.city.slug)
        more = [make.make_agency(f"Town {number} Police Department") for number in range(9)]
        own_list(self.city, RECENT + timedelta(1), self.town, *more)
        for town in more:
            own_list(town, RECENT, self.bodies["ice"])
        rebuild_links()
        with self.assertNumQueries(len(first)):
            self.assertIn("are only possible: 10.", self.page(from_=self.city.slug))


class LadderOnPagesTests(ReachTestCase):
    def text(self, thing: Any) -> str:
        """Return the words of a thing's page."""
        return words(self.client.get(thing.get_absolute_url()))

    def test_agency_page_answers_first_and_then_shows_the_rungs(self) -> None:
        text = self.text(self.town)
        first = text.index("Does it reach ICE? On ")
        self.assertIn("listed U.S. Border Patrol, a part of CBP, as getting access", text[first:])
        self.assertLess(first, text.index("CBP or Border Patrol stands on its list current"))
        beside = text.split("Beside the ladder, no rung of it:")[1]
        self.assertIn("listed Federal Bureau of Investigation as getting access", beside)

    def test_page_of_a_possible_route_says_what_it_is_not(self) -> None:
        text = self.text(self.city)
        self.assertIn("Possible route through Colma Police Department", text)
        self.assertIn(
            "Access is not passed on: U.S. Border Patrol is listed for plate reads of Colma Police Department, not for "
            "those of Union City Police Department.",
            text,
        )
        self.assertNotIn("shares with ICE", text)

    def test_rungs_lead_to_their_evidence(self) -> None:
        response = self.client.get(self.town.get_absolute_url())
        self.assertContains(response, f'href="/links/{self.town.slug}/border-patrol/"')
        self.assertContains(response, '<svg class="route-diagram"')

    def test_page_of_ice_has_no_rungs(self) -> None:
        response = self.client.get(self.bodies["ice"].get_absolute_url())
        self.assertIn("it has no rung of its own", words(response))
        self.assertNotContains(response, 'class="ladder"')

    def test_place_shows_whose_ladder_it_is(self) -> None:
        place = make.make_place()
        make.make_serving(self.city, place)
        make.make_serving(self.town, place)
        text = self.text(place)
        self.assertIn("the highest on the ladder is Colma Police Department.", text)
        self.assertIn("Possible route through Colma Police Department", text)

    def test_ladder_that_is_not_built_yet_is_told(self) -> None:
        place = make.make_place()
        make.make_serving(self.city, place)
        state = make.make_place("California", kind="state", geoid="06")
        missing = GraphNotBuiltError("not yet")
        with (
            patch("agencies.reach_page.ladders", side_effect=missing),
            patch("agencies.reach_state.current_graph", side_effect=missing),
        ):
            for thing in (self.city, place, state):
                with self.subTest(thing):
                    self.assertIn("come back in a few minutes", self.text(thing))

    def test_state_counts_its_agencies_by_rung_out_of_all(self) -> None:
        make.make_agency("Quiet Village Police Department")
        make.make_agency("Reno Police Department", "NV")
        text = self.text(make.make_place("California", kind="state", geoid="06"))
        self.assertIn("Known for 3 of the 4 agencies;", text)
        self.assertIn("2. ICE or a part of it stands on its list 0 1", text)
        self.assertIn("3. CBP or Border Patrol stands on its list 1 0", text)
        self.assertIn("5. Possible route through another agency 1 0", text)
        self.assertIn("6. No document found 1 –", text)
        self.assertIn("7. Not researched 1 –", text)

    def test_old_document_is_told_as_history(self) -> None:
        own_list(make.make_agency("Irvine Police Department"), date(2020, 3, 2), self.bodies["hsi"])
        rebuild_links()
        text = words(self.client.get("/agencies/irvine-police-department-ca/"))
        self.assertIn("ICE or a part of it stands on its list history", text)
        self.assertIn("it is history.", text)
