"""Statements as a table: what parse_documents writes, that it needs no database, and that it agrees with the parser."""

import csv
import io
import json
import unittest
from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import CommandError, call_command
from django.test import SimpleTestCase

from agencies.ingest.parsed import (
    ParsedAnswer,
    ParsedCapture,
    ParsedDocument,
    ParsedFact,
    ParsedGrant,
    ParsedList,
    ParsedSource,
    PrintedName,
)
from agencies.ingest.statements_csv import COLUMNS, statement_rows, write_statements
from agencies.tests.portal_factories import portal_page
from agencies.tests.portal_reading import NO_PORTALS, PORTALS, real

ALPHA, BETA, ICE = PrintedName("Alpha PD", "CA"), PrintedName("Beta, Inc.", "CA"), PrintedName("ICE")
ACCESS = ("Organizations granted access to Testville CA PD data", "Alpha CA PD, Beta CA PD [Inactive]")
INBOUND = ("Organizations sharing their data with Testville CA PD", "Omega CA PD")


def document(agency: PrintedName | None, *lists: ParsedList, file: str = "f.csv", slug: str = "s") -> ParsedDocument:
    """Return a document of 2026-01-02 with these lists."""
    source = ParsedSource(slug, "A source", "dataset", "Someone", network="flock", agency=agency)
    return ParsedDocument(source, ParsedCapture("", published_on=date(2026, 1, 2)), file=file, lists=list(lists))


def sharing(reported_by: str, grantor: PrintedName, grantee: PrintedName, status: str = "active") -> ParsedList:
    """Return a list of one grant."""
    grant = ParsedGrant(grantor, grantee, grantee.text, "row 2", status)
    return ParsedList("flock", "configured_access", reported_by, "section", "complete", "", [grant])


class RowTests(unittest.TestCase):
    def test_direction_is_seen_from_the_documents_agency(self) -> None:
        rows = statement_rows(
            [document(ALPHA, sharing("grantor", ALPHA, BETA, "inactive"), sharing("grantee", BETA, ALPHA))]
        )
        self.assertEqual(
            list(rows),
            [
                ("f.csv", "out", "section", "Beta, Inc.", "row 2", "inactive"),
                ("f.csv", "in", "section", "Beta, Inc.", "row 2", "active"),
            ],
        )

    def test_a_list_without_an_agency_of_its_own_names_the_other_side_in_the_value(self) -> None:
        lists = [sharing(reporter, BETA, ICE) for reporter in ("third_party", "grantor", "grantee")]
        rows = [(row[1], row[3], json.loads(row[5])) for row in statement_rows([document(None, *lists)])]
        self.assertEqual(
            rows,
            [
                ("out", "ICE", {"account_status": "active", "grantor": "Beta, Inc."}),
                ("out", "ICE", {"account_status": "active", "grantor": "Beta, Inc."}),
                ("in", "Beta, Inc.", {"account_status": "active", "grantee": "ICE"}),
            ],
        )

    def test_facts_and_answers_have_no_direction_and_a_json_value(self) -> None:
        said = document(ALPHA)
        said.facts = [
            ParsedFact(ALPHA, "hotlists", ["Ñ"], locator="Hotlists"),
            ParsedFact(ALPHA, "cameras", None, knowledge="not_published"),
        ]
        said.answers = [ParsedAnswer(ALPHA, "denies", "Says no.", "flock", ALPHA, ICE, "source", "par. 2")]
        rows = list(statement_rows([said]))
        self.assertEqual(rows[0], ("f.csv", "", "hotlists", "Alpha PD", "Hotlists", '["Ñ"]'))
        self.assertEqual(json.loads(rows[1][5]), {"knowledge": "not_published"})
        self.assertEqual((rows[2][2:5], json.loads(rows[2][5])["effect"]), (("answer", "Alpha PD", "par. 2"), "denies"))

    def test_documents_that_share_a_file_are_told_apart(self) -> None:
        documents = [
            document(ALPHA, sharing("grantor", ALPHA, BETA), file=file, slug=slug)
            for file, slug in (("a", "s1"), ("t", "s2"), ("t", "s3"), ("t", "s4"), ("b", "s5"))
        ]
        names = [row[0] for row in statement_rows(documents)]
        self.assertEqual(names, ["a", "t#s2/2026-01-02", "t#s3/2026-01-02", "t#s4/2026-01-02", "b"])

    def test_text_stays_as_printed_and_a_row_is_one_line(self) -> None:
        name = PrintedName('=HYPERLINK("x")')
        target = io.StringIO()
        self.assertEqual(write_statements([document(ALPHA, sharing("grantor", ALPHA, name))], target), 1)
        self.assertEqual(
            target.getvalue(),
            "capture_file,direction,section,printed_name,locator,value\n"
            'f.csv,out,section,"=HYPERLINK(""x"")",row 2,active\n',
        )


class CommandTests(SimpleTestCase):
    """No test here may reach the database: SimpleTestCase refuses every query."""

    def setUp(self) -> None:
        folder = TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        (self.folder / "pages" / "testville-ca-pd").mkdir(parents=True)
        self.page = self.folder / "pages" / "testville-ca-pd" / "2026-04-24.html"
        self.page.write_bytes(portal_page(ACCESS, INBOUND))
        self.out = self.folder / "out.csv"

    def parse(self, *arguments: str) -> str:
        """Return what the command writes to standard output."""
        output = io.StringIO()
        call_command("parse_documents", *arguments, stdout=output, stderr=io.StringIO())
        return output.getvalue()

    def test_a_folder_becomes_a_table(self) -> None:
        self.parse("flock_portal", str(self.folder / "pages"), "--out", str(self.out))
        with self.out.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        self.assertEqual(tuple(rows[0]), COLUMNS)
        self.assertEqual(
            [(r["capture_file"], r["direction"], r["printed_name"], r["value"]) for r in rows if r["direction"]],
            [
                ("testville-ca-pd/2026-04-24.html", "out", "Alpha CA PD", "active"),
                ("testville-ca-pd/2026-04-24.html", "out", "Beta CA PD [Inactive]", "inactive"),
                ("testville-ca-pd/2026-04-24.html", "in", "Omega CA PD", "active"),
            ],
        )

    def test_standard_output_is_the_same_table(self) -> None:
        pages = str(self.folder / "pages")
        self.parse("flock_portal", pages, "--out", str(self.out))
        for arguments in ((), ("--out", "-")):
            with self.subTest(arguments):
                self.assertEqual(self.parse("flock_portal", pages, *arguments), self.out.read_text(encoding="utf-8"))

    def test_options_reach_the_format(self) -> None:
        other = self.folder / "page.html"
        other.write_bytes(self.page.read_bytes())
        told = ("--option", "slug=testville-ca-pd", "--option", "retrieved_on=2026-05-01")
        self.assertIn("testville-ca-pd/page.html,out", self.parse("flock_portal", str(other), *told))
        with self.assertRaisesMessage(CommandError, "unknown option 'colour'"):
            self.parse("flock_portal", str(other), "--option", "colour=red")

    def test_any_table_is_read_through_a_mapping_file(self) -> None:
        table, mapping = self.folder / "table.csv", self.folder / "mapping.json"
        table.write_text("giver,taker\nAlpha PD,ICE\n")
        told = {
            "source": {"slug": "a-table", "title": "A table", "kind": "dataset", "publisher": "Someone"},
            "network": "flock",
            "section": "grants",
            "columns": {"grantor": "giver", "grantee": "taker"},
            "constants": {"published_on": "2026-01-02"},
        }
        mapping.write_text(json.dumps(told))
        output = self.parse("csv", str(table), "--mapping", str(mapping))
        self.assertIn("table.csv,out,grants,ICE,", output)
        self.assertIn('""grantor"": ""Alpha PD""', output)
        for wrong, said in (
            ({"columns": {"grantor": "giver"}}, "who the grantee is"),
            ({"access": "telepathy"}, "'telepathy' is not one of"),
            ({"colour": "red"}, "unexpected keyword argument 'colour'"),
            ({"source": "a-table"}, "not a mapping"),
        ):
            mapping.write_text(json.dumps(told | wrong))
            with self.subTest(said), self.assertRaisesMessage(CommandError, said):
                self.parse("csv", str(table), "--mapping", str(mapping))
        mapping.write_text("{")
        with self.assertRaisesMessage(CommandError, "mapping.json: not JSON"):
            self.parse("csv", str(table), "--mapping", str(mapping))

    def test_a_file_that_fails_ends_with_its_name_and_leaves_the_old_table(self) -> None:
        self.out.write_text("old")
        bad = self.page.with_name("2026-04-25.html")
        bad.write_bytes(b"<h1>Blocked</h1>")
        with self.assertRaisesMessage(CommandError, "testville-ca-pd/2026-04-25.html: not a transparency portal"):
            self.parse("flock_portal", str(self.folder / "pages"), "--out", str(self.out))
        self.assertEqual(self.out.read_text(), "old")
        self.assertEqual([path.name for path in self.folder.iterdir() if path.is_file()], ["out.csv"])

    def test_missing_paths_formats_and_targets_are_told(self) -> None:
        for arguments, said in (
            (("flock_portal", str(self.folder / "none")), "no such file or folder"),
            (("flock_portal", str(self.page), "--out", str(self.folder / "no" / "out.csv")), "No such file"),
            (("fax", str(self.page)), "invalid choice"),
        ):
            with self.subTest(said), self.assertRaisesMessage(CommandError, said):
                self.parse(*arguments)


@unittest.skipUnless(PORTALS.is_dir(), NO_PORTALS)
class RealTableTests(SimpleTestCase):
    def test_the_table_of_all_captures_says_what_the_parser_says(self) -> None:
        with TemporaryDirectory() as folder:
            out = Path(folder, "out.csv")
            call_command("parse_documents", "flock_portal", str(PORTALS), "--out", str(out), stderr=io.StringIO())
            with out.open(encoding="utf-8", newline="") as file:
                rows = list(csv.DictReader(file))
        grants: Counter[tuple[str, str, str]] = Counter()
        facts: dict[tuple[str, str], object] = {}
        for row in rows:
            if row["direction"]:
                grants[row["capture_file"], row["direction"], row["printed_name"]] += 1
            else:
                facts[row["capture_file"], row["section"]] = json.loads(row["value"])
        documents = real()
        outward = Counter((d.file, "out", g.grantee.text) for d in documents for g in d.lists[0].grants)
        inward = Counter((d.file, "in", g.grantor.text) for d in documents for one in d.lists[1:] for g in one.grants)
        self.assertEqual(grants, outward + inward)
        self.assertEqual((outward.total(), inward.total(), len(rows)), (89_785, 14_963, 108_547))
        self.assertEqual(
            facts,
            {
                (d.file, fact.field): fact.value if fact.knowledge == "known" else {"knowledge": fact.knowledge}
                for d in documents
                for fact in d.facts
            },
        )
