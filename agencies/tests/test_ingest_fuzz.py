"""Damaged documents of every format: each gives documents or an ImportProblem, and never a record half written."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from django.db import transaction
from django.test import SimpleTestCase
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from agencies.ingest import formats
from agencies.ingest.news_observer import ACCESS_FILE, USAGE_FILE
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.record import record
from agencies.models import Alias, Capture, Source, Statement
from agencies.tests import factories as make
from agencies.tests import test_flock_federal_extract as federal
from agencies.tests import test_ice_287g as agreements
from agencies.tests import test_ice_release_2019 as release
from agencies.tests import test_news_observer as observer
from agencies.tests.document_factories import SHARED_HEAD, pdf, report_page, ruled_page
from agencies.tests.portal_factories import CAPTURES, portal_page
from agencies.tests.test_facts_csv import GRANT, HEADER
from agencies.tests.workbooks import workbook

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
many = settings(
    max_examples=2000 if DEEP else 60,
    deadline=timedelta(seconds=20),
    suppress_health_check=list(HealthCheck),
    derandomize=not DEEP,
    database=None,
)

NAMES = ("Organization Name", "Networks Shared With Me", "Networks I'm Sharing")
INDEX = (
    f"{agreements.INDEX}AL,Colbert County,TFM,070225,agreements_20250519_151802,https://example.org/TFM_070225.pdf\n"
)
REPORT = report_page(*SHARED_HEAD, ("Allen Police Department", "Brea Police Department"))
USAGE = observer.USAGE_ROW.format(retention="30 days", audit="0")
SAMPLES: list[tuple[str, str, bytes]] = [
    ("facts_csv", "statements.csv", f"{HEADER}\n{GRANT}\n{GRANT}\n".encode()),
    ("flock_federal_extract", "t.csv", f"{federal.HEAD}\n{federal.HSI}\n{federal.ATF}\n".encode()),
    ("flock_portal", "testville-ca-pd/2026-04-23.html", portal_page(("Number of owned cameras", "12"))),
    ("flock_portal", "testville-ca-pd/2026-04-23.html", (CAPTURES / "flock_portal.html").read_bytes()),
    ("flock_shared_networks", "t.pdf", pdf([ruled_page(NAMES, ("Galt CA PD", "Galt CA PD", "A"))])),
    ("flock_shared_networks", "t.xlsx", workbook(NAMES, ("Galt CA PD", "Galt CA PD", "A"))),
    ("ice_287g", "participatingAgencies07182025.xlsx", workbook(agreements.HEADING, (*agreements.ROW, "link", None))),
    ("ice_287g_memoranda", "t.csv", INDEX.encode()),
    ("ice_release_2019", "t.csv", f"{release.HEAD}\n{release.UNION_CITY}\n".encode()),
    ("news_observer", ACCESS_FILE, f"{observer.ACCESS_HEAD}\n{observer.ALPHA}\n".encode()),
    ("news_observer", USAGE_FILE, f"{observer.USAGE_HEAD}\n{USAGE}\n".encode()),
    (
        "vigilant_report",
        "t.pdf",
        pdf([report_page(*SHARED_HEAD, ("Allen Police Department", "Brea Police Department"))]),
    ),
]
"""A small sound document of each format: format, file, bytes. `csv` reads by a saved mapping: test_documents_fuzz."""

OPTIONS = {"flock_shared_networks": {"agency": "Testville CA PD", "state": "CA", "retrieved_on": "2025-12-30"}}
"""What a format must be told besides the file."""

BESIDE = {
    "facts_csv": {"sources.csv": b"slug,title,kind,publisher\nportal,A portal,portal,A city\n"},
    "news_observer": {name: data for format_name, name, data in SAMPLES if format_name == "news_observer"},
}
"""Files that a format reads together with the damaged one."""

PIECES = [b"\x00", b"\xff", b"\xed\xa0\x80", b'"', b",", b"\n", b"\r", b"<", b"&#0;", b"</div>", b"9" * 40, b"A" * 400,
          b"2026-13-45", b"\xef\xbb\xbf", b"\\u0000", b"\x1f\x8b", "\u202e\u0130".encode()]  # fmt: skip


@st.composite
def damaged(draw: st.DrawFn, samples: list[tuple[str, str, bytes]]) -> tuple[str, str, bytes]:
    """Return a sample of which some bytes were flipped, cut, doubled, or had something put between them."""
    format_name, name, sound = draw(st.sampled_from(samples))
    data = bytearray(sound)
    for _ in range(draw(st.integers(1, 5))):
        at = draw(st.integers(0, len(data)))
        length = draw(st.integers(0, 40))
        how = draw(st.sampled_from(["flip", "cut", "splice", "put", "end"]))
        if how == "flip" and at < len(data):
            data[at] ^= 1 << draw(st.integers(0, 7))
        elif how == "cut":
            del data[at : at + length]
        elif how == "splice":
            data[at:at] = data[draw(st.integers(0, len(data))) :][: length * 4]
        elif how == "put":
            data[at:at] = draw(st.sampled_from(PIECES) | st.binary(max_size=8))
        elif draw(st.booleans()):
            del data[at:]
    return format_name, name, bytes(data)


@contextmanager
def saved(format_name: str, name: str, data: bytes) -> Iterator[str]:
    """Write the damaged file, and what is read beside it; yield the path that the format takes."""
    with TemporaryDirectory() as folder:
        for other, sound in BESIDE.get(format_name, {}).items():
            Path(folder, other).write_bytes(sound)
        file = Path(folder, name)
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
        yield folder if format_name in BESIDE or "/" in name else str(file)


class SampleTests(SimpleTestCase):
    def test_every_format_has_a_sample_that_is_sound(self) -> None:
        self.assertEqual({format_name for format_name, _, _ in SAMPLES} | {"csv"}, set(formats.FORMATS))
        for format_name, name, data in SAMPLES:
            with self.subTest(format_name, name=name), saved(format_name, name, data) as path:
                self.assertTrue(list(formats.read(format_name, [path], OPTIONS.get(format_name))))


class DamagedTests(SimpleTestCase):
    def setUp(self) -> None:
        logger = logging.getLogger("pdfminer")
        self.addCleanup(logger.setLevel, logger.level)
        logger.setLevel(logging.ERROR)

    @many
    @given(damaged(SAMPLES))
    def test_damaged_document_is_read_or_refused(self, sample: tuple[str, str, bytes]) -> None:
        with saved(*sample) as path:
            try:
                for document in formats.read(sample[0], [path], OPTIONS.get(sample[0])):
                    self.assertTrue(document.source.slug)
            except ImportProblem as problem:
                self.assertTrue(problem.message)


class RecordTests(TestCase):
    @classmethod
    def setUpTestData(cls) -> None:
        make.make_network()
        make.make_network("vigilant")
        cls.run_row = make.make_run()

    @settings(many, max_examples=1000 if DEEP else 40)
    @given(damaged([sample for sample in SAMPLES if sample[1].endswith((".csv", ".html"))]))
    def test_damaged_document_is_recorded_whole_or_not_at_all(self, sample: tuple[str, str, bytes]) -> None:
        with saved(*sample) as path, transaction.atomic():
            try:
                counts = record(formats.read(sample[0], [path], OPTIONS.get(sample[0])), self.run_row)
            except ImportProblem:
                found = [model.objects.count() for model in (Source, Capture, Alias, Statement)]
                self.assertEqual(found, [0, 0, 0, 0])
            else:
                self.assertEqual(Statement.objects.count(), counts["statements new"])
            transaction.set_rollback(True)
