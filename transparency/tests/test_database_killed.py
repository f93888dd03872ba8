"""PostgreSQL killed outright in the middle of an import, started again, and the import taken up once more."""

import os
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path
from unittest import TestCase, mock

from django.conf import settings
from django.test import tag

from agencies.tests.test_facts_csv import GRANT, HEADER
from transparency.embedded_postgres import embedded_postgres

CAPTURES, NAMES = 100, 400
REGISTRY = """
from agencies.tests import factories as make
make.make_network(); make.make_agency(); make.make_agency("Body 7 Police Department")
"""
COUNT = """
from agencies.models import Alias, Capture, ImportRun, Statement
print([model.objects.count() for model in (Statement, Capture, Alias)], ImportRun.objects.get().status)
"""
TAKE_UP = """
from datetime import timedelta
from django.utils import timezone
from agencies.ingest.runs import perform, sweep
from agencies.models import ImportRun
assert sweep() == [], "a lease that still holds is respected"
ImportRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
[run] = [perform(ImportRun.objects.get(pk=pk)) for pk in sweep()]
print(run.status, run.attempts, run.counts["statements new"])
"""
EXPORT = "from pathlib import Path; from agencies.ingest.facts_export import export_facts; export_facts(Path({!r}))"


@tag("deep")
class DatabaseKilledTests(TestCase):
    """Everything runs in other processes, against a PostgreSQL of the test's own."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="atlas-killed-")))
        self.folder.chmod(0o755)
        self.enterContext(mock.patch.dict(os.environ, ATLAS_VAR_DIR=str(self.folder / "var")))
        self.input = self.folder / "input"
        self.input.mkdir()
        (self.input / "sources.csv").write_text("slug,title,kind,publisher\nportal,A portal,portal,A city\n")
        rows = (
            GRANT.replace("example.org", f"example.org/{capture}").replace("Dublin CA PD", f"Body {name} CA PD")
            for capture in range(CAPTURES)
            for name in range(NAMES)
        )
        (self.input / "statements.csv").write_text("\n".join([HEADER, *rows]))

    def start_postgres(self) -> ExitStack:
        server = ExitStack()
        self.environment = {**os.environ, "DATABASE_URL": server.enter_context(embedded_postgres())}
        return server

    def command(self, *words: str) -> list[str]:
        return [sys.executable, "manage.py", *words]

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            self.command(*words), env=self.environment, cwd=settings.BASE_DIR, capture_output=True, text=True
        )
        self.assertEqual(done.returncode, 0, done.stderr[-3000:])
        return done.stdout.strip()

    def shell(self, code: str) -> str:
        return self.manage("shell", "--no-imports", "-c", code)

    def kill_postgres(self) -> None:
        """Kill the postmaster, and all its children before they can notice."""
        [file] = self.folder.glob("var/**/postmaster.pid")
        postmaster = int(file.read_text().splitlines()[0])
        children = Path(f"/proc/{postmaster}/task/{postmaster}/children").read_text().split()
        for pid in (postmaster, *map(int, children)):
            os.kill(pid, signal.SIGKILL)

    def import_until_killed(self) -> None:
        """Begin an import, and kill PostgreSQL once its transaction is writing."""
        words = self.command("import_documents", "facts_csv", str(self.input))
        importer = subprocess.Popen(
            words, env={**self.environment, "PYTHONUNBUFFERED": "1"}, cwd=settings.BASE_DIR,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        self.addCleanup(importer.kill)
        assert importer.stdout is not None
        for line in importer.stdout:
            words = line.replace(",", "").split()
            if "statements" in words and int(words[2]) >= CAPTURES * NAMES * 3 // 4:
                break
        else:
            self.fail("the import was over before PostgreSQL could be killed")
        self.kill_postgres()
        rest = importer.stdout.read()
        self.assertNotEqual(importer.wait(timeout=120), 0, rest)
        importer.stdout.close()

    def test_killed_postgres_loses_nothing_and_leaves_nothing_half_written(self) -> None:
        server = self.start_postgres()
        self.manage("migrate", "--verbosity", "0")
        self.shell(REGISTRY)
        self.import_until_killed()
        time.sleep(0.5)
        server.close()
        self.addCleanup(self.start_postgres().close)

        self.assertEqual(self.shell(COUNT), "[0, 0, 0] running")
        self.assertEqual(self.shell(TAKE_UP), f"done 2 {CAPTURES * NAMES}")
        self.shell(EXPORT.format(str(self.folder / "killed")))

        self.manage("flush", "--noinput", "--verbosity", "0")
        self.shell(REGISTRY)
        self.manage("import_documents", "facts_csv", str(self.input))
        self.shell(EXPORT.format(str(self.folder / "undisturbed")))
        files = sorted((self.folder / "killed").iterdir())
        self.assertGreaterEqual(len(files), 2)
        for file in files:
            self.assertEqual(file.read_bytes(), (self.folder / "undisturbed" / file.name).read_bytes(), file.name)
