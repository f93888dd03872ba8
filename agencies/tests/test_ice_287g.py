"""ICE's lists of 287(g) agreements and the index of memoranda: every row accounted for, nothing guessed."""

import csv
import unittest
from collections import Counter
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, cast

import openpyxl

from agencies.ingest import ice_287g, ice_287g_memoranda
from agencies.ingest.ice_287g_memoranda import file_date
from agencies.ingest.parsed import ImportProblem, ParsedDocument, PrintedName
from agencies.matching.states import STATE_NAMES
from agencies.tests.portal_factories import SHARED
from agencies.tests.workbooks import workbook

LISTS = SHARED / "ice_287g"
NO_LISTS = f"shared 287(g) lists not found at {LISTS}"
HEADING = ("STATE", "LAW ENFORCEMENT AGENCY", "TYPE", "COUNTY", "SUPPORT TYPE", "SIGNED", "MOA", "ADDENDUM", None)
ROW = (
    "ALABAMA",
    "Colbert County Sheriff's Office",
    "County",
    "Colbert County",
    "Task Force Model",
    datetime(2025, 7, 2),
)


def parsed(*rows: tuple[object, ...], heading: tuple[object, ...] = HEADING, file: str = "list.xlsx") -> ParsedDocument:
    """Return the document of a list with these rows."""
    return ice_287g.parse(workbook(heading, *rows), file=file)


def row(**cells: object) -> tuple[object, ...]:
    """Return a row of a list, like ROW but for these cells."""
    names = ("state", "agency", "type", "county", "model", "signed", "moa", "addendum")
    return tuple((dict(zip(names, (*ROW, "link", None), strict=True)) | cells).values())


def agreements(document: ParsedDocument) -> list[dict[str, Any]]:
    """Return all agreements of a document."""
    return [one for fact in document.facts for one in cast(list[dict[str, Any]], fact.value)]


class ListTests(unittest.TestCase):
    def test_an_agency_with_several_agreements_is_one_fact(self) -> None:
        document = parsed(
            row(), row(agency=" Colbert  County Sheriff\u2019s Office ", model="Warrant Service Officer ")
        )
        (fact,) = document.facts
        self.assertEqual(fact.agency, PrintedName("Colbert County Sheriff's Office", "AL"))
        self.assertEqual(
            fact.value,
            [
                {
                    "model": "task_force_model",
                    "status": "participating",
                    "signed_on": "2025-07-02",
                    "memorandum": "published",
                },
                {
                    "model": "warrant_service_officer",
                    "status": "participating",
                    "signed_on": "2025-07-02",
                    "memorandum": "published",
                },
            ],
        )
        self.assertEqual((fact.network, fact.field), ("", "agreements_287g"))
        self.assertEqual(fact.locator, "Sheet1, rows 2, 3; Colbert County, County")
        self.assertEqual(fact.printed, "Task Force Model; Warrant Service Officer")

    def test_agencies_of_one_name_in_two_states_are_two_facts(self) -> None:
        facts = parsed(row(), row(state="TENNESSEE")).facts
        self.assertEqual([fact.agency.state for fact in facts], ["AL", "TN"])

    def test_a_list_without_dates_is_that_of_pending_ones_and_another_source(self) -> None:
        pending = parsed(ROW[:5], heading=HEADING[:5], file="pendingAgencies07182025pm.xlsx")
        self.assertEqual(
            pending.facts[0].value, [{"model": "task_force_model", "status": "pending", "signed_on": None}]
        )
        self.assertEqual(pending.source.slug, "ice-287g-pending")
        self.assertEqual(parsed(ROW).source.slug, "ice-287g-participating")
        self.assertEqual((pending.source.publisher, pending.source.network, pending.source.agency),
                         ("U.S. Immigration and Customs Enforcement", "", None))  # fmt: skip

    def test_a_name_that_contradicts_the_columns_is_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "disagree"):
            parsed(ROW, file="pendingAgencies07182025pm.xlsx")

    def test_a_date_that_can_not_be_is_kept_as_printed_and_not_guessed(self) -> None:
        for signed, printed in (("05/082025", "05/082025"), (datetime(5025, 7, 7), "5025-07-07")):
            with self.subTest(printed):
                agreement = agreements(parsed(row(signed=signed)))[0]
                self.assertEqual((agreement["signed_on"], agreement["signed_printed"]), (None, printed))
        self.assertIsNone(agreements(parsed(row(signed=None)))[0]["signed_on"])

    def test_date_of_the_list_is_in_its_name_or_else_that_of_the_last_saving(self) -> None:
        self.assertEqual(parsed(ROW, file="participatingAgencies08012025.xlsx").capture.published_on, date(2025, 8, 1))
        self.assertEqual(parsed(ROW, file="kept-0123456789ab.xlsx").capture.published_on, date(2025, 7, 18))
        undated = workbook(HEADING, ROW, saved="")
        with self.assertRaisesRegex(ImportProblem, "list's date"):
            ice_287g.parse(undated, file="list.xlsx")
        capture = ice_287g.parse(undated, file="list.xlsx", retrieved_on=date(2025, 8, 2)).capture
        self.assertEqual((capture.published_on, capture.retrieved_on), (None, date(2025, 8, 2)))

    def test_a_cell_that_can_not_be_read_names_file_row_and_column(self) -> None:
        for cells, field in (
            ({"state": "ALABAMMA"}, "STATE"),
            ({"state": None}, "STATE"),
            ({"agency": "  "}, "LAW ENFORCEMENT AGENCY"),
            ({"agency": 12}, "LAW ENFORCEMENT AGENCY"),
            ({"model": "Dance Model"}, "SUPPORT TYPE"),
            ({"signed": 45000}, "SIGNED"),
        ):
            with self.subTest(cells), self.assertRaises(ImportProblem) as caught:
                parsed(ROW, row(**cells))
            problem = caught.exception
            self.assertEqual((problem.file, problem.row, problem.field), ("list.xlsx", 3, field))

    def test_a_list_without_its_columns_or_without_agencies_is_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "column is missing"):
            parsed(ROW, heading=("STATE", "AGENCY"))
        with self.assertRaisesRegex(ImportProblem, "stands twice"):
            parsed(ROW, heading=(*HEADING[:5], "STATE"))
        with self.assertRaisesRegex(ImportProblem, "names no agency"):
            parsed(("", None, " "))

    def test_what_is_no_workbook_is_refused(self) -> None:
        for data in (b"", b"PK\x03\x04", b"<html></html>", workbook(HEADING)[:500], workbook()):
            with self.subTest(data[:9]), self.assertRaises(ImportProblem):
                ice_287g.parse(data, file="list.xlsx")

    def test_options_describe_a_fetched_file(self) -> None:
        with TemporaryDirectory() as folder:
            file = Path(folder, "kept-0123456789ab.xlsx")
            file.write_bytes(workbook(HEADING, ROW))
            (document,) = ice_287g.read(file, retrieved_on="2025-07-20", sha256="b" * 64, compiled_by="")
            with self.assertRaisesRegex(ImportProblem, "not a date"):
                list(ice_287g.read(file, retrieved_on="July"))
            with self.assertRaisesRegex(ImportProblem, "single file"):
                list(ice_287g.read(Path(folder), sha256="b" * 64))
        capture = document.capture
        self.assertEqual((capture.retrieved_on, capture.sha256, capture.compiled_by), (date(2025, 7, 20), "b" * 64, ""))


INDEX = "state,agency_normalised,model,date_in_filename_mmddyy,snapshot,pdf_url\n"
LINE = "FL,lake clark shores police department,{model},{day},agreements_20250519_151802,https://h.example/{name}\n"


def memoranda(*lines: str) -> ParsedDocument:
    """Return the document of an index with these lines."""
    return ice_287g_memoranda.parse((INDEX + "".join(lines)).encode(), file="index.csv")


class MemorandaTests(unittest.TestCase):
    def test_kind_and_date_come_from_the_index_or_else_from_the_files_name(self) -> None:
        lines = [
            LINE.format(model="TFM", day="042925", name="a_TFM_MOA_042925.pdf"),
            LINE.format(model="", day="", name="287gJEM_PinalCoAz2020-06-09.pdf"),
            LINE.format(model="WSO", day="0611025", name="b_WSO_MOA_0611025.pdf"),
        ]
        (fact,) = memoranda(*lines).facts
        self.assertEqual(fact.agency, PrintedName("lake clark shores police department", "FL"))
        self.assertEqual(
            [(one["model"], one["file_date"], one["signed_on"], one["seen_on"]) for one in fact.value],
            [
                ("jail_enforcement_model", "2020-06-09", None, "2025-05-19"),
                ("task_force_model", "2025-04-29", None, "2025-05-19"),
                ("warrant_service_officer", None, None, "2025-05-19"),
            ],
        )
        self.assertEqual({one["status"] for one in fact.value}, {"memorandum_published"})
        self.assertEqual(fact.locator, "rows 2, 3, 4 of the index")

    def test_dates_in_names_are_read_in_each_way_and_never_guessed(self) -> None:
        latest = date(2026, 1, 1)
        for text in (
            "05082025",
            "050825",
            "x_05.08.2025.pdf",
            "x_5.8.25 508.pdf",
            "x-05-08-2025",
            "x_5_8_25.pdf",
            "2025-05-08",
        ):
            with self.subTest(text):
                self.assertEqual(file_date(text, latest), date(2025, 5, 8))
        for text in ("", "0508025", "13082025", "05082025_05092025", "05082031", "02220202", "05081999"):
            with self.subTest(text):
                self.assertIsNone(file_date(text, latest))

    def test_date_of_the_index_is_that_of_its_newest_memorandum(self) -> None:
        line = LINE.format(model="TFM", day="", name="a.pdf")
        document = memoranda(line, line.replace("20250519", "20260630"))
        self.assertEqual((document.capture.published_on, document.capture.retrieved_on), (None, date(2026, 6, 30)))
        self.assertEqual(document.source.slug, "ice-287g-memoranda")
        self.assertIn("Tracking_287g", document.capture.compiled_by)

    def test_a_cell_that_can_not_be_read_names_file_row_and_column(self) -> None:
        good = LINE.format(model="TFM", day="", name="a.pdf")
        for old, new, field in (
            ("FL,", "Florida,", "state"),
            ("agreements_20250519_151802", "agreements", "snapshot"),
            ("20250519", "20251319", "snapshot"),
            (",TFM,", ",XYZ,", "model"),
            ("https://", "javascript:", "pdf_url"),
            ("lake clark shores police department", "", "agency_normalised"),
        ):
            with self.subTest(new), self.assertRaises(ImportProblem) as caught:
                memoranda(good, good.replace(old, new))
            problem = caught.exception
            self.assertEqual((problem.file, problem.row, problem.field), ("index.csv", 3, field))


@unittest.skipUnless(LISTS.is_dir(), NO_LISTS)
class RealListsTests(unittest.TestCase):
    documents: dict[str, ParsedDocument]

    @classmethod
    def setUpClass(cls) -> None:
        cls.documents = {document.source.slug: document for document in ice_287g.read(LISTS)}
        cls.documents |= {d.source.slug: d for d in ice_287g_memoranda.read(LISTS / "moa_index_2026-08.csv")}

    def test_every_row_below_the_heading_is_an_agreement_or_blank(self) -> None:
        counts = {"participating": (832, 73), "pending": (26, 0)}
        for status, (signed, blank) in counts.items():
            document = self.documents[f"ice-287g-{status}"]
            with self.subTest(status):
                rows = _rows(LISTS / document.file)
                self.assertEqual(len(rows) - 1, signed + blank)
                self.assertEqual(sum(not any(cells) for cells in rows), blank)
                self.assertEqual(Counter(_named(document)), _printed(rows))
                self.assertEqual(len(agreements(document)), signed)

    def test_lists_are_of_the_day_in_their_names(self) -> None:
        days = {slug: found.capture.published_on for slug, found in self.documents.items()}
        self.assertEqual(
            days,
            {
                "ice-287g-participating": date(2025, 7, 18),
                "ice-287g-pending": date(2025, 7, 18),
                "ice-287g-memoranda": None,
            },
        )

    def test_agencies_are_685_with_832_agreements_and_25_with_26_pending(self) -> None:
        self.assertEqual(
            {slug: (len(found.facts), len(agreements(found))) for slug, found in self.documents.items()},
            {
                "ice-287g-participating": (685, 832),
                "ice-287g-pending": (25, 26),
                "ice-287g-memoranda": (1433, 1681),
            },
        )

    def test_three_dates_of_signing_are_slips(self) -> None:
        facts = self.documents["ice-287g-participating"].facts
        slips = {f.agency.text: a["signed_printed"] for f in facts for a in f.value if "signed_printed" in a}
        self.assertEqual(
            slips,
            {
                "Grundy County Sheriff's Office": "5025-07-07",
                "Tooele County Sheriff's Office": "7/72025",
                "Campbell County Sheriff's Office": "05/082025",
            },
        )

    def test_every_row_of_the_index_is_a_memorandum(self) -> None:
        with (LISTS / "moa_index_2026-08.csv").open(encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        facts = self.documents["ice-287g-memoranda"].facts
        found = Counter((f.agency.state, f.agency.text, one["copy"]) for f in facts for one in f.value)
        self.assertEqual(found, Counter((r["state"], r["agency_normalised"], r["pdf_url"]) for r in rows))
        self.assertEqual((len(rows), found.total()), (1681, 1681))
        values = agreements(self.documents["ice-287g-memoranda"])
        self.assertEqual(sum(one["model"] is None for one in values), 49)
        self.assertEqual(sum(one["file_date"] is None for one in values), 30)


def _rows(path: Path) -> list[tuple[object, ...]]:
    """Return the rows of a workbook's first sheet, as openpyxl gives them."""
    book = openpyxl.load_workbook(path)
    return list(book.worksheets[0].iter_rows(values_only=True))


def _named(document: ParsedDocument) -> list[tuple[str, str]]:
    """Return agency and state of every agreement of a document."""
    return [(fact.agency.text, fact.agency.state) for fact in document.facts for _ in fact.value]


def _printed(rows: list[tuple[object, ...]]) -> Counter[tuple[str, str]]:
    """Return the same of a sheet's rows, without the parser."""
    states = {name.upper(): code for code, name in STATE_NAMES.items()}
    named = [cells for cells in rows[1:] if any(cells)]
    return Counter((" ".join(str(c[1]).split()).replace("\u2019", "'"), states[str(c[0])]) for c in named)
