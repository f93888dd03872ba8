"""Names of a spreadsheet in, verdicts out."""

import csv
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.core.management import CommandError, call_command
from django.test import TestCase

from agencies.tests import factories as make


class MatchNamesTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        agency = make.make_agency(ori="CA0011300")
        make.make_serving(agency, make.make_place(geoid="0681204", full_name="Union City city"))

    def setUp(self) -> None:
        self.folder = Path(self.enterContext(TemporaryDirectory()))

    def match(self, *lines: str) -> list[dict[str, str]]:
        (self.folder / "in.csv").write_text("\n".join(lines), encoding="utf-8")
        call_command(
            "match_names", str(self.folder / "in.csv"), "--out", str(self.folder / "out.csv"), stdout=StringIO()
        )
        with (self.folder / "out.csv").open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))

    def test_order_is_kept_and_ids_stand_only_where_accepted(self) -> None:
        rows = self.match("name,context_state", "Nowhere HOA,CA", "Union City CA PD,", '"Unon, City"," "')
        self.assertEqual([row["name"] for row in rows], ["Nowhere HOA", "Union City CA PD", "Unon, City"])
        self.assertEqual([row["decision"] for row in rows], ["not_agency", "accepted", "review"])
        self.assertEqual([(row["ori"], row["geoid"]) for row in rows], [("", ""), ("CA0011300", "0681204"), ("", "")])
        self.assertEqual(list(rows[0]), ["name", "state", "decision", "agency", "ori", "geoid", "score", "reason"])

    def test_documents_own_state_column_counts_as_print(self) -> None:
        [row] = self.match("name,state", "Union City Police Department,ca")
        self.assertEqual((row["decision"], row["state"]), ("accepted", "CA"))

    def test_file_without_the_column_is_refused_and_nothing_written(self) -> None:
        with self.assertRaisesMessage(CommandError, "in.csv, row 1, field 'name': there is no column 'name'"):
            self.match("agency", "Union City CA PD")
        self.assertFalse((self.folder / "out.csv").exists())
