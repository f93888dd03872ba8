"""``./run test`` and ``./run check``: every step, its seconds, and a last line that tells what failed."""

import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

from transparency.embedded import BASE_DIR, say
from transparency.embedded_services import embedded_services

APPS = ["agencies", "api", "transparency"]
TEMPLATES = ["agencies/templates", "api/templates", "transparency/templates"]
MANAGE = ["python", "manage.py"]
TESTS = [*MANAGE, "test", *APPS, "--noinput"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
DEPLOYED = {"HTTPS": "true", "HSTS_SUBDOMAINS": "true", "HSTS_PRELOAD": "true", "SECRET_KEY": secrets.token_urlsafe(64)}


@dataclass(frozen=True)
class Step:
    """One thing that must succeed: a command, with what it needs in its environment."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)

    def run(self, environment: dict[str, str]) -> bool:
        """Run the command; tell whether it ended with exit code 0."""
        return subprocess.call(self.command, env={**environment, **self.environment}, cwd=BASE_DIR) == 0


TEST = [
    Step("ruff check", ["ruff", "check", "."]),
    Step("ruff format", ["ruff", "format", "--check", "."]),
    Step("templates", ["djlint", "--lint", *TEMPLATES]),
    Step("types", ["mypy"]),
    Step("migrations", [*MANAGE, "makemigrations", "--check", "--dry-run"]),
    Step("deployment", [*MANAGE, "check", "--deploy", "--fail-level", "WARNING"], DEPLOYED),
    Step("tests", [*TESTS, "--parallel", "2", "--exclude-tag", "deep", "--exclude-tag", "browser"]),
    Step("browser tests", [*TESTS, "--tag", "browser", "--exclude-tag", "deep"]),
]
FUZZED = [f"agencies.tests.test_{name}" for name in ("ingest_fuzz", "document_fuzz", "documents_fuzz", "summary_sql")]
AT_LENGTH = {"HYPOTHESIS_PROFILE": "deep", "FUZZ_EXAMPLES": "2000"}
CHECK = [
    Step("deep tests", [*TESTS, "--tag", "deep"], AT_LENGTH),
    Step("property tests at length", [*MANAGE, "test", *FUZZED, "--noinput", "--exclude-tag", "deep"], AT_LENGTH),
]


def run_checks(name: str) -> int:
    """Run all steps of ``test`` or ``check``, also after a failure; return 0 where all succeeded."""
    results: list[tuple[str, bool, float]] = []
    with embedded_services() as environment:
        if name == "test":
            results.append(timed("Chromium", partial(provide_chromium, environment)))
        for step in TEST if name == "test" else CHECK:
            results.append(timed(step.name, partial(step.run, environment)))
    say(f"\n./run {name}: seconds by step")
    for step_name, succeeded, seconds in results:
        say(f"  {seconds:7.1f}  {step_name}{'' if succeeded else '   FAILED'}")
    failed = [step_name for step_name, succeeded, _ in results if not succeeded]
    say(f"./run {name}: {'failed: ' + ', '.join(failed) if failed else 'all passed'}")
    return 1 if failed else 0


def timed(name: str, action: Callable[[], bool]) -> tuple[str, bool, float]:
    """Run one action under a heading; return its name, whether it succeeded, and its seconds."""
    say(f"\n--- {name}")
    begun = time.monotonic()
    succeeded = action()
    return name, succeeded, time.monotonic() - begun


def provide_chromium(environment: dict[str, str]) -> bool:
    """Put the browser's path into CHROMIUM, installing it where we may; False only under CI without one."""
    found = find_chromium(environment)
    if found is None and os.geteuid() == 0 and shutil.which("apt-get"):
        say("No Chromium: installing Debian's for the browser tests")
        for command in (
            ["apt-get", "update", "-qq"],
            ["apt-get", "install", "-qqy", "--no-install-recommends", "chromium"],
        ):
            subprocess.call(command, env={**environment, "DEBIAN_FRONTEND": "noninteractive"}, stdout=sys.stderr)
        found = find_chromium(environment)
    if found:
        environment["CHROMIUM"] = found
        say(found)
        return True
    say("No Chromium: the browser tests are skipped. Install it (Debian: apt-get install chromium) or set CHROMIUM.")
    return not environment.get("CI")


def find_chromium(environment: dict[str, str]) -> str | None:
    """Return the path of a Chromium or Chrome; None without one."""
    named = environment.get("CHROMIUM")
    return next(filter(None, (shutil.which(name) for name in ([named] if named else BROWSERS))), None)
