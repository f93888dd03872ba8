"""The editors' desk in a real browser, under the site's own content security policy."""

from django.contrib.auth.models import User
from playwright.sync_api import expect

from agencies.models import Alias
from agencies.tests.factories import make_alias
from transparency.tests.browser import BrowserTestCase
from transparency.tests.browser_record import make_small_record

PASSWORD = "a long enough pass phrase"


class AdminInBrowserTests(BrowserTestCase):
    """An editor at work."""

    def setUp(self) -> None:
        super().setUp()
        self.expected_problems = ("404",)  # Django's admin names no icon, so the browser asks for /favicon.ico.
        self.record = make_small_record()
        User.objects.create_superuser("editor", password=PASSWORD)
        self.open("/admin/")
        self.page.get_by_label("Username").fill("editor")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        expect(self.page.locator("#user-tools")).to_contain_text("editor")

    def test_editor_decides_a_name_with_the_agency_chooser(self) -> None:
        alias = make_alias("Oakland PD (CA)")
        self.open("/admin/agencies/alias/?decision=none")
        self.page.get_by_role("link", name="Oakland PD (CA)").click()
        self.page.get_by_label("Outcome").select_option("matched")
        self.page.locator(".field-agency .select2-selection").click()
        self.page.locator(".select2-search__field").fill("oakland")
        self.page.locator(".select2-results__option", has_text="Oakland Police Department").click()
        self.page.get_by_label("Reason").fill("the same body")
        self.page.get_by_role("button", name="Save", exact=True).click()
        expect(self.page.locator(".messagelist")).to_contain_text("was changed successfully")
        decided = Alias.objects.get(pk=alias.pk).decision
        assert decided is not None
        self.assertEqual(decided.agency, self.record.oakland)

    def test_main_forms_and_lists_open_without_a_script_error(self) -> None:
        police = self.record.police
        for path in (
            "agencies/agency/",
            f"agencies/agency/{police.pk}/change/",
            "agencies/agency/add/",
            f"agencies/capture/{self.record.capture.pk}/change/",
            f"agencies/withdrawal/add/?capture={self.record.capture.pk}",
            "agencies/importrun/",
            "agencies/sharinglink/?status=listed",
        ):
            with self.subTest(path=path):
                self.open(f"/admin/{path}")
                expect(self.page.locator("#content h1").first).to_be_visible()
