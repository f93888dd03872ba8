"""What search engines are told."""

import re

from django.core.cache import cache
from django.test import TestCase

from agencies.tests.factories import make_agency, make_link, make_network, make_place, make_serving


class SitemapTests(TestCase):
    """robots.txt, the index and its files."""

    @classmethod
    def setUpTestData(cls) -> None:
        city = make_place(geoid="0681204")
        make_place("Nowhere", geoid="0600002")
        cls.police = make_agency()
        make_serving(cls.police, city)
        make_agency("Old Police", merged_into=cls.police)
        cls.ice = make_agency("Immigration and Customs Enforcement", "", kind="federal")
        make_link(cls.police, cls.ice)
        make_link(cls.police, make_agency("Oakland Police Department"))
        make_network("flock")

    def setUp(self) -> None:
        cache.clear()

    def paths(self, section: str) -> list[str]:
        """Return the paths of a file."""
        return re.findall(
            r"<loc>http://testserver([^<]*)</loc>", self.client.get(f"/sitemap{section}.xml").content.decode()
        )

    def test_robots_names_the_sitemap_and_closes_what_costs(self) -> None:
        text = self.client.get("/robots.txt").content.decode()
        self.assertIn("Sitemap: http://testserver/sitemap.xml", text)
        for path in ("/admin/", "/search/", "/es/search/"):
            self.assertIn(f"Disallow: {path}\n", text)

    def test_index_names_every_file(self) -> None:
        names = ["pages", "networks", "places", "agencies", "federal"]
        self.assertEqual(self.paths(""), [f"/sitemap-{name}.xml" for name in names])

    def test_entries_come_in_both_languages(self) -> None:
        self.assertEqual(self.paths("-places"), ["/places/0681204/", "/es/places/0681204/"])
        self.assertIn("/es/about/", self.paths("-pages"))

    def test_merged_agencies_are_left_out(self) -> None:
        self.assertEqual([path for path in self.paths("-agencies") if "old" in path], [])
        self.assertIn(f"/agencies/{self.police.slug}/", self.paths("-agencies"))

    def test_only_pairs_with_a_federal_grantee_are_listed(self) -> None:
        pair = f"/links/{self.police.slug}/{self.ice.slug}/"
        self.assertEqual(self.paths("-federal"), [pair, f"/es{pair}"])

    def test_every_entry_is_a_page(self) -> None:
        for section in ("-pages", "-networks", "-places", "-agencies"):
            for path in self.paths(section):
                with self.subTest(path):
                    self.assertEqual(self.client.get(path).status_code, 200)
