"""What a resident types, in a real browser."""

from playwright.sync_api import expect

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
