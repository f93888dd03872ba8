"""Vigilant reports: lists, columns, wrapped names, where each stands, and an account of every line."""

import unittest
from collections import Counter
from datetime import date
from pathlib import Path

from agencies.ingest import vigilant_report
from agencies.ingest.parsed import ImportProblem, ParsedDocument, ParsedGrant, PrintedName
from agencies.ingest.pdf_text import read_words
from agencies.ingest.vigilant_report_account import Fate, account
from agencies.ingest.vigilant_report_readings import IRVINE_2020, as_shown
from agencies.tests.document_factories import (
    FIRST,
    HOT_HEAD,
    LEFT,
    RECEIVED_HEAD,
    REPORT,
    RIGHT,
    SHARED_HEAD,
    STEP,
    content,
    pdf,
    report_page,
)

FILE = "report.pdf"
TESTVILLE = PrintedName("Testville Police Department", "")
PLAIN = (("Allen Police Department", "Brea Police Department"), ("Chino Police Department", "Downey Police Department"))


def parsed(*pages: bytes, **options: str) -> ParsedDocument:
    return vigilant_report.parse(pdf(pages), file=FILE, **options)


def grants(*pages: bytes) -> list[ParsedGrant]:
    """Return the grants of the first list."""
    return parsed(*pages).lists[0].grants


class ListTests(unittest.TestCase):
    def test_two_columns_are_read_line_by_line_with_page_column_and_line(self) -> None:
        found = grants(report_page(*SHARED_HEAD, *PLAIN))
        self.assertEqual(
            [(grant.printed, grant.locator) for grant in found],
            [
                ("Allen Police Department", "Detections Shared, page 1, column 1, line 3"),
                ("Brea Police Department", "Detections Shared, page 1, column 2, line 3"),
                ("Chino Police Department", "Detections Shared, page 1, column 1, line 4"),
                ("Downey Police Department", "Detections Shared, page 1, column 2, line 4"),
            ],
        )

    def test_shared_lists_go_out_and_received_lists_come_in(self) -> None:
        other = PrintedName("Allen Police Department", "")
        row = ("Allen Police Department",)
        hot_received = ("Hot-List Received", *HOT_HEAD[1:])
        pages = [report_page(*head, row) for head in (SHARED_HEAD, RECEIVED_HEAD, HOT_HEAD, hot_received)]
        found = parsed(*pages).lists
        self.assertEqual(
            [(part.section, part.access, part.reported_by) for part in found],
            [
                ("detections-shared", "configured_access", "grantor"),
                ("detections-received", "configured_access", "grantee"),
                ("hot-lists-shared", "hotlist_feed", "grantor"),
                ("hot-lists-received", "hotlist_feed", "grantee"),
            ],
        )
        self.assertEqual([part.grants[0].grantor for part in found], [TESTVILLE, other, TESTVILLE, other])
        self.assertEqual({part.completeness for part in found}, {"complete"})

    def test_a_list_goes_on_over_the_page_and_ends_at_the_next_heading(self) -> None:
        lists = parsed(report_page(*SHARED_HEAD, PLAIN[0]), report_page(PLAIN[1], *RECEIVED_HEAD, PLAIN[0])).lists
        self.assertEqual([len(part.grants) for part in lists], [4, 2])
        self.assertEqual(lists[0].grants[2].locator, "Detections Shared, page 2, column 1, line 1")

    def test_list_without_names_is_empty_and_missing_one_is_not_given(self) -> None:
        lists = parsed(report_page(*SHARED_HEAD, *RECEIVED_HEAD, *PLAIN)).lists
        self.assertEqual([(part.section, part.completeness) for part in lists][0], ("detections-shared", "empty"))
        self.assertEqual(len(lists), 2)

    def test_names_of_hot_lists_are_told_and_are_no_agencies(self) -> None:
        found = grants(report_page(*HOT_HEAD, ("Allen Police Department", "HSI MASTER"), ("ALEA", "Persons")))
        self.assertEqual([grant.printed for grant in found], ["Allen Police Department", "ALEA"])
        self.assertTrue(found[0].locator.endswith("line 4; hot list: HSI MASTER"))

    def test_a_word_of_the_banner_in_a_name_is_no_banner(self) -> None:
        self.assertEqual(grants(report_page(*SHARED_HEAD, ("ALEA", "Agency")))[0].printed, "ALEA")


class NameTests(unittest.TestCase):
    def test_wrapped_name_is_joined_and_its_lines_told(self) -> None:
        top = FIRST + 3 * STEP + 15
        page = report_page(*SHARED_HEAD, *PLAIN, top=FIRST, extra=[(RIGHT, top, "(Machesney Park Division)")])
        found = grants(page)
        self.assertEqual(found[3].printed, "Downey Police Department (Machesney Park Division)")
        self.assertEqual(found[3].locator, "Detections Shared, page 1, column 2, lines 4-5")
        self.assertEqual(len(found), 4)

    def test_short_lists_under_each_other_keep_their_names_apart(self) -> None:
        two, one = [("DHS - HSI (Newark NJ)",), ("Union City Police Department (CA)",)], ("Allen Police Department",)
        lists = parsed(report_page(*SHARED_HEAD, *two, *RECEIVED_HEAD, one)).lists
        names = [[grant.printed for grant in part.grants] for part in lists]
        self.assertEqual(names, [[name for (name,) in two], list(one)])

    def test_name_that_fills_its_column_does_not_swallow_the_next(self) -> None:
        long = "100th Judicial District Attorney Traffic Enforcement"
        found = grants(report_page(*SHARED_HEAD, (long, "10th Judicial Task Force"), *PLAIN))
        self.assertEqual([grant.printed for grant in found[:2]], [long, "10th Judicial Task Force"])

    def test_hyphen_on_a_line_of_its_own_is_put_back(self) -> None:
        top = FIRST + 2 * STEP
        hyphen = [(LEFT, top, "CBP"), (LEFT + 25, top + 5, "-"), (LEFT + 32, top, "NTC")]
        found = grants(report_page(*SHARED_HEAD, ("", "Brea Police Department"), PLAIN[1], extra=hyphen))
        self.assertEqual(found[0].printed, "CBP - NTC")
        self.assertEqual(len(found), 4)

    def test_state_is_the_one_printed_with_the_name(self) -> None:
        names = {
            "Union City Police Department": "",
            "Union City Police Department (CA)": "CA",
            "Cuba Police Department MO": "MO",
            "DHS - HSI (Newark NJ)": "NJ",
            "Hollywood Police Department (Fl)": "FL",
            "LA Port Police": "",
            "Los Angeles World Airport Police (LAX)": "",
        }
        found = grants(report_page(*SHARED_HEAD, *((name,) for name in names)))
        self.assertEqual({grant.printed: grant.grantee.state for grant in found}, names)

    def test_misread_letters_are_mended_and_told_in_the_locator(self) -> None:
        grant = grants(report_page(*SHARED_HEAD, ("Wayne County Airport Police (Ml)",)))[0]
        self.assertEqual(grant.grantee, PrintedName("Wayne County Airport Police (MI)", "MI"))
        self.assertTrue(grant.locator.endswith('; the text layer reads "Wayne County Airport Police (Ml)"'))

    def test_what_a_person_read_holds_for_that_file_only(self) -> None:
        self.assertEqual(as_shown("CEP - NTC", IRVINE_2020), "CBP - NTC")
        self.assertEqual(as_shown("CEP - NTC", "another"), "CEP - NTC")


class DocumentTests(unittest.TestCase):
    def test_agency_and_date_are_read_from_the_page(self) -> None:
        document = parsed(report_page(*SHARED_HEAD, *PLAIN))
        self.assertEqual(document.source.agency, TESTVILLE)
        self.assertEqual(document.source.slug, "vigilant-report-testville-police-department")
        self.assertEqual(document.capture.published_on, date(2020, 3, 2))

    def test_page_with_a_misread_date_is_outvoted(self) -> None:
        pages = [report_page(*SHARED_HEAD, *PLAIN, created="08-02-20"), report_page(*PLAIN), report_page(*PLAIN)]
        self.assertEqual(parsed(*pages).capture.published_on, date(2020, 3, 2))

    def test_options_say_what_the_page_does_not(self) -> None:
        page = report_page(*SHARED_HEAD, *PLAIN)
        digest = "a" * 64
        document = parsed(page, state="OR", retrieved_on="2021-05-06", sha256=digest, url="https://example.org/r.pdf")
        self.assertEqual(document.source.agency, PrintedName("Testville Police Department", "OR"))
        self.assertEqual(document.source.slug, "vigilant-report-testville-police-department-or")
        self.assertEqual((document.capture.retrieved_on, document.capture.sha256), (date(2021, 5, 6), digest))
        for option in ({"state": "Oregon"}, {"retrieved_on": "May"}):
            with self.subTest(option), self.assertRaises(ImportProblem) as caught:
                parsed(page, **option)
            self.assertEqual(caught.exception.field, next(iter(option)))


class AccountTests(unittest.TestCase):
    def test_every_word_of_the_text_layer_is_in_one_line(self) -> None:
        data = pdf([report_page(*SHARED_HEAD, *PLAIN), report_page(*HOT_HEAD, ("ALEA", "Persons"), (".",))])
        lines = account(data)
        told = Counter(word for line in lines for word in line.text.split())
        self.assertEqual(told, Counter(word.text for page in read_words(data, file=FILE) for word in page.words))
        fates = Counter(line.fate for line in lines)
        self.assertEqual((fates[Fate.NAME], fates[Fate.HOT_LIST], fates[Fate.SPECK]), (5, 1, 1))
        self.assertEqual((fates[Fate.FOOTER], fates[Fate.HEADING], fates[Fate.INTRODUCTION]), (2, 2, 2))
        self.assertEqual(sum(line.fate.is_parsed for line in lines), 6)

    def test_introduction_may_run_over_two_lines(self) -> None:
        head = (
            "Detections Shared",
            "The Testville Police Department Agency is Sharing its data",
            "with these Agencies:",
        )
        self.assertEqual(len(grants(report_page(*head, *PLAIN))), 4)


class ProblemTests(unittest.TestCase):
    def assert_problem(self, data: bytes, message: str, field: str = "") -> None:
        with self.assertRaisesRegex(ImportProblem, message) as caught:
            vigilant_report.parse(data, file=FILE)
        self.assertEqual((caught.exception.file, caught.exception.field), (FILE, field))

    def test_what_is_no_readable_pdf_is_refused(self) -> None:
        good = pdf([report_page(*SHARED_HEAD, *PLAIN)])
        for data, message in (
            (b"", "not a PDF"),
            (b"<html>", "not a PDF"),
            (b"%PDF-1.4\n", "PDF"),
            (pdf([b""], encrypted=True), "password"),
            (good[: len(good) // 3], "PDF"),
        ):
            with self.subTest(message), self.assertRaisesRegex(ImportProblem, message):
                vigilant_report.parse(data, file=FILE)

    def test_picture_without_text_names_its_page(self) -> None:
        scan = pdf([report_page(*SHARED_HEAD, *PLAIN), b"q 600 0 0 700 0 0 cm /Im0 Do Q"])
        self.assert_problem(scan, "OCR", "page 2")
        self.assert_problem(pdf([b""]), "no page has any text")

    def test_another_report_is_refused(self) -> None:
        self.assert_problem(pdf([content([(100, 100, "Annual report")])]), "not a Vigilant", "page 1")
        self.assert_problem(pdf([report_page(*PLAIN), report_page(*SHARED_HEAD)]), "belongs to no list", "page 1")

    def test_missing_agency_or_date_is_refused(self) -> None:
        self.assert_problem(pdf([report_page(SHARED_HEAD[0], *PLAIN)]), "whose report", "agency")
        self.assert_problem(pdf([report_page(*SHARED_HEAD, created="")]), "when it was created", "Date Created")
        self.assert_problem(pdf([report_page(*SHARED_HEAD, created="13-41-20")]), "not a date", "Date Created")

    def test_hot_list_beside_no_agency_and_endless_names_are_refused(self) -> None:
        hot = [("", "HSI MASTER"), ("ALEA", "Persons"), ("Brea Police Department", "Persons")]
        self.assert_problem(pdf([report_page(*HOT_HEAD, *hot)]), "hot list beside no agency", "page 1")
        self.assert_problem(pdf([report_page(*SHARED_HEAD, ("x" * 151,))]), "too long", "page 1")

    def test_missing_file_and_empty_folder_are_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "can't be opened"):
            list(vigilant_report.read(Path("nowhere.pdf")))
        with self.assertRaisesRegex(ImportProblem, "no file"):
            list(vigilant_report.read(Path(__file__).parent / "captures"))


@unittest.skipUnless(REPORT.is_file(), f"shared report not found at {REPORT}")
class RealReportTests(unittest.TestCase):
    document: ParsedDocument
    names: dict[str, dict[str, str]]

    @classmethod
    def setUpClass(cls) -> None:
        (cls.document,) = vigilant_report.read(REPORT)
        cls.names = {
            part.section: {grant.printed: grant.locator for grant in part.grants} for part in cls.document.lists
        }

    def test_what_identifies_the_capture_is_what_it_was(self) -> None:
        self.assertEqual(self.document.source.slug, "vigilant-report-irvine-2020")
        self.assertEqual(self.document.source.agency, PrintedName("Irvine Police Department", "CA"))
        capture = self.document.capture
        self.assertEqual((capture.published_on, capture.retrieved_on, capture.url), (date(2020, 3, 2), None, ""))
        self.assertEqual((capture.compiled_by, capture.sha256), ("", IRVINE_2020))

    def test_names_of_each_list_are_counted(self) -> None:
        counts = {part.section: len(part.grants) for part in self.document.lists}
        expected = {
            "detections-shared": 342,
            "detections-received": 310,
            "hot-lists-shared": 60,
            "hot-lists-received": 28,
        }
        self.assertEqual(counts, expected)
        self.assertEqual({section: len(names) for section, names in self.names.items()}, expected)
        self.assertEqual({part.completeness for part in self.document.lists}, {"complete"})

    def test_names_looked_up_by_hand_stand_where_the_page_shows_them(self) -> None:
        shared, received = self.names["detections-shared"], self.names["detections-received"]
        for name, place in (
            ("100th Judicial District Attorney Traffic Enforcement", "page 1, column 1, line 3"),
            ("10th Judicial District Drug Task Force", "page 1, column 2, line 3"),
            ("CA DOJ - Bureau of Firearms (CA)", "page 1, column 1, line 26"),
            ("CBP - NTC", "page 2, column 1, line 5"),
            ("DHS - HSI (Newark NJ)", "page 2, column 1, line 19"),
            ("Federal Bureau of Investigation", "page 3, column 1, line 3"),
            ("Los Angeles World Airport Police (LAX)", "page 4, column 1, line 16"),
            ("San Diego Sector Border Patrol (CA)", "page 6, column 2, line 4"),
            ("Union City Police Department (CA)", "page 6, column 2, line 25"),
            ("Union City Police Department", "page 6, column 1, line 26"),
            ("Winnebago County Sheriff (Machesney Park Division)", "page 7, column 2, lines 9-10"),
        ):
            with self.subTest(name):
                self.assertIn(place, shared[name].split("; ")[0])
        for name, place in (
            ("San Diego Regional Auto Theft Task Force", "page 9, column 2, lines 21-22"),
            ("New York State Office of the Attorney General", "page 11, column 1, lines 8-9"),
            ("CBP - NTC", "page 12, column 2, line 26"),
            ("South Lake Tahoe Police Department (CA)", "page 13, column 2, lines 16-17"),
        ):
            with self.subTest(name):
                self.assertTrue(received[name].endswith(place))

    def test_what_is_received_from_a_body_is_spelled_as_what_it_is_given(self) -> None:
        self.assertEqual(set(self.names["detections-received"]) - set(self.names["detections-shared"]), set())
        self.assertNotIn("Union City Police Department", self.names["detections-received"])
        self.assertIn("Union City Police Department (CA)", self.names["detections-received"])
        for name in ("DHS - HSI (Newark NJ)", "Federal Bureau of Investigation"):
            self.assertNotIn(name, self.names["detections-received"])

    def test_hot_lists_are_told_beside_their_agencies(self) -> None:
        locator = self.names["hot-lists-received"]["San Joaquin County Sheriffs Department (CA)"]
        self.assertTrue(locator.endswith("hot list: LEARN_San Joaquin County Sheriffs Department (CA)"))
        self.assertIn("HSI MASTER", self.names["hot-lists-received"]["Montgomery Police Department"])
        ends = {locator.split("; ")[1] for locator in self.names["hot-lists-shared"].values()}
        self.assertEqual(ends, {"hot list: IPD Regional Hotlist"})

    def test_every_line_of_every_page_is_parsed_or_set_aside(self) -> None:
        data = REPORT.read_bytes()
        lines = account(data)
        for page in read_words(data, file=FILE):
            with self.subTest(page=page.number):
                told = Counter(word for line in lines if line.page == page.number for word in line.text.split())
                self.assertEqual(told, Counter(word.text for word in page.words))
        parsed_lines = sum(line.fate.is_parsed for line in lines)
        self.assertEqual((parsed_lines, len(lines) - parsed_lines), (841, 69))
        self.assertEqual(
            Counter(line.fate for line in lines),
            {
                Fate.NAME: 740,
                Fate.REST: 12,
                Fate.HOT_LIST: 89,
                Fate.BANNER: 42,
                Fate.FOOTER: 17,
                Fate.HEADING: 4,
                Fate.INTRODUCTION: 4,
                Fate.COLUMN_HEADING: 2,
            },
        )
