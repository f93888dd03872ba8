"""What is told after an import: how many changes its documents brought, and what follows from the record."""

from collections import Counter
from unittest import mock

from django.test import TestCase

from agencies.ingest import announce
from agencies.ingest.runs import claim
from agencies.models import ImportRun
from agencies.tests.run_factories import Copy, Listener, import_copies, make_bodies

FIRST = Copy("2026-04-01", ["Dublin CA PD", "Hayward CA PD"])
SECOND = Copy("2026-04-08", ["Dublin CA PD", "Fremont CA PD"])


class AnnounceTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make_bodies()

    def test_changes_of_the_runs_own_documents_are_counted_by_kind(self) -> None:
        first, second = import_copies(self, FIRST), import_copies(self, SECOND)
        self.assertEqual(announce.changes_of(first), {})
        self.assertEqual(announce.changes_of(second), {"added": 1, "removed": 1})

    def test_changes_that_were_noted_before_are_not_the_runs(self) -> None:
        import_copies(self, FIRST)
        import_copies(self, SECOND)
        again = import_copies(self, Copy(SECOND.day, SECOND.names, facts={"cameras": 8}))
        self.assertEqual(again.counts["statements new"], 1)
        self.assertEqual(announce.changes_of(again), {})
        grown = import_copies(self, Copy(SECOND.day, [*SECOND.names, "Brea CA PD"]))
        self.assertEqual(announce.changes_of(grown), {"added": 1})

    def test_run_that_another_worker_takes_up_to_announce_tells_its_own_changes(self) -> None:
        import_copies(self, FIRST)
        run = import_copies(self, SECOND)
        ImportRun.objects.filter(pk=run.pk).update(status="running", lease_until=None)
        self.assertTrue(claim(run))
        run.refresh_from_db()
        self.assertEqual((run.step, announce.changes_of(run)), ("announce", {"added": 1, "removed": 1}))

    def test_told_twice_it_says_the_same_and_changes_nothing(self) -> None:
        import_copies(self, FIRST)
        run, told = import_copies(self, SECOND), []
        for _ in range(2):
            listener = Listener()
            announce.announce(run, listener)
            self.assertEqual(listener.steps, ["announce"])
            told.append(listener.lines[0])
        self.assertEqual(told[0], told[1])
        self.assertRegex(told[0], "^changes noted: .*: 1, .*: 1$")

    def test_findings_are_told_where_there_are_any(self) -> None:
        run, listener = import_copies(self, FIRST), Listener()
        with mock.patch.object(announce, "refresh_derived", return_value=Counter({"new": 2, "gone": 0})):
            announce.announce(run, listener)
        self.assertEqual(listener.lines, ["changes noted: none", "findings: 2 new"])
