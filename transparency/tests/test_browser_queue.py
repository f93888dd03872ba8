"""The review queue in a real browser: by keys, without a script, on a phone."""

from django.contrib.auth.models import User
from playwright.sync_api import Page, expect

from agencies.models import Alias
from agencies.tests.factories import make_alias
from transparency.tests.browser import BrowserTestCase
from transparency.tests.browser_record import make_small_record

PASSWORD = "a long enough pass phrase"
ADDRESS = "/admin/agencies/alias/queue/"


class QueueInBrowserTests(BrowserTestCase):
    """An editor with three names to decide."""

    def setUp(self) -> None:
        super().setUp()
        self.expected_problems = ("404",)  # Django's admin names no icon, so the browser asks for /favicon.ico.
        self.record = make_small_record()
        User.objects.create_superuser("editor", password=PASSWORD)
        self.first = make_alias("Union City Police Dept. (CA)")
        self.second = make_alias("Corner Shop")
        self.third = make_alias("Corner Shop", state="NV")
        self.sign_in(self.page)

    def sign_in(self, page: Page, script: bool = True) -> None:
        """Sign in, and open the queue."""
        self.open(f"/admin/login/?next={ADDRESS}", page)
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()
        # Without a script no card is the current one; with it, keys are heard from then on.
        expect(page.locator(".queue-card.is-current" if script else ".queue")).to_be_visible()

    def press(self, key: str, said: str) -> None:
        """Press a key and wait for what the next page says."""
        self.page.keyboard.press(key)
        expect(self.page.locator(".messagelist")).to_contain_text(said)
        expect(self.page.locator(".queue-card.is-current, .queue:not(:has(.queue-card))")).to_be_visible()

    def outcome(self, alias: Alias) -> str | None:
        """Return what is decided about a name."""
        decision = Alias.objects.select_related("decision").get(pk=alias.pk).decision
        return decision.outcome if decision else None

    def test_names_are_decided_and_undone_by_keys_alone(self) -> None:
        expect(self.page.locator(".queue-card.is-current h2")).to_have_text("Union City Police Dept. (CA)")
        self.press("1", "is this agency")
        self.assertEqual(Alias.objects.get(pk=self.first.pk).decision.agency, self.record.police)
        self.page.keyboard.press("l")
        expect(self.page.locator(".queue-card.is-current input[name=alike]")).to_be_checked()
        self.press("n", "and 1 alike is no agency")
        self.assertEqual((self.outcome(self.second), self.outcome(self.third)), ("not_agency", "not_agency"))
        expect(self.page.locator(".queue")).to_contain_text("Nothing waits here.")
        self.press("u", "Undone: “Corner Shop” and 1 alike")
        self.assertEqual((self.outcome(self.second), self.outcome(self.third)), (None, None))
        self.press("u", "Undone: “Union City Police Dept. (CA)”")
        self.assertIsNone(self.outcome(self.first))

    def test_other_keys_move_reject_skip_and_help(self) -> None:
        self.page.keyboard.press("Shift+Slash")
        expect(self.page.get_by_text("another agency, by ORI")).to_be_visible()
        self.page.keyboard.press("j")
        expect(self.page.locator(".queue-card.is-current h2")).to_have_text("Corner Shop")
        self.page.keyboard.press("k")
        self.press("Shift+Digit1", "is not this agency")
        self.assertEqual(self.outcome(self.first), "rejected")
        expect(self.page.get_by_text("A person said it is not")).to_be_visible()
        self.page.keyboard.press("s")
        expect(self.page.get_by_role("button", name="Show the 1 skipped again")).to_be_visible()

    def test_typing_is_not_taken_for_keys(self) -> None:
        self.page.keyboard.press("o")
        self.page.keyboard.type(self.record.police.slug)
        expect(self.page.locator(".queue-card.is-current input[name=other]")).to_have_value(self.record.police.slug)
        self.assertIsNone(self.outcome(self.first))
        self.page.locator(".queue-card.is-current").get_by_role("button", name="It is that one").click()
        expect(self.page.locator(".messagelist")).to_contain_text("is this agency")
        self.assertEqual(self.outcome(self.first), "matched")

    def test_enter_in_a_field_never_presses_a_candidate(self) -> None:
        card = self.page.locator(".queue-card.is-current")
        card.locator("input[name=note]").press("Enter")
        expect(self.page.locator(".messagelist")).to_contain_text("No agency has the ORI")
        self.assertIsNone(self.outcome(self.first))
        card.locator("input[name=other]").fill(self.record.sheriff.slug)
        card.locator("input[name=other]").press("Enter")
        expect(self.page.locator(".messagelist")).to_contain_text("is this agency")
        self.assertEqual(Alias.objects.get(pk=self.first.pk).decision.agency, self.record.sheriff)

    def test_without_a_script_the_buttons_do_it_all(self) -> None:
        page = self.new_page(java_script_enabled=False)
        self.sign_in(page, script=False)
        page.get_by_role("button", name="It is Union City Police Department").first.click()
        expect(page.locator(".messagelist")).to_contain_text("is this agency")
        self.assertEqual(self.outcome(self.first), "matched")
        page.get_by_role("button", name="Undo last").click()
        self.assertIsNone(self.outcome(self.first))

    def test_page_fits_a_phone_and_is_accessible(self) -> None:
        self.assert_accessible()
        page = self.new_page(viewport={"width": 390, "height": 844})
        self.sign_in(page)
        self.assert_fits(page)
        dark = self.new_page(color_scheme="dark")
        self.sign_in(dark)
        self.assert_accessible(dark)
