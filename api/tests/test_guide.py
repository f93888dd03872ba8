"""The written documentation on the site itself."""

import re

from django.test import SimpleTestCase

from api.guide import introduction, written
from api.tests.base import ApiTestCase


class GuideTests(ApiTestCase):
    """GET /api/v1/docs/NAME.md"""

    def test_documents_are_there_with_the_sites_own_address(self) -> None:
        for name in ("api", "tutorial", "releases"):
            response = self.client.get(f"/api/v1/docs/{name}.md", headers={"accept": "text/html,*/*;q=0.8"})
            self.assertEqual(response.headers["Content-Type"], "text/plain; charset=utf-8")
            self.assertNotIn("http://localhost:8000", response.content.decode())
        self.assertIn("http://testserver/api/v1/links/", self.client.get("/api/v1/docs/tutorial.md").content.decode())

    def test_what_they_lead_to_is_there_too(self) -> None:
        for name in ("api", "tutorial"):
            for target in sorted(set(re.findall(r"\]\(([\w-]+\.md)", written(name)))):
                with self.subTest(f"{name}.md leads to {target}"):
                    self.assertEqual(self.client.get(f"/api/v1/docs/{target}").status_code, 200)

    def test_other_names_are_not_found(self) -> None:
        for path in ("docs/nothing.md", "docs/..%2FREADME.md", "docs/adr.md"):
            self.get(f"/api/v1/{path}", status=404)

    def test_the_docs_page_begins_with_what_one_must_know(self) -> None:
        said = self.get("/api/v1/schema/")["info"]["description"]
        for text in ("Silence is not a no", "Version 1 only grows", "urlopen(", "(/api/v1/docs/tutorial.md)"):
            self.assertIn(text, said)


class IntroductionTests(SimpleTestCase):
    """What heads the OpenAPI document."""

    def test_it_is_short_and_its_sections_are_found(self) -> None:
        self.assertLess(len(introduction()), 8000)
        self.assertEqual(
            re.findall(r"^## (.*)$", introduction(), re.MULTILINE),
            ["What an answer means", "The promise", "An example"],
        )
