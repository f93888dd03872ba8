"""Irvine's report of 2020: the federal bodies and both Union City rows, where they stand and which way."""

import unittest
from datetime import date
from pathlib import Path

from agencies.ingest import irvine_2020
from agencies.ingest.irvine_2020 import IRVINE, SECTIONS, Cell, _list
from agencies.ingest.parsed import ImportProblem, ParsedDocument, ParsedGrant, PrintedName
from agencies.tests.portal_factories import SHARED

REPORT = SHARED / "vigilant" / "irvine_pd_2020_data_sharing_report.pdf"
FILE = "report.pdf"


def cells(*texts: str, column: int = 1) -> list[Cell]:
    """Return the four headings with `texts` below each."""
    lines = [text for section in SECTIONS for text in (section.heading, *texts)]
    headings = {section.heading for section in SECTIONS}
    return [Cell(1, number, 1 if text in headings else column, text) for number, text in enumerate(lines, start=1)]


class ListTests(unittest.TestCase):
    def test_shared_lists_go_out_and_received_lists_come_in(self) -> None:
        lists = [_list(section, cells("ATF National Account"), FILE) for section in SECTIONS]
        atf = PrintedName("ATF National Account", "")
        self.assertEqual(
            [(found.section, found.access, found.reported_by) for found in lists],
            [
                ("detections-shared", "configured_access", "grantor"),
                ("detections-received", "configured_access", "grantee"),
                ("hot-lists-shared", "hotlist_feed", "grantor"),
                ("hot-lists-received", "hotlist_feed", "grantee"),
            ],
        )
        self.assertEqual([found.grants[0].grantor for found in lists], [IRVINE, atf, IRVINE, atf])
        self.assertEqual({found.completeness for found in lists}, {"extract"})

    def test_misread_letters_are_told_in_the_locator_and_not_printed(self) -> None:
        grant = _list(SECTIONS[0], cells("CEP - NTC"), FILE).grants[0]
        self.assertEqual(grant.printed, "CBP - NTC")
        self.assertTrue(grant.locator.endswith('; the text layer reads "CEP - NTC"'))

    def test_a_longer_name_is_another_name(self) -> None:
        self.assertEqual(_list(SECTIONS[0], cells("New Union City Police Department"), FILE).grants, [])

    def test_names_of_hot_lists_are_no_agencies(self) -> None:
        self.assertEqual(_list(SECTIONS[2], cells("ATF National Account", column=2), FILE).grants, [])

    def test_state_is_the_one_printed_beside_the_name(self) -> None:
        names = ("Union City Police Department", "Union City Police Department (CA)")
        grants = _list(SECTIONS[0], cells(*names), FILE).grants
        self.assertEqual([grant.grantee.state for grant in grants], ["", "CA"])

    def test_missing_heading_and_bad_file_are_refused(self) -> None:
        with self.assertRaises(ImportProblem) as caught:
            _list(SECTIONS[1], cells()[:1], FILE)
        self.assertEqual(caught.exception.field, "Detections Received")
        for data in (b"", b"not a PDF", b"%PDF-1.4\n"):
            with self.subTest(data), self.assertRaises(ImportProblem):
                irvine_2020.parse(data, file=FILE)
        with self.assertRaisesRegex(ImportProblem, "can't be opened"):
            list(irvine_2020.read(Path("nowhere.pdf")))


@unittest.skipUnless(REPORT.is_file(), f"shared report not found at {REPORT}")
class RealReportTests(unittest.TestCase):
    document: ParsedDocument
    lists: dict[str, list[ParsedGrant]]

    @classmethod
    def setUpClass(cls) -> None:
        (cls.document,) = irvine_2020.read(REPORT)
        cls.lists = {found.section: found.grants for found in cls.document.lists}

    def test_report_is_irvines_and_of_march_2020(self) -> None:
        self.assertEqual(self.document.source.agency, PrintedName("Irvine Police Department", "CA"))
        self.assertEqual(self.document.capture.published_on, date(2020, 3, 2))

    def test_shared_with_seven_federal_bodies_and_both_union_cities(self) -> None:
        self.assertEqual(
            [(grant.printed, grant.locator.split(", ")[1]) for grant in self.lists["detections-shared"]],
            [
                ("ATF National Account", "page 1"),
                ("CBP - NTC", "page 2"),
                ("DHS - HSI (Newark NJ)", "page 2"),
                ("Drug Enforcement Agency (NATL)", "page 2"),
                ("Federal Bureau of Investigation", "page 3"),
                ("San Diego Sector Border Patrol (CA)", "page 6"),
                ("Union City Police Department (CA)", "page 6"),
                ("Union City Police Department", "page 6"),
                ("United States Forest Service CA", "page 6"),
            ],
        )

    def test_received_from_five_federal_bodies_and_union_city_in_california(self) -> None:
        received = self.lists["detections-received"]
        self.assertEqual(
            [grant.printed for grant in received],
            [
                "United States Forest Service CA",
                "San Diego Sector Border Patrol (CA)",
                "ATF National Account",
                "Union City Police Department (CA)",
                "CBP - NTC",
                "Drug Enforcement Agency (NATL)",
            ],
        )
        self.assertEqual({grant.grantee for grant in received}, {IRVINE})

    def test_only_border_patrol_of_these_gets_a_hot_list_and_none_sends_one(self) -> None:
        self.assertEqual(
            [grant.printed for grant in self.lists["hot-lists-shared"]], ["San Diego Sector Border Patrol (CA)"]
        )
        self.assertNotIn("hot-lists-received", self.lists)
