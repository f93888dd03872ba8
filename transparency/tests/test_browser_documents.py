"""The desk for documents in a real browser, under the site's own content security policy."""

from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.auth.models import User
from playwright.sync_api import expect

from agencies.models import ColumnMapping
from agencies.tests.factories import make_network, make_source
from transparency.tests.browser import BrowserTestCase

PASSWORD = "a long enough pass phrase"
TABLE = "From,To\nAlpha CA PD,Beta CA SO\nAlpha CA PD,\n"


class DocumentsInBrowserTests(BrowserTestCase):
    """An editor with new documents."""

    def setUp(self) -> None:
        super().setUp()
        self.expected_problems = ("404",)  # Django's admin names no icon, so the browser asks for /favicon.ico.
        make_network()
        make_source("someones-table", title="Someone's table", kind="dataset")
        User.objects.create_superuser("editor", password=PASSWORD)
        self.open("/admin/")
        self.page.get_by_label("Username").fill("editor")
        self.page.get_by_label("Password").fill(PASSWORD)
        self.page.get_by_role("button", name="Log in").click()
        self.table = Path(self.enterContext(TemporaryDirectory())) / "table.csv"
        self.table.write_text(TABLE)

    def test_mapping_is_made_from_a_sample_and_saved(self) -> None:
        self.open("/admin/agencies/columnmapping/add/")
        self.page.get_by_label("Table").set_input_files(self.table)
        self.page.get_by_role("button", name="Read the headings").click()
        self.page.get_by_label("Who gives access: column").select_option("From")
        self.page.get_by_label("Who gets access: column").select_option("To")
        self.page.get_by_role("button", name="Look at the first rows").click()
        rows = self.page.locator(".documents-preview tbody tr")
        expect(rows.nth(0)).to_contain_text("Beta CA SO")
        expect(rows.nth(1)).to_contain_text("the cell is empty")
        self.page.get_by_label("Title").fill("Someone's")
        self.page.get_by_label("Slug").fill("someones")
        self.page.get_by_label("Section").fill("list")
        self.page.get_by_label("Source").select_option(label="Someone's table")
        self.page.get_by_label("Network").select_option(index=1)
        self.page.get_by_role("button", name="Save").click()
        expect(self.page.locator(".messagelist")).to_contain_text("is saved")
        self.assertEqual(ColumnMapping.objects.get().columns, {"grantor": "From", "grantee": "To"})

    def test_refused_upload_says_why(self) -> None:
        self.open("/admin/agencies/keptfile/upload/")
        self.page.get_by_role("link", name="Vigilant LEARN data sharing report").click()
        self.page.get_by_label("Files").set_input_files(self.table)
        self.page.get_by_role("button", name="Upload").click()
        expect(self.page.locator(".errorlist")).to_contain_text("table.csv: this format reads .pdf")
