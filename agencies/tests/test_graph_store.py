"""Where graphs are kept: shared files, one a state of the record, built once, never half-written."""

import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest import mock

import numpy as np
from django.core.cache import cache
from django.test import TestCase, override_settings

from agencies.network import graph_store
from agencies.network.graph import ARRAYS
from agencies.network.graph_files import Shelf, open_shelf
from agencies.network.graph_rows import whole_graph
from agencies.network.graph_store import GraphNotBuiltError, build_graph, current_graph, stored_graph
from agencies.network.rebuild import rebuild_links
from agencies.tests import factories as make
from agencies.tests.graph_factories import own_list

NOW = datetime(2026, 5, 1, tzinfo=UTC)
SEEN = date(2026, 4, 23)


class StoreTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        cls.city, cls.county = make.make_agency(), make.make_agency("Alameda County Sheriff's Office")
        own_list(cls.city, SEEN, cls.county)
        rebuild_links()

    def setUp(self) -> None:
        self.var = Path(self.enterContext(TemporaryDirectory()))
        self.enterContext(override_settings(VAR_DIR=self.var, REVISION_SECONDS=300))
        self.forget()
        self.addCleanup(self.forget)

    def forget(self) -> None:
        """Be a process that has just begun."""
        cache.clear()
        graph_store._held.clear()

    def kept(self) -> list[str]:
        return sorted(path.name for path in self.var.glob("graph/*/[!l.]*"))

    def add_grantee(self, name: str) -> None:
        own_list(self.city, SEEN + timedelta(1), self.county, make.make_agency(name))
        rebuild_links()
        cache.clear()

    def test_graph_from_the_files_is_the_one_that_was_read(self) -> None:
        built = whole_graph()
        current_graph()
        self.forget()
        with mock.patch.object(graph_store, "whole_graph", side_effect=AssertionError("built again")):
            mapped = current_graph()
        for name in ARRAYS:
            np.testing.assert_array_equal(getattr(mapped, name), getattr(built, name))
            self.assertFalse(getattr(mapped, name).flags.writeable)
            self.assertFalse(getattr(mapped, name).flags.owndata)

    def test_no_query_while_the_record_is_taken_as_unchanged(self) -> None:
        current_graph()
        with self.assertNumQueries(0):
            current_graph()

    def test_changed_record_gives_a_new_graph_and_the_old_file_goes(self) -> None:
        current_graph()
        before = self.kept()
        self.add_grantee("Colma Police Department")
        self.assertEqual(current_graph().links_count, 2)
        self.assertEqual(len(self.kept()), 1)
        self.assertNotEqual(self.kept(), before)

    def test_graph_in_use_outlives_its_file(self) -> None:
        graph = current_graph()
        self.add_grantee("Colma Police Department")
        current_graph()
        self.assertEqual(graph.agency[graph.grantee].tolist(), [self.county.pk])

    def test_large_record_serves_the_old_graph_and_says_so_until_the_task_has_run(self) -> None:
        current_graph()
        self.add_grantee("Colma Police Department")
        with mock.patch.object(graph_store, "SMALL", 0):
            found = stored_graph()
            self.assertEqual((found.is_stale, found.graph.links_count), (True, 1))
            build_graph()
            found = stored_graph()
        self.assertEqual((found.is_stale, found.graph.links_count), (False, 2))

    def test_large_record_without_a_graph_is_not_built_in_a_request(self) -> None:
        with mock.patch.object(graph_store, "SMALL", 0), self.assertRaises(GraphNotBuiltError):
            current_graph()

    def test_while_another_process_builds_the_old_graph_is_served(self) -> None:
        current_graph()
        self.add_grantee("Colma Police Department")
        with open_shelf(graph_store._database()).lock(wait=True):
            found = stored_graph()
        self.assertEqual((found.is_stale, found.graph.links_count), (True, 1))

    def test_past_day_is_replayed_and_kept_but_only_the_newest_few(self) -> None:
        for number in range(graph_store.DAYS_KEPT + 2):
            self.assertEqual(current_graph(SEEN - timedelta(number + 1)).links_count, 0)
        self.assertEqual(len(self.kept()), graph_store.DAYS_KEPT)
        self.assertEqual(len(graph_store._held), graph_store.DAYS_KEPT)

    def test_day_after_the_newest_document_needs_no_replay(self) -> None:
        graph = current_graph(SEEN + timedelta(30))
        self.assertEqual((graph.links_count, graph.as_of), (1, SEEN + timedelta(30)))
        self.assertTrue(all(name.startswith("now.") for name in self.kept()))

    def test_where_nothing_is_kept_every_call_reads_the_record(self) -> None:
        with override_settings(REVISION_SECONDS=0):
            current_graph()
            self.add_grantee("Colma Police Department")
            self.assertEqual(current_graph().links_count, 2)
            self.assertEqual(build_graph().graph.links_count, 2)
        self.assertEqual(self.kept(), [])

    def test_day_that_no_graph_can_hold_is_refused(self) -> None:
        for day in (date(1969, 12, 31), date(2150, 1, 1)):
            with self.assertRaises(ValueError):
                current_graph(day)


class ShelfTests(TestCase):
    def setUp(self) -> None:
        self.folder = Path(self.enterContext(TemporaryDirectory()))
        self.shelf = Shelf((self.folder,), self.folder)
        self.graph = whole_graph()

    def generated(self) -> datetime | None:
        found = self.shelf.load("now", "mark")
        return found and found[1]

    def test_empty_graph_can_be_kept_and_mapped(self) -> None:
        self.shelf.keep("now", "mark", self.graph, NOW)
        found = self.shelf.load("now", "mark")
        assert found
        self.assertEqual((found[0].links_count, found[1]), (0, NOW))

    def test_newest_of_a_mark_is_loaded_and_other_marks_and_days_are_not(self) -> None:
        for hours in (0, 2, 1):
            self.shelf.keep("now", "mark", self.graph, NOW + timedelta(hours=hours))
        self.assertEqual(self.generated(), NOW + timedelta(hours=2))
        self.assertIsNone(self.shelf.load("now", "other"))
        self.assertIsNone(self.shelf.load("2026-05-01", "mark"))

    def test_broken_file_is_passed_over(self) -> None:
        self.shelf.keep("now", "mark", self.graph, NOW)
        self.shelf.keep("now", "mark", self.graph, NOW + timedelta(1))
        next(self.folder.glob(f"now.*{(NOW + timedelta(1)).timestamp():.0f}*")).joinpath("link.npy").write_bytes(
            b"\x93"
        )
        with self.assertLogs("agencies.network.graph_files", "INFO"):
            self.assertEqual(self.generated(), NOW)

    def test_unfinished_folder_is_never_loaded_and_goes_after_an_hour(self) -> None:
        unfinished = self.folder / ".abc"
        unfinished.mkdir()
        self.assertIsNone(self.shelf.load("now"))
        self.shelf.prune(0)
        self.assertTrue(unfinished.exists())
        os.utime(unfinished, (0, 0))
        self.shelf.prune(0)
        self.assertFalse(unfinished.exists())

    def test_full_disk_leaves_the_graph_in_memory(self) -> None:
        with mock.patch("numpy.save", side_effect=OSError("no space left")), self.assertLogs(level="WARNING"):
            self.assertIs(self.shelf.keep("now", "mark", self.graph, NOW), self.graph)

    def test_read_only_var_is_read_and_the_machines_own_folder_written(self) -> None:
        with TemporaryDirectory() as var, TemporaryDirectory() as tmp:
            with override_settings(VAR_DIR=Path(var)):
                open_shelf("db").keep("now", "mark", self.graph, NOW)
            with (
                override_settings(VAR_DIR=Path(var)),
                mock.patch("tempfile.gettempdir", return_value=tmp),
                mock.patch("agencies.network.graph_files._usable", side_effect=lambda folder: var not in str(folder)),
            ):
                shelf = open_shelf("db")
                self.assertEqual(shelf.home, Path(tmp) / f"alpr-atlas-graph-{os.getuid()}" / "db")
                self.assertIsNotNone(shelf.load("now", "mark"))

    def test_without_any_folder_the_graph_stays_in_memory(self) -> None:
        shelf = Shelf((self.folder,), None)
        self.assertIs(shelf.keep("now", "mark", self.graph, NOW), self.graph)
        shelf.prune(0)
        with shelf.lock(wait=False) as is_ours:
            self.assertTrue(is_ours)
