"""Documents made of noise: each is read, or refused with a reason; nothing else ever happens."""

import os
from contextlib import suppress
from dataclasses import replace

from django.test import SimpleTestCase, tag
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agencies.ingest import mapped_csv, safety
from agencies.ingest.mapping_preview import preview
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.personal_data import count_personal_data
from agencies.tests.hostile_files import pdf, pdf_with_packed_object, stream, workbook
from agencies.tests.test_mapped_csv import MAPPING

EXAMPLES = int(os.environ.get("FUZZ_EXAMPLES", "100"))
many = settings(
    max_examples=EXAMPLES, deadline=5000, suppress_health_check=[HealthCheck.too_slow], derandomize=EXAMPLES <= 100
)
TEXT = b"BT /F 12 Tf (x) Tj ET"
WHOLE = (
    pdf(stream(TEXT), page="/Contents 1000 0 R", pages=2),
    pdf_with_packed_object("<< /S /GoTo >>"),
    workbook({"xl/worksheets/sheet1.xml": "<worksheet><sheetData/></worksheet>"}),
    b"<!DOCTYPE html><p>Alpha",
    b"From,To\nAlpha CA PD,Beta\n",
)


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """Return a good document in which bytes were changed, cut out or put in."""
    data = bytearray(draw(st.sampled_from(WHOLE)))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, max(0, len(data) - 1)))
        length = draw(st.integers(0, 20))
        data[at : at + length] = draw(st.binary(max_size=20))
    return bytes(data)


class NoiseTests(SimpleTestCase):
    """What comes of damaged documents."""

    @many
    @given(damaged(), st.sampled_from(["a.pdf", "a.xlsx", "a.html", "a.csv", "a"]))
    def test_damaged_documents_are_read_or_refused(self, data: bytes, name: str) -> None:
        with suppress(ImportProblem):
            kind = safety.check(data, name=name).kind
            count_personal_data(data, kind.media_type)

    @many
    @given(st.text(alphabet="From,To\n\"; \tABé\0'|0-:", max_size=200), st.sampled_from(",;\t|"))
    def test_any_text_is_a_table_or_is_refused(self, text: str, delimiter: str) -> None:
        mapping = replace(MAPPING, delimiter=delimiter)
        with suppress(ImportProblem):
            for document in mapped_csv.parse(text.encode(), mapping, file="t.csv"):
                self.assertTrue(all(grant.grantor.text and grant.grantee.text for grant in document.lists[0].grants))
        for can_read in (True, False):
            preview(text, mapping, file="t.csv", can_read=can_read)

    @tag("deep")
    @given(st.binary(max_size=2000))
    @settings(max_examples=2000, deadline=5000)
    def test_any_bytes_are_told_apart(self, data: bytes) -> None:
        with suppress(ImportProblem):
            safety.check(data, name="")
