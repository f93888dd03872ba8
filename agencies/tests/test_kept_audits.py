"""Search audits never come into the store, whatever format a file is given under."""

import codecs
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import skipUnless
from urllib.parse import quote

from django.core.management import CommandError, call_command
from django.test import SimpleTestCase, TestCase

from agencies.ingest import kept, runs, safety
from agencies.ingest.file_type import may_be_page
from agencies.ingest.flock_audit import is_audit
from agencies.ingest.formats import FORMATS
from agencies.ingest.parsed import ImportProblem
from agencies.models import ImportRun, KeptFile
from agencies.tests.factories import make_network
from agencies.tests.hostile_files import pdf, workbook
from agencies.tests.portal_factories import portal_page
from agencies.tests.portal_reading import NO_PORTALS, PORTALS, audit_rows

HEADING = '"id","userId","searchDate","networkCount","reason"\n'
AUDIT = (HEADING + '"s-1","Officer Nobody","2026-03-02T10:00:00.000Z","12","26-777"\n').encode()
LINK = f'<a href="data:text/csv;charset=utf-8,{quote(AUDIT.decode())}">CSV</a><img src="data:image/png;base64,AAAA">'
PAGE = portal_page(("Searches in the last 30 days", "3")).replace(b"</body>", LINK.encode() + b"</body>")
SECRETS = (b"Officer", b"26-777", b"data:", b"base64")
REFUSED = "a search audit, with a row for each search: it is neither kept nor read"


class IsAuditTests(SimpleTestCase):
    def test_audit_is_known_by_its_headings(self) -> None:
        for data in (
            AUDIT,
            b"\xef\xbb\xbf" + AUDIT,
            codecs.BOM_UTF16_LE + AUDIT.decode().encode("utf-16-le"),
            b"searchDate;userId\n2026-03-02;x\n",
            b"Exported 2026-04-01\n\nID\tSEARCHDATE\tCaseNumber\n",
            HEADING.encode(),
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
