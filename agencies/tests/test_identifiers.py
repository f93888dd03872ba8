"""Ids are the same on every install, however they are made."""

import unittest
import uuid

from hypothesis import given
from hypothesis import strategies as st

from agencies.identifiers import record_hex, record_id

TEXT = st.text(st.characters(codec="utf-8"))


class RecordIdTests(unittest.TestCase):
    def test_id_never_changes(self) -> None:
        """A changed id breaks every address and citation: this one was made for the first release."""
        self.assertEqual(str(record_id("alias", "Dublin CA PD", "flock", "CA")), "d5cb1c9f-d24d-5a5d-a70b-e0583c97f287")

    @given(TEXT, st.lists(st.none() | st.integers() | TEXT))
    def test_digits_are_those_of_the_id(self, kind: str, parts: list[str | int | None]) -> None:
        self.assertEqual(uuid.UUID(hex=record_hex(kind, *parts)), record_id(kind, *parts))
