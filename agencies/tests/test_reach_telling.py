"""The ladder in words, on small records: the exact sentences."""

from datetime import date, timedelta

from django.test import TestCase

from agencies.models import Agency
from agencies.network.ladder import ladder, place_ladder
from agencies.network.rebuild import rebuild_links
from agencies.network.rungs import Rung
from agencies.network.steps import Ladder
from agencies.reach_telling import answer, beside, place_answer, tell
from agencies.tests import factories as make
from agencies.tests.graph_factories import DAY, list_of_2019, make_bodies, own_list

RECENT = date(2025, 6, 11)


class TellingTestCase(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_bodies()
        cls.city = make.make_agency()
        cls.town = make.make_agency("Colma Police Department")

    def of(self, agency: Agency | None = None) -> Ladder:
        """Return the ladder of an agency, the city by default, as of the tests' day."""
        rebuild_links()
        return ladder(agency or self.city, DAY)


class AnswerTests(TellingTestCase):
    def test_part_of_ice_is_named_with_what_it_is_a_part_of(self) -> None:
        own_list(self.city, RECENT, self.bodies["newark"])
        self.assertEqual(
            answer(self.of()),
            "On 11 June 2025, Union City Police Department's own Flock portal listed ICE Homeland Security "
            "Investigations, Newark, a part of ICE, as getting access to plate reads of Union City Police Department. "
            "Being listed does not show that a search took place.",
        )

    def test_ice_itself_is_no_part(self) -> None:
        own_list(self.city, RECENT, self.bodies["ice"])
        self.assertIn("listed U.S. Immigration and Customs Enforcement as getting access", answer(self.of()))

    def test_border_patrol_is_told_as_a_part_of_cbp(self) -> None:
        own_list(self.city, RECENT, self.bodies["patrol"])
        self.assertIn("listed U.S. Border Patrol, a part of CBP, as getting access", answer(self.of()))

    def test_inactive_account_claims_no_access_and_stands_beside_what_was_checked(self) -> None:
        own_list(self.city, RECENT, self.bodies["hsi"], account_status="inactive")
        text = answer(self.of())
        self.assertTrue(text.startswith("No document found (checked 11 June 2025): "))
        self.assertIn(
            "listed ICE Homeland Security Investigations, a part of ICE, for plate reads of Union City Police "
            "Department with an inactive account: no access is claimed.",
            text,
        )
        self.assertNotIn("as getting access to plate reads of Union City Police Department. ", text)

    def test_records_of_2019_are_history_with_their_denial_beside_them(self) -> None:
        [grant] = list_of_2019(self.bodies["ice"], date(2019, 3, 13), self.city).grants.all()
        make.make_answer(self.city, grant, capture=make.make_capture(make.make_source("a"), date(2019, 3, 19)))
        self.assertEqual(
            answer(self.of()),
            "Not researched: no complete list of who gets access to plate reads of Union City Police Department is in "
            "the atlas. That is not a no. Records of ICE released in March 2019, as reported by ACLU on 13 March 2019, "
            "name Union City Police Department as giving U.S. Immigration and Customs Enforcement access. That is more "
            "than three years ago, and no newer document in the atlas says so: it is history. Disputed by an answer of "
            "19 March 2019. Being listed does not show that a search took place.",
        )

    def test_ended_link_says_as_of_when(self) -> None:
        own_list(self.city, RECENT, self.bodies["ice"])
        own_list(self.city, RECENT + timedelta(30), self.town)
        self.assertIn("No longer listed as of 11 July 2025.", answer(self.of()))

    def test_agency_without_documents_is_not_researched(self) -> None:
        self.assertEqual(
            answer(self.of()),
            "Not researched: no complete list of who gets access to plate reads of Union City Police Department is in "
            "the atlas. That is not a no.",
        )

    def test_list_too_old_to_speak_of_today_is_said_with_its_day_and_not_as_missing(self) -> None:
        own_list(self.city, date(2020, 3, 2), self.bodies["ice"])
        self.assertTrue(
            answer(self.of()).startswith(
                "Not researched for today: the newest complete list of who gets access to plate reads of Union City "
                "Police Department in the atlas is of 2 March 2020, more than three years ago. That is not a no. On 2 "
                "March 2020, "
            )
        )
        self.assertNotIn("parts of its own", " ".join(one.text for one in tell(self.of().steps[-1], self.of())))

    def test_body_that_is_asked_about_has_no_rung(self) -> None:
        self.assertIn("it has no rung of its own", answer(self.of(self.bodies["patrol"])))


class RungTests(TellingTestCase):
    def told(self, rung: Rung) -> str:
        """Return all sentences of a rung."""
        found = self.of()
        return " ".join(one.text for one in tell(found.step(rung), found))

    def test_possible_route_names_each_part_and_how_many_there_are(self) -> None:
        own_list(self.city, RECENT, self.town, make.make_agency("Daly City Police Department"))
        own_list(self.town, RECENT + timedelta(1), self.bodies["patrol"])
        self.assertEqual(
            self.told(Rung.POSSIBLE_ROUTE),
            "Possible route through Colma Police Department: people at Colma Police Department can search plate reads "
            "of Union City Police Department, as Union City Police Department's own Flock portal listed on 11 June "
            "2025; it does not show that anyone did. On 12 June 2025, Colma Police Department's own Flock portal "
            "listed U.S. Border Patrol, a part of CBP, as getting access to plate reads of Colma Police Department. "
            "Agencies listed as getting access from Union City Police Department: 2. With a possible route through "
            "them: 1. With a complete list of their own in the atlas: 1.",
        )

    def test_route_over_an_inactive_account_claims_nothing(self) -> None:
        own_list(self.city, RECENT, self.town)
        own_list(self.town, RECENT, self.bodies["hsi"], account_status="inactive")
        text = self.told(Rung.POSSIBLE_ROUTE)
        self.assertIn("with an inactive account on the way: no access is claimed.", text)
        self.assertNotIn("can search", text)

    def test_past_route_is_told_as_history(self) -> None:
        own_list(self.town, date(2020, 3, 3), self.bodies["ice"])
        own_list(self.city, date(2020, 3, 3), self.town)
        text = self.told(Rung.POSSIBLE_ROUTE)
        self.assertIn("A possible route through Colma Police Department is history: documents up to 3 March 2020", text)
        self.assertNotIn("can search", text)

    def test_audit_is_told_as_far_as_published(self) -> None:
        audit = make.make_capture(make.make_source("audit", title="Audit of Union City"), date(2026, 4, 23))
        make.make_fact(self.city, "searches_seen", {"2026-03": {"immigration": 2, "theft": 4}}, audit)
        self.assertEqual(
            self.told(Rung.IMMIGRATION_SEARCHES),
            "Audit of Union City, as of 23 April 2026, gives immigration as the reason of searches by people at Union "
            "City Police Department: 2, as far as published, the newest of them in the month up to 31 March 2026.",
        )

    def test_search_by_a_body_is_told_as_a_search(self) -> None:
        log = make.make_list(make.make_capture(day=RECENT), access="observed_search", completeness="extract")
        make.make_grant(self.city, self.bodies["ice"], log)
        self.assertIn("as having searched plate reads of Union City", self.told(Rung.IMMIGRATION_SEARCHES))

    def test_unmatched_names_are_counted_beside_nothing_found(self) -> None:
        found = own_list(self.city, RECENT, self.town)
        make.make_grant(self.city, make.make_agency("Stand-in"), found)
        alias = found.grants.get(grantee_alias__printed_name="Stand-in").grantee_alias
        alias.decision = None
        alias.save(update_fields=["decision"])
        self.assertIn("not matched to an agency yet, and could be any: 1.", self.told(Rung.NOTHING_FOUND))

    def test_names_in_print_are_not_the_whole_of_ices_records(self) -> None:
        list_of_2019(self.bodies["ice"], date(2019, 3, 13), self.town)
        self.assertEqual(
            self.told(Rung.ICE_RECORDS),
            "No document found (checked 13 March 2019): of ICE's own records the atlas holds only the names that were "
            "in print, and Union City Police Department is not among them.",
        )


class BesideTests(TellingTestCase):
    def text(self) -> str:
        """Return all that stands beside the city's ladder."""
        return " ".join(told.text for told in beside(self.of()))

    def test_other_federal_bodies_stand_as_themselves(self) -> None:
        own_list(self.city, RECENT, self.bodies["fbi"])
        self.assertIn("listed Federal Bureau of Investigation as getting access", self.text())
        self.assertNotIn("Federal Bureau", answer(self.of()))

    def test_hot_list_is_no_access_to_reads(self) -> None:
        feed = make.make_list(make.make_capture(day=RECENT), access="hotlist_feed", completeness="extract")
        make.make_grant(self.city, self.bodies["patrol"], feed)
        self.assertIn("as getting the hot list of Union City Police Department: a hot list is no access", self.text())

    def test_agreement_is_told_with_its_document_and_whether_a_newer_copy_has_it(self) -> None:
        source = make.make_source("ice-287g", title="ICE's list of 287(g) agreements", publisher="ICE")
        value = [{"model": "Task Force Model", "status": "participating"}]
        make.make_fact(self.city, "agreements_287g", value, make.make_capture(source, RECENT))
        self.assertIn(
            "ICE's list of 287(g) agreements, as of 11 June 2025, says of Union City Police Department: Task Force",
            self.text(),
        )
        make.make_capture(source, RECENT + timedelta(9))
        self.assertIn("A newer copy, of 20 June 2025, does not say so any more.", self.text())


class PlaceTests(TellingTestCase):
    def test_place_tells_of_the_highest_and_says_whose_it_is(self) -> None:
        place = make.make_place()
        make.make_serving(self.city, place)
        make.make_serving(self.town, place)
        own_list(self.town, RECENT, self.bodies["ice"])
        rebuild_links()
        self.assertTrue(
            place_answer(place_ladder(place, DAY)).startswith(
                "Of the 2 agencies that serve Union City, CA, the highest on the ladder is Colma Police Department. On "
            )
        )

    def test_place_of_agencies_without_documents_is_not_researched(self) -> None:
        place = make.make_place()
        make.make_serving(self.city, place)
        make.make_serving(self.town, place)
        self.assertIn("for none of the 2 agencies that serve Union City, CA", place_answer(place_ladder(place, DAY)))

    def test_place_served_from_afar_says_so(self) -> None:
        county = make.make_place("Alameda County", kind="county", geoid="06001")
        place = make.make_place("Ashland", county=county)
        make.make_serving(make.make_agency("Alameda Sheriff", kind="sheriff"), county, "county")
        self.assertIn(
            "Ashland, CA has no agency of its own in the atlas; this is", place_answer(place_ladder(place, DAY))
        )
        self.assertEqual(place_answer(place_ladder(make.make_place("Nowhere", "WY"), DAY)), "")
