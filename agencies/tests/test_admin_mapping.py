"""The page on which a column mapping is made, without any script."""

import re
from typing import Any

from django.contrib.auth.models import Permission, User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import TestCase

from agencies.admin import mapping  # noqa: F401  (registers the desk)
from agencies.models import ColumnMapping
from agencies.tests.factories import make_network, make_source

ADD = "/admin/agencies/columnmapping/add/"
TABLE = (
    "From,To,Day,Notes\nAlpha CA PD,Beta PD,2026-04-23,<b>x</b>\nAlpha CA PD,,2026-04-23,\nGamma CA SO,Delta PD,soon,\n"
)


class MappingPageTests(TestCase):
    """From a sample to a saved mapping."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = User.objects.create_superuser("editor")
        cls.source, cls.network = make_source("someones-table", kind="dataset"), make_network()

    def setUp(self) -> None:
        self.client.force_login(self.editor)

    def form(self, **values: Any) -> dict[str, Any]:
        """Return the fields of a whole mapping."""
        about = {"title": "Someone's table", "slug": "someones", "source": self.source.pk, "network": self.network.pk}
        kind = {"access": "configured_access", "reported_by": "grantor", "section": "list", "completeness": "extract"}
        cells = {"delimiter": ",", "encoding": "utf-8", "sample": TABLE, "sample_name": "t.csv"}
        chosen = {"column_grantor": "From", "column_grantee": "To", "column_published_on": "Day"}
        return {**about, **kind, **cells, **chosen, **values}

    def post(self, address: str = ADD, button: str = "_look", **values: Any) -> Any:
        return self.client.post(address, self.form(**{button: "1"}, **values))

    def test_sample_gives_the_headings_to_choose_from(self) -> None:
        nothing = {"column_grantor": "", "column_grantee": "", "column_published_on": "", "title": "", "sample": ""}
        page = self.post(sample_file=SimpleUploadedFile("t.csv", TABLE.encode()), **nothing)
        for heading in ("From", "To", "Day", "Notes"):
            self.assertContains(page, f'<option value="{heading}">{heading}</option>')
        self.assertEqual([row.cells[0] for row in page.context["preview"].rows], ["Alpha CA PD"] * 2 + ["Gamma CA SO"])
        self.assertNotContains(page, "This field is required.")
        self.assertContains(page, "Name in commands: --option mapping=NAME.")
        self.assertFalse(ColumnMapping.objects.exists())

    def test_first_rows_stand_beside_what_is_read_with_their_problems(self) -> None:
        page = self.post()
        good, empty, wrong = page.context["preview"].rows
        self.assertEqual(
            (good.number, good.read.grant.grantee.text, good.read.grant.grantee.state), (2, "Beta PD", "CA")
        )
        self.assertEqual(empty.problem, "grantee: the cell is empty")
        self.assertIn("published_on: no date", wrong.problem)
        self.assertContains(page, "&lt;b&gt;x&lt;/b&gt;")
        self.assertNotContains(page, "<b>x</b>")
        self.assertFalse(ColumnMapping.objects.exists())

    def test_looking_is_not_held_up_by_fields_that_are_still_empty(self) -> None:
        buttons = [
            tag for tag in re.findall(r"<(?:button|input)[^>]+>", self.post().content.decode()) if "_look" in tag
        ]
        self.assertEqual(["formnovalidate" in button for button in buttons], [True, True])

    def test_preview_needs_no_title_and_shows_twenty_rows(self) -> None:
        page = self.post(title="", slug="", sample="From,To,Day\n" + "A,B,2026-04-23\n" * 30)
        self.assertEqual(len(page.context["preview"].rows), 20)
        self.assertTrue(all(row.read for row in page.context["preview"].rows))

    def test_mapping_is_saved_and_comes_back(self) -> None:
        chosen = {"constant_grantor_state": "CA", "encoding": "cp1252", "delimiter": ","}
        self.assertRedirects(self.post(button="_save", **chosen), "/admin/agencies/columnmapping/")
        saved = ColumnMapping.objects.get()
        self.assertEqual(saved.columns, {"grantor": "From", "grantee": "To", "published_on": "Day"})
        self.assertEqual(saved.constants, {"grantor_state": "CA", "encoding": "cp1252"})
        address = f"/admin/agencies/columnmapping/{saved.pk}/change/"
        page = self.client.get(address)
        self.assertContains(page, '<option value="From" selected>From</option>')
        self.assertContains(page, '<option value="cp1252" selected>')
        self.post(
            address, "_save", sample="", title="Renamed", column_published_on="", constant_retrieved_on="2026-01-01"
        )
        saved.refresh_from_db()
        self.assertEqual((saved.title, saved.constants.get("retrieved_on")), ("Renamed", "2026-01-01"))
        self.assertNotIn("published_on", saved.columns)

    def test_mapping_that_cannot_be_used_is_not_saved(self) -> None:
        for values, words in (
            ({"column_grantor": ""}, "who the grantor is"),
            ({"constant_grantor": "A"}, "Both a column and a fixed value: grantor"),
            ({"column_grantor": "Whom"}, "Select a valid choice"),
            ({"title": ""}, "This field is required."),
            ({"delimiter": "x"}, "Select a valid choice"),
        ):
            with self.subTest(values=values):
                self.assertContains(self.post(button="_save", **values), words)
        self.assertFalse(ColumnMapping.objects.exists())

    def test_sample_that_is_no_table_is_refused_with_the_reason(self) -> None:
        for data, name, words in (
            (b"<!DOCTYPE html><p>", "t.csv", "its bytes are text/html"),
            ("From,To\nCañon,B\n".encode("cp1252"), "t.csv", "not text in utf-8"),
            (b"From,To\nA,B\0\n" + b"x" * 70_000, "t.csv", "t.csv"),
        ):
            with self.subTest(words=words):
                page = self.post(button="_save", sample_file=SimpleUploadedFile(name, data))
                self.assertIn(words, page.context["sample_problem"])
        self.assertFalse(ColumnMapping.objects.exists())

    def test_sample_that_is_a_search_audit_is_neither_shown_nor_stored(self) -> None:
        audit = "userId,searchDate,reason\nOfficer Nobody,2026-03-02,26-777\n"
        chosen = {"column_grantor": "userId", "column_grantee": "reason", "column_published_on": "searchDate"}
        for before, file in ((audit, None), (TABLE, audit), (audit, TABLE)):
            for button in ("_look", "_save"):
                with self.subTest(before=before, file=file, button=button):
                    sent: dict[str, Any] = {"sample_file": SimpleUploadedFile("t.csv", file.encode())} if file else {}
                    page = self.post(button=button, sample=before, **chosen, **sent)
                    self.assertContains(page, "a search audit, with a row for each search: it is neither kept nor read")
                    self.assertNotContains(page, "Officer Nobody")
                    self.assertNotContains(page, "26-777")
        self.assertFalse(ColumnMapping.objects.exists())

    def test_heading_that_stands_twice_is_told_with_its_columns_and_not_offered(self) -> None:
        twice = "From,To,Day,To,,\nAlpha CA PD,Beta PD,2026-04-23,<i>Gamma</i> PD,x,y\n"
        page = self.post(sample=twice, column_grantee="")
        self.assertContains(page, "The heading “To” stands more than once, over the columns 2, 4.")
        self.assertNotContains(page, '<option value="To"')
        self.assertContains(page, '<option value="From" selected>')
        [row] = page.context["preview"].rows
        self.assertEqual(row.cells, ["Alpha CA PD", "Beta PD", "2026-04-23", "<i>Gamma</i> PD", "x", "y"])
        self.assertContains(self.post(button="_save", sample=twice), "Select a valid choice")
        self.assertFalse(ColumnMapping.objects.exists())
        self.assertNotContains(self.post(), "stands more than once")

    def test_broken_table_shows_how_far_it_goes(self) -> None:
        page = self.post(sample="From,To,Day\nA,B,2026-04-23\nA,B\n")
        self.assertIn("2 cells under 3 headings", page.context["preview"].problem)
        self.assertEqual(len(page.context["preview"].rows), 1)

    def test_permissions_hold(self) -> None:
        saved = ColumnMapping.objects.create(
            slug="a", title="A", source=self.source, network=self.network, section="x", columns={}
        )
        address = f"/admin/agencies/columnmapping/{saved.pk}/change/"
        reader = User.objects.create_user("reader", is_staff=True)
        self.client.force_login(reader)
        self.assertEqual([self.client.get(page).status_code for page in (ADD, address)], [403, 403])
        reader.user_permissions.add(Permission.objects.get(codename="view_columnmapping"))
        page = self.client.get(address)
        self.assertNotContains(page, 'name="_save"')
        self.assertEqual([self.post(page, "_save").status_code for page in (ADD, address)], [403, 403])
        self.client.force_login(self.editor)
        self.assertEqual(self.client.get("/admin/agencies/columnmapping/0/change/").status_code, 404)
