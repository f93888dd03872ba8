"""Damaged reports and tables end in an ImportProblem: nothing else is raised, and nothing hangs."""

import logging
import os
import unittest
from datetime import timedelta

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.ingest import flock_shared_networks, vigilant_report
from agencies.ingest.parsed import ImportProblem
from agencies.tests.document_factories import SHARED_HEAD, pdf, report_page, ruled_page, workbook

HEAD = ("Organization Name", "Networks Shared With Me", "Networks I'm Sharing")
REPORT_PDF = pdf([report_page(*SHARED_HEAD, ("Allen Police Department", "Brea Police Department"))])
TABLE_PDF = pdf([ruled_page(HEAD, ("Galt CA PD", "Galt CA PD", "A"))])
TABLE_XLSX = workbook(HEAD, ("Galt CA PD", "Galt CA PD", "A"))

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "40"))
fuzzed = settings(
    max_examples=EXAMPLES, deadline=timedelta(seconds=10), suppress_health_check=[HealthCheck.too_slow], database=None
)


def damaged(data: bytes) -> st.SearchStrategy[bytes]:
    """Return the file cut off, or with a few bytes overwritten by others."""
    place = st.integers(0, len(data) - 1)
    cut = place.map(lambda end: data[:end])
    patches = st.lists(st.tuples(place, st.binary(min_size=1, max_size=8)), min_size=1, max_size=6)
    return cut | patches.map(lambda found: _patched(data, found))


def _patched(data: bytes, patches: list[tuple[int, bytes]]) -> bytes:
    for at, other in patches:
        data = data[:at] + other + data[at + len(other) :]
    return data


class FuzzTests(unittest.TestCase):
    """A damaged file may still be readable: then it gives a document. Anything but that or an ImportProblem fails."""

    def setUp(self) -> None:
        logger = logging.getLogger("pdfminer")
        self.addCleanup(logger.setLevel, logger.level)
        logger.setLevel(logging.ERROR)

    @fuzzed
    @given(st.binary(max_size=400) | st.binary(max_size=400).map(b"%PDF-1.7\n".__add__) | damaged(REPORT_PDF))
    def test_reports(self, data: bytes) -> None:
        try:
            vigilant_report.parse(data, file="fuzz.pdf")
        except ImportProblem as problem:
            self.assertEqual(problem.file, "fuzz.pdf")

    @fuzzed
    @given(st.binary(max_size=400).map(b"PK\x03\x04".__add__) | damaged(TABLE_XLSX) | damaged(TABLE_PDF))
    def test_tables(self, data: bytes) -> None:
        try:
            flock_shared_networks.parse(data, file="fuzz", agency="Testville CA PD", retrieved_on="2025-12-30")
        except ImportProblem as problem:
            self.assertEqual(problem.file, "fuzz")
