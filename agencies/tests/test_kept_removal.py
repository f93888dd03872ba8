"""Kept bytes that go: for good and on record, or as leftovers, each at the boundary of what leads to them."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import mock

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.files.storage import FileSystemStorage
from django.core.management import CommandError, call_command
from django.db import InternalError, transaction
from django.test import TestCase
from django.utils import timezone

from agencies.ingest import kept, kept_removal, runs
from agencies.ingest.news_observer import ACCESS_FILE, USAGE_FILE
from agencies.ingest.parsed import ImportProblem
from agencies.models import Capture, Fetch, ImportRun, KeptFile, RecordChange, RemovedBytes, RunEvent, Watch, Withdrawal
from agencies.tests import test_news_observer as observer
from agencies.tests.document_factories import SHARED_HEAD, pdf, report_page
from agencies.tests.factories import make_capture, make_network, make_run

PAGE = b"<!DOCTYPE html><html><head></head><body><p>Alpha PD</p><i>x@y.example</i></body></html>"
REPORT = pdf([report_page(*SHARED_HEAD, ("Allen Police Department",))])
TABLE = b"a,b\n1,2\n"


def cut(data: bytes) -> bytes:
    """Reduce the page."""
    return data.replace(b"<i>x@y.example</i>", b"")


class BrokenStorage(FileSystemStorage):
    """A store whose server answers no deletion."""

    def delete(self, name: str) -> None:
        """Fail."""
        raise RuntimeError("no answer")


class KeptTestCase(TestCase):
    """A file that is kept, in a folder of the test's own."""

    @classmethod
    def setUpTestData(cls) -> None:
        for slug in ("flock", "vigilant"):
            make_network(slug)
        cls.operator = User.objects.create_user("operator")

    def setUp(self) -> None:
        self.store = self.stored_in(FileSystemStorage)
        self.kept = kept.keep(PAGE)

    def stored_in(self, storage: type[FileSystemStorage]) -> FileSystemStorage:
        """Have all bytes kept in an empty folder."""
        store = storage(self.enterContext(TemporaryDirectory()))
        self.enterContext(mock.patch.object(kept, "captures_store", return_value=store))
        self.enterContext(mock.patch.object(kept_removal, "captures_store", return_value=store))
        return store

    def remove(self, file: KeptFile, reason: str = "names a driver") -> list[KeptFile]:
        """Remove a file's bytes, and commit."""
        with self.captureOnCommitCallbacks(execute=True):
            return kept_removal.remove(file, reason, self.operator)


class RemoveTests(KeptTestCase):
    """What may not be held any more."""

    def test_bytes_are_gone_and_who_when_why_and_what_stay(self) -> None:
        self.assertTrue(self.store.exists(self.kept.stored_name))
        self.remove(self.kept, " names\n a driver ")
        self.assertFalse(self.store.exists(self.kept.stored_name))
        removal = RemovedBytes.objects.get()
        self.assertEqual((removal.removed_by, removal.reason), (self.operator, "names a driver"))
        self.assertEqual(removal.kept_file.sha256, self.kept.sha256)
        assert removal.gone_at is not None
        self.assertLessEqual(removal.removed_at, removal.gone_at)

    def test_transaction_that_is_undone_loses_nothing(self) -> None:
        with self.captureOnCommitCallbacks(execute=True), self.assertRaises(ZeroDivisionError), transaction.atomic():
            kept_removal.remove(self.kept, "names a driver", self.operator)
            raise ZeroDivisionError
        self.assertEqual(kept.read_kept(KeptFile.objects.get()), PAGE)

    def test_nothing_goes_without_a_reason_or_twice(self) -> None:
        with self.assertRaises(ValidationError):
            self.remove(self.kept, "  ")
        self.assertFalse(RemovedBytes.objects.exists())
        self.remove(self.kept)
        with self.assertRaises(ValidationError):
            self.remove(self.kept)

    def test_same_bytes_are_refused_and_the_problem_says_why(self) -> None:
        self.remove(self.kept)
        day = f"{timezone.now():%Y-%m-%d}"
        with self.assertRaisesMessage(
            ImportProblem,
            f"a.html: its bytes were removed from the store on {day} and are not kept again: names a driver",
        ):
            kept.keep(PAGE, name="a.html")
        self.assertFalse(self.store.exists(self.kept.stored_name))
        self.assertEqual(kept.read_kept(kept.keep(TABLE)), TABLE)

    def test_other_bytes_of_which_the_same_would_be_stored_go_and_stay_out_too(self) -> None:
        first, second = (kept.keep(PAGE + end, reduce=lambda data: cut(data).strip()) for end in (b" ", b"  "))
        self.assertEqual(self.remove(first), [first, second])
        self.assertEqual(
            [self.store.exists(one.stored_name) for one in (first, second, self.kept)], [False, False, True]
        )
        for again in (PAGE + b"   ", cut(PAGE)):
            with self.assertRaisesMessage(ImportProblem, "not kept again"):
                kept.keep(again, reduce=lambda data: cut(data).strip())

    def test_run_that_names_them_fails_and_says_why(self) -> None:
        file = kept.keep(REPORT)
        run = runs.start("vigilant_report", [kept.kept_path(file, "report.pdf")])
        self.remove(file)
        run = runs.perform(run)
        assert run.problem is not None
        self.assertEqual((run.status, run.problem["file"]), ("failed", kept.kept_path(file, "report.pdf")))
        self.assertIn("removed from the store", run.problem["message"])
        self.assertIn("names a driver", run.problem["message"])
        with self.assertRaisesMessage(ImportProblem, "names a driver"):
            kept.read_kept(KeptFile.objects.get(pk=file.pk))

    def test_run_over_a_folder_with_them_in_it_fails_and_stores_nothing_of_them(self) -> None:
        file = kept.keep(REPORT)
        self.remove(file)
        folder = Path(self.enterContext(TemporaryDirectory()))
        (folder / "report.pdf").write_bytes(REPORT)
        run = runs.perform(runs.start("vigilant_report", [str(folder)]))
        assert run.problem is not None
        self.assertEqual((run.status, run.problem["file"]), ("failed", "report.pdf"))
        self.assertFalse(self.store.exists(file.stored_name) or Capture.objects.exists())

    def test_captures_say_so_and_only_those_of_it_that_said_otherwise(self) -> None:
        said = {"original": "removed", "reduced": "removed", "none": "none"}
        captures = {make_capture(sha256=self.kept.sha256, bytes_kept=word): word for word in said}
        other = make_capture(sha256="a" * 64, bytes_kept="original")
        before = RecordChange.objects.count()
        self.remove(self.kept)
        for capture, word in captures.items():
            capture.refresh_from_db()
            self.assertEqual(capture.bytes_kept, said[word])
        other.refresh_from_db()
        self.assertEqual(other.bytes_kept, "original")
        self.assertGreaterEqual(RecordChange.objects.count(), before)

    def test_document_of_several_files_says_so_when_one_of_them_goes(self) -> None:
        folder = Path(self.enterContext(TemporaryDirectory()))
        usage = observer.USAGE_ROW.format(retention="30 days", audit="0")
        (folder / ACCESS_FILE).write_text(f"{observer.ACCESS_HEAD}\n{observer.ALPHA}")
        (folder / USAGE_FILE).write_text(f"{observer.USAGE_HEAD}\n{usage}")
        report = folder / "report.pdf"
        report.write_bytes(REPORT)
        for name, path in (("news_observer", folder), ("vigilant_report", report)):
            self.assertEqual(runs.perform(runs.start(name, [str(path)])).status, "done")
        table, whole = Capture.objects.order_by("pk")
        self.assertEqual({table.bytes_kept, whole.bytes_kept}, {"original"})
        self.remove(KeptFile.objects.filter(media_type="text/csv").earliest("pk"))
        table.refresh_from_db()
        whole.refresh_from_db()
        self.assertEqual((table.bytes_kept, whole.bytes_kept), ("removed", "original"))

    def test_capture_recorded_later_does_not_say_that_they_are_held(self) -> None:
        self.remove(self.kept)
        folder = Path(self.enterContext(TemporaryDirectory()))
        head = "source,retrieved_on,sha256,bytes_kept,row,network,agency,agency_state,field,value"
        rows = [
            f"a,2026-04-2{day},{sha256},{word},fact,flock,Alpha Police Department,CA,retention_days,30"
            for day, (sha256, word) in enumerate(
                [(self.kept.sha256, "original"), (self.kept.sha256, "none"), ("a" * 64, "original"), ("", "removed")]
            )
        ]
        (folder / "facts.csv").write_text("\n".join([head, *rows]))
        (folder / "sources.csv").write_text("slug,title,kind,publisher\na,A,dataset,B\n")
        run = runs.perform(runs.start("facts_csv", [str(folder / "facts.csv")]))
        self.assertEqual(run.status, "done", run.problem)
        found = Capture.objects.order_by("retrieved_on").values_list("bytes_kept", flat=True)
        self.assertEqual(list(found), ["removed", "none", "original", "removed"])

    def test_store_that_fails_is_asked_again(self) -> None:
        with mock.patch.object(kept_removal, "captures_store", return_value=BrokenStorage(self.store.location)):
            with self.assertLogs("agencies.ingest.kept_removal", "ERROR"):
                self.remove(self.kept)
            with self.assertLogs("agencies.ingest.kept_removal", "ERROR"):
                self.assertEqual(kept_removal.finish(), 0)
        self.assertIsNone(RemovedBytes.objects.get().gone_at)
        self.assertTrue(self.store.exists(self.kept.stored_name))
        self.assertEqual([kept_removal.finish(), kept_removal.finish()], [1, 0])
        self.assertFalse(self.store.exists(self.kept.stored_name))

    def test_database_keeps_what_was_noted(self) -> None:
        self.remove(self.kept)
        for act in (RemovedBytes.objects.all().delete, lambda: RemovedBytes.objects.update(reason="another")):
            with self.assertRaises(InternalError), transaction.atomic():
                act()


class AgedTestCase(KeptTestCase):
    """The file is a day older than what a leftover must be."""

    def setUp(self) -> None:
        super().setUp()
        self.now = timezone.now()
        self.before = self.now - timedelta(days=30)
        self.aged(31)

    def aged(self, days: float) -> None:
        """Let the file be so old."""
        KeptFile.objects.filter(pk=self.kept.pk).update(created_at=self.now - timedelta(days=days))


class LeftoverTests(AgedTestCase):
    """What nothing leads to, and what does."""

    def is_leftover(self) -> bool:
        """Tell whether the file is one."""
        return KeptFile.objects.leftover(self.before).filter(pk=self.kept.pk).exists()

    @contextmanager
    def undone(self) -> Iterator[None]:
        """Undo what is done in the block."""
        with transaction.atomic():
            yield
            transaction.set_rollback(True)

    def run_of(self, status: str, days: float = 31, **values: Any) -> ImportRun:
        """Make a run that ended so many days ago; a failed one says why."""
        ended = self.now - timedelta(days=days)
        return make_run(status=status, finished_at=ended, problem={"message": "x"}, **values)

    def test_file_to_which_nothing_leads_is_one_from_its_day_on(self) -> None:
        self.assertTrue(self.is_leftover())
        for days, is_one in ((29.99, False), (30, False), (30.01, True)):
            self.aged(days)
            self.assertEqual(self.is_leftover(), is_one, days)

    def test_captures_lead_to_it_withdrawn_or_not_and_whatever_they_say_is_kept(self) -> None:
        reduced = kept.keep(PAGE + b" ", reduce=cut)
        KeptFile.objects.update(created_at=self.now - timedelta(days=31))
        for sha256, found in (
            (self.kept.sha256, {reduced}),
            (reduced.sha256, {self.kept}),
            (reduced.stored_sha256, {self.kept}),
            ("", {self.kept, reduced}),
            ("a" * 64, {self.kept, reduced}),
        ):
            for word in ("original", "none"):
                with self.subTest(sha256=sha256, word=word), self.undone():
                    capture = make_capture(sha256=sha256, bytes_kept=word)
                    Withdrawal.objects.create(capture=capture, kind="taken_down", reason="test")
                    self.assertEqual(set(KeptFile.objects.leftover(self.before)), found)

    def test_runs_that_name_it_lead_to_it_unless_they_failed_or_were_cancelled_long_ago(self) -> None:
        for path in (kept.kept_path(self.kept), kept.kept_path(self.kept, "page.html")):
            for status in ImportRun.Status.values:
                with self.subTest(status=status, path=path), self.undone():
                    self.run_of(status, paths=["/srv/other.csv", path])
                    self.assertEqual(self.is_leftover(), status in ("failed", "cancelled"))
        for days, is_one in ((29.99, False), (30, False), (30.01, True)):
            with self.subTest(days=days), self.undone():
                self.run_of("failed", days, paths=[kept.kept_path(self.kept)])
                self.assertEqual(self.is_leftover(), is_one)

    def test_run_that_never_ended_is_as_old_as_its_beginning(self) -> None:
        run = self.run_of("cancelled", paths=[kept.kept_path(self.kept)])
        ImportRun.objects.update(finished_at=None)
        self.assertFalse(self.is_leftover())
        ImportRun.objects.filter(pk=run.pk).update(created_at=self.now - timedelta(days=31))
        self.assertTrue(self.is_leftover())

    def test_one_of_two_runs_is_enough(self) -> None:
        path = kept.kept_path(self.kept)
        self.run_of("failed", paths=[path])
        self.run_of("review", paths=[path])
        self.assertFalse(self.is_leftover())

    def test_runs_that_name_other_bytes_do_not_lead_to_it(self) -> None:
        self.run_of("done", paths=["kept:" + "a" * 64, "/srv/captures/" + self.kept.stored_name])
        self.assertTrue(self.is_leftover())

    def test_run_that_kept_it_of_a_file_on_the_server_leads_to_it(self) -> None:
        for status, is_one in (("done", False), ("rolled_back", False), ("failed", True)):
            with self.subTest(status=status), self.undone():
                self.run_of(status, paths=["/srv/pages"]).kept_files.add(self.kept)
                self.assertEqual(self.is_leftover(), is_one)

    def test_tables_that_made_a_document_together_are_none(self) -> None:
        folder = Path(self.enterContext(TemporaryDirectory()))
        usage = observer.USAGE_ROW.format(retention="30 days", audit="0")
        (folder / ACCESS_FILE).write_text(f"{observer.ACCESS_HEAD}\n{observer.ALPHA}")
        (folder / USAGE_FILE).write_text(f"{observer.USAGE_HEAD}\n{usage}")
        self.assertEqual(runs.perform(runs.start("news_observer", [str(folder)])).status, "done")
        self.assertEqual(list(KeptFile.objects.leftover(timezone.now())), [self.kept])

    def test_files_of_an_import_that_failed_are_leftovers(self) -> None:
        file = Path(self.enterContext(TemporaryDirectory())) / "table.csv"
        file.write_bytes(TABLE)
        run = runs.perform(runs.start("ice_release_2019", [str(file)]))
        self.assertEqual((run.status, run.kept_files.count()), ("failed", 1))
        self.assertEqual(KeptFile.objects.leftover(timezone.now()).count(), 2)

    def test_attempt_of_the_watch_list_leads_to_it_whatever_became_of_its_run(self) -> None:
        watch = Watch.objects.create(slug="w", url="https://example.org/w", format="flock_portal")
        self.assertTrue(self.is_leftover())
        run = self.run_of("cancelled", paths=[kept.kept_path(self.kept)], watch=watch)
        Fetch.objects.create(watch=watch, outcome="changed", kept_file=self.kept, run=run)
        self.assertFalse(self.is_leftover())

    def test_removed_file_is_on_record_itself(self) -> None:
        self.remove(self.kept)
        self.assertFalse(self.is_leftover())

    def test_leftover_goes_with_its_row_may_come_again_and_its_run_says_so(self) -> None:
        run = self.run_of("failed", paths=[kept.kept_path(self.kept)])
        with self.captureOnCommitCallbacks(execute=True):
            self.assertTrue(kept_removal.remove_leftover(self.kept, self.before))
        self.assertFalse(KeptFile.objects.exists() or self.store.exists(self.kept.stored_name))
        self.assertIn(self.kept.sha256, RunEvent.objects.get(run=run).message)
        with self.assertRaisesMessage(ImportProblem, "no such file is kept (any more)"):
            kept.find_kept(run.paths[0])
        self.assertEqual(kept.read_kept(kept.keep(PAGE)), PAGE)

    def test_leftover_that_something_leads_to_by_now_stays(self) -> None:
        make_capture(sha256=self.kept.sha256)
        self.assertFalse(kept_removal.remove_leftover(self.kept, self.before))
        self.assertEqual(kept.read_kept(self.kept), PAGE)

    def test_bytes_that_came_again_before_the_store_deleted_them_stay(self) -> None:
        with self.captureOnCommitCallbacks() as callbacks:
            kept_removal.remove_leftover(self.kept, self.before)
        again = kept.keep(PAGE)
        for callback in callbacks:
            callback()
        self.assertEqual(kept.read_kept(again), PAGE)


class CommandTests(AgedTestCase):
    """`kept_leftovers`."""

    def told(self, *options: str) -> str:
        """Run the command; return what it prints."""
        out = StringIO()
        with self.captureOnCommitCallbacks(execute=True):
            call_command("kept_leftovers", *options, stdout=out)
        return out.getvalue()

    def test_leftovers_are_listed_and_stay(self) -> None:
        told = self.told()
        self.assertIn(self.kept.sha256, told)
        self.assertIn("1 file to which nothing leads\nNothing was removed: that takes --remove.", told)
        self.assertEqual(kept.read_kept(KeptFile.objects.get()), PAGE)

    def test_leftovers_go_where_that_is_asked_for_once(self) -> None:
        self.assertIn("1 file removed from the store", self.told("--remove"))
        self.assertFalse(KeptFile.objects.exists() or self.store.exists(self.kept.stored_name))
        self.assertEqual(self.told("--remove"), "0 files to which nothing leads\n0 files removed from the store\n")

    def test_age_can_be_told(self) -> None:
        self.assertIn("0 files to which nothing leads", self.told("--days", "32"))
        self.assertIn("1 file to which nothing leads", self.told("--days", "31"))
        with self.assertRaises(CommandError):
            self.told("--days", "-1")

    def test_removal_that_the_store_failed_at_is_told_and_finished(self) -> None:
        broken = mock.patch.object(kept_removal, "captures_store", return_value=BrokenStorage(self.store.location))
        with broken, self.assertLogs("agencies.ingest.kept_removal", "ERROR"):
            self.remove(self.kept)
        self.assertIn("1 file removed by an editor, which the store may still hold", self.told())
        self.assertTrue(self.store.exists(self.kept.stored_name))
        self.assertIn("1 file removed from the store", self.told("--remove"))
        self.assertFalse(self.store.exists(self.kept.stored_name))
