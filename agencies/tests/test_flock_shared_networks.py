"""Shared networks tables: both ways, networks and whose they are, dates, damage, and an account of every row."""

import unittest
from collections import Counter
from datetime import date
from pathlib import Path
from unittest import mock

from agencies.ingest import flock_shared_networks
from agencies.ingest.flock_shared_networks_table import Fate, account, joined
from agencies.ingest.parsed import ImportProblem, ParsedDocument, ParsedGrant, PrintedName
from agencies.tests.document_factories import TABLE, content, pdf, ruled_page, workbook

FILE = "table.xlsx"
HEAD = ("Organization Name", "Networks Shared With Me", "Networks I'm Sharing")
OWN = PrintedName("Testville CA PD", "CA")


def parsed(*rows: tuple[object, ...], title: str = "", file: str = FILE, **options: str) -> ParsedDocument:
    """Return the document of a workbook with these rows below the headings."""
    data = workbook(HEAD, *rows, **({"title": title} if title else {}))
    return flock_shared_networks.parse(data, file=file, **{"agency": OWN.text, "state": OWN.state, **options})


def parties(grants: list[ParsedGrant]) -> list[tuple[str, str, str]]:
    return [(grant.grantor.text, grant.grantee.text, grant.locator) for grant in grants]


class RowTests(unittest.TestCase):
    def test_one_statement_is_one_network_of_one_row(self) -> None:
        row = ("Marina CA PD", "Marina CA PD,Marina CA PD - Condor", "City of Dana Point CA (OCSD),City of Stanton CA")
        shared, received = parsed(row).lists
        self.assertEqual(
            parties(shared.grants),
            [
                ("City of Dana Point CA (OCSD)", "Marina CA PD", "row 2, Networks I'm Sharing, name 1 of 2"),
                ("City of Stanton CA", "Marina CA PD", "row 2, Networks I'm Sharing, name 2 of 2"),
            ],
        )
        self.assertEqual(
            parties(received.grants),
            [
                ("Marina CA PD", OWN.text, "row 2, Networks Shared With Me, name 1 of 2: Marina CA PD"),
                ("Marina CA PD", OWN.text, "row 2, Networks Shared With Me, name 2 of 2: Marina CA PD - Condor"),
            ],
        )
        self.assertEqual([found.reported_by for found in (shared, received)], ["grantor", "grantee"])
        self.assertEqual({grant.printed for grant in (*shared.grants, *received.grants)}, {"Marina CA PD"})

    def test_every_name_has_the_state_of_the_tables_agency(self) -> None:
        shared, received = parsed(("Sarasota FL PD", "Sarasota FL PD", "City of Stanton CA")).lists
        names = [name for grant in (*shared.grants, *received.grants) for name in (grant.grantor, grant.grantee)]
        self.assertEqual({name.state for name in names}, {"CA"})

    def test_empty_cell_shares_nothing_that_way(self) -> None:
        shared, received = parsed(("Sarasota FL PD", "Sarasota FL PD", None), ("Galt CA PD", " ", None)).lists
        self.assertEqual((shared.completeness, shared.grants), ("empty", []))
        self.assertEqual((received.completeness, len(received.grants)), ("complete", 1))

    def test_white_space_is_collapsed_and_misencoded_dashes_are_mended(self) -> None:
        row = (" Burlingame  CA PD ", "Lake Matthews \u00e2\u20ac\u201c County \u00e2\u20ac\u201c RCSD", "")
        (grant,) = parsed(row).lists[1].grants
        self.assertEqual(grant.grantor.text, "Burlingame CA PD")
        self.assertTrue(grant.locator.endswith("Lake Matthews \u2013 County \u2013 RCSD"))

    def test_mark_of_a_network_or_its_organisation_is_the_status(self) -> None:
        rows = (("Galt CA PD", "Galt CA PD - Inactive,Galt CA PD", "A"), ("Elk CA PD [Inactive]", "Elk CA PD", "A"))
        shared, received = parsed(*rows).lists
        self.assertEqual([grant.account_status for grant in received.grants], ["inactive", "active", "inactive"])
        self.assertEqual([grant.account_status for grant in shared.grants], ["active", "inactive"])

    def test_comma_inside_a_name_parts_nothing(self) -> None:
        row = ("University of California, Berkeley", "University of California, Berkeley", "A")
        self.assertEqual([len(found.grants) for found in parsed(row).lists], [1, 1])

    def test_withheld_name_stands_in_no_locator_and_no_kept_text(self) -> None:
        with mock.patch.object(flock_shared_networks, "is_withheld", lambda name: name == "A Resident"):
            document = parsed(("A Resident", "A Resident", "A"))
        self.assertNotIn("A Resident", document.kept_text + document.lists[1].grants[0].locator)


class DocumentTests(unittest.TestCase):
    ROW = ("Galt CA PD", "Galt CA PD", "A")

    def test_date_is_the_options_else_the_sheets_else_the_files(self) -> None:
        for title, file, options, expected in (
            ("SharedNetworks_2025_December_30", "x_2024-01-02.xlsx", {"published_on": "2026-02-03"}, date(2026, 2, 3)),
            ("SharedNetworks_2025_December_30", "x_2024-01-02.xlsx", {}, date(2025, 12, 30)),
            ("Sheet1", "x_2024-01-02.xlsx", {}, date(2024, 1, 2)),
            ("Sheet1", "x_2024-02.xlsx", {}, date(2024, 2, 29)),
            ("Sheet1", "x_2024-13.xlsx", {"retrieved_on": "2025-01-01"}, None),
        ):
            with self.subTest(expected=expected):
                found = parsed(self.ROW, title=title, file=file, **options)
                self.assertEqual(found.capture.published_on, expected)

    def test_source_is_named_after_the_agency(self) -> None:
        self.assertEqual(parsed(self.ROW).source.slug, "flock-shared-networks-testville-ca-pd")
        other = parsed(self.ROW, agency="Orange County Sheriff", state="CA").source
        self.assertEqual(
            (other.slug, other.agency),
            ("flock-shared-networks-orange-county-sheriff-ca", PrintedName("Orange County Sheriff", "CA")),
        )

    def test_missing_agency_state_or_date_is_refused(self) -> None:
        for field, options in (
            ("agency", {"agency": ""}),
            ("state", {"agency": "Testville PD", "state": ""}),
            ("state", {"state": "California"}),
            ("published_on", {"title": "Sheet1"}),
            ("retrieved_on", {"retrieved_on": "yesterday"}),
        ):
            with self.subTest(field), self.assertRaises(ImportProblem) as caught:
                parsed(self.ROW, **options)
            self.assertEqual((caught.exception.field, caught.exception.file), (field, FILE))


class TableTests(unittest.TestCase):
    def test_columns_are_found_by_their_headings_and_every_row_is_told(self) -> None:
        rows = (
            ("Shared networks",),
            ("Networks I\u2019m Sharing", "Note", "Organisation Name", "Networks shared with me"),
            ("A", "x", "Galt CA PD", "Galt CA PD - LPR"),
            (None, None, None, " "),
        )
        table = account(workbook(*rows), file=FILE)
        self.assertEqual([row.fate for row in table.rows], [Fate.TITLE, Fate.HEADING, Fate.ORGANISATION, Fate.BLANK])
        row = table.rows[2]
        self.assertEqual((row.organisation, row.received, row.shared), ("Galt CA PD", "Galt CA PD - LPR", "A"))

    def test_networks_without_an_organisation_are_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "no organisation in row 3"):
            parsed(("Galt CA PD", "A", "B"), (None, "C", "D"))

    def test_other_tables_and_damaged_files_are_refused(self) -> None:
        good = workbook(HEAD, ("Galt CA PD", "A", "B"))
        for data, message in (
            (b"", "neither a workbook"),
            (b"PK\x03\x04", "workbook"),
            (good[:-100], "workbook"),
            (workbook(("Name", "Count"), ("A", 1)), "no row has the columns"),
            (workbook(HEAD, ("Galt CA PD", "A", "B"), other=("x",)), "2 sheets"),
            (pdf([content([(40, 80, "Organization Name")])]), "no page has a ruled table"),
        ):
            with self.subTest(message), self.assertRaisesRegex(ImportProblem, message):
                account(data, file=FILE)

    def test_missing_file_is_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "can't be opened"):
            list(flock_shared_networks.read(Path("nowhere.xlsx")))


class PdfTests(unittest.TestCase):
    def test_ruled_table_over_two_pages_reads_as_the_workbook_does(self) -> None:
        pages = [
            ruled_page(HEAD, ("Galt CA PD", "Galt CA PD -\nLPR,Galt CA PD", "A"), ("Elk CA PD", "", "A,B,\nC")),
            ruled_page(HEAD, ("", "Elk CA PD", "D"), ("Lodi CA PD", "Lodi CA PD", "")),
        ]
        table = account(pdf(pages), file="table.pdf")
        fates = [Fate.HEADING, Fate.ORGANISATION, Fate.ORGANISATION, Fate.HEADING, Fate.REST, Fate.ORGANISATION]
        self.assertEqual([row.fate for row in table.rows], fates)
        self.assertEqual(
            [(row.organisation, row.received, row.shared) for row in joined(table.rows)],
            [
                ("Galt CA PD", "Galt CA PD - LPR,Galt CA PD", "A"),
                ("Elk CA PD", "Elk CA PD", "A,B, C D"),
                ("Lodi CA PD", "Lodi CA PD", ""),
            ],
        )
        self.assertEqual(table.rows[5].place, "page 2, row 3")


@unittest.skipUnless(TABLE.is_file(), f"shared table not found at {TABLE}")
class RealTableTests(unittest.TestCase):
    document: ParsedDocument

    @classmethod
    def setUpClass(cls) -> None:
        (cls.document,) = flock_shared_networks.read(TABLE)

    def test_whose_and_when(self) -> None:
        self.assertEqual(self.document.source.agency, PrintedName("Orange County SO CA", "CA"))
        self.assertEqual(self.document.capture.published_on, date(2025, 12, 30))

    def test_all_391_organisations_are_accounted_for(self) -> None:
        table = account(TABLE.read_bytes(), file=FILE)
        self.assertEqual(Counter(row.fate for row in table.rows), {Fate.HEADING: 1, Fate.ORGANISATION: 391})
        shared, received = self.document.lists
        to, by = {grant.grantee.text for grant in shared.grants}, {grant.grantor.text for grant in received.grants}
        self.assertEqual((len(to), len(by), len(to | by)), (308, 330, 391))
        self.assertEqual((len(shared.grants), len(received.grants)), (3192, 488))
        self.assertEqual({found.completeness for found in self.document.lists}, {"complete"})

    def test_the_sheriffs_own_networks_keep_their_printed_names(self) -> None:
        networks = Counter(grant.grantor.text for grant in self.document.lists[0].grants)
        self.assertEqual(len(networks), 13)
        self.assertEqual(networks["City of Yorba Linda CA (OCSD)"], 305)
        self.assertEqual(networks["John Wayne Airport (CA)"], 31)

    def test_rows_read_by_hand(self) -> None:
        shared, received = self.document.lists
        self.assertEqual(
            [grant.grantor.text for grant in shared.grants if grant.grantee.text == "South San Francisco CA PD"],
            ["City of Stanton CA (OCSD)", "City of Yorba Linda CA (OCSD)"],
        )
        self.assertEqual(
            [grant.locator.split(": ")[1] for grant in received.grants if grant.grantor.text == "Casa Grande AZ PD"],
            ["Casa Grande AZ PD - LPR", "Pinal County AZ Attorney's Office (Casa Grande)"],
        )
        marked = [grant.grantor.text for grant in received.grants if grant.account_status != "active"]
        self.assertEqual(marked, ["Contra Costa County CA SO"])
