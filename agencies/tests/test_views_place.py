"""The place page."""

from datetime import date

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from agencies.models import Place
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_answer,
    make_capture,
    make_grant,
    make_link,
    make_list,
    make_network,
    make_place,
    make_serving,
    make_source,
)
from agencies.tests.pages import words


class PlaceTests(TestCase):
    """A city, its county and its state."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.state = make_place("California", geoid="06", kind="state")
        cls.county = make_place("Alameda County", geoid="06001", kind="county")
        cls.city = make_place(county=cls.county)
        cls.police = make_agency(county=cls.county)
        make_serving(cls.police, cls.city)
        cls.sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff", county=cls.county)
        make_serving(cls.sheriff, cls.county, "county")
        cls.patrol = make_agency("California Highway Patrol", kind="state_police")
        make_agency("California Highway Patrol, Hayward", kind="state_police", parent=cls.patrol, county=cls.county)
        cls.campus = make_agency("State University Police", kind="campus", county=cls.county)

    def text(self, place: Place) -> str:
        """Return the words of a place's page."""
        return words(self.client.get(place.get_absolute_url()))

    def test_agency_without_documents_is_not_researched(self) -> None:
        text = self.text(self.city)
        self.assertIn("Not researched: no document in the atlas says whom Union City Police Department gives", text)
        self.assertIn("Researched so far: 0 of 3 agencies shown here.", text)
        self.assertIn("It is not a no.", text)

    def test_sheriff_and_state_police_are_shown_and_posts_are_not(self) -> None:
        text = self.text(self.city)
        self.assertIn("Alameda County Sheriff's Office", text)
        self.assertIn("California Highway Patrol", text)
        self.assertNotIn("California Highway Patrol, Hayward", text)
        self.assertIn("Campus, transit and other agencies in Alameda County", text)
        self.assertIn("State University Police", text)

    def test_place_without_its_own_agency_says_so(self) -> None:
        text = self.text(make_place("Piedmont", county=self.county))
        self.assertIn("The atlas knows of no agency of Piedmont, CA's own.", text)
        self.assertIn("Alameda County Sheriff's Office", text)

    def test_place_with_no_agency_at_all_is_a_gap(self) -> None:
        self.assertIn("That is a gap in the atlas.", self.text(make_place("Nowhere", "WY")))

    def test_own_portal_is_named_with_its_date(self) -> None:
        source = make_source(agency_alias=make_alias("Union City CA PD", self.police))
        captured = make_list(make_capture(source, date(2026, 4, 23)))
        make_grant(self.police, self.sheriff, captured)
        text = self.text(self.city)
        self.assertIn(
            "As of 23 April 2026, Union City Police Department's own Flock portal lists 1 organization that gets",
            text,
        )
        self.assertIn("Researched so far: 1 of 3 agencies shown here.", text)

    def test_ice_statement_of_2019_stands_with_its_dispute(self) -> None:
        slug = "immigration-and-customs-enforcement"
        ice = make_agency("U.S. Immigration and Customs Enforcement", "", kind="federal", slug=slug)
        release = make_source("aclu-2019", kind="article", publisher="ACLU of Northern California")
        named = make_list(
            make_capture(release, date(2019, 3, 13)),
            completeness="extract",
            reported_by="grantee",
            network=make_network("vigilant"),
            section="ice-access-2019",
        )
        grant = make_grant(self.police, ice, named)
        make_answer(self.police, grant, capture=make_capture(release, date(2019, 3, 19)))
        rebuild_links()
        text = self.text(self.city)
        self.assertIn(
            "Records of ICE released in March 2019, as reported by ACLU of Northern California on 13 March 2019, "
            "name Union City Police Department as giving U.S. Immigration and Customs Enforcement access.",
            text,
        )
        self.assertIn("Disputed (19 March 2019): The agency says that it operates no plate cameras.", text)

    def test_inactive_federal_account_is_not_shown_as_access(self) -> None:
        postal = make_agency("U.S. Postal Inspection Service", "", kind="federal")
        make_link(self.police, postal, status="inactive", inactive_as_of=date(2026, 4, 23))
        text = self.text(self.city)
        self.assertIn(
            "On 23 April 2026, a document in the atlas listed U.S. Postal Inspection Service for plate reads of Union "
            "City Police Department with an inactive account: no access is claimed.",
            text,
        )
        self.assertNotIn("listed U.S. Postal Inspection Service as getting access", text)

    def test_county_and_state_list_their_agencies(self) -> None:
        self.assertIn("Researched so far: 0 of 2 agencies.", self.text(self.county))
        self.assertIn("Other agencies in California", self.text(self.state))

    def test_each_agency_has_whom_to_ask_and_the_law_is_named_once(self) -> None:
        text = self.text(self.city)
        self.assertIn("Union City Police Department: ask the city or town council, and the chief of police.", text)
        self.assertIn("Alameda County Sheriff's Office: ask the sheriff, and the county's board", text)
        self.assertIn("California Highway Patrol: ask your state legislators", text)
        self.assertEqual(text.count("Cal. Gov. Code § 7920.000 et seq."), 1)
        self.assertIn("Not checked by the atlas yet", text)

    def test_point_is_drawn_in_its_state_and_said_to_be_the_middle(self) -> None:
        place = make_place("Hayward", county=self.county, latitude=37.63, longitude=-122.1)
        self.assertIn("The dot is the middle of Hayward, CA.", self.text(place))
        self.assertNotIn("The dot is", self.text(self.city))

    def test_query_count_is_the_same_for_one_and_ten_agencies(self) -> None:
        make_link(self.police, self.campus)
        with CaptureQueriesContext(connection) as first:
            self.client.get(self.city.get_absolute_url())
        for number in range(10):
            agency = make_agency(f"Union City Police Department {number}", county=self.county)
            make_serving(agency, self.city)
            make_link(agency, self.campus)
            make_agency(f"Campus Police {number}", kind="campus", county=self.county)
        with self.assertNumQueries(len(first)):
            self.client.get(self.city.get_absolute_url())
