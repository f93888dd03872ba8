"""A CSV of the API as a spreadsheet opens it: one table, text as it is, nothing that is calculated."""

import csv
import io
from typing import Any

from openpyxl import Workbook

from agencies.tests.factories import make_agency
from api.tests.base import RecordTestCase

NAMES = (
    '=HYPERLINK("http://example.org")',
    "+1 Police",
    "-Police",
    "@Police",
    "\tPolice",
    'Cañon "City", Police\nDept',
)


class SpreadsheetTests(RecordTestCase):
    """Names that a spreadsheet could take for something else."""

    @classmethod
    def setUpTestData(cls) -> None:
        """Make an agency of each name."""
        super().setUpTestData()
        for number, name in enumerate(NAMES):
            make_agency(name, slug=f"odd-{number}", state="WY")

    def opened(self, path: str) -> list[list[Any]]:
        """Return the cells of a CSV separated as its first line looks, each typed by openpyxl as a user's entry is."""
        response: Any = self.client.get(path)
        text = b"".join(response.streaming_content).decode("utf-8")
        sheet = Workbook().active
        assert sheet is not None
        guessed = csv.Sniffer().sniff(text.splitlines()[0]).delimiter
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=guessed):
            sheet.append(row)
        return [list(row) for row in sheet.iter_rows()]

    def test_it_is_one_table_without_a_formula(self) -> None:
        head, *rows = self.opened("/api/v1/agencies/?state=WY&format=csv")
        self.assertEqual((head[0].value, len(rows)), ("id", len(NAMES)))
        self.assertEqual({len(row) for row in rows}, {len(head)})
        self.assertNotIn("f", {cell.data_type for row in rows for cell in row})

    def test_text_is_what_it_was_but_for_the_apostrophe(self) -> None:
        head, *rows = self.opened("/api/v1/agencies/?state=WY&fields=name&format=csv")
        names = {row[0].value for row in rows}
        self.assertEqual(names, {*(f"'{name}" for name in NAMES[:5]), NAMES[5]})
