"""What is no document of a format ends in a problem that names the file, whichever format is asked."""

import gzip
import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import skipUnless

from django.test import SimpleTestCase

from agencies.ingest import formats
from agencies.ingest.news_observer import ACCESS_FILE
from agencies.ingest.parsed import ImportProblem
from agencies.tests.portal_factories import SHARED
from agencies.tests.test_ingest_fuzz import OPTIONS, SAMPLES, saved
from agencies.tests.test_mapped_csv import MAPPING

TABLE = ("csv", "table.csv", b"From,To\nAlpha CA PD,Beta CA PD\n")
GIVEN: dict[str, Any] = {**OPTIONS, "csv": {"mapping": MAPPING}}
NOISE = {
    "nothing": b"",
    "white space": b" \n\n",
    "a mark": b"\xef\xbb\xbf",
    "JSON": b'{"a": [1, 2]}',
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(99),
    "every byte": bytes(range(256)) * 20,
    "packed noise": gzip.compress(bytes(range(256)) * 20),
    "an old Office file": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
}
"""Files of no format."""

REAL = {
    "flock_federal_extract": "flock_federal_grantees_2025-06-11.csv",
    "flock_portal": "flock_portals/hayward-ca-pd/2026-04-26.html",
    "flock_shared_networks": "flock_shared_networks/orange_county_2025-12.xlsx",
    "ice_287g": "ice_287g/participatingAgencies07182025pm.xlsx",
    "ice_287g_memoranda": "ice_287g/moa_index_2026-08.csv",
    "ice_release_2019": "aclu_2019_ice_list.csv",
    "vigilant_report": "vigilant/irvine_pd_2020_data_sharing_report.pdf",
}
"""A real document of formats whose documents are single files."""


def cut_short(data: bytes) -> Iterator[bytes]:
    """Yield beginnings of a file: of a table, that end within a row, as other ends can't be told from whole ones."""
    is_table = b"\0" not in data and not data.startswith(b"%PDF") and not data.lstrip().startswith(b"<")
    for share in (0.02, 0.3, 0.7, 0.97):
        part = data[: int(len(data) * share)]
        if not is_table:
            yield part
        elif b"\n" in part:
            yield part[: part.rindex(b"\n") + 1] + b"a,"


class RefusedTests(SimpleTestCase):
    def setUp(self) -> None:
        logger = logging.getLogger("pdfminer")
        self.addCleanup(logger.setLevel, logger.level)
        logger.setLevel(logging.ERROR)

    def refuse(self, format_name: str, name: str, data: bytes) -> ImportProblem:
        """Expect a file to be refused by its name; return the problem."""
        with saved(format_name, name, data) as path, self.assertRaises(ImportProblem) as caught:
            list(formats.read(format_name, [path], GIVEN.get(format_name)))
        self.assertIn(Path(name).name, caught.exception.file)
        self.assertTrue(caught.exception.message)
        return caught.exception

    def test_noise_is_refused(self) -> None:
        for format_name, name, _ in [TABLE, *SAMPLES]:
            for what, data in NOISE.items():
                with self.subTest(format_name, name=name, what=what):
                    self.refuse(format_name, name, data)

    def test_document_of_another_format_is_refused(self) -> None:
        for format_name, name, _ in [TABLE, *SAMPLES]:
            for other, other_name, data in [TABLE, *SAMPLES]:
                if other != format_name:
                    with self.subTest(format_name, name=name, other=other, other_name=other_name):
                        self.refuse(format_name, name, data)

    def test_empty_file_is_called_that(self) -> None:
        for format_name in formats.FORMATS:
            said = self.assertRaisesMessage(ImportProblem, "none.file: an empty file")
            with self.subTest(format_name), saved("csv", "none.file", b"") as path, said:
                list(formats.read(format_name, [path]))

    def test_document_that_is_cut_short_is_refused(self) -> None:
        for format_name, name, whole in [TABLE, *SAMPLES]:
            for data in cut_short(whole):
                with self.subTest(format_name, name=name, size=len(data)):
                    self.refuse(format_name, name, data)

    def test_table_of_headings_alone_is_refused(self) -> None:
        for format_name, name, data in [TABLE, *SAMPLES]:
            if name.endswith(".csv") and format_name != "facts_csv" and name != ACCESS_FILE:  # Those may be empty.
                with self.subTest(format_name, name=name):
                    problem = self.refuse(format_name, name, data.partition(b"\n")[0] + b"\n")
                    self.assertEqual(problem.message, "a table without rows")

    def test_what_is_no_workbook_is_not_called_a_damaged_one(self) -> None:
        problem = self.refuse("ice_287g", "list.xlsx", b"%PDF-1.7\n")
        self.assertEqual(problem.message, "not a workbook (XLSX)")

    @skipUnless(SHARED.is_dir(), "no real documents here")
    def test_real_document_that_is_cut_short_is_refused(self) -> None:
        for format_name, place in REAL.items():
            for data in cut_short((SHARED / place).read_bytes()):
                with self.subTest(format_name, size=len(data)):
                    name = place if format_name != "flock_portal" else place.partition("/")[2]
                    self.refuse(format_name, Path(place).name if name == place else name, data)
        tables = (SHARED / "news_observer_2024" / ACCESS_FILE).read_bytes()
        for data in cut_short(tables):
            self.refuse("news_observer", ACCESS_FILE, data)
