"""The number that grows with the record, and values kept until it does."""

from datetime import date

from django.core.cache import cache
from django.test import TestCase, override_settings
from django.utils.translation import override

from agencies.models import ImportRun, Withdrawal, WithdrawalLift
from agencies.revision import kept, record_as_of, record_marks, record_revision
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
