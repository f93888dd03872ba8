"""Every kind of page in a real browser: without JavaScript, narrow, dark, and checked by axe."""

from playwright.sync_api import expect

from transparency.tests.browser import NARROW, BrowserTestCase
from transparency.tests.browser_record import make_small_record


class PagesInBrowserTests(BrowserTestCase):
    """Every kind of page, in English and in Spanish."""

    def setUp(self) -> None:
        super().setUp()
        record = make_small_record()
        self.record = record
        self.paths = {
            "home": "/",
            "search": "/search/?q=94587",
            "place": f"/places/{record.city.geoid}/",
            "agency": f"/agencies/{record.police.slug}/",
            "grants": f"/agencies/{record.police.slug}/grants/",
            "pair": f"/links/{record.police.slug}/{record.ice.slug}/",
            "capture": f"/captures/{record.capture.uuid}/",
            "map": "/map/",
            "map of an agency": f"/map/?agency={record.police.slug}",
            "map search": "/map/?q=alameda",
            "map of a state": "/map/?state=CA",
            "state": "/places/06/",
            "county": "/places/06001/",
            "town": f"/places/{record.town.geoid}/",
            "town's agency": f"/agencies/{record.town_police.slug}/",
            "source": f"/sources/{record.capture.source.slug}/",
            "network": "/networks/flock/",
            "2019": "/ice-2019/",
            "about": "/about/",
            "nothing found": "/search/?q=zzyzx",
        }
        self.everywhere = {(name, prefix): prefix + path for name, path in self.paths.items() for prefix in ("", "/es")}

    def test_axe_finds_nothing_in_either_language_nor_in_the_dark(self) -> None:
        for scheme, paths in (("light", self.everywhere), ("dark", self.paths)):
            page = self.new_page(color_scheme=scheme)
            for name, path in paths.items():
                with self.subTest(page=name, scheme=scheme):
                    self.open(path, page)
                    self.assert_accessible(page)

    def test_nothing_scrolls_sideways_at_320_pixels(self) -> None:
        page = self.new_page(viewport=NARROW)
        for name, path in self.everywhere.items():
            with self.subTest(page=name):
                self.open(path, page)
                self.assert_fits(page)

    def test_without_javascript_every_page_has_its_content(self) -> None:
        page = self.new_page(java_script_enabled=False)
        expected = {
            "search": "Union City, CA",
            "place": "Union City Police Department",
            "agency": "23 April 2026",
            "grants": "Oakland Police Department",
            "pair": "operates no plate cameras",
            "capture": "Oakland Police Department",
            "map": "California",
            "map of an agency": "Oakland Police Department",
            "map search": "Alameda County District Attorney",
            "map of a state": "Smalltown Police Department",
        }
        for name, text in expected.items():
            with self.subTest(page=name):
                self.open(self.paths[name], page)
                expect(page.locator("main")).to_contain_text(text)
        expect(page.locator("#atlas-map")).to_be_hidden()

    def test_without_javascript_the_map_leads_to_an_agency_and_its_evidence(self) -> None:
        page = self.open("/map/", self.new_page(java_script_enabled=False))
        page.locator("#map-q").fill("union city")
        page.get_by_role("button", name="Find").click()
        page.locator("#map-panel").get_by_role("link", name="Union City Police Department").click()
        page.locator("#map-panel tbody tr", has_text="Oakland").get_by_role("link", name="statement").first.click()
        expect(page.locator("h1")).to_contain_text("Oakland Police Department")

    def test_switch_of_language_keeps_the_page_and_its_query(self) -> None:
        page = self.open("/search/?q=94587")
        page.get_by_role("link", name="Español").click()
        expect(page).to_have_url(f"{self.live_server_url}/es/search/?q=94587")
        expect(page.locator("html")).to_have_attribute("lang", "es")
        page.locator("main").get_by_role("link", name="Union City, CA").click()
        expect(page).to_have_url(f"{self.live_server_url}/es/places/{self.record.city.geoid}/")
        expect(page.locator("main")).to_contain_text("Al 23 de abril de 2026")
        page.get_by_role("link", name="English").click()
        expect(page.locator("main")).to_contain_text("As of 23 April 2026")

    def test_description_for_machines_breaks_no_rule_of_the_page(self) -> None:
        page = self.open("/about/")
        described = page.evaluate(
            "JSON.parse(document.querySelector('script[type$=json]:not([type=importmap])').textContent)"
        )
        self.assertEqual((described["@type"], described["dateModified"]), ("Dataset", "2026-04-23"))
