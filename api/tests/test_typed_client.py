"""A typed client is generated from the OpenAPI document and reads a running server with it.

The generator is openapi-python-client: it reads OpenAPI 3.1 and warns of whatever it cannot express. A warning fails.
"""

import importlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

from django.core.cache import cache
from django.test import LiveServerTestCase, tag

from agencies.models import Agency
from agencies.tests.factories import make_agency, make_fact, make_link
from api.views import schema

PACKAGE = "generated_atlas_client"


def generate(folder: Path) -> str:
    """Generate the package into a folder; return what the generator said."""
    (folder / "schema.json").write_text(json.dumps(schema(), default=str))
    (folder / "config.yml").write_text("post_hooks: []\n")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none", "--fail-on-warning"]
    paths = ["--path", "schema.json", "--config", "config.yml", "--output-path", PACKAGE]
    done = subprocess.run([*command, *paths], cwd=folder, capture_output=True, text=True, check=False)
    return f"{done.returncode}\n{done.stdout}{done.stderr}"


@tag("deep")
class TypedClientTests(LiveServerTestCase):
    """The generated client against Union City PD, which grants two agencies access."""

    folder: Path

    @classmethod
    def setUpClass(cls) -> None:
        """Generate the client once, and let it be imported."""
        super().setUpClass()
        kept = tempfile.TemporaryDirectory()
        cls.addClassCleanup(kept.cleanup)
        cls.folder = Path(kept.name)
        cls.said = generate(cls.folder)
        sys.path.insert(0, kept.name)
        cls.addClassCleanup(sys.path.remove, kept.name)

    def setUp(self) -> None:
        """Make the record."""
        cache.clear()
        self.union_city = make_agency(ori="CA0011200", status="active")
        self.ice = make_agency("Immigration and Customs Enforcement", state="", kind="federal", slug="ice")
        for other in (self.ice, make_agency("Reno Police Department", state="NV")):
            make_link(self.union_city, other)
        make_fact(self.union_city, "retention_days", 30)

    def ask(self, operation: str, *path: str, **query: Any) -> Any:
        """Return what the client makes of an operation's answer."""
        files = (self.folder / PACKAGE / "api").rglob("*.py")
        module = next(file for file in files if file.stem.removeprefix("v1_") == operation).relative_to(self.folder)
        function = importlib.import_module(".".join(module.with_suffix("").parts)).sync
        client = importlib.import_module(PACKAGE).Client(base_url=self.live_server_url)
        return function(*path, client=client, **query)

    def test_the_generator_understands_the_whole_document(self) -> None:
        self.assertTrue(self.said.startswith("0\n"), self.said)
        self.assertNotIn("Unable", self.said)

    def test_it_lists_agencies(self) -> None:
        found = self.ask("agencies_list", state="CA", page_size=10)
        self.assertEqual([row.name for row in found.results], ["Union City Police Department"])
        self.assertEqual(found.results[0].id, self.union_city.uuid)

    def test_it_reads_one_agency_with_its_facts(self) -> None:
        found = self.ask("agencies_retrieve", self.union_city.slug)
        self.assertEqual((found.ori, found.grants_listed), ("CA0011200", 2))
        self.assertEqual([(fact.field.value, fact.value) for fact in found.facts], [("retention_days", 30)])

    def test_it_follows_links_page_by_page(self) -> None:
        first = self.ask("links_list", grantor=self.union_city.slug, page_size=1)
        cursor = parse_qs(urlsplit(first.next_).query)["cursor"][0]
        second = self.ask("links_list", grantor=self.union_city.slug, page_size=1, cursor=cursor)
        states = {page.results[0].grantee.state for page in (first, second)}
        self.assertEqual((states, second.next_), ({None, "NV"}, None))

    def test_it_reads_an_error_as_a_problem(self) -> None:
        found = self.ask("agencies_retrieve", "nobody")
        self.assertEqual((found.status, Agency.objects.filter(slug="nobody").exists()), (404, False))
