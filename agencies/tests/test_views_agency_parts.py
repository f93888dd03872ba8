"""What the agency page draws and advises, and what the first page says of recent changes."""

from datetime import date

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.history.rebuild import rebuild_changes
from agencies.models import Agency
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_grant,
    make_link,
    make_list,
    make_source,
)
from agencies.tests.history_factories import april, make_copy
from agencies.tests.pages import words


class WhatToDoTests(TestCase):
    """Whom to ask, for which records, under which law."""

    def text(self, agency: Agency) -> str:
        """Return the words of the agency's page."""
        return words(self.client.get(agency.get_absolute_url()))

    def test_police_page_has_a_request_to_copy(self) -> None:
        text = self.text(make_agency())
        self.assertIn("ask the city or town council, and the chief of police.", text)
        self.assertIn(
            "Under the California Public Records Act (Cal. Gov. Code § 7920.000 et seq.) I ask for copies of these "
            "records of Union City Police Department:",
            text,
        )
        for record in ("The sharing list", "The audit log", "Its ALPR policy", "Each contract", "Each agreement"):
            self.assertEqual(text.count(record), 1, record)
        self.assertIn("Not checked by the atlas yet", text)

    def test_federal_agency_is_asked_under_the_federal_act(self) -> None:
        text = self.text(make_agency("Federal Bureau of Investigation", "", kind="federal"))
        self.assertIn("Freedom of Information Act (FOIA), 5 U.S.C. § 552.", text)

    def test_private_body_has_no_letter_and_no_law(self) -> None:
        text = self.text(make_agency("Oak Hills Owners Association", kind="private"))
        self.assertIn("Records laws usually do not apply to a private body.", text)
        self.assertIn("That does not mean that there is none: ask anyway.", text)
        self.assertNotIn("I ask for copies of these records", text)

    def test_contract_city_sends_readers_to_its_sheriff_too(self) -> None:
        sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff")
        text = self.text(make_agency("Dublin Police Services", operated_by=sheriff))
        self.assertIn("Alameda County Sheriff's Office polices for it: ask there too.", text)


class PictureTests(TestCase):
    """Pictures with their numbers as text."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency(latitude=37.59, longitude=-122.02, coordinate_precision="place_centroid")
        cls.source = make_source(agency_alias=make_alias("Union City CA PD", cls.police))
        cls.others = [make_agency("Fremont Police Department"), make_agency("Reno Police Department", "NV")]
        for day, names in ((date(2026, 3, 27), 1), (date(2026, 4, 23), 2)):
            copied = make_list(make_capture(cls.source, day))
            for other in cls.others[:names]:
                make_grant(cls.police, other, copied)
        for other in cls.others:
            make_link(cls.police, other)

    def text(self) -> str:
        """Return the words of the page."""
        return words(self.client.get(self.police.get_absolute_url()))

    def test_length_of_the_list_is_drawn_and_written(self) -> None:
        text = self.text()
        self.assertIn("How long its lists were", text)
        self.assertIn("From 1 on 27 March 2026 to 2 on 23 April 2026.", text)
        self.assertIn("27 March 2026: 1 23 April 2026: 2", text)
        self.assertIn("Between two copies nothing is known.", text)

    def test_grantees_are_counted_by_state_and_kind_out_of_all(self) -> None:
        text = self.text()
        self.assertIn("Agencies listed as getting access, by state: 2 in all California 1 Nevada 1", text)
        self.assertIn("Agencies listed as getting access, by kind: 2 in all municipal police 2", text)

    def test_point_is_said_not_to_be_the_agencys_address(self) -> None:
        self.assertIn("The dot is the centre of the place it serves, not the agency's own address.", self.text())

    def test_no_picture_has_a_style_of_its_own(self) -> None:
        self.assertNotContains(self.client.get(self.police.get_absolute_url()), "style=")

    def test_query_count_is_the_same_for_few_and_many_names(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.text()
        copied = make_list(make_capture(self.source, date(2026, 4, 25)))
        for number in range(10):
            other = make_agency(f"Police Department {number}")
            make_grant(self.police, other, copied)
            make_link(self.police, other)
        with self.assertNumQueries(len(first)):
            self.text()


class HomeTests(TestCase):
    """The first page."""

    def test_recent_changes_and_newest_documents_are_listed(self) -> None:
        source = make_source("union-city", title="Portal of Union City")
        make_copy(april(1), ["Albany CA PD"], source=source)
        make_copy(april(8), ["Brea CA PD"], source=source)
        rebuild_changes()
        make_capture(make_source("portal", title="Portal of Fremont"), date(2026, 4, 26))
        text = words(self.client.get(reverse("home")))
        self.assertIn("Portal of Union City, 8 April 2026 1 name added, 1 name no longer listed", text)
        self.assertIn("Portal of Fremont, 26 April 2026", text)

    def test_empty_record_has_no_change(self) -> None:
        self.assertIn("No change is on record here yet.", words(self.client.get(reverse("home"))))

    def test_query_count_is_the_same_for_one_and_ten_changes(self) -> None:
        self.change("first")
        with CaptureQueriesContext(connection) as first:
            self.client.get(reverse("home"))
        for number in range(10):
            self.change(f"portal-{number}")
        with self.assertNumQueries(len(first)):
            self.client.get(reverse("home"))

    def change(self, slug: str) -> None:
        """Make two copies of a list that differ."""
        source = make_source(slug)
        make_copy(april(1), ["Albany CA PD"], source=source)
        make_copy(april(8), ["Brea CA PD"], source=source)
        rebuild_changes()
