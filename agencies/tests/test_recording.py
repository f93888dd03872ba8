"""Imports begun at once: a file whose documents' rows stand apart gives the record of the same rows in order."""

import itertools
from collections import Counter
from pathlib import Path
from typing import Any
from unittest import mock

from django.db import transaction
from django.test import TestCase

from agencies.ingest import facts_csv, formats, recording, runs
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.watcher import RunCancelled
from agencies.models import Capture, ImportRun, SharingLink, SharingList, Statement
from agencies.tests.run_factories import Copy, facts_of, make_bodies

COPIES = [
    Copy("2026-04-01", ["Dublin CA PD", "Brea CA PD"], facts={"cameras": "3"}),
    Copy("2026-04-08", ["Hayward CA PD", "Brea CA PD"]),
]


def begins() -> Any:
    """Count how often the reading of facts begins, and how: `at_once` or not."""
    return mock.patch.object(facts_csv, "stream", side_effect=facts_csv.stream)


class ApartTestCase(TestCase):
    """A folder of facts in order, and one with the same rows in another order."""

    def setUp(self) -> None:
        make_bodies()
        self.together, self.apart = facts_of(self, *COPIES), facts_of(self, *COPIES)
        file = Path(self.apart, "statements.csv")
        header, *lines = file.read_text().splitlines()
        half = len(lines) // 2 + 1  # Behind the last row of the first copy.
        mixed = [line for pair in itertools.zip_longest(lines[half:], lines[:half]) for line in pair if line]
        file.write_text("\n".join([header, *mixed]))

    def perform(self, folder: str, **values: Any) -> tuple[ImportRun, list[bool]]:
        """Import a folder; return its run, and for each reading of it whether that began at once."""
        with begins() as stream:
            run = runs.perform(runs.start("facts_csv", [folder], **values))
        return run, [call.kwargs["at_once"] for call in stream.call_args_list]


class OrderTests(ApartTestCase):
    def recorded(self) -> list[Any]:
        """Return what is on record."""
        found = [sorted(model.objects.values_list("uuid", flat=True)) for model in (Statement, Capture, SharingList)]
        return [*found, sorted(SharingLink.objects.values_list("uuid", "status", "first_seen", "last_seen"))]

    def test_rows_apart_give_the_record_of_the_same_rows_together(self) -> None:
        seen = []
        for folder in (self.together, self.apart):
            with self.subTest(folder), mock.patch.object(runs, "_tell"):
                try:
                    with transaction.atomic():  # Undone, so that both are imported into the same record.
                        run, _ = self.perform(folder)
                        seen.append((run.counts, self.recorded()))
                        raise RunCancelled
                except RunCancelled:
                    pass
        self.assertEqual(seen[0], seen[1])
        self.assertEqual(seen[0][0]["statements new"], 5)

    def test_file_in_order_is_read_once_and_another_once_more(self) -> None:
        run, read = self.perform(self.together)
        self.assertEqual((run.status, read), ("done", [True]))
        self.assertFalse(run.events.filter(message__contains="apart"))
        run, read = self.perform(self.apart)
        self.assertEqual((run.status, read, run.counts["statements known"]), ("done", [True, False], 5))
        self.assertIn("stand apart in statements.csv", run.events.get(step="record").message)

    def test_part_of_a_list_that_contradicts_the_record_is_read_whole(self) -> None:
        """Met before its `list` row, a list is an extract: on record it is complete."""
        self.perform(self.together)
        folder = facts_of(self, *COPIES)
        file = Path(folder, "statements.csv")
        header, listed, *lines = file.read_text().splitlines()
        file.write_text("\n".join([header, *lines, listed]))
        with mock.patch("agencies.ingest.record.DOCUMENTS", 1):
            run, read = self.perform(folder)
        self.assertEqual((run.status, run.problem, read), ("done", None, [True, False]))

    def test_problem_of_a_file_in_order_is_that_of_the_first_reading(self) -> None:
        file = Path(self.together, "statements.csv")
        file.write_text(file.read_text() + "nowhere" + "," * 32 + "\n")
        run, read = self.perform(self.together)
        self.assertEqual((run.status, (run.problem or {})["row"], read), ("failed", 9, [True]))
        self.assertFalse(Statement.objects.exists())

    def test_preview_names_each_capture_once(self) -> None:
        previews = [runs.dry_run("facts_csv", [folder]) for folder in (self.together, self.apart)]
        self.assertEqual(previews[0], previews[1])
        self.assertFalse(Statement.objects.exists())

    def test_cancelled_while_it_is_read_once_more_it_leaves_nothing(self) -> None:
        record, calls = recording.record, Counter[str]()

        def stopped(*args: Any) -> Any:
            calls["record"] += 1
            if calls["record"] == 2:
                record(*args)
                raise RunCancelled
            return record(*args)

        with mock.patch.object(recording, "record", stopped):
            run, _ = self.perform(self.apart)
        self.assertEqual((run.status, calls["record"]), ("cancelled", 2))
        self.assertFalse(Statement.objects.exists() or Capture.objects.exists())

    def test_other_formats_take_no_notice(self) -> None:
        with self.assertRaisesMessage(ImportProblem, "no such file"):
            list(formats.read("ice_287g_memoranda", ["/nowhere"], at_once=True))
        known = [name for name in formats.FORMATS if formats.may_begin_at_once(name)]
        self.assertEqual(known, ["facts_csv"])
