"""The watch list's place in beat's schedule, and its command."""

from datetime import timedelta
from io import StringIO

from django.core.management import CommandError, call_command
from django.test import override_settings
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from agencies.ingest.schedule import place_in_interval, sync_schedule
from agencies.models import Watch
from agencies.tests.local_site import answer
from agencies.tests.test_watches import PAGE, WatchTestCase


class ScheduleTests(WatchTestCase):
    """Each watch's entry in beat's schedule."""

    def test_entry_follows_the_watch(self) -> None:
        entry = sync_schedule(self.watch)
        self.assertEqual((entry.task, entry.args, entry.enabled), ("agencies.fetch_watch", f"[{self.watch.pk}]", True))
        self.assertEqual((entry.interval.every, entry.interval.period), (24, "hours"))
        last = entry.last_run_at
        self.watch.slug = "renamed"
        again = sync_schedule(self.watch)
        self.assertEqual((again.pk, again.name, again.last_run_at), (entry.pk, "fetch renamed", last))
        self.watch.is_enabled = False
        self.assertFalse(sync_schedule(self.watch).enabled)
        self.watch.is_enabled, self.watch.every_hours = True, 6
        self.assertIsNotNone(sync_schedule(self.watch).last_run_at)
        self.assertEqual(sync_schedule(self.watch).interval.every, 6)
        self.assertEqual(PeriodicTask.objects.filter(task="agencies.fetch_watch").count(), 1)

    def test_watches_come_due_spread_over_their_interval(self) -> None:
        for number in range(24):
            watch = Watch.objects.create(slug=f"w{number}", url=f"https://a.example/{number}", format="flock_portal")
            entry = sync_schedule(watch)
            due_in = entry.last_run_at + timedelta(hours=24) - timezone.now()
            self.assertTrue(timedelta(minutes=-1) < due_in <= timedelta(hours=24))
        places = {int(place_in_interval(watch) * 8) for watch in Watch.objects.all()}
        self.assertGreaterEqual(len(places), 6)


class CommandTests(WatchTestCase):
    """manage.py watch"""

    def run_command(self, *words: str) -> str:
        """Return what the command prints."""
        out = StringIO()
        call_command("watch", *words, stdout=out, stderr=out)
        return out.getvalue()

    def test_document_is_added_shown_and_fetched(self) -> None:
        self.site.pages["/other-ca-pd"] = answer(200, PAGE)
        words = ("other", self.site.url("/other-ca-pd"), "--format", "flock_portal", "--every-hours", "6")
        self.assertIn("other is watched every 6 hours", self.run_command("add", *words, "--option", "slug=other-ca-pd"))
        watch = Watch.objects.get(slug="other")
        self.assertEqual((watch.options, watch.schedule.interval.every), ({"slug": "other-ca-pd"}, 6))
        self.assertIn("not fetched yet", self.run_command("list"))
        said = self.run_command("fetch", "other")
        self.assertIn("other: new bytes", said)
        self.assertIn("waits for a person", said)
        self.assertIn("changed", self.run_command("list"))

    def test_due_fetches_all_that_is_due_and_says_what_is_held_back(self) -> None:
        self.site.pages["/testville-ca-pd"] = answer(403)
        self.assertIn("testville: refused by the site: status 403", self.run_command("due"))
        self.assertIn("Nothing is due.", self.run_command("due"))
        self.assertIn("testville: not fetched before", self.run_command("fetch", "testville"))
        self.assertIn("refused", self.run_command("fetch", "testville", "--again"))

    def test_watch_that_cannot_work_is_refused(self) -> None:
        for words in (
            ("x", "https://a.example/x", "--format", "none-such"),
            ("x", "https://a.example/x", "--format", "facts_csv"),
            ("x", "ftp://a.example/x", "--format", "flock_portal"),
            ("x", "https://me:secret@a.example/x", "--format", "flock_portal"),
            ("x", "http://[a.example/x", "--format", "flock_portal"),
            ("x", "https://a.example/x", "--format", "flock_portal", "--option", "colour=red"),
            ("x", "https://a.example/x", "--format", "flock_portal", "--option", "sha256=1"),
            ("x", "https://a.example/x", "--format", "flock_portal", "--option", "slug=Hayward CA"),
            ("x", "https://a.example/Hayward-CA-PD", "--format", "flock_portal"),
            ("x", "https://a.example", "--format", "flock_portal"),
            ("x", "https://a.example/?portal=hayward-ca-pd", "--format", "flock_portal"),
            ("x", "https://a.example/x", "--format", "flock_portal", "--option", "slug="),
            ("x", "https://a.example/x", "--format", "flock_portal", "--option", "slug"),
            ("x", "https://a.example/x", "--format", "flock_portal", "--every-hours", "0"),
            ("testville", "https://a.example/x", "--format", "flock_portal"),
        ):
            with self.subTest(words=words), self.assertRaises(CommandError):
                self.run_command("add", *words)
        with self.assertRaisesMessage(CommandError, "no watch is called 'none'"):
            self.run_command("fetch", "none")
        self.assertEqual(Watch.objects.count(), 1)

    def test_one_portal_is_watched_once_however_its_address_is_written(self) -> None:
        form = ("--format", "flock_portal")
        for address, options in (
            ("/testville-ca-pd/", ()),
            ("/testville-ca-pd?x=1", ()),
            ("/another-ca-pd", ("--option", "slug=testville-ca-pd")),
        ):
            with self.subTest(address), self.assertRaisesMessage(CommandError, "The watch testville fetches this"):
                self.run_command("add", "again", self.site.url(address), *form, *options)
        self.run_command("add", "mirror", "https://a.example/testville-ca-pd", *form)
        self.run_command("add", "named", self.site.url("/?portal=2"), *form, "--option", "slug=named-ca-pd")
        self.assertEqual(Watch.objects.count(), 3)

    @override_settings(CONTACT_URL="", CONTACT_EMAIL="")
    def test_nameless_fetcher_is_told_to_give_a_contact(self) -> None:
        self.site.pages["/testville-ca-pd"] = answer(200, PAGE)
        self.assertIn("Set CONTACT_URL or CONTACT_EMAIL", self.run_command("fetch", "testville", "--queue"))
