"""Captures say whether their bytes are kept: by command and by upload, and never by a parser alone."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.test import TestCase

from agencies.ingest import flock_shared_networks, kept, runs, vigilant_report
from agencies.ingest.news_observer import ACCESS_FILE, USAGE_FILE
from agencies.models import Capture, ImportRun, KeptFile
from agencies.tests import test_news_observer as observer
from agencies.tests.document_factories import SHARED_HEAD, pdf, report_page, workbook
from agencies.tests.factories import make_network
from agencies.tests.portal_factories import portal_page
from agencies.tests.test_flock_shared_networks import HEAD

REPORT = pdf([report_page(*SHARED_HEAD, ("Allen Police Department",))])
TABLE = workbook(HEAD, ("Marina CA PD", "Marina CA PD", None))
WHOSE = {"agency": "Testville CA PD", "state": "CA"}


class BytesKeptTests(TestCase):
    def setUp(self) -> None:
        for slug in ("flock", "vigilant"):
            make_network(slug)
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def write(self, name: str, data: bytes) -> Path:
        """Write a file; return its path."""
        (self.folder / name).write_bytes(data)
        return self.folder / name

    def recorded(self, format_name: str, path: Path | str, **options: str) -> ImportRun:
        """Import a document; fails the test where that fails."""
        run = runs.perform(runs.start(format_name, [str(path)], options=options))
        self.assertEqual(run.status, "done", run.problem)
        return run

    def test_capture_of_a_file_that_the_run_keeps_is_original_and_leads_to_it(self) -> None:
        for format_name, path, options in (
            ("vigilant_report", self.write("report.pdf", REPORT), {}),
            ("flock_shared_networks", self.write("table.xlsx", TABLE), WHOSE),
            ("vigilant_report", kept.kept_path(kept.keep(REPORT), "report.pdf"), {"retrieved_on": "2026-01-02"}),
        ):
            with self.subTest(format=format_name, path=path):
                self.recorded(format_name, path, **options)
                capture = Capture.objects.latest("pk")
                self.assertEqual(capture.bytes_kept, "original")
                self.assertTrue(KeptFile.objects.filter(sha256=capture.sha256).exists())

    def test_document_made_of_several_kept_files_is_original(self) -> None:
        self.write(ACCESS_FILE, f"{observer.ACCESS_HEAD}\n{observer.ALPHA}".encode())
        usage = observer.USAGE_ROW.format(retention="30 days", audit="0")
        self.write(USAGE_FILE, f"{observer.USAGE_HEAD}\n{usage}".encode())
        self.recorded("news_observer", self.folder)
        self.assertEqual((Capture.objects.get().bytes_kept, KeptFile.objects.count()), ("original", 2))

    def test_kept_page_whose_portal_is_not_told_is_never_recorded_under_a_passing_folder(self) -> None:
        path = kept.kept_path(kept.keep(portal_page()), "2026-05-01.html")
        for options in ({}, {"retrieved_on": "2026-05-01", "slug": ""}):
            run = runs.perform(runs.start("flock_portal", [path], options=options))
            assert run.problem is not None
            self.assertEqual((run.status, run.problem["field"]), ("failed", "slug"))
            self.assertEqual(run.problem["file"], "2026-05-01.html")

    def test_hash_of_other_bytes_than_the_file_s_is_not_kept(self) -> None:
        self.recorded("vigilant_report", self.write("report.pdf", REPORT), sha256="a" * 64)
        self.assertEqual(Capture.objects.get().bytes_kept, "none")

    def test_capture_on_record_is_the_same_one_and_stays_as_it_is(self) -> None:
        path = self.write("report.pdf", REPORT)
        self.recorded("vigilant_report", path)
        Capture.objects.update(bytes_kept="none")
        run = self.recorded("vigilant_report", path)
        self.assertEqual((run.counts["captures new"], Capture.objects.get().bytes_kept), (0, "none"))

    def test_parser_alone_keeps_nothing(self) -> None:
        [report] = vigilant_report.read(self.write("report.pdf", REPORT))
        [table] = flock_shared_networks.read(self.write("table.xlsx", TABLE), **WHOSE)
        self.assertEqual({one.capture.bytes_kept for one in (report, table)}, {"none"})
