"""The settings are closed by default, and the site starts without GDAL."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from django.template import engines
from django.test import RequestFactory, SimpleTestCase, override_settings
from django.urls import reverse

from transparency import settings as project
from transparency.embedded import BASE_DIR

NO_GDAL = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.startswith("django.contrib.gis"):
            raise ImportError("GIS is absent: " + name)
sys.meta_path.insert(0, Blocker())
import django
django.setup()
from django.contrib import admin
from django.urls import get_resolver
from django.template import engines
get_resolver().url_patterns
engines["django"].from_string("{% load leaflet_tags %}{% leaflet_js %}").render()
assert admin.site.urls and "django.contrib.gis" not in sys.modules
"""


def settings_in(environment: dict[str, str], code: str) -> subprocess.CompletedProcess[str]:
    """Run code in a process that has this environment and nothing else of ours."""
    clean = {"PATH": os.environ["PATH"], "PYTHONPATH": str(BASE_DIR), "DJANGO_SETTINGS_MODULE": "transparency.settings"}
    return subprocess.run([sys.executable, "-c", code], env={**clean, **environment}, capture_output=True, text=True)


class DefaultsTests(SimpleTestCase):
    def value(self, expression: str, **environment: str) -> str:
        with tempfile.TemporaryDirectory() as var:
            given = {"DATABASE_URL": "postgres://db.example/atlas", "ATLAS_VAR_DIR": var, **environment}
            code = f"from django.conf import settings; settings.DEBUG; print({expression})"
            answer = settings_in(given, code)
            self.assertEqual(answer.returncode, 0, answer.stderr)
            return answer.stdout.strip()

    def test_debug_is_off_and_hosts_are_local(self) -> None:
        self.assertEqual(self.value("settings.DEBUG"), "False")
        self.assertEqual(self.value("settings.ALLOWED_HOSTS"), "['localhost', '127.0.0.1', '[::1]']")

    def test_contact_page_must_be_a_web_address(self) -> None:
        self.assertEqual(
            self.value("settings.CONTACT_URL", CONTACT_URL="https://a.example/form"), "https://a.example/form"
        )
        given = {"DATABASE_URL": "postgres://db.example/atlas", "SECRET_KEY": "x", "CONTACT_URL": "javascript:alert(1)"}
        answer = settings_in(given, "from django.conf import settings; settings.DEBUG")
        self.assertIn("CONTACT_URL must begin with https://", answer.stderr)

    def test_secret_key_is_made_once_and_kept_to_its_owner(self) -> None:
        with tempfile.TemporaryDirectory() as var:
            first, second = (self.value("settings.SECRET_KEY", ATLAS_VAR_DIR=var) for _ in range(2))
            self.assertEqual(first, second)
            self.assertGreaterEqual(len(first), 50)
            self.assertEqual((Path(var) / "secret-key").stat().st_mode & 0o777, 0o600)
            self.assertEqual(os.listdir(var), ["secret-key"])

    def test_https_secures_the_cookies(self) -> None:
        expression = "settings.SESSION_COOKIE_SECURE, settings.CSRF_COOKIE_SECURE, settings.SECURE_SSL_REDIRECT"
        self.assertEqual(self.value(expression, HTTPS="true"), "True True True")

    def test_unix_socket_serves_celery_and_the_cache(self) -> None:
        expression = "settings.CELERY_BROKER_URL, settings.CACHES['default']['LOCATION']"
        given = "unix:///run/valkey.sock?db=0"
        self.assertEqual(
            self.value(expression, REDIS_URL=given), f"redis+socket:///run/valkey.sock?virtual_host=0 {given}"
        )

    def test_missing_database_names_run(self) -> None:
        answer = settings_in({"DATABASE_URL": ""}, "import django; django.setup()")
        self.assertNotEqual(answer.returncode, 0)
        self.assertIn("./run serve", answer.stderr)

    def test_other_databases_and_nonsense_are_refused(self) -> None:
        for name, value in (("DATABASE_URL", "sqlite:///x"), ("DEBUG", "maybe"), ("DB_CONN_MAX_AGE", "soon")):
            given = {"DATABASE_URL": "postgres://db.example/atlas", name: value}
            answer = settings_in(given, "import django; django.setup()")
            self.assertIn(name, answer.stderr.splitlines()[-1])

    def test_site_starts_where_gdal_is_absent(self) -> None:
        with tempfile.TemporaryDirectory() as var:
            given = {"DATABASE_URL": "postgres://db.example/atlas", "ATLAS_VAR_DIR": var, "DEBUG": "true"}
            answer = settings_in(given, NO_GDAL)
        self.assertEqual(answer.returncode, 0, answer.stderr)


class LeafletTests(SimpleTestCase):
    def test_map_needs_no_other_host_and_no_unmarked_script(self) -> None:
        template = engines["django"].from_string(
            "{% load leaflet_tags %}{% leaflet_css %}{% leaflet_js %}{% leaflet_map 'map' csp_nonce=csp_nonce %}"
        )
        html = template.render({"csp_nonce": "abc"}, RequestFactory().get("/"))
        self.assertNotRegex(html, r"(?:https?:)?//(?!\s)[a-z]")
        for tag in html.split("<script")[1:]:
            self.assertRegex(tag, r'^ (nonce="abc"|src="/static/|id="[\w-]+" type="application/json")')
        self.assertIn('"layers": []', html)

    def test_files_of_leaflet_are_found(self) -> None:
        from django.contrib.staticfiles import finders

        for name in ("leaflet/leaflet.js", "leaflet/leaflet.css", "leaflet/leaflet.extras.js"):
            self.assertIsNotNone(finders.find(name), name)


class HeaderTests(SimpleTestCase):
    databases = {"default"}

    def policy(self, response: Any) -> dict[str, list[str]]:
        parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
        return {name: values for name, *values in parts}

    def test_policy_lets_nothing_in_from_elsewhere(self) -> None:
        policy = self.policy(self.client.get(reverse("admin:login")))
        self.assertEqual(policy["default-src"], ["'none'"])
        self.assertEqual(policy["script-src"], ["'self'"])
        self.assertEqual(policy["frame-ancestors"], ["'none'"])
        self.assertEqual(policy["base-uri"], ["'none'"])
        self.assertFalse([value for values in policy.values() for value in values if "http" in value or "*" in value])

    def test_reader_gets_no_cookie(self) -> None:
        self.assertFalse(self.client.get(reverse("healthz")).cookies)

    @override_settings(ALLOWED_HOSTS=["atlas.example"])
    def test_unknown_host_is_refused(self) -> None:
        self.assertEqual(self.client.get("/admin/login/", headers={"host": "evil.example"}).status_code, 400)

    def test_health_tells_the_database_is_there(self) -> None:
        self.assertEqual(self.client.get("/healthz").content, b"ok\n")


class ScheduleTests(SimpleTestCase):
    def test_broker_waits_longer_than_any_task_runs(self) -> None:
        self.assertGreater(
            project.CELERY_BROKER_TRANSPORT_OPTIONS["visibility_timeout"], project.CELERY_TASK_TIME_LIMIT
        )

    def test_tests_cannot_reach_a_running_worker(self) -> None:
        self.assertEqual(project.CELERY_BROKER_URL, "memory://")
