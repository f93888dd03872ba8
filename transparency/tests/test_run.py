"""The script ``run`` and what it becomes."""

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from unittest import TestCase, mock

from transparency import serve
from transparency.embedded import BASE_DIR

RUN = str(BASE_DIR / "run")


class RunTests(TestCase):
    def test_alone_lists_its_commands(self) -> None:
        answer = subprocess.run([sys.executable, RUN], capture_output=True, text=True)
        self.assertEqual(answer.returncode, 0)
        for name in ("serve", "test", "check", "manage", "worker", "shell"):
            self.assertRegex(answer.stdout, rf"(?m)^  {name}\b")

    def test_unknown_command_fails_and_lists(self) -> None:
        answer = subprocess.run([sys.executable, RUN, "fly"], capture_output=True, text=True)
        self.assertEqual(answer.returncode, 2)
        self.assertIn("usage: ./run", answer.stdout)

    def test_uses_the_standard_library_only(self) -> None:
        answer = subprocess.run([sys.executable, "-I", "-S", RUN], capture_output=True, text=True)
        self.assertEqual(answer.returncode, 0, answer.stderr)


class WatchTests(TestCase):
    """A worker that ends is started again, but not for ever."""

    def test_it_gives_up_on_what_ends_again_and_again(self) -> None:
        commands = {"web": ["sleep", "60"], "worker": ["sh", "-c", "echo again; exit 3"]}
        said: list[str] = []
        with (
            mock.patch.object(serve, "PROCESSES", commands),
            mock.patch.object(serve, "say", said.append),
            mock.patch.object(serve, "has_lost_a_server", return_value=False),
            serve.processes(dict(os.environ)) as children,
        ):
            serve.watch(children, dict(os.environ))
            self.assertIsNone(children["web"].poll())
            self.assertEqual(serve.report_death(children), 3)
        self.assertEqual(sum("worker ended by itself with exit code 3; starting it again" in line for line in said), 3)
        self.assertIn("./run: worker ended by itself with exit code 3; stopping the rest", said)


class ServeTests(TestCase):
    """Start the real thing with servers of its own, in a folder of its own."""

    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory(prefix="atlas-serve-")
        self.addCleanup(folder.cleanup)
        Path(folder.name).chmod(0o755)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        kept = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
        self.environment = {**kept, "ATLAS_VAR_DIR": f"{folder.name}/var", "STATIC_ROOT": f"{folder.name}/static"}
        self.log = Path(folder.name) / "log"

    def start(self) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-m", "transparency.start", "serve", "--port", str(self.port)]
        with self.log.open("wb") as log:
            process = subprocess.Popen(command, env=self.environment, cwd=BASE_DIR, stdout=log, stderr=log)
        self.addCleanup(process.kill)  # does nothing to one that has ended
        deadline = time.monotonic() + 600
        while b"The atlas is at" not in self.log.read_bytes():
            self.assertIsNone(process.poll(), self.log.read_text())
            self.assertLess(time.monotonic(), deadline, self.log.read_text())
            time.sleep(0.2)
        return process

    def running(self) -> list[str]:
        """Return the command lines of all processes that were started with our folder in the environment."""
        mark, found = self.environment["ATLAS_VAR_DIR"].encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes() or mark in (folder / "cmdline").read_bytes():
                    found.append((folder / "cmdline").read_bytes().replace(b"\0", b" ").decode())
            except OSError:
                continue
        return [line for line in found if line]

    def test_serves_and_stops_all_of_it(self) -> None:
        process = self.start()
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/healthz") as answer:
            self.assertEqual(answer.read(), b"ok\n")
        lines = "\n".join(self.running())
        for part in ("gunicorn", "worker", "beat", "postgres", "valkey"):
            self.assertIn(part, lines)
        process.send_signal(signal.SIGINT)
        self.assertEqual(process.wait(60), 128 + signal.SIGINT)
        self.assertEqual(self.running(), [])
        self.assertNotIn("Traceback", self.log.read_text())

        process = self.start()  # a second time, on what the first left; then parts of it die
        self.assertNotIn("collecting static files", self.log.read_text())
        worker = self.child_named(process.pid, b"worker")
        os.kill(worker, signal.SIGKILL)
        self.wait_for("worker ended by itself with exit code -9; starting it again")
        self.assertNotEqual(self.child_named(process.pid, b"worker"), worker)
        self.assertIsNone(process.poll())
        os.kill(self.child_named(process.pid, b"gunicorn"), signal.SIGKILL)
        self.assertEqual(process.wait(60), 1)
        self.assertIn("web ended by itself with exit code -9; stopping the rest", self.log.read_text())
        self.assertEqual(self.running(), [])

    def wait_for(self, text: str) -> None:
        """Wait until the log has a text, for half a minute at most."""
        deadline = time.monotonic() + 30
        while text not in self.log.read_text() and time.monotonic() < deadline:
            time.sleep(0.1)
        self.assertIn(text, self.log.read_text())

    def child_named(self, parent: int, word: bytes) -> int:
        """Return the id of the child whose command line has the word."""
        children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
        return next(int(pid) for pid in children if word in Path(f"/proc/{pid}/cmdline").read_bytes())
