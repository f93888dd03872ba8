"""The desk for imports in a real browser: its lists on a wide screen and on a phone."""

from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.ingest import runs
from agencies.models import Fetch
from agencies.tests.run_factories import Copy, import_copies, make_bodies, make_watch
from transparency.tests.browser import WIDE, BrowserTestCase

PASSWORD = "a long enough pass phrase"
PHONE = {"width": 390, "height": 800}
FIRST = Copy("2026-04-01", ["Dublin CA PD", "Hayward CA PD", "Fremont CA PD"], facts={"cameras": 3})
FALLEN = Copy("2026-04-08", ["Dublin CA PD"], facts={"cameras": 5})


class ImportsInBrowserTests(BrowserTestCase):
    """An editor with runs that are done, wait, failed and are under way, and with a schedule that was refused."""

    def setUp(self) -> None:
        super().setUp()
        self.expected_problems = ("404",)  # Django's admin names no icon, so the browser asks for /favicon.ico.
        make_bodies()
        self.editor = User.objects.create_superuser("editor", password=PASSWORD)
        self.watch = make_watch(
            slug="union-city-ca-police-department-transparency-portal",
            url="https://transparency.example.org/union-city-ca-police-department-transparency-portal",
            format="flock_portal",
            failures=3,
            not_before=timezone.now(),
        )
        import_copies(self, FIRST)
        self.waiting = import_copies(self, FALLEN, watch=self.watch, started_by=self.editor)
        self.failed = runs.perform(runs.start("facts_csv", [f"/nowhere/{'x' * 80}.csv"], started_by=self.editor))
        Fetch.objects.create(
            watch=self.watch, outcome="refused", http_status=403, detail="robots.txt refuses this address to all"
        )
        Fetch.objects.create(watch=self.watch, outcome="changed", http_status=200, run=self.waiting)

    def log_in(self, page: Page) -> None:
        """Log the editor in."""
        self.open("/admin/", page)
        page.get_by_label("Username").fill("editor")
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Log in").click()


class ListsInBrowserTests(ImportsInBrowserTests):
    """The lists of runs, schedules and attempts."""

    def test_nothing_overflows_on_a_wide_screen_and_on_a_phone(self) -> None:
        for viewport in (WIDE, PHONE):
            page = self.new_page(viewport=viewport)
            self.log_in(page)
            for name, columns, told in (
                ("importrun", 4, "no such file or folder"),
                ("watch", 4, "3 failures in a row"),
                ("fetch", 4, "refused by the site (403): robots.txt refuses"),
            ):
                with self.subTest(name, width=viewport["width"]):
                    self.open(f"/admin/agencies/{name}/", page)
                    expect(page.locator("#result_list thead th")).to_have_count(columns)
                    expect(page.locator("#result_list")).to_contain_text(told)
                    self.assert_fits(page)
                    widths = page.locator(".results").evaluate("found => [found.scrollWidth, found.clientWidth]")
                    self.assertLessEqual(*widths)
                    # The label of Django's own search field is the text of its icon: a good label, not a visible one.
                    self.assert_accessible(page, without=("label-title-only",))

    def test_attempts_on_the_page_of_a_schedule_fit_a_phone(self) -> None:
        page = self.new_page(viewport=PHONE)
        self.log_in(page)
        self.open(f"/admin/agencies/watch/{self.watch.pk}/change/", page)
        table = page.locator(".tabular table")
        expect(table).to_contain_text("refused by the site (403)")
        self.assertLessEqual(table.evaluate("found => found.getBoundingClientRect().right"), PHONE["width"])
        self.assert_fits(page)
