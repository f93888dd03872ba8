"""The desk for import runs: what a run's page shows, which buttons whom, and confirmed empty lists."""

from dataclasses import replace
from typing import Any
from unittest import mock

from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission, User
from django.db import connection
from django.test import Client, TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.ingest import runs, runs_desk
from agencies.ingest.preview import SHOWN
from agencies.models import Capture, Change, ImportRun, ListConfirmation, RunEvent, SharingLink, SharingList
from agencies.tests.factories import make_run
from agencies.tests.run_factories import Copy, facts_of, import_copies, make_bodies, make_watch, names

FIRST = Copy("2026-04-01", ["Dublin CA PD", "Hayward CA PD", "Fremont CA PD"], facts={"cameras": 3})
FALLEN = Copy("2026-04-08", ["Dublin CA PD", "<i>Nowhere</i> PD"], facts={"cameras": 5})
EMPTY = Copy("2026-04-08", (), "empty")


class RunDeskTestCase(TestCase):
    """An editor who may do everything; what would be handed to a worker is remembered."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()
        cls.editor = User.objects.create_superuser("editor")

    def setUp(self) -> None:
        self.client.force_login(self.editor)
        self.handed = self.enterContext(mock.patch("agencies.tasks.perform_import.delay"))

    def page(self, run: ImportRun, **asked: str) -> Any:
        """Return a run's page."""
        return self.client.get(reverse("admin:agencies_importrun_change", args=[run.pk]), asked)

    def press(self, run: ImportRun, action: str, **values: str) -> Any:
        """Press a button of a run's page."""
        address = reverse("admin:agencies_importrun_act", args=[run.pk])
        with self.captureOnCommitCallbacks(execute=True):
            return self.client.post(address, {"action": action, **values})

    def buttons(self, run: ImportRun) -> set[str]:
        """Return the buttons of a run's page by name."""
        page = self.page(run).content.decode()
        return {name for name in ("accept", "cancel", "retry", "roll_back", "restore") if f'value="{name}"' in page}

    def allow(self, *codenames: str) -> None:
        """Log in someone who may do just this."""
        user = User.objects.create_user("someone", is_staff=True)
        user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
        self.client.force_login(user)

    def waiting(self) -> ImportRun:
        """Return a run whose list fell by a third and that waits for a person."""
        import_copies(self, FIRST)
        return import_copies(self, FALLEN, needs_review=True)


class PageTests(RunDeskTestCase):
    """What the page shows."""

    def test_waiting_run_shows_its_preview_escaped_and_where_it_waits(self) -> None:
        page = self.page(self.waiting())
        for told in ("Nothing is changed yet.", "Hayward CA PD", "&lt;i&gt;Nowhere&lt;/i&gt; PD", "waits for a person"):
            self.assertContains(page, told)
        self.assertNotContains(page, "<i>Nowhere")
        self.assertNotContains(page, "http-equiv")
        states = [step.state for step in page.context["steps"]]
        self.assertEqual(states, ["done", "done", "waits", "todo", "todo", "todo"])
        self.assertContains(page, 'aria-current="step"', 1)
        self.assertContains(page, "<td>5</td>", html=True)

    def test_same_bytes_under_another_date_are_told_with_a_link(self) -> None:
        import_copies(self, Copy("2026-04-01", ["Dublin CA PD"], sha256="a" * 64))
        run = import_copies(self, Copy("2026-04-08", ["Dublin CA PD"], sha256="a" * 64), needs_review=True)
        address = Capture.objects.get().get_absolute_url()
        page = self.page(run)
        self.assertContains(page, f'<a href="{address}">the copy of 2026-04-01</a>', html=True)
        self.assertContains(page, "second copy, of 2026-04-08")

    def test_what_the_preview_does_not_show_is_told(self) -> None:
        copies = [
            Copy("2026-04-01", names(2), facts={"cameras": 3}, source=f"portal-{one}", sha256=f"{one:064}")
            for one in range(3)
        ]
        import_copies(self, *copies)
        again = [replace(copy, day="2026-04-08", names=names(3)) for copy in copies]
        with mock.patch.dict(SHOWN, {"lists": 1, "facts": 2, "known": 1, "copies": 1}):
            page = self.page(import_copies(self, *copies, *again, needs_review=True))
        self.assertContains(page, "<summary>On record already: <strong>3</strong></summary>", html=True)
        self.assertContains(page, "<li>and 2 more</li>", html=True)
        for told in (
            "And 2 more documents whose bytes are on record already",
            "And 2 more lists, which are counted above",
            "And 1 more document with facts",
        ):
            self.assertContains(page, told)

    def test_changed_facts_lines_and_empty_lists_that_are_not_shown_are_told(self) -> None:
        first = [
            Copy("2026-04-01", names(1), facts={"cameras": 3, "retention_days": 9}, source=f"p{n}") for n in range(2)
        ]
        import_copies(self, *first)
        changed = replace(first[0], day="2026-04-08", facts={"cameras": 4, "retention_days": 8})
        RunEvent.objects.all().delete()
        with mock.patch("agencies.ingest.preview_facts.NAMES_SHOWN", 1):
            self.assertContains(self.page(import_copies(self, changed, needs_review=True)), "And 1 more fact that")
        run = import_copies(self, *(replace(copy, day="2026-04-15", names=(), completeness="empty") for copy in first))
        RunEvent.objects.create(run=run, message="the newest line")
        with (
            mock.patch("agencies.admin.run_page.EMPTY_SHOWN", 1),
            mock.patch("agencies.admin.run_page.LINES_SHOWN", 1),
        ):
            page = self.page(run)
        self.assertEqual([line.message for line in page.context["log"]], ["the newest line"])
        self.assertContains(page, "1 earlier line is not shown.")
        self.assertContains(page, "and 1 more, offered once one of these is confirmed")

    def test_open_run_looks_again_until_asked_to_keep_still(self) -> None:
        run = runs.start("facts_csv", ["/nowhere"])
        self.assertContains(self.page(run), '<meta http-equiv="refresh" content="5">')
        self.assertNotContains(self.page(run, still="1"), "http-equiv")

    def test_progress_of_files_is_a_bar_and_that_of_one_file_has_no_end(self) -> None:
        run = runs.start("flock_portal", ["/nowhere"], status="running", step="record")
        for files, value in ((4, 'value="3" max="4"'), (1, None)):
            ImportRun.objects.update(progress={"files": files, "documents": 3, "statements": 1200})
            page = self.page(run)
            self.assertContains(page, "3 documents, 1,200 statements")
            if value:
                self.assertContains(page, value)
            else:
                self.assertNotContains(page, "max=")

    def test_finished_run_shows_counts_and_log_in_order(self) -> None:
        run = import_copies(self, FIRST)
        RunEvent.objects.create(run=run, message="then <b>that</b>", level="warning")
        page = self.page(run)
        self.assertContains(page, "then &lt;b&gt;that&lt;/b&gt;")
        self.assertEqual([line.message for line in page.context["log"]], ["changes noted: none", "then <b>that</b>"])
        self.assertContains(page, "<dt>statements new</dt>", html=True)
        self.assertEqual({step.state for step in page.context["steps"]}, {"done"})

    def test_failed_run_names_file_row_and_field_and_the_run_that_repeats_it(self) -> None:
        problem = {"file": "a.csv", "row": 3, "field": "grantor", "message": "is empty"}
        run = make_run(status="failed", step="parse", problem=problem)
        again = make_run(retry_of=run)
        page = self.page(run)
        for told in ("is empty", "a.csv", "<dd>3</dd>", "grantor", f"Run {again.pk} repeats it"):
            self.assertContains(page, told)
        self.assertContains(self.page(again), f"This run repeats run {run.pk}")

    def test_failed_run_stopped_where_its_file_could_not_be_read_or_not_be_recorded(self) -> None:
        import_copies(self, FIRST)
        broken = facts_of(self, Copy("soon", ["Dublin CA PD"]))
        contradicting = facts_of(self, Copy(FIRST.day, FIRST.names, "extract"))
        for path, read, record in (
            (broken, "stopped", "unreached"),
            ("/nowhere", "stopped", "unreached"),
            (contradicting, "done", "stopped"),
        ):
            with self.subTest(path=path):
                run = runs.perform(runs.start("facts_csv", [path]))
                states = [step.state for step in self.page(run).context["steps"]]
                self.assertEqual(states, ["done", read, record, "unreached", "unreached", "unreached"])
                self.assertEqual(run.events.get().step, run.step)

    def test_page_takes_the_same_number_of_queries_for_one_line_and_list_and_for_ten(self) -> None:
        taken = []
        for number in (1, 10):
            copies = [Copy("2026-04-01", names(3), source=f"portal-{number}-{one}") for one in range(number)]
            run = import_copies(self, *copies, needs_review=True)
            RunEvent.objects.bulk_create(RunEvent(run=run, message="a line") for _ in range(number))
            self.page(run)
            with CaptureQueriesContext(connection) as queries:
                self.page(run)
            taken.append(len(queries))
        self.assertEqual(taken[0], taken[1])


class ButtonTests(RunDeskTestCase):
    """What an editor may do."""

    def test_buttons_are_those_that_make_sense(self) -> None:
        waiting = self.waiting()
        self.assertEqual(self.buttons(waiting), {"accept", "cancel"})
        self.assertEqual(self.buttons(ImportRun.objects.earliest("pk")), {"roll_back"})
        queued = runs.start("facts_csv", ["/nowhere"])
        self.assertEqual(self.buttons(queued), {"cancel"})
        self.assertEqual(self.buttons(make_run(status="running", step="announce")), set())
        cancelled = runs_desk.cancel(queued)
        self.assertEqual(self.buttons(cancelled), {"retry"})
        runs_desk.retry(cancelled)
        self.assertEqual(self.buttons(cancelled), set())

    def test_accepted_preview_is_handed_to_a_worker_signed_and_logged(self) -> None:
        run = self.waiting()
        self.press(run, "accept")
        run.refresh_from_db()
        self.assertEqual((run.status, run.accepted_by), ("queued", self.editor))
        self.handed.assert_called_once_with(run.pk)
        self.assertEqual(LogEntry.objects.get().change_message, "accept")
        self.assertEqual(runs.perform(run).status, "done")

    def test_repeating_leads_to_the_new_run(self) -> None:
        run = runs.perform(runs.start("facts_csv", ["/nowhere"]))
        response = self.press(run, "retry")
        again = run.retries.get()
        self.assertRedirects(response, reverse("admin:agencies_importrun_change", args=[again.pk]))
        self.handed.assert_called_once_with(again.pk)

    def test_rolled_back_and_restored_with_reasons(self) -> None:
        run = import_copies(self, FIRST)
        self.press(run, "roll_back", reason="")
        self.assertEqual(SharingLink.objects.count(), 3)
        self.press(run, "roll_back", reason="the wrong city")
        self.assertEqual(SharingLink.objects.count(), 0)
        self.assertEqual(self.buttons(run), {"restore"})
        self.assertContains(self.page(run), "the wrong city")
        self.press(run, "restore", reason="the right one")
        self.assertEqual(SharingLink.objects.count(), 3)
        self.assertContains(self.page(run), "the right one")

    def test_cancelled_in_review_it_changes_nothing(self) -> None:
        run = self.waiting()
        self.press(run, "cancel")
        run.refresh_from_db()
        self.assertEqual((run.status, SharingLink.objects.filter(status="listed").count()), ("cancelled", 3))

    def test_what_comes_too_late_is_told(self) -> None:
        run = import_copies(self, FIRST)
        response = self.client.post(
            reverse("admin:agencies_importrun_act", args=[run.pk]), {"action": "cancel"}, follow=True
        )
        self.assertContains(response, "past the point where it can be stopped")

    def test_reader_sees_no_button_and_may_press_none(self) -> None:
        waiting = self.waiting()
        self.allow("view_importrun")
        self.assertEqual(self.buttons(waiting), set())
        for action in ("accept", "cancel", "retry", "roll_back", "restore", "explode", ""):
            self.assertEqual(self.press(waiting, action, reason="x").status_code, 403)
        waiting.refresh_from_db()
        self.assertEqual(waiting.status, "review")

    def test_who_may_accept_may_not_roll_back_without_that_permission(self) -> None:
        done = import_copies(self, FIRST)
        self.allow("view_importrun", "change_importrun")
        self.assertEqual(self.press(done, "roll_back", reason="x").status_code, 403)
        self.assertEqual(SharingLink.objects.count(), 3)

    def test_buttons_are_posted_with_the_forms_token(self) -> None:
        run, address = self.waiting(), "admin:agencies_importrun_act"
        self.assertEqual(self.client.get(reverse(address, args=[run.pk])).status_code, 405)
        strict = Client(enforce_csrf_checks=True)
        strict.force_login(self.editor)
        self.assertEqual(strict.post(reverse(address, args=[run.pk]), {"action": "accept"}).status_code, 403)


class ConfirmationTests(RunDeskTestCase):
    """A person's word that a list is really empty."""

    def setUp(self) -> None:
        super().setUp()
        import_copies(self, Copy("2026-04-01", ["Dublin CA PD"]))
        self.run_of_empty = import_copies(self, EMPTY)
        self.list = SharingList.objects.get(completeness="empty")

    def confirm(self, **values: Any) -> Any:
        """Post the form."""
        data = {"sharing_list": self.list.pk, "reason": "the city's letter", **values}
        return self.client.post(reverse("admin:agencies_listconfirmation_add"), data)

    def kinds(self) -> set[str]:
        return set(Change.objects.values_list("kind", flat=True))

    def test_run_offers_its_empty_list_until_it_is_confirmed(self) -> None:
        page = self.page(self.run_of_empty)
        [offered] = page.context["confirmable"]
        form = self.client.get(offered["address"]).context["adminform"].form
        self.assertEqual((form.initial["sharing_list"], form.initial["is_confirmed"]), (str(self.list.pk), "on"))
        self.confirm(is_confirmed="on")
        self.assertEqual(self.page(self.run_of_empty).context["confirmable"], [])

    def test_empty_list_ends_links_once_confirmed_and_until_that_is_taken_back(self) -> None:
        self.assertEqual((SharingLink.objects.get().status, "removed" in self.kinds()), ("listed", False))
        self.confirm(is_confirmed="on")
        self.assertEqual((SharingLink.objects.get().status, "removed" in self.kinds()), ("ended", True))
        self.assertEqual(ListConfirmation.objects.get().decided_by, self.editor)
        self.confirm()
        self.assertEqual((SharingLink.objects.get().status, "removed" in self.kinds()), ("listed", False))
        self.assertEqual(ListConfirmation.objects.count(), 2)

    def test_list_is_chosen_and_told_by_words_and_dates(self) -> None:
        address = reverse("admin:agencies_listconfirmation_add")
        empty = "Portal portal: list, 2026-04-08 (present but empty)"
        page = self.client.get(address)
        self.assertContains(page, f'<option value="{self.list.pk}">{empty}</option>', html=True)
        self.assertNotContains(page, "Portal portal: list, 2026-04-01")
        self.confirm(is_confirmed="on")
        listed = self.client.get(reverse("admin:agencies_listconfirmation_changelist"))
        self.assertContains(listed, "Portal portal: list, 2026-04-08")
        taking_back = f"{address}?sharing_list={self.list.pk}"
        self.assertContains(listed, f'<a href="{taking_back}">Take back…</a>', html=True)
        page = self.client.get(taking_back)
        confirmed = f"{empty[:-1]}, confirmed)"
        self.assertContains(page, f'<option value="{self.list.pk}" selected>{confirmed}</option>', html=True)
        self.assertFalse(page.context["adminform"].form["is_confirmed"].value())
        self.confirm()
        self.assertNotContains(self.client.get(reverse("admin:agencies_listconfirmation_changelist")), "Take back…")
        first = ListConfirmation.objects.earliest("pk")
        page = self.client.get(reverse("admin:agencies_listconfirmation_change", args=[first.pk]))
        self.assertContains(page, "Portal portal: list, 2026-04-08: confirmed")

    def test_list_with_names_and_a_no_that_takes_nothing_back_are_refused(self) -> None:
        named = SharingList.objects.get(completeness="complete")
        self.assertContains(self.confirm(sharing_list=named.pk, is_confirmed="on"), "names nobody")
        self.assertContains(self.confirm(), "nothing to take back")
        self.assertEqual(ListConfirmation.objects.count(), 0)


class UploadedTests(RunDeskTestCase):
    """From an import that waits to its end, as an editor sees it."""

    def test_list_of_runs_leads_to_each(self) -> None:
        run = runs.start("facts_csv", [facts_of(self, FIRST)], needs_review=True)
        page = self.client.get(reverse("admin:agencies_importrun_changelist"))
        self.assertContains(page, reverse("admin:agencies_importrun_change", args=[run.pk]))

    def test_list_of_runs_leads_to_the_upload_whoever_may_begin_one(self) -> None:
        address = reverse("admin:agencies_importrun_changelist")
        self.assertContains(self.client.get(address), f'href="{reverse("admin:agencies_upload")}"')
        self.allow("view_importrun")
        self.assertNotContains(self.client.get(address), reverse("admin:agencies_upload"))

    def test_list_of_runs_tells_files_and_who_began_each(self) -> None:
        watch = make_watch(slug="union-city")
        make_run(paths=[f"kept:{'a' * 64}/Report of [May].pdf"], started_by=self.editor, watch=watch)
        run = make_run(format="flock_portal")
        page = self.client.get(reverse("admin:agencies_importrun_changelist"))
        self.assertContains(page, "; Report of [May].pdf; editor; union-city</a>")
        self.assertContains(page, f">{run.pk}: flock_portal</a>")
