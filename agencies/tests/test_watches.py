"""The watch list, against a web site on this machine: what comes becomes an import, what does not changes nothing."""

import gzip
import threading
from datetime import date, timedelta
from typing import Any
from unittest import mock

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase, override_settings
from django.utils import timezone

from agencies.ingest import kept, kept_removal, runs
from agencies.ingest.rollback import roll_back
from agencies.ingest.runs_desk import accept, cancel, retry
from agencies.ingest.watches import due, fetch_watch
from agencies.models import Capture, Fetch, ImportRun, KeptFile, SharingLink, SharingList, Statement, Watch
from agencies.tests.factories import make_agency, make_alias, make_network
from agencies.tests.hostile_files import pdf
from agencies.tests.local_site import Act, LocalSite, answer, drip, moved, raw, tagged
from agencies.tests.portal_factories import portal_page

OUTBOUND = "Organizations granted access to Testville CA PD data"
HIDDEN = b'<a download="audit.csv" href="data:text/csv;charset=utf-8,id%2CcaseNumber%0Arow-1%2C25-1258">CSV</a>'


def page(*names: str, day: str = "2026-04-23", searches: str = "10") -> bytes:
    """Return a portal page that lists these names."""
    usage = ((OUTBOUND, ", ".join(names)), ("Searches in the last 30 days", searches))
    return portal_page(*usage, updated=f"{day}T13:43:49.361Z").replace(b"</body>", HIDDEN + b"</body>")


PAGE = page("Alpha CA PD", "Beta CA SO")


@override_settings(FETCH_PACE_SECONDS=0, FETCH_PRIVATE_ADDRESSES=True, CAPTURES_MAX_BYTES=200_000)
class WatchTestCase(TransactionTestCase):
    """A site with one portal, and a watch on it."""

    def setUp(self) -> None:
        cache.clear()
        self.addCleanup(cache.clear)
        make_network("flock")
        self.site = self.enterContext(LocalSite())
        self.watch = Watch.objects.create(
            slug="testville", url=self.site.url("/testville-ca-pd"), format="flock_portal"
        )

    def fetch(self, act: Act | None = None, again: bool = True) -> Fetch:
        """Serve the page so, and fetch it."""
        if act is not None:
            self.site.pages["/testville-ca-pd"] = act
        attempt = fetch_watch(self.watch.pk, again=again)
        self.watch.refresh_from_db()
        assert attempt is not None
        return attempt

    def take_in(self, body: bytes) -> ImportRun:
        """Fetch a page and record it as an editor would."""
        run = self.fetch(answer(200, body)).run
        assert run is not None
        run = runs.perform(run)
        self.assertEqual(run.status, "review", run.problem)
        return runs.perform(accept(run))


class GoodAttemptTests(WatchTestCase):
    """New bytes, and the same again."""

    def test_new_bytes_are_kept_without_the_audit_and_wait_for_a_person(self) -> None:
        attempt = self.fetch(tagged(PAGE, '"1"'))
        self.assertEqual((attempt.outcome, attempt.http_status, attempt.final_url), ("changed", 200, self.watch.url))
        file, run = attempt.kept_file, attempt.run
        assert file is not None and run is not None
        self.assertTrue(file.is_reduced)
        self.assertNotIn(b"25-1258", kept.read_kept(file))
        self.assertEqual((run.format, run.paths), ("flock_portal", [f"kept:{file.sha256}"]))
        self.assertEqual((run.watch, run.needs_review, run.status), (self.watch, True, "queued"))
        today = timezone.now().date().isoformat()
        expected = {"slug": "testville-ca-pd", "retrieved_on": today, "sha256": file.sha256, "compiled_by": ""}
        self.assertEqual(run.options, expected)
        self.assertEqual((self.watch.etag, self.watch.failures, self.watch.not_before), ('"1"', 0, None))

    def test_accepted_page_is_a_capture_of_the_bytes_as_received(self) -> None:
        run = self.take_in(PAGE)
        self.assertEqual(run.status, "done", run.problem)
        capture = Capture.objects.get()
        self.assertEqual((capture.sha256, capture.bytes_kept), (KeptFile.objects.get().sha256, "reduced"))
        self.assertEqual((capture.published_on, capture.compiled_by), (date(2026, 4, 23), ""))
        self.assertEqual(capture.retrieved_on, timezone.now().date())
        self.assertEqual(SharingList.objects.get().grants.count(), 2)

    def test_same_page_begins_no_import_whether_the_site_says_so_or_not(self) -> None:
        self.fetch(tagged(PAGE, '"1"'))
        not_modified = self.fetch()
        self.assertEqual((not_modified.outcome, not_modified.http_status), ("unchanged", 304))
        same = self.fetch(answer(200, PAGE))
        self.assertEqual((same.outcome, same.http_status, same.kept_file), ("unchanged", 200, KeptFile.objects.get()))
        other_audit = self.fetch(answer(200, PAGE.replace(b"25-1258", b"25-9999")))
        self.assertEqual(other_audit.outcome, "unchanged")
        self.assertEqual((ImportRun.objects.count(), KeptFile.objects.count()), (1, 1))

    def test_page_whose_bytes_were_removed_is_not_stored_again(self) -> None:
        file = self.fetch(answer(200, PAGE)).kept_file
        assert file is not None
        kept_removal.remove(file, "names a driver", User.objects.create_user("operator"))
        same = self.fetch(answer(200, PAGE.replace(b"25-1258", b"25-9999")))
        self.assertEqual(
            (same.outcome, same.detail), ("unchanged", "the same as before, whose bytes were removed here")
        )
        self.fetch(answer(200, page("Alpha CA PD", day="2026-04-24")))
        again = self.fetch(answer(200, PAGE))
        self.assertEqual((again.outcome, again.kept_file, again.run), ("failed", None, None))
        self.assertIn("not kept again: names a driver", again.detail)
        self.assertFalse(kept.captures_store().exists(file.stored_name))

    def test_page_that_goes_back_to_what_it_was_is_news_again(self) -> None:
        other = page("Alpha CA PD", day="2026-04-24")
        found = [self.fetch(answer(200, body)).outcome for body in (PAGE, other, PAGE)]
        self.assertEqual(found, ["changed"] * 3)
        self.assertEqual((ImportRun.objects.count(), KeptFile.objects.count()), (3, 2))

    def test_options_of_the_watch_are_passed_on(self) -> None:
        self.watch.options = {"slug": "another"}
        self.watch.save()
        run = self.fetch(answer(200, PAGE)).run
        assert run is not None
        self.assertEqual(run.options["slug"], "another")


class FirstCopyTests(WatchTestCase):
    """First copies of a trusted watch whose address leads to another."""

    def setUp(self) -> None:
        super().setUp()
        Watch.objects.update(is_trusted=True, largest_change=100)
        for path in ("/hayward-ca-pd", "/testville-ca-pd/"):
            self.site.pages[path] = answer(200, self.copy("10"))

    def copy(self, searches: str) -> bytes:
        """Return a page without lists: a first list is all new, and waits for that."""
        return portal_page(("Searches in the last 30 days", searches))

    def performed(self, act: Act) -> ImportRun:
        run = self.fetch(act).run
        assert run is not None
        return runs.perform(run)

    def waits(self, run: ImportRun) -> None:
        """Expect a run to wait, and to say why."""
        assert run.preview is not None
        other = self.site.url("/hayward-ca-pd")
        said = f"{self.watch.url} led to {other}, and no earlier copy tells whether that is the same agency's page"
        self.assertEqual((run.status, run.preview["reason"]), ("review", said))
        self.assertFalse(Statement.objects.exists())

    def test_copy_from_another_portals_address_waits_until_a_person_has_accepted_one(self) -> None:
        self.waits(run := self.performed(moved("/hayward-ca-pd")))
        self.assertEqual(runs.perform(accept(run)).status, "done")
        self.site.pages["/hayward-ca-pd"] = answer(200, self.copy("11"))
        self.assertEqual(self.performed(moved("/hayward-ca-pd")).status, "done")

    def test_repeated_run_waits_too(self) -> None:
        run = self.performed(moved("/hayward-ca-pd"))
        self.waits(runs.perform(retry(cancel(run))))

    def test_copy_that_was_rolled_back_counts_for_none(self) -> None:
        run = runs.perform(accept(self.performed(moved("/hayward-ca-pd"))))
        roll_back(run, "another agency's")
        self.site.pages["/hayward-ca-pd"] = answer(200, self.copy("11"))
        again = self.performed(moved("/hayward-ca-pd"))
        assert again.preview is not None
        self.assertEqual(again.status, "review")
        self.assertIn("no earlier copy tells", again.preview["reason"])

    def test_untrusted_watch_gives_the_same_reason(self) -> None:
        Watch.objects.update(is_trusted=False)
        self.waits(self.performed(moved("/hayward-ca-pd")))

    def test_address_too_long_to_be_noted_is_another(self) -> None:
        path = "/testville-ca-pd/" + "x" * 500
        self.site.pages[path] = answer(200, self.copy("10"))
        run = self.performed(moved(path))
        assert run.preview is not None
        self.assertIn("led to an address too long to be noted", run.preview["reason"])

    def test_copy_from_the_same_place_does_not_wait(self) -> None:
        self.assertEqual(self.performed(moved("/testville-ca-pd/")).status, "done")


class BadAttemptTests(WatchTestCase):
    """Nothing that goes wrong ends anything in the record."""

    def setUp(self) -> None:
        super().setUp()
        for name in ("Testville CA PD", "Alpha CA PD", "Beta CA SO"):
            make_alias(name, make_agency(name))
        self.take_in(PAGE)
        self.assertEqual([link.status for link in SharingLink.objects.all()], ["listed", "listed"])

    def record(self) -> list[Any]:
        """Return all that an attempt could have changed."""
        tables = (Statement, SharingList, Capture, KeptFile, ImportRun)
        links = list(SharingLink.objects.order_by("pk").values())
        return [links, *(list(table.objects.order_by("pk").values_list("pk", flat=True)) for table in tables)]

    def ends_nothing(self, act: Act, outcome: str, words: str) -> Fetch:
        """Assert how an attempt ends, and that the record is as it was."""
        before = self.record()
        held = (self.watch.etag, self.watch.last_modified)
        attempt = self.fetch(act)
        self.assertEqual(attempt.outcome, outcome)
        self.assertIn(words, attempt.detail)
        self.assertIsNone(attempt.run)
        self.assertEqual(self.record(), before)
        self.assertEqual((self.watch.etag, self.watch.last_modified), held)
        return attempt

    def test_refused_failed_and_truncated_pages(self) -> None:
        self.watch.refresh_from_db()
        for act, outcome, words in (
            (answer(403, b"no"), "refused", "status 403: the site refuses"),
            (answer(429, Retry_After="5"), "refused", "left alone"),
            (answer(500, PAGE), "failed", "status 500"),
            (answer(503, Retry_After="5"), "failed", "status 503"),
            (answer(404), "failed", "status 404"),
            (answer(200, PAGE, Content_Length=str(len(PAGE) + 100)), "failed", "broken off"),
            (answer(200, gzip.compress(PAGE)[:-8], Content_Encoding="gzip"), "failed", "broken off"),
            (answer(200, PAGE[: PAGE.index(b"Beta")]), "failed", "not what it should be: the page is cut short"),
            (
                answer(200, PAGE.replace(b"Beta", b"B\xe9ta")),
                "failed",
                "not what it should be: not UTF-8: the byte 0xe9",
            ),
            (answer(200, PAGE.replace(b"Beta", b"B&#xFFFD;ta")), "failed", "a lost character (U+FFFD) in"),
            (answer(200), "failed", "an empty answer"),
            (answer(200, PAGE + b" " * 200_000), "failed", "more than 200,000 bytes"),
            (raw(b""), "failed", "broken off"),
            (moved("/testville-ca-pd"), "failed", "in a circle"),
        ):
            with self.subTest(words=words):
                self.ends_nothing(act, outcome, words)
                cache.clear()

    def test_page_that_trickles_in_too_slowly(self) -> None:
        stop = threading.Event()
        self.addCleanup(stop.set)
        head = b"HTTP/1.1 200 OK\r\nContent-Length: 9000\r\n\r\n"
        with mock.patch("agencies.ingest.ask.TOTAL_SECONDS", 0.3):
            self.ends_nothing(drip([head, *[b"x"] * 9000], 0.05, stop), "failed", "not over after")

    def test_page_that_robots_forbid(self) -> None:
        self.site.pages["/robots.txt"] = answer(200, b"User-agent: *\nDisallow: /testville")
        cache.clear()
        attempt = self.ends_nothing(answer(200, page("Alpha CA PD")), "refused", "robots.txt forbids it")
        self.assertIsNone(attempt.http_status)

    def test_page_of_another_layout_or_kind(self) -> None:
        for act in (
            answer(200, b"<!DOCTYPE html><title>Back soon</title><p>We are working on it."),
            answer(200, PAGE.replace(b'id="usage"', b'id="use"')),
            answer(200, b'<!DOCTYPE html><h1>Testville CA PD</h1><div id="usage"><p>New</p><b>look</b></div>'),
            answer(200, pdf()),
            answer(200, b"<html>" + pdf()),
        ):
            attempt = self.ends_nothing(act, "failed", "not what it should be")
            self.assertEqual(attempt.http_status, 200)

    def test_page_of_a_watch_that_tells_no_name_is_not_recorded_under_one_of_chance(self) -> None:
        Watch.objects.update(url=self.site.url("/?portal=testville-ca-pd"))
        self.site.pages["/?portal=testville-ca-pd"] = answer(200, page("Alpha CA PD"))
        self.ends_nothing(answer(404), "failed", "nothing tells which portal this is: give the option slug")

    def test_page_elsewhere_that_is_no_portal(self) -> None:
        with LocalSite({"/login": answer(200, b"<!DOCTYPE html><form>Log in</form>")}) as other:
            attempt = self.ends_nothing(moved(other.url("/login")), "failed", "not what it should be")
            self.assertEqual(attempt.final_url, other.url("/login"))

    def test_page_elsewhere_of_another_portal_waits_though_the_watch_is_trusted(self) -> None:
        Watch.objects.update(is_trusted=True, largest_change=100)
        listed = (OUTBOUND, "Alpha CA PD, Beta CA SO")
        other = portal_page(listed, name="Hayward CA PD", updated="2026-04-30T00:00:00Z")
        self.site.pages["/hayward-ca-pd"] = answer(200, other)
        attempt = self.fetch(moved("/hayward-ca-pd"))
        assert attempt.run is not None
        self.assertEqual(attempt.final_url, self.site.url("/hayward-ca-pd"))
        run = runs.perform(attempt.run)
        assert run.preview is not None
        self.assertEqual(run.status, "review")
        self.assertIn("the page names Hayward CA PD, earlier copies Testville CA PD", run.preview["reason"])
        self.assertEqual([link.status for link in SharingLink.objects.all()], ["listed", "listed"])

    def test_page_whose_list_is_gone_is_a_copy_that_ends_nothing(self) -> None:
        links = list(SharingLink.objects.values("pk", "status"))
        gone = portal_page(("Searches in the last 30 days", "11"), updated="2026-04-30T00:00:00Z")
        run = self.take_in(gone)
        self.assertEqual(run.status, "done", run.problem)
        self.assertEqual(list(SharingLink.objects.values("pk", "status")), links)

    def test_copy_that_could_not_be_read_is_fetched_whole_again(self) -> None:
        self.fetch(tagged(b"<!DOCTYPE html><p>Back soon", '"2"'))
        self.assertEqual(self.fetch().http_status, 200)


class BackOffTests(WatchTestCase):
    """When the next attempt may be made."""

    def wait(self, act: Act) -> timedelta:
        """Return how long an attempt makes the watch wait."""
        self.fetch(act)
        assert self.watch.not_before is not None
        return self.watch.not_before - timezone.now()

    def test_failures_double_the_wait_up_to_a_week(self) -> None:
        hours = [round(self.wait(answer(500)) / timedelta(hours=1)) for _ in range(9)]
        self.assertEqual(hours, [1, 2, 4, 8, 16, 32, 64, 128, 168])
        self.assertEqual(self.watch.failures, 9)
        self.fetch(answer(200, PAGE))
        self.assertEqual((self.watch.failures, self.watch.not_before), (0, None))

    def test_refusals_wait_for_a_week_and_at_most_a_month(self) -> None:
        days = [round(self.wait(answer(403)) / timedelta(days=1)) for _ in range(4)]
        self.assertEqual(days, [7, 14, 28, 30])

    def test_longer_wish_of_the_site_counts(self) -> None:
        self.assertGreater(self.wait(answer(503, Retry_After="86400")), timedelta(hours=23))
        cache.clear()
        self.assertGreater(self.wait(answer(503, Retry_After="5")), timedelta(hours=1))

    def test_held_back_or_paused_watch_is_fetched_only_by_hand(self) -> None:
        self.fetch(answer(500))
        asked = len(self.site.asked)
        self.assertIsNone(fetch_watch(self.watch.pk))
        Watch.objects.update(not_before=None, is_enabled=False)
        self.assertIsNone(fetch_watch(self.watch.pk))
        self.assertEqual(len(self.site.asked), asked)
        self.assertEqual(self.fetch(answer(200, PAGE)).outcome, "changed")

    def test_host_whose_turn_is_far_off_is_tried_then_and_leaves_no_row(self) -> None:
        self.site.pages["/robots.txt"] = answer(200, b"User-agent: *\nCrawl-delay: 900")
        self.fetch(answer(200, PAGE))
        self.assertIsNone(fetch_watch(self.watch.pk))
        self.watch.refresh_from_db()
        assert self.watch.not_before is not None
        self.assertGreater(self.watch.not_before, timezone.now() + timedelta(minutes=10))
        self.assertEqual((Fetch.objects.count(), self.watch.failures), (1, 0))

    def test_two_workers_make_one_attempt(self) -> None:
        entered, leave = threading.Event(), threading.Event()
        self.addCleanup(leave.set)

        def slow(request: Any) -> None:
            entered.set()
            leave.wait(10)
            answer(200, PAGE)(request)

        self.site.pages["/testville-ca-pd"] = slow

        def work() -> None:
            try:
                fetch_watch(self.watch.pk)
            finally:
                connection.close()

        worker = threading.Thread(target=work)
        worker.start()
        self.assertTrue(entered.wait(10))
        self.assertIsNone(fetch_watch(self.watch.pk))
        leave.set()
        worker.join()
        self.assertEqual(Fetch.objects.count(), 1)
        self.assertIsNotNone(fetch_watch(self.watch.pk))

    def test_watch_that_is_gone_is_no_error(self) -> None:
        self.assertIsNone(fetch_watch(0))

    def test_due_are_those_whose_last_good_attempt_is_old(self) -> None:
        self.assertEqual(due(), [self.watch])
        self.fetch(answer(200, PAGE))
        self.assertEqual(due(), [])
        Fetch.objects.update(at=timezone.now() - timedelta(hours=25))
        self.assertEqual(due(), [self.watch])
        Watch.objects.update(not_before=timezone.now() + timedelta(hours=1))
        self.assertEqual(due(), [])
