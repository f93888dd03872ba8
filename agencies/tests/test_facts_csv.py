"""The facts format: what a row means, and which row is refused with which words."""

import gzip
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.ingest import facts_csv
from agencies.ingest.facts_columns import COLUMNS
from agencies.ingest.parsed import ImportProblem, ParsedDocument, ParsedSource

SOURCES = {"portal": ParsedSource("portal", "A portal", "portal", "A city")}
HEADER = "source,url,retrieved_on,network,access,reported_by,section,grantor,grantee"
GRANT = "portal,https://example.org,2026-04-23,flock,configured_access,grantor,list,Union City CA PD,Dublin CA PD"


def parse(*lines: str) -> list[ParsedDocument]:
    return facts_csv.parse("\n".join(lines).encode(), file="statements.csv", sources=SOURCES)


CELLS = st.lists(st.text(max_size=12), min_size=len(COLUMNS), max_size=len(COLUMNS))


class MeaningTests(SimpleTestCase):
    def test_shortest_row_is_a_grant_in_an_extract(self) -> None:
        [document] = parse(HEADER, GRANT)
        self.assertEqual(document.capture.retrieved_on, date(2026, 4, 23))
        [found] = document.lists
        self.assertEqual((found.completeness, found.reported_by), ("extract", "grantor"))
        [grant] = found.grants
        self.assertEqual((grant.grantor.text, grant.grantee.text), ("Union City CA PD", "Dublin CA PD"))
        self.assertEqual((grant.printed, grant.account_status), ("Dublin CA PD", "active"))

    def test_printed_name_of_a_list_that_the_grantee_reports_is_the_grantor(self) -> None:
        [document] = parse(HEADER, GRANT.replace(",grantor,", ",grantee,"))
        self.assertEqual(document.lists[0].grants[0].printed, "Union City CA PD")

    def test_list_row_says_how_complete_the_list_is_wherever_it_stands(self) -> None:
        header = f"row,{HEADER},completeness,heading"
        listed = (
            "list,portal,https://example.org,2026-04-23,flock,configured_access,grantor,list,,,complete,Who has access"
        )
        for lines in ([listed, f"sharing,{GRANT},,"], [f"sharing,{GRANT},,", listed]):
            [document] = parse(header, *lines)
            [found] = document.lists
            self.assertEqual((found.completeness, found.heading, len(found.grants)), ("complete", "Who has access", 1))

    def test_rows_of_one_capture_are_one_document_even_when_apart(self) -> None:
        other = GRANT.replace("2026-04-23", "2026-04-30")
        documents = parse(HEADER, GRANT, other, GRANT.replace("Dublin", "Hayward"))
        self.assertEqual([len(d.lists[0].grants) for d in documents], [2, 1])

    def test_fact_holds_json_and_an_unknown_one_holds_none(self) -> None:
        header = "row,source,retrieved_on,network,agency,agency_state,field,value,knowledge"
        [document] = parse(
            header,
            "fact,portal,2026-04-23,flock,Union City CA PD,CA,retention_days,30,",
            "fact,portal,2026-04-23,flock,Union City CA PD,CA,cameras,,not_published",
            'fact,portal,2026-04-23,flock,Union City CA PD,CA,hotlists,"[""NCIC""]",known',
        )
        self.assertEqual([(f.field, f.value, f.knowledge) for f in document.facts], [
            ("retention_days", 30, "known"), ("cameras", None, "not_published"), ("hotlists", ["NCIC"], "known"),
        ])  # fmt: skip

    def test_gzip_and_byte_order_mark_are_read(self) -> None:
        data = b"\xef\xbb\xbf" + f"{HEADER}\n{GRANT}\n".encode()
        for packed in (data, gzip.compress(data)):
            self.assertEqual(len(facts_csv.parse(packed, file="x", sources=SOURCES)), 1)

    def test_folder_brings_its_own_sources(self) -> None:
        with TemporaryDirectory() as folder:
            Path(folder, "sources.csv").write_text("slug,title,kind,publisher\nportal,A portal,portal,A city\n")
            Path(folder, "statements.csv").write_text(f"{HEADER}\n{GRANT}\n")
            [document] = facts_csv.read(Path(folder))
        self.assertEqual(document.source.title, "A portal")


class RefusalTests(SimpleTestCase):
    def refused(self, field: str, row: int | None, message: str, *lines: str) -> None:
        with self.assertRaises(ImportProblem) as caught:
            parse(*lines)
        problem = caught.exception
        self.assertEqual((problem.file, problem.row, problem.field), ("statements.csv", row, field))
        self.assertIn(message, problem.message)

    def test_bad_cells_name_file_row_and_field(self) -> None:
        cases = [
            ("source", "portal,", "nowhere,", "not described in sources.csv"),
            ("source", "portal,", ",", "is empty"),
            ("published_on", "2026-04-23", "", "is needed"),
            ("retrieved_on", "2026-04-23", "23/04/2026", "not a date"),
            ("access", "configured_access", "some_access", "not one of"),
            ("access", "configured_access", "", "is empty"),
            ("reported_by", "grantor,list", "nobody,list", "not one of"),
            ("retrieved_on", "2026-04-23", "2999-01-01", "still to come"),
            ("grantee", "Dublin CA PD", "", "is empty"),
            ("grantee", "Dublin CA PD", "x" * 301, "longer than 300 characters"),
            ("grantor", "Union City CA PD", "x" * 301, "longer than 300 characters"),
            ("section", ",list,", f",{'x' * 61},", "longer than 60 characters"),
        ]
        for field, old, new, message in cases:
            with self.subTest(field=field, new=new):
                self.refused(field, 3, message, HEADER, GRANT, GRANT.replace(old, new, 1))

    def test_addresses_and_hashes_are_what_pages_can_show(self) -> None:
        cases = [
            ("url", "javascript:alert(1)", "no web address"),
            ("archive_url", "ftp://example.org/x", "no web address"),
            ("licence_url", "https://", "no web address"),
            ("url", f"https://example.org/{'x' * 500}", "longer than 500 characters"),
            ("sha256", "zz", "64 lower-case hex digits"),
            ("sha256", "A" * 64, "64 lower-case hex digits"),
        ]
        for field, cell, message in cases:
            with self.subTest(field=field, cell=cell):
                header = f"source,retrieved_on,network,row,access,reported_by,completeness,{field}"
                row = "portal,2026-04-23,flock,list,configured_access,grantor,empty,"
                self.refused(field, 3, message, header, row, row + cell)
        parse(f"{header.rpartition(',')[0]},url,sha256", f"{row}HTTP://example.org,{'0a' * 32}")

    def test_bad_cells_of_sources_name_file_row_and_field(self) -> None:
        good = {"slug": "portal", "title": "A portal", "kind": "portal", "publisher": "A city", "url": ""}
        good |= {"agency": "City PD", "agency_state": "CA"}
        for field, cell, message in (
            ("kind", "rumour", "not one of: portal, foia"),
            ("title", "x" * 201, "longer than 200"),
            ("agency_state", "Cal", "USPS code"),
            ("url", "javascript:alert(1)", "no web address"),
        ):
            with self.subTest(field=field), TemporaryDirectory() as folder:
                Path(folder, "sources.csv").write_text(
                    f"{','.join(good)}\n{','.join((good | {field: cell}).values())}\n"
                )
                with self.assertRaises(ImportProblem) as caught:
                    facts_csv.read_sources(Path(folder))
                problem = caught.exception
                self.assertEqual((problem.file, problem.row, problem.field), ("sources.csv", 2, field))
                self.assertIn(message, problem.message)

    def test_state_of_a_name_is_a_usps_code(self) -> None:
        for side in ("grantor", "grantee"):
            header = f"{HEADER},{side}_state"
            self.refused(f"{side}_state", 3, "USPS code", header, f"{GRANT},GU", f"{GRANT},Cal")

    def test_value_is_what_its_field_is(self) -> None:
        header = "row,source,retrieved_on,network,agency,field,value"
        cases = [
            ("cameras", "many", "is not JSON"),
            ("cameras", "NaN", "is not JSON"),
            ("cameras", '"many"', "cameras is: a whole number, 0 or more"),
            ("cameras", "true", "a whole number"),
            ("retention_days", '{"a": 1}', "a whole number"),
            ("retention_days", "-5", "a whole number"),
            ("audit_published", "1", "true or false"),
            ("hotlists", '"NCIC"', "a list of texts"),
            ("policy_url", '["javascript:alert(1)"]', "no web address"),
            ("searches_seen", '{"2026-03": 25}', "an object of numbers by reason, by month"),
            ("agreements_287g", '["task force"]', "a list of objects"),
            ("records_suit", '{"court": 9}', "an object of texts"),
            ("hotlists", r'["\u0000"]', "NUL"),
            ("hotlists", r'["\ud800"]', "no Unicode text"),
            ("hotlists", "[" * 100_000, "is not JSON"),
        ]
        for field, value, message in cases:
            with self.subTest(field=field, value=value[:20]):
                cell = value.replace('"', '""')
                self.refused("value", 2, message, header, f'fact,portal,2026-04-23,flock,X PD,{field},"{cell}"')

    def test_document_says_a_fact_once(self) -> None:
        header = "row,source,retrieved_on,network,agency,field,value,knowledge"
        fact = "fact,portal,2026-04-23,flock,X PD,cameras,"
        said = "another value of cameras than row 2"
        self.refused("value", 4, said, header, f"{fact}5,", f"{fact}5,known", f"{fact}6,")
        self.refused("value", 3, said, header, f"{fact}5,", f"{fact},redacted")
        others = [fact.replace(*pair) for pair in (("flock", "axon"), ("X PD", "Y PD"), ("04-23", "04-24"))]
        documents = parse(header, f"{fact}5,", *(f"{other}6," for other in others))
        self.assertEqual([len(document.facts) for document in documents], [3, 1])

    def test_answer_too_long_for_the_record_is_refused(self) -> None:
        header = "row,source,retrieved_on,network,agency,grantor,grantee,effect,answers_source,paraphrase"
        row = f"answer,portal,2026-04-23,flock,X PD,X PD,Y PD,denies,portal,{'x' * 401}"
        self.refused("paraphrase", 2, "longer than 400 characters", header, row)

    def test_unknown_and_missing_columns_are_named(self) -> None:
        self.refused("", 1, "unknown columns ['colour']", f"{HEADER},colour", f"{GRANT},red")
        self.refused("", 1, "missing columns ['source'", "url", "https://example.org")
        self.refused("", 1, "stands twice", f"{HEADER},url", f"{GRANT},x")

    def test_row_of_another_length_is_refused(self) -> None:
        self.refused("", 2, "has not the header's 9 fields", HEADER, f"{GRANT},more")
        self.refused("", 2, "has not the header's 9 fields", HEADER, "portal,https://example.org")

    def test_known_fact_without_value_is_refused(self) -> None:
        header = "row,source,retrieved_on,network,agency,field,value,knowledge"
        self.refused("value", 2, "has a value", header, "fact,portal,2026-04-23,flock,X,cameras,,known")
        self.refused("value", 2, "not JSON", header, "fact,portal,2026-04-23,flock,X,cameras,thirty,known")

    def test_bytes_that_are_no_text_are_refused(self) -> None:
        for data in (b"\xff\xfe\x00", b"\x1f\x8bnot gzip"):
            with self.assertRaisesMessage(ImportProblem, "not readable"):
                facts_csv.parse(data, file="x", sources=SOURCES)

    def test_utf_16_is_told_by_file_with_what_to_do(self) -> None:
        text = f"{HEADER}\n{GRANT}\n"
        said = "x: not readable: it is in UTF-16, as Excel saves “Unicode text”; save it as UTF-8 (“CSV UTF-8”)"
        for encoding in ("utf-16", "utf-16-le", "utf-16-be"):
            for data in (text.encode(encoding), gzip.compress(text.encode(encoding))):
                with self.subTest(encoding, start=data[:2]), self.assertRaisesMessage(ImportProblem, said):
                    facts_csv.parse(data, file="x", sources=SOURCES)

    @settings(max_examples=200, deadline=None)
    @given(st.lists(CELLS, max_size=4), st.binary())
    def test_any_input_is_read_or_refused_with_a_reason(self, rows: list[list[str]], tail: bytes) -> None:
        lines = [",".join(COLUMNS), *(",".join(row) for row in rows)]
        try:
            facts_csv.parse("\n".join(lines).encode("utf-8", "replace") + tail, file="x", sources=SOURCES)
        except ImportProblem as problem:
            self.assertTrue(problem.message)
