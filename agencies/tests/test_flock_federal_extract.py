"""The extract of federal bodies: captures of portals that only add."""

import unittest
from collections import Counter
from datetime import date
from pathlib import Path

from agencies.ingest import flock_federal_extract
from agencies.ingest.parsed import ImportProblem, ParsedDocument, PrintedName
from agencies.tests.portal_factories import SHARED

TABLE = SHARED / "flock_federal_grantees_2025-06-11.csv"
HEAD = "grantor_printed,grantee_printed,retrieved_on,portal_url"
PORTAL = "https://transparency.flocksafety.com/testville-wi-pd"
HSI = f"Testville WI PD,Homeland Security Investigations [Federal] [Inactive],2025-06-11,{PORTAL}"
ATF = f"Testville WI PD,ATF Nashville TN,2025-06-11,{PORTAL}"


def parsed(*rows: str) -> list[ParsedDocument]:
    return list(flock_federal_extract.parse("\n".join([HEAD, *rows]).encode(), file="table.csv"))


class DocumentTests(unittest.TestCase):
    def test_rows_of_a_portal_are_one_capture_of_its_stream(self) -> None:
        (document,) = parsed(HSI, ATF)
        self.assertEqual(document.source.slug, "flock-portal-testville-wi-pd")
        self.assertEqual((document.capture.published_on, document.capture.retrieved_on), (None, date(2025, 6, 11)))
        found = document.lists[0]
        self.assertEqual(
            (found.access, found.reported_by, found.section, found.completeness),
            ("configured_access", "grantor", "organizations-with-access", "extract"),
        )

    def test_mark_stays_in_the_name_and_sets_the_status(self) -> None:
        grants = parsed(HSI, ATF)[0].lists[0].grants
        self.assertEqual([grant.account_status for grant in grants], ["inactive", "active"])
        self.assertEqual(grants[0].grantee, PrintedName("Homeland Security Investigations [Federal] [Inactive]", "WI"))


class ProblemTests(unittest.TestCase):
    def test_bad_rows_are_named_by_row_and_field(self) -> None:
        for row, field in {
            f"Testville WI PD,,2025-06-11,{PORTAL}": "grantee_printed",
            f"Testville WI PD,FBI,June,{PORTAL}": "retrieved_on",
            "Testville WI PD,FBI,2025-06-11,https://example.org/x": "portal_url",
            f"Other WI PD,FBI,2025-06-11,{PORTAL}": "portal_url",
        }.items():
            with self.subTest(row), self.assertRaises(ImportProblem) as caught:
                parsed(ATF, row)
            self.assertEqual((caught.exception.file, caught.exception.row), ("table.csv", 3))
            self.assertEqual(caught.exception.field, field)

    def test_nul_character_is_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "row 2: a cell holds a NUL"):
            parsed(ATF.replace("Nashville", "Nash\0ville"))

    def test_missing_file_is_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "can't be opened"):
            list(flock_federal_extract.read(Path("nowhere.csv")))


@unittest.skipUnless(TABLE.is_file(), f"shared table not found at {TABLE}")
class RealTableTests(unittest.TestCase):
    def test_all_grants_are_read_and_145_are_no_current_access(self) -> None:
        documents = list(flock_federal_extract.read(TABLE))
        grants = [grant for document in documents for grant in document.lists[0].grants]
        self.assertEqual((len(documents), len(grants)), (159, 496))
        self.assertEqual(
            Counter(grant.account_status for grant in grants),
            {"active": 351, "inactive": 108, "turned_off": 33, "deactivated": 4},
        )
        hsi = [grant for grant in grants if grant.printed.startswith("Homeland Security Investigations")]
        self.assertEqual((len(hsi), {grant.account_status for grant in hsi}), (60, {"inactive"}))
