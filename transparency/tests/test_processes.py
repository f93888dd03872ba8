"""The compose file and the Dockerfile start the very commands that ``./run`` starts."""

import os
import shutil
import subprocess
import sys
from typing import Any
from unittest import TestCase

import yaml

from transparency import processes
from transparency.embedded import BASE_DIR

REQUIRED = {"POSTGRES_PASSWORD": "from-the-test", "SECRET_KEY": "from-the-test", "ALLOWED_HOSTS": "atlas.example"}


def compose_config(environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    """Have podman-compose parse, merge and check the file; it starts nothing, so ``echo`` stands in for podman."""
    engine = shutil.which("echo") or "/bin/echo"
    options = ["--podman-path", engine, "--env-file", "/dev/null", "--file", "docker-compose.yml"]
    command = [sys.executable, "-m", "podman_compose", *options, "config"]
    clean = {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), **environment}
    return subprocess.run(command, env=clean, cwd=BASE_DIR, capture_output=True, text=True)


class ComposeTests(TestCase):
    services: dict[str, Any]

    @classmethod
    def setUpClass(cls) -> None:
        answer = compose_config(REQUIRED)
        assert answer.returncode == 0, answer.stderr
        cls.services = yaml.safe_load(answer.stdout)["services"]

    def test_commands_are_those_of_run(self) -> None:
        expected = {
            **processes.PROCESSES,
            "migrate": processes.MIGRATE,
            "load-starter": processes.LOAD_STARTER,
        }
        servers = {"postgres", "redis"}
        self.assertEqual(set(self.services) - servers, set(expected))
        for name, command in expected.items():
            self.assertEqual(self.services[name]["command"], command, name)

    def test_every_service_waits_for_what_it_needs(self) -> None:
        for name, service in self.services.items():
            for needed, how in service.get("depends_on", {}).items():
                self.assertIn(needed, self.services, name)
                if how["condition"] == "service_healthy":
                    self.assertIn("healthcheck", self.services[needed], needed)

    def test_site_has_one_database_and_one_broker(self) -> None:
        for name in ("web", "worker", "beat", "migrate", "load-starter"):
            environment = self.services[name]["environment"]
            self.assertEqual(environment["DATABASE_URL"], "postgres://atlas:from-the-test@postgres:5432/atlas")
            self.assertEqual(environment["REDIS_URL"], "redis://redis:6379/0")

    def test_no_secret_has_a_default(self) -> None:
        for name in REQUIRED:
            kept = {key: value for key, value in REQUIRED.items() if key != name}
            self.assertNotEqual(compose_config(kept).returncode, 0, name)

    def test_only_the_web_server_is_published_and_only_locally(self) -> None:
        published = {name: service["ports"] for name, service in self.services.items() if service.get("ports")}
        self.assertEqual(published, {"web": ["127.0.0.1:8000:8000"]})


class DockerfileTests(TestCase):
    def test_collects_static_files_and_serves_as_run_does(self) -> None:
        text = (BASE_DIR / "Dockerfile").read_text()
        self.assertIn(" ".join(processes.COLLECT_STATIC), text)
        self.assertIn("CMD [" + ", ".join(f'"{part}"' for part in processes.WEB) + "]", text)

    def test_runs_as_no_root(self) -> None:
        users = [line for line in (BASE_DIR / "Dockerfile").read_text().splitlines() if line.startswith("USER ")]
        self.assertEqual(users, ["USER atlas"])
