"""What is to go says so."""

from datetime import date
from unittest.mock import patch

from django.test import SimpleTestCase

from api.leaving import Leaving, leaving
from api.tests.base import RecordTestCase
from api.views import schema
from api.viewsets.law import LawViewSet

GOING = Leaving(date(2027, 1, 1), date(2028, 1, 1), "https://example.org/why")


class LeavingTests(RecordTestCase):
    """A resource that is marked."""

    def setUp(self) -> None:
        """Mark laws."""
        super().setUp()
        marked = patch.object(LawViewSet, "leaving", GOING)
        marked.start()
        schema.cache_clear()
        self.addCleanup(schema.cache_clear)
        self.addCleanup(marked.stop)

    def test_headers_say_since_when_until_when_and_why(self) -> None:
        first = self.client.get("/api/v1/laws/")
        for response in (
            first,
            self.client.get("/api/v1/laws/", headers={"if-none-match": first.headers["ETag"]}),
            self.client.get("/api/v1/laws/none/"),
        ):
            self.assertEqual(response.headers["Deprecation"], "@1798761600")
            self.assertEqual(response.headers["Sunset"], "Sat, 01 Jan 2028 00:00:00 GMT")
            self.assertEqual(response.headers["Link"], '<https://example.org/why>; rel="deprecation"')
        self.assertNotIn("Sunset", self.client.get("/api/v1/links/").headers)

    def test_document_says_so(self) -> None:
        paths = self.get("/api/v1/schema/")["paths"]
        self.assertTrue(paths["/api/v1/laws/{slug}/"]["get"]["deprecated"])
        self.assertNotIn("deprecated", paths["/api/v1/links/"]["get"])


class PromiseTests(SimpleTestCase):
    """A year, at least."""

    def test_sooner_than_promised_is_refused(self) -> None:
        with self.assertRaises(ValueError):
            leaving(date(2027, 1, 1), date(2027, 12, 1), "https://example.org/why")
        marked = leaving(GOING.since, GOING.until, GOING.why)(type("View", (), {}))
        self.assertEqual(marked.leaving, GOING)
