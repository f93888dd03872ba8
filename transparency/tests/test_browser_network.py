"""The network view, the hubs and the cards in a real browser: without JavaScript, narrow, dark, and checked by axe."""

from playwright.sync_api import Page, expect

from transparency.tests.browser import NARROW, BrowserTestCase
from transparency.tests.browser_record import make_small_record


class NetworkInBrowserTests(BrowserTestCase):
    """/network/ and what belongs to it."""

    def setUp(self) -> None:
        super().setUp()
        record = make_small_record()
        self.record = record
        self.around = f"/network/?agency={record.police.slug}"
        self.card = f"/embed/agencies/{record.police.slug}/"
        self.paths = {
            "start": "/network/",
            "around an agency": f"{self.around}&status=all",
            "both directions": f"{self.around}&direction=both",
            "around a place": f"/network/?place={record.city.geoid}",
            "nothing fits": f"{self.around}&kind=tribal",
            "hubs": "/network/hubs/",
            "filtered table": f"/agencies/{record.police.slug}/grants/?federal=yes&as_of=2026-05-01",
            "agency's card": self.card,
            "place's card": f"/embed/places/{record.city.geoid}/",
        }

    def test_axe_finds_nothing(self) -> None:
        for name, path in self.paths.items():
            with self.subTest(page=name):
                self.open(path)
                self.assert_accessible()

    def test_axe_finds_nothing_in_the_dark_nor_in_spanish(self) -> None:
        dark = self.new_page(color_scheme="dark")
        for name in ("around an agency", "agency's card"):
            for page, prefix in ((dark, ""), (self.page, "/es")):
                with self.subTest(page=name, prefix=prefix):
                    self.open(prefix + self.paths[name], page)
                    self.assert_accessible(page)

    def test_axe_finds_nothing_in_opened_filters_nor_on_a_phone(self) -> None:
        page = self.open(self.paths["around an agency"], self.new_page(viewport=NARROW))
        page.get_by_text("Other filters, another agency").click()
        self.assert_accessible(page)

    def test_nothing_scrolls_sideways_at_320_pixels(self) -> None:
        page = self.new_page(viewport=NARROW)
        for name, path in self.paths.items():
            with self.subTest(page=name):
                self.open(path, page)
                self.assert_fits(page)

    def test_lines_to_copy_fit_on_a_phone(self) -> None:
        page = self.open(f"/agencies/{self.record.police.slug}/", self.new_page(viewport=NARROW))
        page.get_by_text("Embed this").click()
        expect(page.get_by_text("<iframe", exact=False)).to_be_visible()
        self.assert_fits(page)
        self.assert_accessible(page)

    def test_without_javascript_filters_work_and_the_diagram_is_there(self) -> None:
        page = self.open(self.around, self.new_page(java_script_enabled=False))
        expect(page.locator("svg.layers-wide")).to_be_visible()
        expect(page.locator("main tbody")).to_contain_text("Oakland Police Department")
        page.get_by_text("Other filters, another agency").click()
        page.get_by_label("Kind of agency").select_option(label="sheriff")
        page.get_by_role("button", name="Show").click()
        expect(page.locator("main tbody tr")).to_have_count(1)
        expect(page.locator("main tbody")).to_contain_text("Alameda County Sheriff's Office")
        self.assertIn("kind=sheriff", page.url)

    def test_one_of_two_drawings_is_shown(self) -> None:
        for viewport, shown, hidden in ((None, "wide", "narrow"), (NARROW, "narrow", "wide")):
            page = self.open(self.around, self.new_page(**({"viewport": viewport} if viewport else {})))
            expect(page.locator(f"svg.layers-{shown}")).to_be_visible()
            expect(page.locator(f"svg.layers-{hidden}")).to_be_hidden()

    def test_boxes_are_reached_by_keyboard_and_lead_to_the_agency(self) -> None:
        page = self.open(self.around)
        for _ in range(40):
            page.keyboard.press("Tab")
            if (self.focused(page) or "").startswith("Alameda County Sheriff's Office (CA), 1 link away"):
                break
        page.keyboard.press("Enter")
        expect(page.locator("h1")).to_contain_text("Alameda County Sheriff's Office")

    def focused(self, page: Page) -> str | None:
        """Return what a screen reader calls the element that has the focus."""
        name: str | None = page.evaluate("document.activeElement.getAttribute('aria-label')")
        return name

    def test_card_in_another_page_tells_its_height(self) -> None:
        # The site's own pages may frame nothing, so the card stands alone here: its parent is itself.
        page = self.open(f"{self.card}?resize=1")
        before, after = page.evaluate(
            """() => new Promise((told, refused) => {
                setTimeout(() => refused(new Error("its new height was not told")), 10000);
                const card = document.querySelector('.embed');
                const height = () => Math.ceil(card.getBoundingClientRect().height);
                const before = height();
                addEventListener('message', ({ data }) => {
                    if (data.height > before && data.height === height()) told([before, data.height]);
                });
                card.style.paddingBottom = '100px';
            })"""
        )
        self.assertGreater(after, before)

    def test_card_sets_no_cookie(self) -> None:
        page = self.open(self.card)
        self.assertEqual(page.context.cookies(), [])
