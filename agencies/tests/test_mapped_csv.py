"""Tables of others, read through a saved mapping."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import TestCase

from django.test import TestCase as DatabaseTestCase

from agencies.ingest import formats, mapped_csv, news_observer
from agencies.ingest.mapped_rows import TableMapping
from agencies.ingest.parsed import ImportProblem, ParsedDocument, ParsedSource
from agencies.ingest.saved_mapping import mapping_problem
from agencies.models import ColumnMapping
from agencies.tests.factories import make_network, make_source
from agencies.tests.portal_factories import SHARED

SOURCE = ParsedSource("someones-table", "Someone's table", "dataset", "Someone", network="flock")
MAPPING = TableMapping(
    source=SOURCE,
    network="flock",
    access="configured_access",
    reported_by="grantor",
    section="organizations-with-access",
    completeness="extract",
    columns={"grantor": "From", "grantee": "To"},
    constants={"retrieved_on": "2026-04-23"},
)


def parse(text: str | bytes, **changes: Any) -> list[ParsedDocument]:
    """Return the documents of a table, through the mapping with changes."""
    data = text.encode() if isinstance(text, str) else text
    return list(mapped_csv.parse(data, replace(MAPPING, **changes), file="t.csv"))


class RowTests(TestCase):
    """What rows say."""

    def test_grants_are_read_in_their_order_with_row_numbers(self) -> None:
        (document,) = parse("From,To,Other\nAlpha CA PD,  Beta  CA SO ,x\n\nAlpha CA PD,Gamma MO PD [Inactive],y\n")
        (found,) = document.lists
        said = [(g.grantor.text, g.grantee.text, g.locator, g.account_status) for g in found.grants]
        beta = ("Alpha CA PD", "Beta CA SO", "row 2", "active")
        self.assertEqual(said, [beta, ("Alpha CA PD", "Gamma MO PD [Inactive]", "row 4", "inactive")])
        self.assertEqual((found.network, found.section, found.completeness), ("flock", MAPPING.section, "extract"))
        self.assertEqual((document.source, document.capture.retrieved_on), (SOURCE, date(2026, 4, 23)))
        self.assertEqual((document.capture.bytes_kept, len(document.capture.sha256)), ("original", 64))

    def test_every_field_can_come_from_a_column(self) -> None:
        names = ("grantor_state", "grantee_state", "account_status", "printed", "locator", "published_on", "url")
        columns = {**MAPPING.columns, **{name: name for name in names}}
        head = ",".join(columns.values())
        (document,) = parse(
            f"{head}\nAlpha,Beta,ca,NV,Turned Off,Beta (off),page 3,2026-04-22T23:30:00-07:00,https://a.example/1\n",
            columns=columns,
        )
        (grant,) = document.lists[0].grants
        self.assertEqual((grant.grantor.state, grant.grantee.state), ("CA", "NV"))
        self.assertEqual(
            (grant.account_status, grant.printed, grant.locator), ("turned_off", "Beta (off)", "row 2, page 3")
        )
        self.assertEqual(
            (document.capture.published_on, document.capture.url), (date(2026, 4, 23), "https://a.example/1")
        )

    def test_state_is_that_of_the_agency_whose_list_it_is(self) -> None:
        rows = "From,To\nAlpha CA PD,Reno PD\n"
        for reported_by, expected in (("grantor", ("CA", "CA")), ("grantee", ("", "")), ("third_party", ("CA", ""))):
            with self.subTest(reported_by=reported_by):
                (grant,) = parse(rows, reported_by=reported_by)[0].lists[0].grants
                self.assertEqual((grant.grantor.state, grant.grantee.state), expected)

    def test_constants_stand_for_both_ends(self) -> None:
        constants = {**MAPPING.constants, "grantor": "Irvine PD", "grantor_state": "CA"}
        (document,) = parse("To\nBeta PD\n", columns={"grantee": "To"}, constants=constants)
        self.assertEqual(document.lists[0].grants[0].grantor.text, "Irvine PD")

    def test_pair_twice_is_one_grant_and_an_agency_on_its_own_list_is_none(self) -> None:
        (document,) = parse("From,To\nAlpha,Beta\nAlpha,Beta\nAlpha,Alpha\n")
        self.assertEqual([grant.locator for grant in document.lists[0].grants], ["row 2"])

    def test_rows_of_other_dates_or_addresses_are_other_copies(self) -> None:
        columns = {**MAPPING.columns, "retrieved_on": "Day"}
        table = "From,To,Day\nA,B,2026-01-01\nA,B,2026-02-01\nA,C,2026-01-01\n"
        first, second = parse(table, columns=columns, constants={})
        self.assertEqual([len(first.lists[0].grants), len(second.lists[0].grants)], [2, 1])

    def test_other_delimiters_encodings_and_marks_are_read(self) -> None:
        for delimiter in ";\t|":
            (document,) = parse(f"From{delimiter}To\nA{delimiter}B\n", delimiter=delimiter)
            self.assertEqual(document.lists[0].grants[0].grantee.text, "B")
        self.assertEqual(parse(b"\xef\xbb\xbfFrom,To\nA,B\n")[0].lists[0].grants[0].grantor.text, "A")
        data = "From,To\nCañon City PD,B\n".encode("cp1252")
        self.assertEqual(parse(data, encoding="cp1252")[0].lists[0].grants[0].grantor.text, "Cañon City PD")


class ProblemTests(TestCase):
    """What cannot be read says where."""

    def refuse(self, text: str | bytes, words: str, row: int | None = None, field: str = "", **changes: Any) -> None:
        with self.assertRaises(ImportProblem) as refused:
            parse(text, **changes)
        problem = refused.exception
        self.assertIn(words, problem.message)
        self.assertEqual((problem.file, problem.row, problem.field), ("t.csv", row, field))

    def test_headings_that_are_missing_or_there_twice(self) -> None:
        self.refuse("From,Whom\nA,B\n", "no such heading: 'To'", 1, "grantee")
        self.refuse("From,To,To\nA,B,C\n", "stands there twice: 'To', columns 2, 3", 1, "grantee")
        self.refuse("\nA,B\n", "no headings", 1)
        self.refuse("", "no headings", 1)

    def test_cells_that_cannot_be_read(self) -> None:
        self.refuse("From,To\nA,B\nA,\n", "the cell is empty", 3, "grantee")
        self.refuse("From,To\nA,B,C\n", "3 cells under 2 headings", 2)
        self.refuse(f"From,To\nA,{'x' * 201}\n", "too long for a name", 2, "grantee")
        self.refuse('From,To\nA,"B\n', "not a table", 2)
        dated = {**MAPPING.columns, "published_on": "Day"}
        self.refuse("From,To,Day\nA,B,04/23/2026\n", "no date (YYYY-MM-DD)", 2, "published_on", columns=dated)
        for field, cell, words in (
            ("grantee_state", "Calif.", "no state's two letters"),
            ("account_status", "gone", "is none of: active"),
            ("url", "javascript:alert(1)", "no web address"),
        ):
            columns = {**MAPPING.columns, field: "X"}
            self.refuse(f"From,To,X\nA,B,{cell}\n", words, 2, field, columns=columns)

    def test_bytes_that_are_not_in_the_encoding(self) -> None:
        self.refuse("From,To\nCañon,B\n".encode("cp1252"), "not text in utf-8; it may be cp1252")
        self.refuse("From,To\nA,B\0\n", "a NUL character")
        for encoding in ("utf-8", "cp1252"):
            self.refuse("From,To\nA,B\n".encode("utf-16"), "it is in UTF-16", encoding=encoding)
        self.refuse("From,To\nA,B\n", "unknown encoding 'utf-7'", encoding="utf-7")

    def test_row_without_a_date_and_table_without_rows(self) -> None:
        self.refuse("From,To\nA,B\n", "no date", 2, constants={})
        self.refuse("From,To\n", "a table without rows")
        self.refuse("From,To\n,\n", "a table without rows", completeness="complete")

    def test_complete_list_is_of_one_date_and_says_so_when_it_names_nobody_else(self) -> None:
        columns = {**MAPPING.columns, "retrieved_on": "Day"}
        table = "From,To,Day\nA,B,2026-01-01\nA,B,2026-02-01\n"
        self.refuse(
            table, "a complete list is one copy, but its rows are of 2", columns=columns, completeness="complete"
        )
        (document,) = parse("From,To\nA,A\n", completeness="complete")
        self.assertEqual(document.lists[0].completeness, "empty")

    def test_mapping_that_cannot_be_used_is_explained(self) -> None:
        both = {"grantor": "From", "grantee": "To"}
        for columns, constants, words in (
            (both, {}, ""),
            (both, {"encoding": "cp1252"}, ""),
            ({"grantee": "To"}, {}, "who the grantor is"),
            ({}, {}, "who the grantor and the grantee is"),
            (both, {"grantor": "A"}, "Both a column and a fixed value: grantor"),
            ({**both, "colour": "C"}, {}, "Not a field: colour"),
            (both, {"encoding": "utf-7"}, "Unknown encoding"),
        ):
            with self.subTest(words=words):
                problem = mapping_problem(columns, constants)
                self.assertTrue(words in problem if words else not problem, problem)


class SavedMappingTests(DatabaseTestCase):
    """The format "csv"."""

    @classmethod
    def setUpTestData(cls) -> None:
        source = make_source("news-observer-2024", kind="dataset", title="Tables", publisher="The News & Observer")
        ColumnMapping.objects.create(
            slug="news-observer-access",
            title="Agency access, April 2024",
            source=source,
            network=make_network(),
            reported_by="grantor",
            section="organizations-with-access",
            columns={"grantor": "src_agency", "grantee": "external_agency"},
        )

    def read(self, path: Path, **options: str) -> list[ParsedDocument]:
        return list(mapped_csv.read(path, **{"mapping": "news-observer-access", **options}))

    def test_options_give_date_address_and_hash(self) -> None:
        with TemporaryDirectory() as folder:
            path = Path(folder) / "t.csv"
            path.write_text("src_agency,external_agency\nAlpha CA PD,Beta\n")
            (document,) = self.read(path, retrieved_on="2024-04-26", url="https://a.example/", sha256="a" * 64)
            with self.assertRaisesMessage(ImportProblem, "published_on"):
                self.read(path, published_on="yesterday")
            with self.assertRaisesMessage(
                ImportProblem, "no column mapping is called 'x' (known: news-observer-access)"
            ):
                self.read(path, mapping="x")
        found = document.capture
        self.assertEqual((found.url, found.sha256), ("https://a.example/", "a" * 64))
        self.assertEqual(found.retrieved_on, date(2024, 4, 26))
        self.assertEqual(
            (document.source.slug, document.source.publisher), ("news-observer-2024", "The News & Observer")
        )

    def test_format_is_among_those_that_can_be_imported(self) -> None:
        if "csv" not in formats.FORMATS:
            self.skipTest("the format is not listed")
        self.assertLessEqual({"mapping", "retrieved_on", "sha256"}, formats.FORMATS["csv"].options)

    def test_news_observers_table_gives_the_pairs_of_its_own_importer(self) -> None:
        folder = SHARED / "news_observer_2024"
        if not folder.is_dir():
            self.skipTest(f"no shared documents at {SHARED}")

        def pairs(documents: Any) -> set[tuple[Any, Any]]:
            grants = (grant for document in documents for found in document.lists for grant in found.grants)
            return {(grant.grantor, grant.grantee) for grant in grants}

        mapped = pairs(self.read(folder / news_observer.ACCESS_FILE, retrieved_on="2024-04-26"))
        own = pairs(news_observer.read(folder))
        self.assertGreater(len(own), 30_000)
        self.assertEqual(mapped, own)
