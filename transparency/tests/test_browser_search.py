"""What a resident types, in a real browser, with suggestions and with a location."""

import re

from playwright.sync_api import Route, expect
from shapely.geometry import box

from agencies.geography import outline_index
from agencies.models import PlaceBoundary
from transparency.tests.browser import BrowserTestCase
from transparency.tests.browser_record import make_small_record


class SearchInBrowserTests(BrowserTestCase):
    """From the first page to the answer."""

    def setUp(self) -> None:
        super().setUp()
        self.record = make_small_record()

    def search(self, text: str) -> None:
        """Type into the first page's search box and press Enter."""
        self.open("/")
        self.page.locator("main input[name=q]").fill(text)
        self.page.locator("main input[name=q]").press("Enter")

    def test_city_and_state_lead_to_the_place_and_its_agency(self) -> None:
        self.search("Union City, CA")
        expect(self.page).to_have_url(f"{self.live_server_url}/places/0681204/")
        expect(self.page.locator("h1")).to_have_text("Union City, CA")
        self.page.locator("main").get_by_role("link", name="Union City Police Department").first.click()
        expect(self.page.locator("h1")).to_contain_text("Union City Police Department")
        expect(self.page.locator("main")).to_contain_text("23 April 2026")

    def test_zip_code_offers_its_places(self) -> None:
        self.search("94587")
        self.page.locator("main").get_by_role("link", name="Union City, CA").first.click()
        expect(self.page.locator("h1")).to_have_text("Union City, CA")

    def test_town_without_documents_is_not_researched(self) -> None:
        self.search("Smalltown")
        expect(self.page.locator("h1")).to_have_text("Smalltown, CA")
        expect(self.page.locator("main")).to_contain_text("Smalltown Police Department")
        expect(self.page.locator("main")).to_contain_text("not researched", ignore_case=True)

    def test_statement_of_2019_is_marked_disputed_with_its_answer(self) -> None:
        self.open(f"/links/{self.record.police.slug}/{self.record.ice.slug}/")
        expect(self.page.locator("main")).to_contain_text("13 March 2019")
        expect(self.page.locator("main")).to_contain_text("disputed", ignore_case=True)
        expect(self.page.locator("main")).to_contain_text("operates no plate cameras")

    def test_nothing_is_found_in_plain_words(self) -> None:
        self.search("Zzyzx Nowhere")
        expect(self.page.locator("main")).to_contain_text("Zzyzx Nowhere")
        self.assert_accessible()

    def test_keyboard_alone_leads_from_search_to_the_evidence(self) -> None:
        keyboard = self.page.keyboard
        self.open("/")
        self.tab_to("City, county, ZIP code or agency")
        keyboard.type("union city")
        expect(self.page.get_by_role("option").first).to_be_visible()
        keyboard.press("ArrowDown")
        keyboard.press("Enter")
        expect(self.page.locator("h1")).to_have_text("Union City, CA")
        self.tab_to("Union City Police Department")
        keyboard.press("Enter")
        expect(self.page.locator("h1")).to_contain_text("Union City Police Department")
        self.tab_to("1 statement")
        keyboard.press("Enter")
        expect(self.page).to_have_url(re.compile("/links/"))
        expect(self.page.locator("main")).to_contain_text("23 April 2026")

    def tab_to(self, name: str) -> None:
        """Press Tab until what has the focus is named so; the focus must be seen all the way."""
        main = "document.activeElement.matches('main a, main input')"
        label = "document.activeElement.labels?.[0]?.textContent ?? document.activeElement.textContent"
        for _ in range(80):
            self.page.keyboard.press("Tab")
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            self.assertNotEqual(self.page.evaluate(outline), "none", self.page.evaluate(label))
            if self.page.evaluate(f"{main} && ({label}).includes({name!r})"):
                return
        self.fail(f"{name} cannot be reached with the Tab key")


class SuggestionsInBrowserTests(BrowserTestCase):
    """The list below the box: the ARIA pattern of a combobox."""

    def setUp(self) -> None:
        super().setUp()
        self.record = make_small_record()
        self.open("/")
        self.box = self.page.get_by_role("combobox")
        self.list = self.page.get_by_role("listbox", name="Suggestions")

    def test_arrows_move_through_the_list_and_the_box(self) -> None:
        self.box.press_sequentially("alameda")
        options = self.list.get_by_role("option")
        expect(options).to_have_count(3)
        expect(self.box).to_have_attribute("aria-expanded", "true")
        for selected in (0, 1, 2, None, 0):
            self.box.press("ArrowDown")
            expect(self.list.locator("[aria-selected=true]")).to_have_count(0 if selected is None else 1)
            if selected is not None:
                expect(options.nth(selected)).to_have_attribute("aria-selected", "true")
                expect(self.box).to_have_attribute("aria-activedescendant", f"suggestion-{selected}")
        self.assert_accessible()

    def test_escape_closes_the_list_and_keeps_the_text(self) -> None:
        self.box.press_sequentially("union")
        expect(self.list).to_be_visible()
        self.box.press("Escape")
        expect(self.list).to_be_hidden()
        expect(self.box).to_have_value("union")
        expect(self.box).to_have_attribute("aria-expanded", "false")

    def test_enter_without_a_choice_searches(self) -> None:
        self.box.press_sequentially("alameda")
        expect(self.list).to_be_visible()
        self.box.press("Enter")
        expect(self.page).to_have_url(f"{self.live_server_url}/search/?q=alameda")

    def test_click_opens_the_page(self) -> None:
        self.box.press_sequentially("union")
        self.list.get_by_role("option", name="Union City, CA").click()
        expect(self.page.locator("h1")).to_have_text("Union City, CA")

    def test_list_moves_nothing(self) -> None:
        position = "document.querySelector('#numbers').getBoundingClientRect().top"
        before = self.page.evaluate(position)
        self.box.press_sequentially("union")
        expect(self.list).to_be_visible()
        self.assertEqual(self.page.evaluate(position), before)

    def test_late_answer_to_an_older_query_is_dropped(self) -> None:
        held: list[Route] = []
        self.page.route("**/search/suggest/?q=uni", lambda route: held.append(route))
        self.box.press_sequentially("uni")
        self.page.wait_for_timeout(400)
        self.assertEqual(len(held), 1)
        self.box.fill("oakland")
        expect(self.list.get_by_role("option").first).to_contain_text("Oakland")
        held[0].fulfill(json={"suggestions": [{"url": "/", "label": "LATE", "kind": "", "within": ""}]})
        self.page.wait_for_timeout(200)
        expect(self.list).not_to_contain_text("LATE")

    def test_names_are_text_and_never_markup(self) -> None:
        line = {"url": "/", "label": "<img src=x onerror=alert(1)>", "kind": "<b>", "within": ""}
        self.page.route("**/search/suggest/**", lambda route: route.fulfill(json={"suggestions": [line]}))
        self.box.press_sequentially("img")
        expect(self.list.get_by_role("option")).to_contain_text("<img src=x onerror=alert(1)> <b>")

    def test_failed_suggestions_leave_the_search_as_it_is(self) -> None:
        self.expected_problems = ("503",)
        self.page.route("**/search/suggest/**", lambda route: route.fulfill(status=503))
        self.box.press_sequentially("union city")
        self.page.wait_for_timeout(400)
        expect(self.list).to_be_hidden()
        self.box.press("Enter")
        expect(self.page).to_have_url(f"{self.live_server_url}/places/0681204/")


class LocationInBrowserTests(BrowserTestCase):
    """The button that asks the device."""

    def setUp(self) -> None:
        super().setUp()
        self.record = make_small_record()
        PlaceBoundary.objects.create(place=self.record.city, wkb=box(-122.1, 37.5, -122.0, 37.7).wkb)
        outline_index.cache_clear()
        self.addCleanup(outline_index.cache_clear)

    def test_location_leads_to_the_place_and_leaves_the_device_rounded(self) -> None:
        point = {"latitude": 37.593456, "longitude": -122.043877}
        page = self.new_page(geolocation=point, permissions=["geolocation"])
        sent: list[str | None] = []
        page.on("request", lambda request: sent.append(request.post_data) if request.method == "POST" else None)
        self.open("/", page)
        page.get_by_role("button", name="Use my location").click()
        expect(page.locator("h1")).to_have_text("Union City, CA")
        self.assertEqual(sent, ["latitude=37.59&longitude=-122.04"])

    def test_refusal_is_told_in_plain_words(self) -> None:
        self.open("/")
        self.page.get_by_role("button", name="Use my location").click()
        expect(self.page.locator("form.here [role=status]")).to_contain_text("Type a city or ZIP code instead.")

    def test_without_javascript_there_is_no_button(self) -> None:
        page = self.open("/", self.new_page(java_script_enabled=False))
        expect(page.get_by_text("Use my location")).to_be_hidden()
        page.locator("main input[name=q]").fill("union city")
        page.get_by_role("button", name="Search").click()
        expect(page.locator("h1")).to_have_text("Union City, CA")
