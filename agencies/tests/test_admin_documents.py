"""The desk for documents: uploads, kept files, watches. What is refused, who may, and what never leaves."""

from dataclasses import replace
from datetime import date, timedelta
from io import StringIO
from typing import Any
from unittest import mock, skipUnless

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection
from django.template.loader import render_to_string
from django.test import Client, TestCase, override_settings
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django_celery_beat.models import PeriodicTask
from kombu.exceptions import OperationalError

from agencies.admin import kept as kept_desk
from agencies.admin import watch as watch_desk
from agencies.ingest import kept, kept_removal, news_observer, runs, runs_input
from agencies.ingest.watcher import Unwatched
from agencies.models import Capture, Fetch, ImportRun, KeptFile, Watch
from agencies.tests import test_news_observer as observer
from agencies.tests.factories import make_capture, make_network, make_run
from agencies.tests.hostile_files import workbook
from agencies.tests.portal_factories import SHARED, portal_page

PAGE = portal_page(("Organizations granted access to Testville CA PD data", "Alpha CA PD, b@c.example"))
MEMORANDA = SHARED / "ice_287g" / "moa_index_2026-08.csv"
UPLOAD = "/admin/agencies/keptfile/upload/"
PORTAL = UPLOAD + "?format=flock_portal"


def file(data: bytes = PAGE, name: str = "page.html") -> SimpleUploadedFile:
    """Return a file as a browser sends it."""
    return SimpleUploadedFile(name, data)


class DeskTestCase(TestCase):
    """An editor who may do everything."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_network("flock")
        cls.editor = User.objects.create_superuser("editor")

    def setUp(self) -> None:
        cache.clear()
        self.client.force_login(self.editor)
        self.handed = self.enterContext(mock.patch("agencies.tasks.perform_import.delay"))

    def allow(self, *codenames: str) -> None:
        """Log in someone who may do just this."""
        user = User.objects.create_user("someone", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        self.client.force_login(user)


class UploadTests(DeskTestCase):
    """Documents from editors."""

    def upload(self, *files: SimpleUploadedFile, **values: str) -> Any:
        """Post the form of portals."""
        data = {"slug": "testville-ca-pd", "retrieved_on": "2026-04-24", **values}
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(PORTAL, {**data, "documents": list(files)})

    def test_document_is_kept_queued_and_waits_for_a_person(self) -> None:
        response = self.upload(file())
        run, found = ImportRun.objects.get(), KeptFile.objects.get()
        self.assertRedirects(response, f"/admin/agencies/importrun/{run.pk}/change/", fetch_redirect_response=False)
        self.assertEqual((run.started_by, run.needs_review, run.status), (self.editor, True, "queued"))
        self.assertEqual((run.format, run.paths), ("flock_portal", [kept.kept_path(found, "page.html")]))
        options = {"slug": "testville-ca-pd", "retrieved_on": "2026-04-24", "sha256": found.sha256, "compiled_by": ""}
        self.assertEqual(run.options, options)
        self.handed.assert_called_once_with(run.pk)
        self.assertEqual(found.personal_data, {"emails": 1})
        self.assertTrue(LogEntry.objects.filter(user=self.editor, object_id=str(run.pk)).exists())
        self.assertFalse(Capture.objects.exists())

    def test_uploaded_document_can_be_read_and_previewed(self) -> None:
        self.upload(file())
        run = runs.perform(ImportRun.objects.get())
        self.assertEqual(run.status, "review", run.problem)

    def test_several_documents_are_several_imports(self) -> None:
        response = self.upload(file(), file(PAGE.replace(b"Alpha", b"Beta"), "other.html"))
        self.assertRedirects(response, "/admin/agencies/importrun/", fetch_redirect_response=False)
        self.assertEqual((ImportRun.objects.count(), KeptFile.objects.count()), (2, 2))

    def test_problem_names_the_file_as_the_editor_does(self) -> None:
        documents = [file(b"a,b\n1,2\n", name) for name in ("May list.csv", "June list.csv")]
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(UPLOAD + "?format=ice_release_2019", {"documents": documents})
        for run, name in zip(ImportRun.objects.order_by("pk"), ("May list.csv", "June list.csv"), strict=True):
            run, out = runs.perform(run), StringIO()
            assert run.problem is not None
            self.assertEqual(run.problem["file"], name)
            self.assertIn(name, str(run.events.get()))
            call_command("runs", "show", str(run.pk), stdout=out)
            self.assertIn(f"problem: {name}, row 1", out.getvalue())
            self.assertContains(self.client.get(f"/admin/agencies/importrun/{run.pk}/change/"), f"{name}:")
            self.assertContains(self.client.get("/admin/agencies/importrun/"), name)

    def test_tables_that_are_read_together_are_one_import(self) -> None:
        usage = observer.USAGE_ROW.format(retention="30 days", audit="0")
        tables = {
            "grants (1).csv": "\n".join([observer.ACCESS_HEAD, observer.ALPHA, observer.BETA]),
            "usage (1).csv": f"{observer.USAGE_HEAD}\n{usage}",
        }
        address = UPLOAD + "?format=news_observer"
        for changed, problem in (("", None), (",,", "usage (1).csv")):
            tables["usage (1).csv"] += changed and f"\n2,Testville CA PD{changed}"
            documents = [file(text.encode(), name) for name, text in tables.items()]
            with self.captureOnCommitCallbacks(execute=True):
                page = self.client.post(address, {"documents": documents}, follow=True)
            self.assertContains(page, "2 documents are kept.")
            run = runs.perform(ImportRun.objects.latest("pk"))
            self.assertEqual(run.problem and run.problem["file"], problem)
        done = ImportRun.objects.earliest("pk")
        assert done.preview is not None
        self.assertEqual((done.status, done.preview["lists"][0]["new"], len(done.paths)), ("review", 2, 2))

    @skipUnless(observer.TABLES.is_dir(), f"shared News & Observer tables not found at {observer.TABLES}")
    def test_real_tables_are_read_as_from_their_folder(self) -> None:
        names = (observer.USAGE_FILE, observer.ACCESS_FILE)
        documents = [file((observer.TABLES / name).read_bytes(), name) for name in names]
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(UPLOAD + "?format=news_observer", {"documents": documents})
        found = list(runs_input.documents(ImportRun.objects.get(), runs_input.Met(), Unwatched()))
        read = [replace(one.capture, bytes_kept="original") for one in news_observer.read(observer.TABLES)]
        self.assertEqual([one.capture for one in found], read)
        self.assertEqual(len(found), 365)

    def test_table_without_its_other_fails_and_says_what_is_missing(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            self.client.post(
                UPLOAD + "?format=news_observer", {"documents": file(observer.ACCESS_HEAD.encode(), "a.csv")}
            )
        run = runs.perform(ImportRun.objects.get())
        assert run.problem is not None
        self.assertIn("no table with the columns agency, updated", run.problem["message"])
        self.assertEqual(run.problem["file"], "uploaded files")

    def test_refused_file_is_named_with_the_reason_and_nothing_of_the_upload_stays(self) -> None:
        for bad, words in (
            (file(workbook(), "list.xlsx"), "list.xlsx: this format reads .html"),
            (
                file(b"%PDF-1.4 <html>", "page.html"),
                "page.html: its name ends in .html, but its bytes are application/pdf",
            ),
            (file(b"", "empty.html"), "empty.html: The submitted file is empty."),
        ):
            with self.subTest(words=words):
                self.assertContains(self.upload(file(), bad), words)
        self.assertFalse(ImportRun.objects.exists() or KeptFile.objects.exists() or self.handed.called)

    def test_what_the_importer_needs_is_asked_for(self) -> None:
        self.assertContains(self.upload(file(), slug=""), "This field is required.")
        self.assertContains(self.upload(file(), retrieved_on="24.4.2026"), "Enter a valid date.")
        self.assertFalse(ImportRun.objects.exists())

    def test_name_of_the_portal_is_cleaned_or_refused_before_anything_is_kept(self) -> None:
        for wrong in ("Testville-CA-PD", "Testville CA!", "https://a.example/testville-ca-pd"):
            with self.subTest(wrong):
                self.assertContains(self.upload(file(), slug=wrong), "not the name of a portal")
        self.assertFalse(ImportRun.objects.exists() or KeptFile.objects.exists())
        self.upload(file(), slug="https://transparency.flocksafety.com/testville-ca-pd")
        self.assertEqual(ImportRun.objects.get().options["slug"], "testville-ca-pd")

    def test_day_before_the_document_s_own_is_refused_in_the_form(self) -> None:
        days = {"published_on": "2026-04-19", "retrieved_on": "2020-04-20"}
        table = SimpleUploadedFile("table.xlsx", b"PK\x03\x04")
        page = self.client.post(f"{UPLOAD}?format=flock_shared_networks", {**days, "documents": [table]})
        said = ["2020-04-20 is before the document's own date, 2026-04-19"]
        self.assertEqual(page.context["form"].errors["retrieved_on"], said)

    def test_day_is_filled_in_only_where_the_document_tells_none(self) -> None:
        today = timezone.now().date()
        for name, told in (("flock_portal", today), ("vigilant_report", None), ("ice_287g_memoranda", None)):
            field = self.client.get(UPLOAD, {"format": name}).context["form"].fields["retrieved_on"]
            self.assertEqual((field.initial, field.required), (told, told is not None), name)

    @skipUnless(MEMORANDA.is_file(), f"shared index of memoranda not found at {MEMORANDA}")
    def test_index_of_memoranda_is_of_the_day_that_it_tells(self) -> None:
        with self.captureOnCommitCallbacks(execute=True):
            index = file(MEMORANDA.read_bytes(), MEMORANDA.name)
            self.client.post(UPLOAD + "?format=ice_287g_memoranda", {"documents": index})
        [document] = runs_input.documents(ImportRun.objects.get(), runs_input.Met(), Unwatched())
        self.assertEqual(document.capture.retrieved_on, date(2026, 6, 30))

    def test_name_of_the_file_leads_nowhere(self) -> None:
        self.upload(SimpleUploadedFile("x.html", PAGE))
        stored = KeptFile.objects.get().stored_name
        self.assertRegex(stored, r"^[0-9a-f]{2}/[0-9a-f]{64}\.html$")

    @override_settings(CAPTURES_MAX_BYTES=1000)
    def test_body_beyond_the_limit_is_not_even_read(self) -> None:
        with mock.patch("django.http.request.HttpRequest._load_post_and_files", side_effect=AssertionError("read")):
            response = self.client.post(PORTAL, {"documents": file(b"x" * (2**20 + 2000))})
        self.assertContains(response, "too large and was not read", status_code=413)

    @override_settings(CAPTURES_MAX_BYTES=1000)
    def test_file_beyond_the_limit_is_refused(self) -> None:
        self.assertContains(self.upload(file(PAGE + b" " * 1000)), "too large")

    def test_form_without_its_token_is_refused(self) -> None:
        client = Client(enforce_csrf_checks=True)
        client.force_login(self.editor)
        self.assertEqual(client.post(PORTAL, {"documents": file()}).status_code, 403)
        page = client.get(PORTAL)
        data = {"slug": "a-b", "retrieved_on": "2026-04-24", "documents": file()}
        token = page.context["csrf_token"]
        self.assertEqual(client.post(PORTAL, {**data, "csrfmiddlewaretoken": str(token)}).status_code, 302)

    def test_only_who_may_begin_imports_may_upload(self) -> None:
        self.allow("view_keptfile", "view_importrun")
        self.assertNotContains(self.client.get("/admin/agencies/keptfile/"), UPLOAD)
        for response in (self.client.get(UPLOAD), self.upload(file())):
            self.assertEqual(response.status_code, 403)
        self.client.logout()
        self.assertEqual(self.upload(file()).status_code, 302)
        self.assertFalse(ImportRun.objects.exists())

    def test_page_offers_the_formats_whose_documents_are_kept(self) -> None:
        page = self.client.get(UPLOAD)
        self.assertContains(page, f'href="{PORTAL}"')
        self.assertNotContains(page, "facts_csv")
        for unknown in ("none-such", "facts_csv"):
            self.assertIsNone(self.client.get(UPLOAD, {"format": unknown}).context["form"])


class KeptDeskTests(DeskTestCase):
    """Kept files, and their captures' archived copies."""

    def setUp(self) -> None:
        super().setUp()
        self.kept = kept.keep(PAGE)

    def download(self) -> Any:
        return self.client.get(f"/admin/agencies/keptfile/{self.kept.pk}/download/")

    def test_bytes_come_as_a_file_that_no_browser_opens(self) -> None:
        response = self.download()
        self.assertEqual(response.content, kept.read_kept(self.kept))
        self.assertEqual(response["Content-Type"], "application/octet-stream")
        self.assertEqual(response["X-Content-Type-Options"], "nosniff")
        self.assertRegex(response["Content-Disposition"], r'^attachment; filename="capture-[0-9a-f]{12}\.html"$')
        self.assertIn("no-store", response["Cache-Control"])

    def remove(self, **values: str) -> Any:
        """Post the form of a removal."""
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(f"/admin/agencies/keptfile/{self.kept.pk}/remove/", values)

    def test_bytes_are_removed_with_a_reason_and_all_pages_say_so(self) -> None:
        capture = make_capture(sha256=self.kept.sha256, bytes_kept="reduced")
        run = make_run(status="review", paths=[kept.kept_path(self.kept, "page.html")])
        address = f"/admin/agencies/keptfile/{self.kept.pk}/"
        self.assertContains(self.client.get(f"{address}change/"), f'href="{address}remove/"')
        form = self.client.get(f"{address}remove/")
        self.assertContains(form, "1 capture will say that its bytes were removed.")
        self.assertContains(form, f'href="/admin/agencies/importrun/{run.pk}/change/"')
        response = self.remove(reason="names a driver")
        self.assertRedirects(response, f"{address}change/", fetch_redirect_response=False)
        self.assertFalse(kept.captures_store().exists(self.kept.stored_name))
        page = self.client.get(f"{address}change/")
        self.assertContains(page, "editor: names a driver")
        self.assertNotContains(page, f"{address}remove/")
        self.assertNotContains(page, f"{address}download/")
        self.assertEqual(self.download().status_code, 404)
        self.assertTrue(LogEntry.objects.filter(user=self.editor, change_message__contains="names a driver").exists())
        self.assertContains(self.client.get(f"/admin/agencies/importrun/{run.pk}/change/"), "(its bytes were removed)")
        self.assertContains(self.client.get(capture.get_absolute_url()), "names a driver")

    def test_bytes_stay_without_a_reason(self) -> None:
        for reason in ("", "  ", "x" * 301):
            self.assertContains(self.remove(reason=reason), "errorlist")
        self.assertTrue(kept.captures_store().exists(self.kept.stored_name))
        self.assertFalse(KeptFile.objects.get().is_removed)

    def test_only_who_may_delete_kept_files_removes_them(self) -> None:
        self.allow("view_keptfile", "change_keptfile", "add_importrun")
        address = f"/admin/agencies/keptfile/{self.kept.pk}/"
        self.assertNotContains(self.client.get(f"{address}change/"), f"{address}remove/")
        self.assertEqual(self.client.get(f"{address}remove/").status_code, 403)
        self.assertEqual(self.remove(reason="names a driver").status_code, 403)
        self.assertTrue(kept.captures_store().exists(self.kept.stored_name))
        User.objects.get(username="someone").user_permissions.add(Permission.objects.get(codename="delete_keptfile"))
        self.assertContains(self.client.get(f"{address}change/"), f"{address}remove/")
        self.assertEqual(self.remove(reason="names a driver").status_code, 302)
        self.assertFalse(kept.captures_store().exists(self.kept.stored_name))

    def test_store_that_failed_is_asked_again_from_the_page(self) -> None:
        kept_removal.remove(self.kept, "names a driver", self.editor)
        address = f"/admin/agencies/keptfile/{self.kept.pk}/"
        self.assertContains(self.client.get(f"{address}change/"), "(not deleted from the store yet)")
        self.assertContains(self.client.get(f"{address}remove/"), "Have the store delete them")
        response = self.client.post(f"{address}remove/", follow=True)
        self.assertContains(response, "The bytes are gone from the store.")
        self.assertFalse(kept.captures_store().exists(self.kept.stored_name))
        self.assertNotContains(self.client.get(f"{address}remove/"), "Have the store delete them")

    def test_only_who_may_see_kept_files_gets_them(self) -> None:
        self.allow("view_capture")
        self.assertEqual(self.download().status_code, 403)
        self.client.logout()
        self.assertEqual(self.download().status_code, 302)

    def test_damaged_bytes_are_not_given_out(self) -> None:
        KeptFile.objects.update(stored_sha256="0" * 64)
        self.assertEqual(self.download().status_code, 404)

    def test_page_shows_what_to_look_at_and_where_it_is_used(self) -> None:
        capture = make_capture(sha256=self.kept.sha256)
        run = make_run(paths=[kept.kept_path(self.kept, "portal.html")])
        page = self.client.get(f"/admin/agencies/keptfile/{self.kept.pk}/change/")
        self.assertContains(page, "e-mail addresses: 1")
        self.assertContains(page, f"/admin/agencies/capture/{capture.pk}/change/")
        self.assertContains(page, f"/admin/agencies/keptfile/capture/{capture.pk}/archive/")
        self.assertContains(page, f"/admin/agencies/importrun/{run.pk}/change/")

    def test_nothing_seen_is_said_and_what_was_not_looked_at_too(self) -> None:
        self.assertEqual(kept_desk.personal_data_in_words({}), "no e-mail address and no telephone number seen")
        self.assertIn("could not be got at", kept_desk.personal_data_in_words({"unread": 1}))

    def test_review_of_a_run_is_told_of_its_files(self) -> None:
        clean = kept.keep(b"a,b\n1,2\n")
        run = make_run(paths=[kept.kept_path(self.kept), kept.kept_path(clean), "/srv/other.csv"])
        files = kept_desk.files_in_review(run)
        self.assertEqual(
            {one["file"]: one["file"].personal_data for one in files}, {self.kept: {"emails": 1}, clean: {}}
        )
        shown = render_to_string("admin/agencies/keptfile/in_review.html", {"kept_files": files})
        self.assertInHTML("<strong>e-mail addresses: 1</strong>", shown)
        self.assertIn("no e-mail address and no telephone number seen", shown)

    def test_archived_copy_is_recorded_and_can_be_taken_out(self) -> None:
        capture = make_capture()
        address = f"/admin/agencies/keptfile/capture/{capture.pk}/archive/"
        copy = "https://web.archive.org/web/20260423000000/https://example.org/"
        for given in (copy, ""):
            self.assertEqual(self.client.post(address, {"archive_url": given}).status_code, 302)
            capture.refresh_from_db()
            self.assertEqual(capture.archive_url, given)
        for given in ("javascript:alert(1)", "ftp://a.example/", "https://a.example/" + "x" * 500):
            self.assertContains(self.client.post(address, {"archive_url": given}), "errorlist")
        self.assertEqual(LogEntry.objects.filter(object_id=str(capture.pk)).count(), 2)
        self.allow("view_capture", "view_keptfile")
        self.assertEqual(self.client.post(address, {"archive_url": copy}).status_code, 403)


class WatchDeskTests(DeskTestCase):
    """The watch list."""

    def form(self, **values: Any) -> dict[str, Any]:
        """Return the fields of the form."""
        base = {"slug": "testville", "url": "https://a.example/testville-ca-pd", "format": "flock_portal"}
        numbers = {"every_hours": 24, "largest_change": 10, "options": "{}", "is_enabled": "on"}
        return {**base, **numbers, "fetches-TOTAL_FORMS": 0, "fetches-INITIAL_FORMS": 0, **values}

    def add(self, **values: Any) -> Any:
        return self.client.post("/admin/agencies/watch/add/", self.form(**values))

    def test_watch_gets_its_place_in_the_schedule_and_keeps_it(self) -> None:
        self.assertEqual(self.add().status_code, 302)
        watch = Watch.objects.get()
        self.assertEqual((watch.schedule.args, watch.schedule.enabled), (f"[{watch.pk}]", True))
        Watch.objects.update(etag='"1"')
        address = f"/admin/agencies/watch/{watch.pk}/change/"
        self.client.post(address, self.form(every_hours=6))
        watch = Watch.objects.get()
        self.assertEqual((watch.schedule.interval.every, watch.etag), (6, '"1"'))
        self.client.post(address, self.form(url="https://b.example/x"))
        self.assertEqual(Watch.objects.get().etag, "")
        again = self.add(slug="again", url="https://b.example/x/")
        self.assertContains(again, "The watch testville fetches this document: https://b.example/x")

    def test_watch_that_cannot_work_is_refused(self) -> None:
        for values, words in (
            ({"options": '{"colour": "red"}'}, "Not an option of this format: colour"),
            ({"options": '["slug"]'}, "Options are pairs"),
            ({"format": "facts_csv"}, "Select a valid choice"),
            ({"format": "news_observer"}, "Select a valid choice"),
            ({"url": "ftp://a.example/x"}, "not an http or https address"),
            ({"url": "https://a.example/?portal=testville-ca-pd"}, "It does not end in a name: give the option slug"),
            ({"every_hours": 0}, "greater than or equal to 1"),
        ):
            with self.subTest(values=values):
                self.assertContains(self.add(**values), words)
        self.assertFalse(Watch.objects.exists() or PeriodicTask.objects.filter(name__startswith="fetch ").exists())

    def test_actions_pause_resume_and_fetch(self) -> None:
        self.add()
        watch = Watch.objects.get()
        chosen = {"_selected_action": [watch.pk]}
        for action, enabled in (("pause", False), ("resume", True)):
            self.client.post("/admin/agencies/watch/", {**chosen, "action": action})
            watch = Watch.objects.get()
            self.assertEqual((watch.is_enabled, watch.schedule.enabled), (enabled, enabled))
        Watch.objects.create(slug="paused", url="https://a.example/p", format="flock_portal", is_enabled=False)
        Watch.objects.update(not_before=timezone.now() + timedelta(days=7))
        everything = {"_selected_action": list(Watch.objects.values_list("pk", flat=True)), "action": "fetch_now"}
        with mock.patch.object(watch_desk.current_app, "send_task") as send:
            self.client.post("/admin/agencies/watch/", everything)
        send.assert_called_once_with("agencies.fetch_watch", args=[watch.pk])
        watch.refresh_from_db()
        self.assertIsNone(watch.not_before)
        with mock.patch.object(watch_desk.current_app, "send_task", side_effect=OperationalError("away")):
            page = self.client.post("/admin/agencies/watch/", everything, follow=True)
        self.assertContains(page, "The queue does not answer: away")

    def test_page_shows_the_newest_attempts_in_few_queries(self) -> None:
        watch = Watch.objects.create(slug="a", url="https://a.example/a", format="flock_portal")
        address = f"/admin/agencies/watch/{watch.pk}/change/"
        counts = []
        for number in (1, 24):
            Fetch.objects.bulk_create(
                Fetch(watch=watch, outcome="refused", detail=f"status 403 no {n}", at=timezone.now(), run=make_run())
                for n in range(number)
            )
            with CaptureQueriesContext(connection) as queries:
                page = self.client.get(address)
            counts.append(len(queries))
        self.assertContains(page, "status 403 no 23")
        self.assertContains(page, "status 403 no", count=watch_desk.ATTEMPTS_SHOWN)
        self.assertEqual(counts[0], counts[1])
