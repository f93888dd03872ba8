"""The News & Observer's tables: a document a portal, whole lists told from partial ones."""

import unittest
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from agencies.ingest import news_observer
from agencies.ingest.news_observer import ACCESS_FILE, USAGE_FILE, is_whole
from agencies.ingest.parsed import ImportProblem, ParsedDocument, PrintedName
from agencies.tests.portal_factories import SHARED

TABLES = SHARED / "news_observer_2024"
ACCESS_HEAD = "src_agency,external_agency,src_agency_id,external_agency_id"
USAGE_HEAD = (
    "id,agency,updated,accessed,url,data_retention_in_days,number_of_owned_cameras,"
    "external_organizations_with_access,hotlists_alerted_on,vehicles_detected_in_the_last_30_days,"
    "hotlist_hits_in_the_last_30_days,searches_in_the_last_30_days,public_search_audit"
)
USAGE_ROW = (
    "1,Testville CA PD,2024-04-26T14:11:25Z,2024-04-27T00:25:31Z,"
    "https://transparency.flocksafety.com/testville-ca-pd,{retention},6,"
    '"Alpha CA PD, Beta CA SO , Testville CA PD","NCIC, IDACS",269427,Data Unavailable,NA,{audit}'
)


def parsed(*access: str, retention: str = "30 days", audit: str = "0", usage: str = "") -> list[ParsedDocument]:
    rows = "\n".join([ACCESS_HEAD, *access]).encode()
    table = "\n".join([USAGE_HEAD, usage or USAGE_ROW.format(retention=retention, audit=audit)]).encode()
    return list(news_observer.parse(rows, table, file="tables"))


ALPHA, BETA = "Testville CA PD,Alpha CA PD,1,2", "Testville CA PD,Beta CA SO,1,3"


class DocumentTests(unittest.TestCase):
    def test_rows_of_a_portal_are_a_capture_of_that_portal(self) -> None:
        document = parsed(ALPHA, BETA)[0]
        self.assertEqual(document.source.slug, "flock-portal-testville-ca-pd")
        self.assertEqual(document.source.agency, PrintedName("Testville CA PD", "CA"))
        self.assertEqual(document.capture.compiled_by, "The News & Observer")
        self.assertEqual(document.capture.published_on, date(2024, 4, 26))
        self.assertEqual(document.capture.retrieved_on, date(2024, 4, 27))
        found = document.lists[0]
        self.assertEqual(
            (found.network, found.access, found.reported_by, found.section),
            ("flock", "configured_access", "grantor", "organizations-with-access"),
        )
        self.assertEqual([grant.grantee.text for grant in found.grants], ["Alpha CA PD", "Beta CA SO"])

    def test_list_with_every_name_of_the_page_is_complete(self) -> None:
        self.assertEqual(parsed(ALPHA, BETA)[0].lists[0].completeness, "complete")

    def test_list_that_lacks_a_name_of_the_page_is_an_extract(self) -> None:
        self.assertEqual(parsed(ALPHA)[0].lists[0].completeness, "extract")

    def test_portal_without_grants_has_no_list_since_na_says_nothing(self) -> None:
        self.assertEqual(parsed()[0].lists, [])

    def test_usage_cells_are_facts_and_na_is_none(self) -> None:
        facts = {fact.field: (fact.knowledge, fact.value) for fact in parsed(ALPHA, audit="1")[0].facts}
        self.assertEqual(
            facts,
            {
                "retention_days": ("known", 30),
                "cameras": ("known", 6),
                "vehicles_30d": ("known", 269_427),
                "hotlist_hits_30d": ("not_published", None),
                "hotlists": ("known", ["NCIC", "IDACS"]),
                "audit_published": ("known", True),
            },
        )

    def test_minus_infinity_days_is_not_published(self) -> None:
        facts = {fact.field: fact.knowledge for fact in parsed(ALPHA, retention="-Infinity days")[0].facts}
        self.assertEqual(facts["retention_days"], "not_published")


class WholeListTests(unittest.TestCase):
    def test_commas_removed_by_the_compiler_and_names_of_nobody_are_no_loss(self) -> None:
        page = "Montgomery County Constable, Precinct 1 (TX), Decommissioned Org, Decommissioned Org, Own PD"
        self.assertTrue(is_whole("Own PD", ["Montgomery County Constable Precinct 1 (TX)"], page))

    def test_a_number_in_place_of_names_is_compared(self) -> None:
        self.assertTrue(is_whole("Own PD", ["Alpha PD", "Beta PD"], "2"))
        self.assertFalse(is_whole("Own PD", ["Alpha PD"], "988"))


class ProblemTests(unittest.TestCase):
    def refused(self, *access: str, usage: str = "", **cells: str) -> ImportProblem:
        with self.assertRaises(ImportProblem) as caught:
            parsed(*access, usage=usage, **cells)
        return caught.exception

    def test_empty_cell_is_named_by_file_row_and_field(self) -> None:
        problem = self.refused(ALPHA, "Testville CA PD,,1,2")
        self.assertEqual((problem.file, problem.row, problem.field), (f"tables/{ACCESS_FILE}", 3, "external_agency"))

    def test_row_of_the_wrong_length_is_refused(self) -> None:
        self.assertEqual(self.refused("Testville CA PD,Alpha CA PD").row, 2)

    def test_grant_of_a_portal_that_the_usage_table_lacks_is_refused(self) -> None:
        self.assertIn("'Elsewhere PD'", str(self.refused("Elsewhere PD,Alpha CA PD,1,2")))

    def test_bad_number_audit_date_and_address_are_refused(self) -> None:
        row = USAGE_ROW.format(retention="30 days", audit="0")
        self.assertIn("data_retention_in_days", str(self.refused(retention="a month")))
        self.assertEqual(self.refused(audit="yes").field, "public_search_audit")
        self.assertEqual(self.refused(usage=row.replace("2024-04-26T14:11:25Z", "April")).field, "updated")
        self.assertEqual(self.refused(usage=row.replace("transparency.flock", "flock")).field, "url")

    def test_missing_column_file_and_bad_encoding_are_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "the column is missing"):
            list(news_observer.parse(b"src_agency\n", b"agency\n", file="tables"))
        with self.assertRaisesRegex(ImportProblem, "not a UTF-8 CSV table"):
            list(news_observer.parse(b"\xff", b"", file="tables"))
        with self.assertRaisesRegex(ImportProblem, "csv: not readable: it is in UTF-16"):
            list(news_observer.parse("src_agency\n".encode("utf-16"), b"", file="tables"))

    def test_folder_without_both_tables_and_one_table_alone_are_refused(self) -> None:
        folder = Path(self.enterContext(TemporaryDirectory()))
        with self.assertRaisesRegex(ImportProblem, f"no table with the columns src_agency.*{ACCESS_FILE}"):
            list(news_observer.read(folder))
        table = folder / ACCESS_FILE
        table.write_text(ACCESS_HEAD)
        with self.assertRaisesRegex(ImportProblem, f"no table with the columns agency.*{USAGE_FILE}"):
            list(news_observer.read(folder))
        with self.assertRaisesRegex(ImportProblem, "give the folder that holds both"):
            list(news_observer.read(table))
        for name in ("a.csv", "b.csv"):
            (folder / name).write_text(USAGE_HEAD)
        with self.assertRaisesRegex(ImportProblem, "several tables with the columns agency"):
            list(news_observer.read(folder))


@unittest.skipUnless(TABLES.is_dir(), f"shared News & Observer tables not found at {TABLES}")
class RealTablesTests(unittest.TestCase):
    def test_every_grant_and_portal_is_read_and_every_list_is_whole(self) -> None:
        documents = list(news_observer.read(TABLES))
        lists = [found for document in documents for found in document.lists]
        self.assertEqual(len(documents), 365)
        self.assertEqual(sum(len(found.grants) for found in lists), 37_099)
        self.assertEqual(Counter(found.completeness for found in lists), {"complete": 224})
        self.assertEqual({document.capture.published_on for document in documents}, {date(2024, 4, 26)})

    def test_usage_file_of_the_shared_folder_is_the_one_named_2023(self) -> None:
        self.assertTrue((TABLES / USAGE_FILE).is_file())
