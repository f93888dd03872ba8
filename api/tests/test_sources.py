"""Networks, sources and captures."""

from datetime import date

from django.contrib.auth.models import User

from agencies.ingest import kept, kept_removal
from agencies.models import Withdrawal, WithdrawalLift
from agencies.tests.factories import make_alias, make_capture, make_decision, make_source
from api.tests.base import RecordTestCase


class SourceTests(RecordTestCase):
    """GET /api/v1/networks/, /api/v1/sources/, /api/v1/captures/"""

    def test_network_by_slug(self) -> None:
        self.assertEqual(self.get("/api/v1/networks/flock/")["vendor"], "Flock")

    def test_source_names_the_agency_whose_own_it_is(self) -> None:
        alias = make_alias("Union City PD", self.union_city)
        make_capture(make_source("own", agency_alias=alias))
        self.assertEqual(self.get("/api/v1/sources/own/")["agency"]["id"], str(self.union_city.uuid))
        self.assertIsNone(self.get("/api/v1/sources/answer-article/")["agency"])
        found = self.get(f"/api/v1/sources/?agency={self.union_city.slug}")["results"]
        self.assertEqual([row["slug"] for row in found], ["own"])
        make_decision(alias, outcome="rejected", agency=self.union_city)
        self.assertIsNone(self.get("/api/v1/sources/own/")["agency"])

    def test_source_of_which_no_copy_stands_is_gone_with_the_reason(self) -> None:
        alias = make_alias("Union City PD", self.union_city)
        capture = make_capture(make_source("own", agency_alias=alias))
        withdrawal = Withdrawal.objects.create(capture=capture, kind="error", reason="another agency's page")
        self.assertEqual(self.get("/api/v1/sources/own/", status=410)["withdrawal"]["reason"], "another agency's page")
        self.assertNotIn("own", [row["slug"] for row in self.get("/api/v1/sources/")["results"]])
        agency = f"/api/v1/agencies/{self.union_city.slug}/"
        self.assertNotIn("own", [row["slug"] for row in self.get(agency)["portals"]])
        page = self.client.get("/sources/own/")
        self.assertContains(page, "All copies of this source were withdrawn", status_code=410)
        self.assertContains(page, "another agency&#x27;s page", status_code=410)
        WithdrawalLift.objects.create(withdrawal=withdrawal, reason="it was theirs")
        self.assertEqual(self.client.get("/sources/own/").status_code, 200)
        self.assertIn("own", [row["slug"] for row in self.get(agency)["portals"]])

    def test_sources_by_kind(self) -> None:
        found = self.get("/api/v1/sources/?kind=article")["results"]
        self.assertEqual([row["slug"] for row in found], ["answer-article"])

    def test_capture_shows_its_lists_and_how_complete_they_are(self) -> None:
        shown = self.get(f"/api/v1/captures/{self.capture.uuid}/")["lists"]
        self.assertEqual(
            [(row["section"], row["completeness"], row["statement_count"]) for row in shown],
            [("organizations-with-access", "complete", 2)],
        )

    def test_capture_tells_that_its_bytes_were_removed(self) -> None:
        file = kept.keep(b"a,b\n1,2\n")
        capture = make_capture(self.source, sha256=file.sha256, bytes_kept="original")
        address = f"/api/v1/captures/{capture.uuid}/"
        self.assertEqual(self.get(address)["bytes_kept"], "original")
        kept_removal.remove(file, "names a driver", User.objects.create_user("operator"))
        self.assertEqual((self.get(address)["bytes_kept"], self.get(address)["sha256"]), ("removed", file.sha256))

    def test_captures_by_source_and_date(self) -> None:
        old = make_capture(self.source, day=date(2024, 1, 1))
        for query, expected in {
            "source=flock-portal-union-city-ca-pd": {str(old.uuid), str(self.capture.uuid)},
            "observed_on__lte=2024-01-01": {str(old.uuid)},
            "source=flock-portal-union-city-ca-pd&observed_on__gte=2026-01-01": {str(self.capture.uuid)},
        }.items():
            with self.subTest(query):
                rows = self.get(f"/api/v1/captures/?{query}")["results"]
                self.assertEqual({row["id"] for row in rows}, expected)
