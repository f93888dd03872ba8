"""Personal data in documents: every run says so, by command and by upload, before anything is accepted."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.test import TestCase

from agencies.ingest import kept, runs, runs_personal
from agencies.ingest.runs_desk import accept
from agencies.models import ImportRun, KeptFile
from agencies.tests.factories import make_network
from agencies.tests.portal_factories import portal_page

HEADING = "Organizations granted access to Testville CA PD data"
FOUND = portal_page((HEADING, "Alpha CA PD, b@c.example, d@c.example"))
CLEAN = portal_page((HEADING, "Alpha CA PD"))
TOLD = {"slug": "testville-ca-pd", "retrieved_on": "2026-04-24"}
SAID = "page.html: 2 e-mail addresses"


class WarningTests(TestCase):
    def setUp(self) -> None:
        make_network("flock")
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def write(self, data: bytes, name: str = "page.html") -> str:
        """Write a file; return its path."""
        file = self.folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        return str(file)

    def warnings(self, run: ImportRun) -> list[str]:
        """Return the warnings in a run's log."""
        return list(run.events.filter(level="warning").values_list("message", flat=True))

    def test_command_prints_and_logs_what_was_seen(self) -> None:
        lines: list[str] = []
        run = runs.import_now("flock_portal", [self.write(FOUND)], lines.append, options=TOLD)
        self.assertEqual(self.warnings(run), [SAID])
        self.assertIn(f"warning: {SAID}", lines)

    def test_nothing_seen_is_not_logged(self) -> None:
        run = runs.perform(runs.start("flock_portal", [self.write(CLEAN)], options=TOLD))
        self.assertEqual((run.status, self.warnings(run)), ("done", []))

    def test_run_that_waits_says_it_before_it_is_accepted_and_once(self) -> None:
        uploaded = [kept.kept_path(kept.keep(FOUND), "page.html")]
        for paths in ([self.write(FOUND.replace(b"d@c", b"e@c"))], uploaded):
            run = runs.perform(runs.start("flock_portal", paths, options=TOLD, needs_review=True))
            self.assertEqual((run.status, self.warnings(run)), ("review", [SAID]))
            self.assertEqual(KeptFile.objects.count(), 1)
        self.assertEqual(self.warnings(runs.perform(accept(run))), [SAID])

    def test_of_many_files_the_rest_is_summed_up(self) -> None:
        for day in range(1, 5):
            self.write(FOUND, f"testville-ca-pd/2026-04-0{day}.html")
        with mock.patch.object(runs_personal, "MOST_FILES", 2):
            run = runs.perform(runs.start("flock_portal", [str(self.folder)]))
        said = [f"2026-04-0{day}.html: 2 e-mail addresses" for day in (1, 2)]
        self.assertEqual(self.warnings(run), [*said, "further files: 4 e-mail addresses"])

    def test_what_could_not_be_looked_for_is_said(self) -> None:
        found = {"phones": 1, "pages_without_text": 1200, "unread": 1}
        said = "1 telephone number, 1,200 pages without text, 1 file that could not be looked through"
        self.assertEqual(runs_personal.in_words(found), said)
