"""GET /api/v1/facts/"""

from datetime import date

from agencies.models import Withdrawal
from agencies.tests.factories import make_capture, make_fact
from api.tests.base import RecordTestCase


class FactTests(RecordTestCase):
    """The newest fact of each agency, field and network."""

    def test_only_the_newest_of_a_field_stands(self) -> None:
        newer = make_capture(self.source, day=date(2026, 5, 1))
        make_fact(self.union_city, "retention_days", 21, newer)
        rows = self.get(f"/api/v1/facts/?agency={self.union_city.slug}")["results"]
        self.assertEqual(
            [(row["field"], row["value"], row["as_of"]) for row in rows], [("retention_days", 21, "2026-05-01")]
        )
        self.assertEqual(rows[0]["agency"]["slug"], self.union_city.slug)

    def test_filters(self) -> None:
        for query, number in (("field=cameras", 0), ("agency_state=CA&field=retention_days", 1), ("state=redacted", 0)):
            with self.subTest(query):
                self.assertEqual(len(self.get(f"/api/v1/facts/?{query}")["results"]), number)

    def test_one_fact_by_the_id_of_its_statement(self) -> None:
        row = self.get(f"/api/v1/facts/{self.fact.statement.uuid}/")
        self.assertEqual((row["value"], row["state"]), (30, "known"))

    def test_it_has_what_says_so(self) -> None:
        row = self.get(f"/api/v1/facts/{self.fact.statement.uuid}/")
        self.assertEqual(row["sources"], [{"statement": row["id"], "capture": row["capture"]}])
        (only,) = self.get("/api/v1/facts/?fields=sources")["results"]
        self.assertEqual(only["sources"], row["sources"])

    def test_withdrawn_one_is_gone_with_the_reason(self) -> None:
        Withdrawal.objects.create(statement=self.fact.statement, kind="error", reason="a test says so")
        problem = self.get(f"/api/v1/facts/{self.fact.statement.uuid}/", status=410)
        self.assertEqual(problem["withdrawal"]["reason"], "a test says so")
        self.get("/api/v1/facts/00000000-0000-4000-8000-000000000000/", status=404)
