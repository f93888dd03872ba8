"""No query string and no address of a reader reaches a log."""

import logging
from unittest import TestCase

from transparency.logs import PrivacyFilter, without_readers


class PrivacyTests(TestCase):
    def test_query_strings_are_cut(self) -> None:
        self.assertEqual(without_readers('"GET /search?q=94587&x=1 HTTP/1.1"'), '"GET /search?[query] HTTP/1.1"')

    def test_addresses_are_cut(self) -> None:
        for address in ("203.0.113.7", "2001:db8::1", "2001:db8:0:0:0:0:0:1", "::1"):
            self.assertEqual(
                without_readers(f"Invalid request from ip={address}: x"), "Invalid request from ip=[address]: x"
            )

    def test_times_versions_and_paths_stay(self) -> None:
        for text in ("at 12:34:56 in /a/b.html", "gunicorn 27.0.1", "agencies.sweep_import_runs[1f-2e] succeeded"):
            self.assertEqual(without_readers(text), text)

    def test_arguments_are_cleaned_too(self) -> None:
        record = logging.LogRecord("x", logging.INFO, "f", 1, "from %s", ("203.0.113.7",), None)
        self.assertTrue(PrivacyFilter().filter(record))
        self.assertEqual(record.getMessage(), "from [address]")
