"""Fields that are there only where `include=` asks for them."""

import csv
import io
import json
from typing import Any

from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from agencies.models import Withdrawal
from agencies.revision import record_as_of
from agencies.tests.factories import make_fact, make_grant
from api import kept_answers
from api.tests.base import RecordTestCase, unmatched_grant


class IncludeTests(RecordTestCase):
    """Places and facts of agencies, statements of links."""

    def rows(self, path: str) -> dict[str, Any]:
        """Return the rows of a list by slug, or by that of the grantee."""
        rows = self.get(f"/api/v1/{path}")["results"]
        return {row["slug"] if "slug" in row else row["grantee"]["slug"]: row for row in rows}

    def test_without_it_rows_are_as_before(self) -> None:
        self.assertNotIn("facts", self.rows("agencies/")[self.union_city.slug])
        self.assertNotIn("statements", self.rows("links/")["ice"])

    def test_facts_and_places_of_a_page_are_those_of_the_agency(self) -> None:
        rows = self.rows("agencies/?include=facts,places")
        one = self.get(f"/api/v1/agencies/{self.union_city.slug}/")
        self.assertEqual([fact["value"] for fact in one["facts"]], [30])
        for name in ("facts", "places"):
            self.assertEqual(rows[self.union_city.slug][name], one[name])
        self.assertEqual((rows["ice"]["facts"], rows["ice"]["places"]), ([], []))

    def test_statements_of_a_link_are_those_behind_it(self) -> None:
        unmatched_grant(self, "Nowhere PD")
        row = self.rows("links/?include=statements")[self.sheriff.slug]
        said = self.get(f"/api/v1/statements/{self.grant.statement.uuid}/")
        self.assertEqual(
            row["statements"],
            [
                {
                    "statement": said["id"],
                    "observed_on": said["observed_on"],
                    "reported_by": said["sharing"]["reported_by"],
                    "account_status": said["sharing"]["account_status"],
                    "capture": said["capture"],
                }
            ],
        )
        Withdrawal.objects.create(statement=self.grant.statement, kind="error", reason="a test says so")
        self.assertEqual(self.rows("links/?include=statements")[self.sheriff.slug]["statements"], [])

    def test_one_link_and_one_agencys_links_take_it_too(self) -> None:
        for path in (f"links/{self.link.uuid}/?", f"agencies/{self.union_city.slug}/links/?grantee_state=CA&"):
            found = self.get(f"/api/v1/{path}include=statements")
            row = found["results"][0] if "results" in found else found
            self.assertEqual([one["statement"] for one in row["statements"]], [str(self.grant.statement.uuid)])

    def test_it_joins_the_fields_asked_for(self) -> None:
        rows = self.get("/api/v1/agencies/?ori=CA0011200&fields=slug&include=facts")["results"]
        self.assertEqual([list(row) for row in rows], [["slug", "facts"]])

    def test_unknown_one_is_refused(self) -> None:
        for path in ("agencies/?include=links", "links/?include=", "laws/?include=facts", "agencies/?fields=facts"):
            with self.subTest(path):
                problem = self.get(f"/api/v1/{path}", status=400)
                self.assertIn(problem["errors"][0]["parameter"], ("include", "fields"))

    def test_streams_have_it(self) -> None:
        path = "/api/v1/agencies/?ori=CA0011200&include=facts&fields=slug&format="
        lines: Any = self.client.get(f"{path}ndjson")
        self.assertEqual(json.loads(b"".join(lines.streaming_content))["facts"][0]["value"], 30)
        table: Any = self.client.get(f"{path}csv")
        (row,) = csv.DictReader(io.StringIO(b"".join(table.streaming_content).decode(), newline=""))
        self.assertEqual(json.loads(row["facts"])[0]["field"], "retention_days")

    @override_settings(REVISION_SECONDS=3600)
    def test_number_of_queries_does_not_grow(self) -> None:
        counts = []
        for _ in range(2):
            record_as_of()
            kept_answers.forget()
            with CaptureQueriesContext(connection) as queries:
                self.get("/api/v1/agencies/?include=facts,places")
                self.get("/api/v1/links/?include=statements")
            counts.append(len(queries))
            for field in ("cameras", "vehicles_30d"):
                make_fact(self.sheriff, field, 7, self.capture)
            make_grant(self.sheriff, self.ice, self.sharing_list)
        self.assertEqual(counts, [7, 7])
