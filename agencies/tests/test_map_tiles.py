"""The map's optional tiles: off by default; on, the page's policy lets in their host and no other."""

from typing import Any

from django.core.cache import cache
from django.core.management import call_command
from django.core.management.base import SystemCheckError
from django.test import SimpleTestCase, TestCase, override_settings

from agencies.map_tiles import check_tiles

TEMPLATE = "https://tiles.example.org:8443/base/{z}/{x}/{y}.png?key=a-b"


def pictures_from(response: Any) -> list[str]:
    """Return what the policy of an answer says of pictures."""
    rules = (rule.split() for rule in response["Content-Security-Policy"].split(";"))
    return next(values for name, *values in rules if name == "img-src")


class TilesTests(TestCase):
    """/map/ with and without tiles."""

    def setUp(self) -> None:
        cache.clear()

    def test_off_by_default(self) -> None:
        response = self.client.get("/map/")
        self.assertEqual(pictures_from(response), ["'self'", "data:"])
        self.assertNotContains(response, "data-tiles")
        self.assertNotIn("Cross-Origin-Embedder-Policy", response)

    @override_settings(MAP_TILES_URL=TEMPLATE, MAP_TILES_ATTRIBUTION='© <b onclick="x">Example</b>')
    def test_on_the_map_gets_the_template_and_its_policy_that_origin(self) -> None:
        response = self.client.get("/map/")
        self.assertEqual(pictures_from(response), ["'self'", "data:", "https://tiles.example.org:8443"])
        self.assertEqual(response["Cross-Origin-Embedder-Policy"], "credentialless")
        self.assertContains(response, f'data-tiles-url="{TEMPLATE}"')
        self.assertContains(response, "© &lt;b onclick=&quot;x&quot;&gt;Example&lt;/b&gt;")

    @override_settings(MAP_TILES_URL=TEMPLATE)
    def test_no_other_page_lets_the_host_in(self) -> None:
        self.assertEqual(pictures_from(self.client.get("/")), ["'self'", "data:"])

    def test_every_page_says_what_it_loads_from_elsewhere(self) -> None:
        nothing = "No page here loads anything from elsewhere"
        for page in ("/", "/about/"):
            with self.subTest(page):
                self.assertContains(self.client.get(page), nothing)
                with override_settings(MAP_TILES_URL=TEMPLATE):
                    response = self.client.get(page)
                self.assertNotContains(response, nothing)
                self.assertContains(response, "https://tiles.example.org:8443, which sees the address")

    @override_settings(MAP_TILES_URL="https://tiles.example.org; script-src *")
    def test_template_that_cannot_be_used_leaves_the_map_as_it_is(self) -> None:
        response = self.client.get("/map/")
        self.assertEqual(pictures_from(response), ["'self'", "data:"])
        self.assertNotContains(response, "data-tiles")


class CheckTests(SimpleTestCase):
    """The system check of MAP_TILES_URL."""

    def test_good_templates_pass(self) -> None:
        for template in ("", TEMPLATE, "https://a.example/{z}/{y}/{x}"):
            with override_settings(MAP_TILES_URL=template):
                self.assertEqual(check_tiles(), [], template)

    def test_bad_templates_are_told_why(self) -> None:
        path = "{z}/{x}/{y}.png"
        problems = {
            f"http://tiles.example.org/{path}": "https://",
            f"//tiles.example.org/{path}": "https://",
            f"https://{{s}}.example.org/{path}": "one name",
            f"https://*.example.org/{path}": "one name",
            f"https://me:secret@example.org/{path}": "one name",
            f"https://example.org;script-src/{path}": "one name",
            f"https:///{path}": "one name",
            f"https://[example.org/{path}": "no address",
            f"https://example.org/ {path}": "a space",
            f'https://example.org/"{path}': "quotation mark",
            "https://example.org/{z}/{x}.png": "{z}, {x} and {y}",
            f"https://example.org/{path}?{{token}}": "no other braces",
            f"https://example.org/{path}{{": "no other braces",
        }
        for template, told in problems.items():
            with self.subTest(template), override_settings(MAP_TILES_URL=template):
                (error,) = check_tiles()
                self.assertEqual(error.id, "agencies.E001")
                self.assertIn(told, error.msg)

    @override_settings(MAP_TILES_URL="http://tiles.example.org/{z}/{x}/{y}.png")
    def test_check_of_the_site_ends_with_the_error(self) -> None:
        with self.assertRaisesMessage(
            SystemCheckError, "MAP_TILES_URL cannot be used: it does not begin with https://"
        ):
            call_command("check")
