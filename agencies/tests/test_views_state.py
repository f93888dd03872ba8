"""The page of a state."""

from datetime import date

from django.core.cache import cache
from django.db import connection
from django.test import TestCase, override_settings
from django.test.utils import CaptureQueriesContext

from agencies.history.rebuild import rebuild_changes
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_grant,
    make_link,
    make_list,
    make_place,
    make_serving,
    make_source,
)
from agencies.tests.history_factories import april, make_copy
from agencies.tests.pages import words


class StateTests(TestCase):
    """California with three agencies, one of them researched."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.state = make_place("California", geoid="06", kind="state")
        cls.police = make_agency()
        cls.sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff")
        cls.patrol = make_agency("California Highway Patrol", kind="state_police")
        make_agency("California Highway Patrol, Hayward", kind="state_police", parent=cls.patrol)
        make_serving(cls.patrol, cls.state, "statewide")
        cls.nevada = make_agency("Reno Police Department", "NV")
        source = make_source(agency_alias=make_alias("Union City CA PD", cls.police))
        make_grant(cls.police, cls.sheriff, make_list(make_capture(source)))
        make_link(cls.police, cls.sheriff)
        make_link(cls.police, cls.nevada, status="ended", ended_as_of=date(2026, 4, 25))
        make_link(cls.nevada, cls.sheriff, first_seen=date(2025, 1, 1))

    def setUp(self) -> None:
        cache.clear()

    def text(self) -> str:
        """Return the words of the page."""
        return words(self.client.get(self.state.get_absolute_url()))

    def test_researched_are_said_out_of_how_many(self) -> None:
        text = self.text()
        self.assertIn("Researched: 1 of the 3 agencies in California.", text)
        self.assertIn("1 transparency portal of its agencies has been read.", text)
        self.assertIn("municipal police 1 of 1", text)
        self.assertIn("sheriff 0 of 1", text)
        self.assertIn("It is not a no.", text)

    def test_largest_count_listed_agencies_only(self) -> None:
        text = self.text()
        gives, gets = text.index("Gives access to the most"), text.index("Gets access from the most")
        self.assertIn(
            "Union City Police Department newest document 23 April 2026 1 Union City Police Department",
            text[gives:gets],
        )
        self.assertIn(
            "Alameda County Sheriff's Office newest document 23 April 2026 2 Alameda County Sheriff's Office",
            text[gets:],
        )
        self.assertIn("may only be better documented than others", text)

    def test_changes_are_those_of_the_states_own_documents(self) -> None:
        for number, owner in enumerate(("Union City CA PD", "Reno NV PD")):
            source = make_source(f"portal-{number}", title=f"Portal of {owner}", agency_alias=make_alias(owner))
            make_alias("Reno NV PD", self.nevada)
            make_copy(april(1), ["Albany CA PD"], source=source, owner=owner)
            make_copy(april(8), ["Brea CA PD"], source=source, owner=owner)
        rebuild_changes()
        text = self.text()
        self.assertIn("Portal of Union City CA PD, 8 April 2026 1 name added, 1 name no longer listed", text)
        self.assertIn("compared with the copy of 1 April 2026", text)
        self.assertNotIn("Portal of Reno", text)

    def test_state_police_stand_with_whom_to_ask_and_the_law(self) -> None:
        text = self.text()
        self.assertIn("California Highway Patrol: ask your state legislators, and the head of the agency.", text)
        self.assertIn("California Public Records Act, Cal. Gov. Code § 7920.000 et seq.", text)
        self.assertIn("Not checked by the atlas yet", text)
        self.assertNotIn("California Highway Patrol, Hayward", text)

    def test_state_without_documents_is_not_researched(self) -> None:
        text = words(self.client.get(make_place("Wyoming", "WY", geoid="56", kind="state").get_absolute_url()))
        self.assertIn("Gives access to the most agencies: not researched.", text)
        self.assertIn("No change is on record here yet.", text)
        self.assertIn("That is a gap in the atlas.", text)

    def test_query_count_is_the_same_for_few_and_many_agencies(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.text()
        for number in range(10):
            agency = make_agency(f"Police Department {number}")
            make_link(agency, self.sheriff, status="inactive", inactive_as_of=date(2026, 3, number + 1))
        with self.assertNumQueries(len(first)):
            self.text()

    @override_settings(REVISION_SECONDS=5)
    def test_numbers_are_kept_until_the_record_changes(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.text()
        with CaptureQueriesContext(connection) as second:
            self.text()
        self.assertLess(len(second), len(first))
        make_agency("New Police Department")
        cache.delete("record-marks")
        self.assertIn("1 of the 4 agencies in California", self.text())
