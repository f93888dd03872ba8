"""The desk for imports in a real browser: its lists on a wide screen and on a phone, and all of it without scripts."""

from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

from django.contrib.auth.models import User
from django.utils import timezone
from playwright.sync_api import Page, expect

from agencies.ingest import runs
from agencies.models import ColumnMapping, Fetch, ImportRun, ListConfirmation, SharingLink, Watch
from agencies.tests.factories import make_source
from agencies.tests.portal_factories import portal_page
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
        empty = import_copies(self, Copy("2026-03-01", (), "empty")).lists.get()
        reason = "the city's letter of 2 March says that the list is really empty"
        empty.confirmations.create(is_confirmed=True, reason=reason, decided_by=self.editor)
        for viewport in (WIDE, PHONE):
            page = self.new_page(viewport=viewport)
            self.log_in(page)
            for name, columns, told in (
                ("importrun", 4, "no such file or folder"),
                ("watch", 4, "3 failures in a row"),
                ("fetch", 4, "refused by the site (403): robots.txt refuses"),
                ("listconfirmation", 5, "Portal portal: list, 2026-03-01"),
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

    def test_pages_of_imports_fit_and_are_accessible(self) -> None:
        # Axe would put what Django's forms.css imports into the page, and may not.
        self.expected_problems += ("Applying inline style",)
        table = Path(self.enterContext(TemporaryDirectory())) / "table.csv"
        table.write_text("From,To,Notes,Notes\nAlpha CA PD,Beta CA SO,a,b\n")
        for viewport in (WIDE, PHONE):
            page = self.new_page(viewport=viewport)
            self.log_in(page)
            for path in (
                f"importrun/{self.waiting.pk}/change/",
                f"importrun/{self.failed.pk}/change/",
                "keptfile/upload/",
                "keptfile/upload/?format=csv",
                "listconfirmation/add/",
                f"watch/{self.watch.pk}/change/",
                "columnmapping/add/",
            ):
                with self.subTest(path, width=viewport["width"]):
                    self.open(f"/admin/agencies/{path}", page)
                    if path.startswith("columnmapping"):
                        page.get_by_label("Table").set_input_files(table)
                        page.get_by_role("button", name="Read the headings").click()
                        expect(page.locator(".errornote")).to_contain_text("Notes")
                    self.assert_fits(page)
                    for region in page.locator(".run-wide:has(.run-log)").all():
                        widths = region.evaluate("found => [found.scrollWidth, found.clientWidth]")
                        self.assertLessEqual(*widths)
                    # A column without a heading is Django's own, of the rows' names and of deleting.
                    self.assert_accessible(page, without=("empty-table-header",))


class WithoutScriptsTests(ImportsInBrowserTests):
    """The whole way of an import where no script runs."""

    def setUp(self) -> None:
        super().setUp()
        self.enterContext(mock.patch("agencies.tasks.perform_import.delay"))
        self.files = Path(self.enterContext(TemporaryDirectory()))
        self.page = self.new_page(java_script_enabled=False)
        self.log_in(self.page)

    def press(self, name: str) -> None:
        """Press a button of the page."""
        self.page.get_by_role("button", name=name, exact=True).click()

    def test_no_page_shows_a_control_that_only_a_script_moves(self) -> None:
        for path in (
            "importrun/",
            "watch/",
            "fetch/",
            "columnmapping/add/",
            "listconfirmation/add/",
            "keptfile/upload/?format=flock_portal",
            f"importrun/{self.waiting.pk}/change/",
            f"watch/{self.watch.pk}/change/",
        ):
            with self.subTest(path):
                self.open(f"/admin/agencies/{path}")
                expect(self.page.locator("#content h1").first).to_be_visible()
                for control in ("#toggle-nav-sidebar", ".theme-toggle", "#action-toggle", ".action-counter"):
                    self.assertFalse(self.page.locator(control).is_visible(), control)
                dead = self.page.locator("#content a:not([href]), #content button[type=button]")
                self.assertEqual([one for one in dead.all() if one.is_visible()], [])

    def test_document_is_uploaded_and_its_run_looks_again_until_it_is_done(self) -> None:
        document = self.files / "page.html"
        document.write_bytes(portal_page(("Organizations granted access to Testville CA PD data", "Alpha CA PD")))
        self.open("/admin/agencies/keptfile/upload/")
        self.page.get_by_role("link", name="Flock Safety transparency portal").click()
        self.page.get_by_label("Files").set_input_files(document)
        self.page.locator("#id_slug").fill("testville-ca-pd")
        self.page.locator("#id_retrieved_on").fill("2026-04-24")
        self.press("Upload")
        expect(self.page.locator(".run-status")).to_contain_text("Waiting")
        runs.perform(ImportRun.objects.latest("pk"))
        expect(self.page.locator(".run-status")).to_contain_text("Waits for a person", timeout=15_000)
        expect(self.page.locator(".run-columns")).to_contain_text("New: 1")

    def test_preview_is_opened_accepted_and_rolled_back(self) -> None:
        self.open(f"/admin/agencies/importrun/{self.waiting.pk}/change/")
        self.page.locator("summary", has_text="No longer listed").click()
        expect(self.page.get_by_text("Hayward CA PD")).to_be_visible()
        self.press("Accept: record it")
        expect(self.page.locator(".messagelist")).to_contain_text("a worker records it")
        runs.perform(ImportRun.objects.get(pk=self.waiting.pk))
        self.assertEqual(SharingLink.objects.filter(status="listed").count(), 1)
        self.open(f"/admin/agencies/importrun/{self.waiting.pk}/change/")
        self.page.get_by_label("Why is it rolled back?").fill("the wrong city")
        self.press("Roll back: withdraw all that it recorded")
        expect(self.page.locator(".messagelist")).to_contain_text("Rolled back.")
        self.assertEqual(SharingLink.objects.filter(status="listed").count(), 3)

    def test_failed_run_is_repeated_and_cancelled(self) -> None:
        self.open(f"/admin/agencies/importrun/{self.failed.pk}/change/")
        expect(self.page.locator(".run-steps .is-stopped")).to_contain_text("Read")
        self.press("Try again")
        self.press("Cancel")
        expect(self.page.locator(".run-status")).to_contain_text("Cancelled")

    def test_empty_list_is_confirmed_and_taken_back(self) -> None:
        run = import_copies(self, Copy("2026-04-15", (), "empty"))
        self.open(f"/admin/agencies/importrun/{run.pk}/change/")
        self.page.get_by_role("link", name="Confirm that it is empty").click()
        self.page.get_by_label("Reason").fill("the city's letter")
        self.press("Save")
        self.page.get_by_role("link", name="Take back").click()
        chosen = self.page.get_by_label("List", exact=False).locator("option[selected]")
        expect(chosen).to_have_text("Portal portal: list, 2026-04-15 (present but empty, confirmed)")
        self.page.get_by_label("Reason").fill("it failed to load")
        self.press("Save")
        self.assertEqual(list(ListConfirmation.objects.values_list("is_confirmed", flat=True)), [False, True])

    def test_mapping_is_made_from_a_sample_and_a_doubled_heading_is_told(self) -> None:
        make_source("someones-table", title="Someone's table", kind="dataset")
        table = self.files / "table.csv"
        table.write_text("From,To,Notes,Notes\nAlpha CA PD,Beta CA SO,a,b\n")
        self.open("/admin/agencies/columnmapping/add/")
        self.page.get_by_label("Table").set_input_files(table)
        self.press("Read the headings")
        expect(self.page.locator(".errornote")).to_contain_text("“Notes” stands more than once, over the columns 3, 4")
        self.page.get_by_label("Who gives access: column").select_option("From")
        self.page.get_by_label("Who gets access: column").select_option("To")
        self.press("Look at the first rows")
        expect(self.page.locator(".documents-preview tbody")).to_contain_text("Beta CA SO")
        for field, value in (("Title", "Someone's"), ("Slug", "someones"), ("Section", "list")):
            self.page.get_by_label(field).fill(value)
        self.page.get_by_label("Source").select_option(label="Someone's table")
        self.page.get_by_label("Network").select_option(index=1)
        self.press("Save")
        self.assertEqual(ColumnMapping.objects.get().columns, {"grantor": "From", "grantee": "To"})

    def test_schedule_is_changed_and_paused(self) -> None:
        self.open(f"/admin/agencies/watch/{self.watch.pk}/change/")
        self.page.get_by_label("Every hours").fill("6")
        self.press("Save")
        expect(self.page.locator("#result_list")).to_contain_text("every 6 hours")
        self.page.locator("input[name=_selected_action]").check()
        self.page.locator("select[name=action]").select_option("pause")
        self.press("Go")
        expect(self.page.locator("#result_list")).to_contain_text("paused")
        self.assertEqual(Watch.objects.values_list("every_hours", "is_enabled").get(), (6, False))

    def test_readers_filter_changes_and_open_the_copies(self) -> None:
        import_copies(self, FALLEN)
        self.open("/changes/")
        expect(self.page.get_by_text("Hayward CA PD")).to_be_visible()
        self.page.get_by_label("Kind of change").select_option("removed")
        self.press("Show")
        expect(self.page.locator(".change-document")).to_have_count(1)
        self.page.get_by_label("From").fill("2026-05-01")
        self.press("Show")
        expect(self.page.get_by_text("No change fits.")).to_be_visible()
        self.page.get_by_role("link", name="Show all").click()
        self.page.locator(".change-document h3 a").click()
        expect(self.page.locator("h1")).to_contain_text("what is different on 8 April 2026")
