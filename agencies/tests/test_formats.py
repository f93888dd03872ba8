"""The formats by name: what each promises, options, folders."""

import unittest
from pathlib import Path
from tempfile import TemporaryDirectory
from unittest.mock import patch

from agencies.ingest import formats
from agencies.ingest.formats import FORMATS, Format, read
from agencies.ingest.parsed import ImportProblem
from agencies.tests.portal_factories import portal_page


class FormatTests(unittest.TestCase):
    def test_every_format_has_a_title_and_endings(self) -> None:
        for name, found in FORMATS.items():
            with self.subTest(name):
                self.assertEqual(found.name, name)
                self.assertTrue(str(found.title))
                self.assertTrue(found.suffixes and all(suffix.startswith(".") for suffix in found.suffixes))

    def test_only_the_atlass_own_tables_are_not_kept_and_only_pages_are_reduced(self) -> None:
        self.assertEqual([name for name, found in FORMATS.items() if not found.keeps], ["facts_csv"])
        self.assertEqual([name for name, found in FORMATS.items() if found.reduce], ["flock_portal"])

    def test_what_can_be_watched_takes_day_and_hash(self) -> None:
        for name in ("flock_portal", "ice_287g", "vigilant_report", "flock_shared_networks", "csv"):
            with self.subTest(name):
                self.assertLessEqual({"retrieved_on", "sha256", "compiled_by"}, FORMATS[name].options)


class ReadTests(unittest.TestCase):
    def test_unknown_format_option_and_path_are_told(self) -> None:
        for arguments, said in (
            (("fax", []), "unknown format 'fax'"),
            (("flock_portal", ["."], {"colour": "red"}), "unknown option 'colour' of format flock_portal"),
            (("news_observer", ["."], {"slug": "x"}), "known: none"),
            (("flock_portal", ["/no/such/path"], {"slug": "Hayward-CA-PD"}), "not the name of a portal"),
            (("flock_portal", ["/no/such/path"]), "no such file or folder"),
        ):
            with self.subTest(said), self.assertRaisesRegex(ImportProblem, said):
                list(read(*arguments))

    def test_options_are_passed_on(self) -> None:
        with TemporaryDirectory() as folder:
            file = Path(folder, "page.html")
            file.write_bytes(portal_page(("Searches in the last 30 days", "5")))
            options = {"slug": "testville-ca-pd", "retrieved_on": "2026-05-01"}
            (document,) = read("flock_portal", [str(file)], options)
            options["slug"] = "https://transparency.flocksafety.com/testville-ca-pd"
            (same,) = read("flock_portal", [str(file)], options)
        self.assertEqual((document.source.slug, document), ("flock-portal-testville-ca-pd", same))

    def test_a_format_of_single_files_gets_a_folders_files_by_name(self) -> None:
        asked: list[str] = []

        def reader(path: Path) -> list[object]:
            asked.append(path.name)
            return []

        one = Format("one", "One", reader, suffixes=(".csv",))  # type: ignore[arg-type]
        with TemporaryDirectory() as folder, patch.dict(formats.FORMATS, {"one": one}):
            for name in ("b.CSV", "a.csv", "c.txt"):
                Path(folder, name).touch()
            list(read("one", [folder]))
            Path(folder, "empty").mkdir()
            with self.assertRaisesRegex(ImportProblem, "no file with the ending .csv"):
                list(read("one", [f"{folder}/empty"]))
        self.assertEqual(asked, ["a.csv", "b.CSV"])
