"""Rows read by the block and grants made by columns: held against a reader that takes one row after the other."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any
from unittest import mock

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.ingest import facts_csv, facts_grants, facts_rows
from agencies.ingest.facts_columns import COLUMNS
from agencies.ingest.facts_csv import RowsApart
from agencies.ingest.parsed import (
    ImportProblem,
    ParsedCapture,
    ParsedDocument,
    ParsedFact,
    ParsedGrant,
    ParsedList,
    PrintedName,
)
from agencies.tests.test_facts_csv import GRANT, HEADER, SOURCES

KNOWN = SOURCES | {"other": replace(SOURCES["portal"], slug="other")}
Refusal = tuple[int, str]
"""The row that is refused and the field that is named."""


class Refused(Exception):
    """Carries a refusal out of the reference."""


def reference(data: bytes) -> list[ParsedDocument]:
    """Read a facts file row by row, as plainly as can be. Raises Refused."""
    documents: dict[Any, ParsedDocument] = {}
    for number, row in numbered(data):
        try:
            words = {"row": ("", "sharing", "list", "fact"), "account_status": ("", "active", "inactive")}
            for field, values in words.items():
                need(row[field] in values, field)
            need(row["source"] in KNOWN, "source")
            need(row["retrieved_on"].startswith("2026-"), "retrieved_on")
            key = KNOWN[row["source"]], ParsedCapture(row["url"], retrieved_on=date.fromisoformat(row["retrieved_on"]))
            say(documents.setdefault(key, ParsedDocument(*key, file="x")), row)
        except ValueError as error:
            raise Refused(number, str(error)) from error
    return list(documents.values())


def need(condition: object, field: str) -> None:
    """Refuse a field unless the condition holds."""
    if not condition:
        raise ValueError(field)


def numbered(data: bytes) -> Iterator[tuple[int, dict[str, str]]]:
    """Yield number and cells of each row; DictReader leaves blank lines out as the atlas does."""
    number = 1
    try:
        for number, row in enumerate(csv.DictReader(io.StringIO(data.decode(), newline=""), strict=True), start=2):
            if None in row or None in row.values() or "\0" in "".join(row.values()):
                raise Refused(number, "")
            yield number, dict.fromkeys(COLUMNS, "") | {name: cell.strip() for name, cell in row.items()}
    except csv.Error as error:
        raise Refused(number + 1, "") from error


def say(document: ParsedDocument, row: dict[str, str]) -> None:
    """Add what a row says."""
    if row["row"] == "fact":
        need(row["value"].isdigit(), "value")
        name = PrintedName(row["agency"], row["agency_state"])
        rest = row["network"], "known", row["printed"], row["locator"]
        fact = ParsedFact(name, row["field"], json.loads(row["value"]), *rest)
        same = [one for one in document.facts if (one.agency, one.field) == (name, fact.field)]
        need(all(one.value == fact.value for one in same), "value")
        document.facts.append(fact)
        return
    key = row["network"], row["access"], row["reported_by"], row["section"]
    new = ParsedList(*key, completeness="extract")
    known = {(one.network, one.access, one.reported_by, one.section): one for one in document.lists}
    if row["row"] == "list":
        found = known.get(key, new)
        found.completeness, found.heading = row["completeness"], row["heading"]
    else:
        for side in ("grantor", "grantee"):
            need(row[side], side)
        grantor, grantee = (PrintedName(row[side], row[f"{side}_state"]) for side in ("grantor", "grantee"))
        printed = row["printed"] or (grantor if row["reported_by"] == "grantee" else grantee).text
        found = known.get(key, new)
        found.grants.append(
            ParsedGrant(grantor, grantee, printed, row["locator"], row["account_status"] or "active"),
        )
    if found is new:
        document.lists.append(new)


NAMES = st.sampled_from(["Brea PD", "  Brea PD ", 'The "Bay" PD', "Two\nLines PD", "Zürich PD", "Brea, CA"])
TEXTS = {
    "source": st.sampled_from(["portal", "portal", " portal", "other"]),
    "url": st.sampled_from(["https://example.org", "https://example.org ", "https://example.com"]),
    "retrieved_on": st.sampled_from(["2026-04-23", "2026-04-23", "2026-05-01"]),
    "row": st.sampled_from(["sharing", "", "sharing", " sharing", "list", "fact"]),
    "network": st.just("flock"),
    "access": st.just("configured_access"),
    "reported_by": st.sampled_from(["grantor", "grantor", "grantee"]),
    "section": st.sampled_from(["a", "a", "b"]),
    "heading": st.sampled_from(["", "Who\r\nhas access"]),
    "completeness": st.sampled_from(["complete", "extract"]),
    "grantor": NAMES,
    "grantor_state": st.sampled_from(["CA", "CA", " CA", "", "NV"]),
    "grantee": NAMES,
    "grantee_state": st.sampled_from(["CA", "CA", ""]),
    "account_status": st.sampled_from(["", "", "active", "inactive"]),
    "agency": NAMES,
    "agency_state": st.sampled_from(["", "NV"]),
    "field": st.sampled_from(["cameras", "retention_days"]),
    "value": st.sampled_from(["0", "0", " 0", " 30"]),
    "printed": st.sampled_from(["", " ", "As printed "]),
    "locator": st.sampled_from(["", "page 1", " page\n2 "]),
}
ABSENT = ["url", "section", "grantor_state", "grantee_state", "account_status", "agency_state", "printed", "locator"]
"""Columns that a file may do without; "row" is one more, but then all of its rows are grants."""

FAULTS = {"source": "nowhere", "retrieved_on": "soon", "row": "no kind", "grantor": " ", "grantee": "", "locator": "\0"}
BLANK: list[str] = []


@st.composite
def files(draw: st.DrawFn, faulty: bool) -> bytes:
    """Make a facts file, with one row that is refused, or an end that is, where it is to be `faulty`."""
    without = draw(st.sets(st.sampled_from([*ABSENT, "row"])))
    columns = draw(st.permutations([name for name in TEXTS if name not in without]))
    rows = [[row[name] for name in columns] for row in draw(st.lists(st.fixed_dictionaries(TEXTS), max_size=9))]
    rows = [line for row in rows for line in [row] * draw(st.integers(1, 3))]
    tail = ""
    if faulty:
        tail = draw(st.sampled_from(["", "", '"open', 'a "b" c,"d"e']))
        rows.insert(draw(st.integers(0, len(rows))), bad_row(draw, columns))
    for place in draw(st.lists(st.integers(0, len(rows)), max_size=2)):
        rows.insert(place, BLANK)
    file = io.StringIO(newline="")
    csv.writer(file).writerows([columns, *rows])
    return (file.getvalue() + tail).encode()


def bad_row(draw: st.DrawFn, columns: list[str]) -> list[str]:
    """Make a row of another length, or one with one cell that is refused."""
    row = draw(st.fixed_dictionaries(TEXTS))
    fault = draw(st.sampled_from(["long", "short", *FAULTS]))
    if fault in ("grantor", "grantee"):
        row["row"] = "sharing"
    cells = [(row | {fault: FAULTS.get(fault, "")})[name] for name in columns]
    return [*cells, "more"] if fault == "long" else cells[:-1] if fault == "short" else cells


def outcome(data: bytes, at_once: bool) -> list[ParsedDocument] | Refusal:
    """Return what the atlas reads of a file, or the row and field that it refuses."""
    try:
        return list(facts_csv.stream(io.BytesIO(data), file="x", sources=KNOWN, at_once=at_once))
    except ImportProblem as problem:
        assert problem.file == "x"
        return problem.row or 0, problem.field


class BlocksTests(SimpleTestCase):
    def held(self, data: bytes, block: int) -> None:
        """Read in blocks of some rows, with room for one name and one state, and compare with the reference."""
        try:
            wanted: list[ParsedDocument] | Refusal = reference(data)
        except Refused as refused:
            wanted = refused.args[0], refused.args[1]
        with (
            mock.patch.object(facts_rows, "BLOCK", block),
            mock.patch.multiple(facts_grants, MOST_NAMES=1, MOST_STATES=1),
        ):
            self.assertEqual(outcome(data, at_once=False), wanted)
            try:
                self.assertEqual(outcome(data, at_once=True), wanted)
            except RowsApart:
                self.assertFalse(facts_csv._stand_together(io.BytesIO(data), "x", KNOWN))

    @settings(max_examples=150, deadline=None)
    @given(files(faulty=False), st.integers(1, 5))
    def test_documents_are_those_of_a_reader_that_takes_row_after_row(self, data: bytes, block: int) -> None:
        self.held(data, block)

    @settings(max_examples=150, deadline=None)
    @given(files(faulty=True), st.integers(1, 5))
    def test_first_row_that_is_refused_is_the_same(self, data: bytes, block: int) -> None:
        self.held(data, block)

    def test_row_before_bytes_that_are_no_text_is_met_first(self) -> None:
        """Where the reader had it already: bytes are decoded some thousands at a time."""
        lines = [GRANT, GRANT.replace("configured_access", "x"), *[GRANT] * 200]
        data = "\n".join([HEADER, *lines]).encode() + b"\n\xff"
        self.assertEqual(outcome(data, at_once=True), (3, "access"))

    def test_capture_that_comes_again_stops_a_reading_begun_at_once(self) -> None:
        other = GRANT.replace("2026-04-23", "2026-04-30")
        data = io.BytesIO("\n".join([HEADER, GRANT, GRANT, other, GRANT]).encode())
        found = facts_csv.stream(data, file="statements.csv", sources=SOURCES, at_once=True)
        self.assertEqual(len(next(found).lists[0].grants), 2)
        with self.assertRaisesMessage(RowsApart, "statements.csv, row 5"):
            list(found)

    def test_captures_of_one_hash_stop_it_too(self) -> None:
        other = GRANT.replace("2026-04-23", "2026-04-30")
        data = "\n".join([HEADER, GRANT, other]).encode()
        self.assertEqual(len(facts_csv.parse(data, file="x", sources=SOURCES)), 2)
        with mock.patch.object(ParsedCapture, "__hash__", return_value=1):
            self.assertRaises(RowsApart, outcome, data, at_once=True)
            documents = outcome(data, at_once=False)
        self.assertEqual(len(documents), 2)
