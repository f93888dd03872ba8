"""The number that grows with the record, and values kept until it does."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import date, timedelta

from django.apps import apps
from django.core.cache import cache
from django.db import connection, connections, transaction
from django.db.models import F
from django.test import TestCase, TransactionTestCase, override_settings
from django.utils import timezone
from django.utils.translation import override

from agencies.models import ImportRun, RecordChange, SharingLink, Withdrawal, WithdrawalLift
from agencies.revision import forget_old_changes, kept, record_as_of, record_marks, record_revision
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_decision,
    make_grant,
    make_link,
    make_run,
    make_source,
)


class RevisionTests(TestCase):
    """Every change of the record is a higher number."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police, cls.other = make_agency(), make_agency("Fremont Police Department")
        cls.grant = make_grant(cls.police, cls.other)

    def setUp(self) -> None:
        cache.clear()
        self.before = record_revision()

    def assert_grown(self) -> None:
        """Assert that the revision is higher than it was, and hold on to it."""
        self.assertGreater(record_revision(), self.before)
        self.before = record_revision()

    def test_statement_capture_and_agency_raise_it(self) -> None:
        make_grant(self.other, self.police)
        self.assert_grown()
        make_capture()
        self.assert_grown()
        make_agency("Hayward Police Department")
        self.assert_grown()

    def test_decision_raises_it(self) -> None:
        make_decision(make_alias("Nowhere PD"), outcome="not_agency")
        self.assert_grown()

    def test_withdrawal_and_its_lift_raise_it(self) -> None:
        withdrawal = Withdrawal.objects.create(statement=self.grant.statement, kind="error", reason="a test says so")
        self.assert_grown()
        WithdrawalLift.objects.create(withdrawal=withdrawal, reason="a test says so")
        self.assert_grown()

    def test_change_of_an_agency_raises_it(self) -> None:
        self.other.name = "Fremont Police"
        self.other.save(update_fields=["name"])
        self.assert_grown()

    def test_finished_import_raises_it_and_an_open_one_does_not(self) -> None:
        run = make_run(status="running")
        self.assertEqual(record_revision(), self.before)
        ImportRun.objects.filter(pk=run.pk).update(status="done")
        self.assert_grown()

    def test_removed_link_does_not_lower_it(self) -> None:
        link = make_link(self.police, self.other)
        marks, revision = record_marks(), record_revision()
        link.delete()
        self.assertEqual(record_revision(), revision)
        self.assertNotEqual(record_marks(), marks)

    def test_it_takes_one_query(self) -> None:
        with self.assertNumQueries(1):
            record_revision()

    @override_settings(REVISION_SECONDS=5)
    def test_it_is_asked_once_in_a_few_seconds(self) -> None:
        record_revision()
        with self.assertNumQueries(0):
            record_revision()

    @override_settings(REVISION_SECONDS=5)
    def test_kept_value_is_made_anew_after_a_change(self) -> None:
        made = iter(["before", "after"])
        self.assertEqual(kept("word", lambda: next(made)), "before")
        self.assertEqual(kept("word", lambda: next(made)), "before")
        make_link(self.police, self.other)
        cache.delete("record-marks")
        self.assertEqual(kept("word", lambda: next(made)), "after")

    @override_settings(REVISION_SECONDS=5)
    def test_kept_value_is_made_for_each_language(self) -> None:
        with override("en"):
            self.assertEqual(kept("label", lambda: "state"), "state")
        with override("es"):
            self.assertEqual(kept("label", lambda: "estado"), "estado")

    def test_record_is_as_of_its_newest_standing_document(self) -> None:
        make_capture(make_source("newer"), date(2026, 4, 28))
        withdrawn = make_capture(make_source("withdrawn"), date(2026, 5, 1))
        Withdrawal.objects.create(capture=withdrawn, kind="error", reason="a test says so")
        self.assertEqual(record_as_of(), date(2026, 4, 28))

    def test_change_that_no_key_tells_of_is_another_mark(self) -> None:
        link = make_link(self.police, self.other)
        with _another_transaction():
            marks = record_marks()
            SharingLink.objects.filter(pk=link.pk).update(statement_count=F("statement_count"))
            self.assertEqual(record_marks(), marks)
            SharingLink.objects.filter(pk=link.pk).update(statement_count=7)
            self.assertNotEqual(record_marks(), marks)

    def test_change_undone_with_its_savepoint_does_not_hide_the_next(self) -> None:
        link = make_link(self.police, self.other)
        with _another_transaction():
            marks = record_marks()
            with suppress(RuntimeError), transaction.atomic():
                SharingLink.objects.filter(pk=link.pk).update(statement_count=7)
                raise RuntimeError
            self.assertEqual(record_marks(), marks)
            SharingLink.objects.filter(pk=link.pk).update(statement_count=8)
            self.assertNotEqual(record_marks(), marks)

    def test_every_public_table_notes_its_changes(self) -> None:
        private = {"ApiKey", "ColumnMapping", "Fetch", "ImportRun", "KeptFile", "RecordChange", "RunEvent", "Watch"}
        private |= {"Webhook", "WebhookDelivery", "AgencyEvent", "ImportRun_kept_files"}
        tables = {
            model._meta.db_table
            for model in apps.get_app_config("agencies").get_models(include_auto_created=True)
            if model.__name__ not in private
        }
        with connection.cursor() as cursor:
            cursor.execute("SELECT tgrelid::regclass::text, tgtype FROM pg_trigger WHERE tgname LIKE 'note\\_%'")
            kinds: dict[str, int] = {}
            for table, kind in cursor.fetchall():
                kinds[table] = kinds.get(table, 0) | kind
        self.assertEqual(set(kinds), tables)
        for table, kind in kinds.items():
            with self.subTest(table):
                self.assertEqual(kind & 28, 28)  # The bits of INSERT, DELETE and UPDATE.

    def test_rows_written_by_copy_with_checks_put_aside_are_noted(self) -> None:
        with _another_transaction():
            marks = record_marks()
            with connection.cursor() as cursor:
                cursor.execute("SET LOCAL session_replication_role = replica")
                cursor.execute("INSERT INTO agencies_change SELECT * FROM agencies_change WHERE false")
                cursor.execute("SET LOCAL session_replication_role = DEFAULT")
            self.assertNotEqual(record_marks(), marks)

    def test_old_notes_go_but_for_the_newest(self) -> None:
        RecordChange.objects.all().delete()
        old = timezone.now() - timedelta(days=30)
        notes = [RecordChange.objects.create(made_at=old) for _ in range(3)]
        self.assertEqual(forget_old_changes(), 2)
        self.assertEqual(RecordChange.objects.get(), notes[-1])


@contextmanager
def _another_transaction() -> Iterator[None]:
    """Have the database take what follows for another transaction than what came before it in the test."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL atlas.change_noted = ''")
    yield


class OverlappingTransactionsTests(TransactionTestCase):
    """A transaction that began first and ends last."""

    def test_it_is_another_mark_when_it_ends(self) -> None:
        early = connections.create_connection("default")
        self.addCleanup(early.close)
        text = "INSERT INTO agencies_network (slug, name, vendor, url, source) VALUES ('{0}', '{0}', '{0}', '', 'test')"
        early.set_autocommit(False)
        with early.cursor() as cursor:
            cursor.execute(text.format("early"))
        with connection.cursor() as cursor:
            cursor.execute(text.format("late"))
        cache.clear()
        marks = record_marks()
        early.commit()
        cache.clear()
        self.assertNotEqual(record_marks(), marks)
