"""Search audits never come into the store, whatever format a file is given under."""

import codecs
import csv
import gzip
import io
import zipfile
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock, skipUnless
from urllib.parse import quote

from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from agencies.ingest import kept, runs, safety
from agencies.ingest.file_type import may_be_page
from agencies.ingest.flock_audit_file import is_audit, refuse_audit
from agencies.ingest.formats import FORMATS
from agencies.ingest.parsed import ImportProblem
from agencies.models import ImportRun, KeptFile
from agencies.tests import workbooks
from agencies.tests.factories import make_network
from agencies.tests.hostile_files import BILLION_LAUGHS, pdf, with_password, workbook
from agencies.tests.portal_factories import portal_page
from agencies.tests.portal_reading import NO_PORTALS, PORTALS, audit_rows

HEADING = '"id","userId","searchDate","networkCount","reason"\n'
AUDIT = (HEADING + '"s-1","Officer Nobody","2026-03-02T10:00:00.000Z","12","26-777"\n').encode()
LINK = f'<a href="data:text/csv;charset=utf-8,{quote(AUDIT.decode())}">CSV</a><img src="data:image/png;base64,AAAA">'
PAGE = portal_page(("Searches in the last 30 days", "3")).replace(b"</body>", LINK.encode() + b"</body>")
WIDE_PAGE = PAGE.decode().encode("utf-16")
SHEET = workbooks.workbook(*csv.reader(AUDIT.decode().splitlines()))
SECRETS = (b"Officer", b"26-777", b"data:", b"base64")
MAPPING = """{"source": {"slug": "s", "title": "A table", "kind": "dataset", "publisher": "P"}, "network": "flock",
 "access": "configured_access", "reported_by": "third_party", "section": "s", "completeness": "extract",
 "columns": {"grantor": "userId", "grantee": "grantee", "retrieved_on": "searchDate"}}"""
REFUSED = "a search audit, with a row for each search: it is neither kept nor read"


def zipped(**files: bytes) -> bytes:
    """Return a zip file; names have an underscore for their full stop."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in files.items():
            packed.writestr(name.replace("_", "."), data)
    return made.getvalue()


def sheet_of(table: str) -> bytes:
    """Return a workbook that no reader here opens, with these rows in a file of another name than sheets have."""
    return workbook({"xl/worksheets/Tabelle.xml": f"<worksheet><sheetData>{table}</sheetData></worksheet>"})


INLINE = "".join(f'<c t="inlineStr"><is><t>{word}</t></is></c>' for word in ("ID", "SearchDate", "Reason"))
WRAPPED = {
    "workbook": SHEET,
    "workbook with its audit on the second sheet": workbooks.workbook(
        ("Alpha PD",), further=list(csv.reader([HEADING]))
    ),
    "workbook that no reader opens": sheet_of(f"<row>{INLINE}</row>"),
    "gzip": gzip.compress(AUDIT),
    "gzip that is cut short": gzip.compress(AUDIT + bytes(range(256)))[:-100],
    "gzip in UTF-16": gzip.compress(AUDIT.decode().encode("utf-16")),
    "gzip after an empty one": gzip.compress(b"") + gzip.compress(AUDIT),
    "gzipped page": gzip.compress(PAGE),
    "zip": zipped(readme_txt=b"Nothing", audit_csv=AUDIT),
    "zip of a page": zipped(page_html=b"<p>" + b"x" * 70_000 + PAGE),
    "page in UTF-16": WIDE_PAGE,
    "page in UTF-16 without a mark": PAGE.decode().encode("utf-16-le"),
    "page in UTF-16 with rows in a script": '<!DOCTYPE html><script>[{"searchDate": 1, "userId": 2}]'.encode("utf-16"),
}
"""Files that hold an audit."""

GOOD_ROWS = [("Name", "Reason"), ("searchDate", "Alpha PD"), ("A sentence of searchDate and userId", "userId")]


class WrappedTests(SimpleTestCase):
    def refuse(self, data: bytes, words: str) -> None:
        with self.assertRaisesMessage(ImportProblem, words):
            refuse_audit(data, file="a.file")

    def test_audit_is_known_in_whatever_it_is_wrapped(self) -> None:
        for name, data in WRAPPED.items():
            with self.subTest(name):
                self.refuse(data, f"a.file: {REFUSED}")

    def test_other_files_of_these_kinds_are_taken(self) -> None:
        good = b"source,grantor,grantee,reason\n"
        wide_page = portal_page(("Searches in the last 30 days", "3")).decode().encode("utf-16")
        for data in (
            workbooks.workbook(*GOOD_ROWS),
            workbook({"xl/media/image1.emz": gzip.compress(b"picture"), "xl/media/image2.svg": b"<svg/>"}),
            sheet_of("<row><c><f>searchDate</f><v>1</v></c><c><f>userId</f><v>2</v></c></row>"),
            gzip.compress(good),
            gzip.compress(good)[:-9],
            zipped(a_csv=good),
            good.decode().encode("utf-16"),
            wide_page,
            PAGE,
        ):
            with self.subTest(data[:20]):
                refuse_audit(data, file="a.file")

    def test_what_cannot_be_looked_through_is_refused(self) -> None:
        self.refuse(gzip.compress(gzip.compress(AUDIT)), "packed more than once: unpack it first")
        self.refuse(zipped(a_gz=gzip.compress(AUDIT)), "packed more than once")
        self.refuse(zipped(a_zip=zipped(audit_csv=AUDIT)), "packed more than once")
        self.refuse(with_password(zipped(audit_csv=AUDIT)), "a zip file that holds no workbook")
        self.refuse(zipped(bomb_csv=b" " * 30_000_000), "a zip file that holds no workbook")
        self.refuse(SHEET[:-30], "a damaged workbook")
        self.refuse(workbook({"xl/sharedStrings.xml": BILLION_LAUGHS}), "a document type or an entity")

    def test_packed_page_without_end_is_read_so_far_and_no_further(self) -> None:
        bomb = gzip.compress(b"<p>" + b" " * 2**22)
        with mock.patch("agencies.ingest.flock_audit_file.MOST", 2**20):
            self.refuse(bomb, "too large to be looked through: more than 1 MB")


class IsAuditTests(SimpleTestCase):
    def test_audit_is_known_by_its_headings(self) -> None:
        for data in (
            AUDIT,
            b"\xef\xbb\xbf" + AUDIT,
            codecs.BOM_UTF16_LE + AUDIT.decode().encode("utf-16-le"),
            b"searchDate;userId\n2026-03-02;x\n",
            b"Exported 2026-04-01\n\nID\tSEARCHDATE\tCaseNumber\n",
            HEADING.encode(),
            AUDIT.decode().encode("utf-16-be"),
            AUDIT.decode().encode("utf-16-le"),
        ):
            with self.subTest(data[:30]):
                self.assertTrue(is_audit(data))

    def test_other_files_are_none(self) -> None:
        for data in (b"", b"name,reason\nAlpha PD,x\n", b"searchDate,name\n", PAGE, pdf(), workbook(), b"\xff\xfe\x00"):
            with self.subTest(data[:30]):
                self.assertFalse(is_audit(data))

    def test_what_begins_with_a_tag_or_holds_a_page_may_be_one(self) -> None:
        for data in (PAGE, b"\xef\xbb\xbf\n<div>x", b"<?xml version='1.0'?><html>", b"Saved\n<!DOCTYPE html><p>x"):
            self.assertTrue(may_be_page(data), data[:30])
        for data in (b"", pdf(), workbook(), b"a,b\n1,2\n", b"name,note\nAlpha PD,a < b\n"):
            self.assertFalse(may_be_page(data), data[:30])


class StoreTests(TestCase):
    """Uploads, commands and the store itself."""

    def setUp(self) -> None:
        make_network("flock")
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def file(self, data: bytes, name: str) -> str:
        """Write a file; return its path."""
        (self.folder / name).write_bytes(data)
        return str(self.folder / name)

    def test_page_under_a_wrong_format_is_kept_without_its_audit(self) -> None:
        for name, ending in (("vigilant_report", ".pdf"), ("flock_shared_networks", ".html"), ("ice_287g", ".xlsx")):
            with self.subTest(name):
                page = PAGE + f"<!-- {name} -->".encode()
                run = runs.perform(runs.start(name, [self.file(page, f"page{ending}")]))
                self.assertEqual(run.status, "failed")
                found = KeptFile.objects.latest("pk")
                stored = kept.read_kept(found)
                self.assertTrue(found.is_reduced)
                self.assertIn(b"Testville CA PD", stored)
                for secret in SECRETS:
                    self.assertNotIn(secret, stored)

    def test_audit_is_refused_under_every_format_and_not_kept(self) -> None:
        for name in FORMATS:
            for values in ({}, {"needs_review": True}):
                with self.subTest(name, **values):
                    run = runs.perform(runs.start(name, [self.file(AUDIT, "audit.csv")], **values))
                    assert run.problem is not None
                    self.assertEqual((run.status, run.problem["message"]), ("failed", REFUSED))
                    self.assertIn("audit.csv", run.problem["file"])
        self.assertFalse(KeptFile.objects.exists())

    def test_wrapped_audit_is_refused_and_not_kept(self) -> None:
        for wrapping, data in WRAPPED.items():
            for name in ("csv", "flock_portal", "flock_shared_networks", "vigilant_report"):
                with self.subTest(wrapping, format=name):
                    run = runs.perform(runs.start(name, [self.file(data, "audit.file")]))
                    assert run.problem is not None
                    self.assertEqual((run.status, run.problem["message"]), ("failed", REFUSED))
        self.assertFalse(KeptFile.objects.exists())

    def test_page_in_utf_16_is_kept_as_pages_are(self) -> None:
        page = portal_page(("Searches in the last 30 days", "3")).replace(b"</body>", b"<script>1</script></body>")
        found = kept.keep(page.decode().encode("utf-16"), name="page.html")
        stored = kept.read_kept(found)
        self.assertEqual(stored, kept.storable(page))
        self.assertNotIn(b"script", stored)

    def test_table_of_parsed_documents_takes_no_audit(self) -> None:
        mapping = self.file(MAPPING.encode(), "mapping.json")
        table = self.folder / "out.csv"
        audit = HEADING.strip() + ',"grantee"\n' + '"s-1","Officer Nobody","2026-03-02","12","26-777","B"\n'
        for data, name in ((audit.encode(), "audit.csv"), (gzip.compress(AUDIT), "audit.csv"), (SHEET, "audit.csv")):
            with self.subTest(data[:9]), self.assertRaisesMessage(CommandError, f"audit.csv: {REFUSED}"):
                call_command("parse_documents", "csv", self.file(data, name), mapping=mapping, out=str(table))
            self.assertFalse(table.exists())

    def test_dry_run_refuses_an_audit_too(self) -> None:
        with self.assertRaisesMessage(CommandError, REFUSED):
            call_command("import_documents", "csv", self.file(AUDIT, "audit.csv"), "--dry-run")
        self.assertFalse(ImportRun.objects.exists())

    def test_audit_in_a_folder_of_good_files_is_found(self) -> None:
        self.file(AUDIT, "b.csv")
        self.file(b"a,b\n1,2\n", "a.csv")
        run = runs.perform(runs.start("csv", [str(self.folder)], needs_review=True))
        assert run.problem is not None
        self.assertEqual(run.problem["message"], REFUSED)

    def test_checks_of_an_upload_and_the_store_itself_refuse_an_audit(self) -> None:
        with self.assertRaisesMessage(ImportProblem, f"audit.csv: {REFUSED}"):
            safety.check(AUDIT, name="audit.csv", suffixes=(".csv",))
        with self.assertRaisesMessage(ImportProblem, REFUSED):
            kept.keep(AUDIT, reduce=lambda data: data, name="audit.csv")
        self.assertFalse(KeptFile.objects.exists())

    @skipUnless(PORTALS.is_dir(), NO_PORTALS)
    def test_no_row_of_a_real_audit_is_stored_under_a_wrong_format(self) -> None:
        pages = [page for page in sorted(PORTALS.glob("*/*.html")) if "data:text/csv" in page.read_text()][::20]
        self.assertTrue(pages)
        for page in pages:
            stored = kept.read_kept(kept.keep(page.read_bytes())).decode()
            rows = audit_rows(page.read_text())
            self.assertTrue(rows)
            self.assertFalse([row["id"] for row in rows if row["id"] in stored], page)
