"""A real worker, killed outright in the middle of an import, and another that takes the import up."""

import os
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from unittest import mock
from urllib.parse import quote

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from agencies.ingest.facts_export import export_facts
from agencies.ingest.runs import perform, start, sweep
from agencies.models import Alias, Capture, ImportRun, SharingLink, Statement
from agencies.tests import factories as make
from agencies.tests.test_facts_csv import GRANT, HEADER
from transparency.embedded_valkey import embedded_valkey
from transparency.processes import WORKER

ROWS = 40_000
QUEUE = "from agencies.tasks import perform_import; perform_import.delay({run})"


class WorkerKilledTests(TransactionTestCase):
    """The worker runs against the test's own database and a broker of its own."""

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="atlas-worker-")))
        self.folder.chmod(0o755)
        self.enterContext(mock.patch.dict(os.environ, ATLAS_VAR_DIR=str(self.folder / "var")))
        servers = {"DATABASE_URL": self.database_url(), "REDIS_URL": self.enterContext(embedded_valkey())}
        self.environment = {**os.environ, **servers}
        self.make_registry()
        (self.folder / "sources.csv").write_text("slug,title,kind,publisher\nportal,A portal,portal,A city\n")
        rows = (GRANT.replace("Dublin CA PD", f"Body {number} CA PD") for number in range(ROWS))
        (self.folder / "statements.csv").write_text("\n".join([HEADER, *rows]))

    def make_registry(self) -> None:
        make.make_network()
        make.make_agency()
        make.make_agency("Body 7 Police Department")

    def database_url(self) -> str:
        found = connection.settings_dict
        server = f"{quote(found['HOST'], safe='')}:{found['PORT'] or 5432}"
        return f"postgres://{found['USER']}:{quote(found['PASSWORD'])}@{server}/{found['NAME']}"

    def start_worker(self) -> "subprocess.Popen[bytes]":
        log = (self.folder / "worker.log").open("ab")
        self.addCleanup(log.close)
        worker = subprocess.Popen(
            WORKER, env=self.environment, cwd=settings.BASE_DIR, stdout=log, stderr=log, start_new_session=True
        )
        self.addCleanup(self.kill, worker)
        return worker

    def kill(self, worker: "subprocess.Popen[bytes]") -> None:
        """Kill the worker and the process that it works in."""
        if worker.poll() is None:
            os.killpg(worker.pid, signal.SIGKILL)
            worker.wait()

    def queue(self, run: ImportRun) -> None:
        command = ["python", "manage.py", "shell", "--no-imports", "-c", QUEUE.format(run=run.pk)]
        subprocess.run(command, env=self.environment, cwd=settings.BASE_DIR, check=True)

    def wait(self, what: str, done: Callable[[], bool]) -> None:
        deadline = time.monotonic() + 120
        while not done():
            self.assertLess(time.monotonic(), deadline, f"{what}\n{(self.folder / 'worker.log').read_text()[-3000:]}")
            time.sleep(0.05)

    def import_is_busy(self) -> bool:
        """Tell whether another session holds this record's lock: the import's transaction is open."""
        here = "database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND granted AND {here})")
            return bool(cursor.fetchone()[0])

    def test_killed_import_leaves_nothing_and_the_next_worker_finishes_it(self) -> None:
        run = start("facts_csv", [str(self.folder)])
        first = self.start_worker()
        self.queue(run)
        self.wait("the import never began", self.import_is_busy)
        time.sleep(0.5)
        self.assertTrue(self.import_is_busy(), "the import was over before it could be killed: make it longer")
        self.kill(first)
        self.wait("the dead worker's transaction stays open", lambda: not self.import_is_busy())
        self.assertEqual([model.objects.count() for model in (Statement, Capture, Alias)], [0, 0, 0])

        run.refresh_from_db()
        self.assertEqual((run.status, run.attempts), ("running", 1))
        self.assertEqual(sweep(), [], "a lease that still holds is respected")
        ImportRun.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        self.assertEqual(sweep(), [run.pk])
        self.start_worker()
        self.queue(run)
        self.wait("nobody took the import up", lambda: ImportRun.objects.get(pk=run.pk).status == "done")

        run.refresh_from_db()
        self.assertEqual((run.attempts, run.counts["statements new"], Statement.objects.count()), (2, ROWS, ROWS))
        export_facts(self.folder / "killed")
        links = list(SharingLink.objects.values("uuid", "status", "statement_count"))
        self.assertEqual(len(links), 1)

        call_command("flush", interactive=False, verbosity=0)
        self.make_registry()
        self.assertEqual(perform(start("facts_csv", [str(self.folder)])).counts["statements new"], ROWS)
        export_facts(self.folder / "undisturbed")
        for file in (self.folder / "killed").iterdir():
            self.assertEqual(file.read_bytes(), (self.folder / "undisturbed" / file.name).read_bytes(), file.name)
        self.assertEqual(list(SharingLink.objects.values("uuid", "status", "statement_count")), links)
