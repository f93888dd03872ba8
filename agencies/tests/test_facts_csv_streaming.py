"""A facts file read one document at a time gives what reading it whole gives, and its memory stays flat."""

import gzip
import io
import tracemalloc

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.ingest import facts_csv
from agencies.ingest.parsed import ImportProblem, ParsedDocument
from agencies.tests.test_facts_csv import GRANT, HEADER, SOURCES

LINES = [
    f"portal,https://example.org/{page},{day},flock,configured_access,grantor,list,Union City CA PD,{name}"
    for page in "ab"
    for day in ("2026-04-23", "20260423", "2026-05-01")
    for name in ("Dublin CA PD", "Brea PD")
]
"""Rows of four captures: one day is written in two ways."""

BROKEN = ["portal,https://example.org,soon,flock,configured_access,grantor,list,A PD,B PD", "nowhere"]


def streamed(text: str) -> list[ParsedDocument]:
    return list(facts_csv.stream(io.BytesIO(text.encode()), file="statements.csv", sources=SOURCES))


class StreamingTests(SimpleTestCase):
    @settings(max_examples=300, deadline=None)
    @given(st.lists(st.sampled_from(LINES), max_size=12))
    def test_both_ways_give_equal_documents(self, lines: list[str]) -> None:
        text = "\n".join([HEADER, *lines])
        self.assertEqual(streamed(text), facts_csv.parse(text.encode(), file="statements.csv", sources=SOURCES))

    @settings(max_examples=200, deadline=None)
    @given(st.lists(st.sampled_from(LINES), max_size=5), st.sampled_from(BROKEN), st.lists(st.sampled_from(LINES)))
    def test_both_ways_refuse_the_same_row(self, before: list[str], bad: str, after: list[str]) -> None:
        text = "\n".join([HEADER, *before, bad, *after])
        said = []
        for read in (streamed, lambda text: facts_csv.parse(text.encode(), file="statements.csv", sources=SOURCES)):
            with self.assertRaises(ImportProblem) as caught:
                read(text)
            said.append(caught.exception.as_json())
        self.assertEqual(said[0], said[1])
        self.assertEqual(said[0]["row"], len(before) + 2)

    def test_what_is_kept_may_be_written_out_or_left_empty(self) -> None:
        other = GRANT.replace("example.org", "example.com")
        text = "\n".join([f"{HEADER},bytes_kept", f"{GRANT},none", f"{other},", f"{GRANT},"])
        self.assertEqual([len(document.lists[0].grants) for document in streamed(text)], [2, 1])

    def test_document_comes_as_soon_as_the_next_one_begins(self) -> None:
        """The broken row behind two whole documents is not met before they are handed out."""
        other = GRANT.replace("2026-04-23", "2026-04-30")
        text = "\n".join([HEADER, GRANT, other, other.replace("/example.org", "/example.com"), BROKEN[0]])
        found = facts_csv.stream(io.BytesIO(text.encode()), file="statements.csv", sources=SOURCES)
        self.assertEqual([next(found).capture.url for _ in range(2)], ["https://example.org"] * 2)
        with self.assertRaises(ImportProblem):
            list(found)

    def test_damaged_gzip_is_refused_whatever_is_wrong_with_it(self) -> None:
        packed = gzip.compress("\n".join([HEADER, *LINES]).encode())
        for data in (packed[:-12], packed[:12] + b"\xff" * 9 + packed[21:], packed[:-8] + b"\0" * 8):
            with self.assertRaisesMessage(ImportProblem, "not readable"):
                list(facts_csv.stream(io.BytesIO(data), file="x", sources=SOURCES))

    def test_memory_does_not_grow_with_the_number_of_documents(self) -> None:
        peaks = []
        for documents in (20, 400):
            lines = [GRANT.replace("example.org", f"example.org/{n}") for n in range(documents) for _ in range(20)]
            data = io.BytesIO("\n".join([HEADER, *lines]).encode())
            tracemalloc.start()
            self.assertEqual(sum(1 for _ in facts_csv.stream(data, file="x", sources=SOURCES)), documents)
            peaks.append(tracemalloc.get_traced_memory()[1])
            tracemalloc.stop()
        self.assertLess(peaks[1], peaks[0] * 1.5 + 100_000)
