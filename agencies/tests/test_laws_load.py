"""Laws from their tables: upserted by slug, checked cell by cell, an editor's check kept."""

import csv
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.test import SimpleTestCase, TestCase

from agencies.identifiers import record_id
from agencies.ingest.laws import COLUMNS, FILES, load_laws
from agencies.ingest.parsed import ImportProblem
from agencies.models import Law
from agencies.tests.factories import make_place

ROW = {
    "slug": "ca-values-act",
    "kind": "sanctuary",
    "place": "06",
    "title": "California Values Act",
    "limits": "immigration federal",
    "in_force_from": "2018-01-01",
    "source": "a test",
}


class LoadTests(TestCase):
    """Small tables."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.state = make_place("California", geoid="06", kind="state")

    def setUp(self) -> None:
        self.data = Path(self.enterContext(TemporaryDirectory()))
        (self.data / "laws").mkdir()

    def load(self, *rows: dict[str, str]) -> int:
        """Write the rows as the second table, with an empty first one, and load both."""
        for name, written in zip(FILES, ((), rows), strict=True):
            with (self.data / "laws" / name).open("w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, COLUMNS, restval="")
                writer.writeheader()
                writer.writerows(written)
        return load_laws(self.data)

    def problem(self, *rows: dict[str, str]) -> ImportProblem:
        """Return the problem that loading the rows raises; nothing of them stays."""
        with self.assertRaises(ImportProblem) as caught:
            self.load(*rows)
        self.assertFalse(Law.objects.filter(slug="new").exists())
        return caught.exception

    def test_row_becomes_a_law(self) -> None:
        self.assertEqual(self.load(ROW), 1)
        law = Law.objects.get()
        self.assertEqual((law.uuid, law.place), (record_id("law", "ca-values-act"), self.state))
        self.assertEqual((law.limits, law.in_force_from), (["immigration", "federal"], date(2018, 1, 1)))
        self.assertEqual((law.retention_days, law.verified_on, law.in_force_to), (None, None, None))

    def test_second_load_changes_rows_and_keeps_their_keys(self) -> None:
        self.load(ROW)
        key = Law.objects.get().pk
        self.load({**ROW, "title": "Values Act"})
        law = Law.objects.get()
        self.assertEqual((law.pk, law.title), (key, "Values Act"))

    def test_row_that_is_gone_goes(self) -> None:
        self.load(ROW, {**ROW, "slug": "trust-act"})
        self.load(ROW)
        self.assertEqual([law.slug for law in Law.objects.all()], ["ca-values-act"])

    def test_folder_without_tables_leaves_all_as_it_is(self) -> None:
        self.load(ROW)
        self.assertEqual(load_laws(self.data / "nowhere"), 0)
        self.assertEqual(Law.objects.count(), 1)

    def test_editors_check_stays_while_the_row_stays_the_same(self) -> None:
        self.load(ROW)
        Law.objects.update(verified_on=date(2026, 5, 1), verified_by="editor")
        self.load(ROW)
        self.assertTrue(Law.objects.get().is_verified)
        self.load({**ROW, "limits": "immigration"})
        law = Law.objects.get()
        self.assertEqual((law.verified_on, law.verified_by), (None, ""))

    def test_check_in_the_file_counts(self) -> None:
        self.load({**ROW, "verified_on": "2026-05-01", "verified_by": "An editor"})
        self.assertEqual(Law.objects.get().verified_by, "An editor")

    def test_bad_cell_is_named_with_file_row_and_column(self) -> None:
        for field, cell, said in (
            ("place", "99", "GEOID"),
            ("kind", "statute", "not a valid choice"),
            ("limits", "borders", "not a valid choice"),
            ("in_force_from", "2018", "no date"),
            ("in_force_to", "2017-12-31", "ends after it begins"),
            ("verified_on", "2026-05-01", "who verified it"),
            ("retention_days", "long", "no number"),
            ("retention_days", "0", "longer than 0"),
            ("retention_days", "nan", "longer than 0"),
            ("title", "", "cannot be blank"),
            ("source", "", "cannot be blank"),
            ("slug", "not a slug", "valid"),
            ("summary", "x" * 601, "600"),
            ("url", "leginfo", "valid URL"),
        ):
            with self.subTest(field=field, cell=cell):
                problem = self.problem({**ROW, "slug": "new"}, {**ROW, field: cell})
                self.assertEqual((problem.file, problem.row), ("sanctuary.csv", 3))
                self.assertIn(said, problem.message)
                if field not in ("in_force_to", "verified_on"):
                    self.assertEqual(problem.field, field)

    def test_label_needs_a_lister(self) -> None:
        self.assertIn("whose list", self.problem({**ROW, "kind": "label"}).message)

    def test_slug_stands_once(self) -> None:
        self.assertIn("stands twice", self.problem(ROW, ROW).message)

    def test_missing_column_or_table_is_named(self) -> None:
        self.load(ROW)
        (self.data / "laws" / FILES[1]).write_text("slug,kind\n", encoding="utf-8")
        with self.assertRaisesMessage(ImportProblem, "columns are missing: title"):
            load_laws(self.data)
        (self.data / "laws" / FILES[1]).unlink()
        with self.assertRaisesMessage(ImportProblem, "sanctuary.csv"):
            load_laws(self.data)
        self.assertEqual(Law.objects.count(), 1)


class ShippedTests(SimpleTestCase):
    """The tables that ship with the atlas."""

    rows: list[dict[str, str]]

    def setUp(self) -> None:
        self.rows = []
        for name in FILES:
            with (settings.DATA_DIR / "laws" / name).open(newline="", encoding="utf-8") as file:
                self.rows += list(csv.DictReader(file))

    def test_rows_are_many_and_each_says_where_it_comes_from(self) -> None:
        self.assertGreater(len(self.rows), 80)
        self.assertEqual([row["slug"] for row in self.rows if not row["source"]], [])

    def test_row_that_nobody_verified_says_so_in_its_source(self) -> None:
        for row in self.rows:
            self.assertEqual("never held against" in row["source"], not row["verified_on"], row["slug"])

    def test_department_of_justice_gives_labels_and_no_law(self) -> None:
        labels = [row for row in self.rows if row["listed_by"]]
        self.assertEqual(len(labels), 35)
        self.assertEqual(
            {(row["kind"], row["listed_by"], row["limits"]) for row in labels},
            {("label", "U.S. Department of Justice", "")},
        )
