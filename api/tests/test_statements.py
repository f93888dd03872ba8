"""Statements: standing ones, with their payloads; withdrawn ones as tombstones; persons' names withheld."""

from agencies.models import Withdrawal, WithdrawalLift
from agencies.tests.factories import make_agency, make_capture, make_decision, make_grant, make_list, make_source
from api.tests.base import RecordTestCase, unmatched_grant


class StatementTests(RecordTestCase):
    """GET /api/v1/statements/ and /api/v1/statements/{id}/"""

    def ids(self, query: str) -> set[str]:
        """Return the ids of the statements that pass a query."""
        return {row["id"] for row in self.get(f"/api/v1/statements/?{query}")["results"]}

    def test_sharing_statement_has_both_names_and_its_answers(self) -> None:
        row = self.get(f"/api/v1/statements/{self.denied.statement.uuid}/")
        self.assertEqual((row["kind"], row["observed_on"]), ("sharing", "2026-04-23"))
        self.assertEqual(row["sharing"]["grantor"]["agency"]["id"], str(self.union_city.uuid))
        self.assertEqual(row["sharing"]["grantee"]["printed"], "Immigration and Customs Enforcement")
        self.assertEqual(row["sharing"]["answered_by"], [str(self.answer.statement.uuid)])
        self.assertEqual(row["capture"]["id"], str(self.capture.uuid))
        self.assertEqual(row["capture"]["source"]["slug"], "flock-portal-union-city-ca-pd")
        self.assertEqual((row["fact"], row["answer"], row["withheld"]), (None, None, False))

    def test_fact_and_answer_have_their_own_payload(self) -> None:
        fact = self.get(f"/api/v1/statements/{self.fact.statement.uuid}/")["fact"]
        self.assertEqual((fact["field"], fact["value"], fact["state"]), ("retention_days", 30, "known"))
        answer = self.get(f"/api/v1/statements/{self.answer.statement.uuid}/")["answer"]
        self.assertEqual((answer["effect"], answer["answers"]), ("denies", [str(self.denied.statement.uuid)]))

    def test_filters_narrow(self) -> None:
        grant, denied = str(self.grant.statement.uuid), str(self.denied.statement.uuid)
        fact, answer = str(self.fact.statement.uuid), str(self.answer.statement.uuid)
        old_list = make_list(make_capture(make_source("old"), day=self.capture.observed_on.replace(year=2019)))
        old = str(make_grant(self.quiet, self.ice, old_list).statement.uuid)
        for query, expected in {
            "kind=fact": {fact},
            f"capture={self.capture.uuid}": {grant, denied, fact},
            "source=answer-article": {answer},
            "network=flock": {grant, denied, fact, old},
            "agency=ice": {denied, old},
            f"agency={self.union_city.uuid}": {grant, denied, fact, answer},
            "grantee=ice": {denied, old},
            "grantor=union-city-police-department-ca&grantee=ice": {denied},
            "access=configured_access": {grant, denied, old},
            "field=retention_days": {fact},
            "observed_on__lte=2020-01-01": {old},
            "observed_on__gte=2020-01-01": {grant, denied, fact, answer},
            "resolved=true": {grant, denied, fact, answer, old},
            "resolved=false": set(),
        }.items():
            with self.subTest(query):
                self.assertEqual(self.ids(query), expected)

    def test_unresolved_name_is_given_as_printed_without_an_agency(self) -> None:
        grant = unmatched_grant(self, "Auburn Police Department")
        row = self.get("/api/v1/statements/?resolved=false")["results"][0]
        self.assertEqual(row["id"], str(grant.statement.uuid))
        self.assertEqual(
            row["sharing"]["grantee"], {"printed": "Auburn Police Department", "withheld": False, "agency": None}
        )

    def test_name_that_could_be_several_agencies_is_unresolved(self) -> None:
        grant = unmatched_grant(self, "Auburn Police Department", outcome="ambiguous")
        self.assertEqual(self.ids("resolved=false"), {str(grant.statement.uuid)})

    def test_name_matched_to_a_merged_agency_means_its_replacement(self) -> None:
        old = make_agency("Old Sheriff's Office", slug="old-sheriff", merged_into=self.sheriff)
        grant = make_grant(self.union_city, old, self.sharing_list)
        row = self.get(f"/api/v1/statements/{grant.statement.uuid}/")
        self.assertEqual(row["sharing"]["grantee"]["agency"]["id"], str(self.sheriff.uuid))
        both = {str(grant.statement.uuid), str(self.grant.statement.uuid)}
        self.assertEqual(self.ids(f"grantee={self.sheriff.slug}"), both)
        self.assertEqual(self.ids("agency=old-sheriff"), both)

    def test_rejected_match_names_no_agency(self) -> None:
        make_decision(self.grant.grantee_alias, outcome="rejected", agency=self.sheriff)
        row = self.get(f"/api/v1/statements/{self.grant.statement.uuid}/")
        self.assertIsNone(row["sharing"]["grantee"]["agency"])

    def test_persons_name_is_withheld_everywhere(self) -> None:
        grant = unmatched_grant(self, "Jane Q Officer", outcome="person")
        row = self.get(f"/api/v1/statements/{grant.statement.uuid}/")
        self.assertEqual((row["printed"], row["withheld"]), (None, True))
        self.assertEqual(row["sharing"]["grantee"], {"printed": None, "withheld": True, "agency": None})
        self.assertNotIn("Jane Q Officer", self.client.get("/api/v1/statements/").content.decode())

    def test_text_of_a_source_is_data(self) -> None:
        stranger = make_agency("<script>alert(1)</script>", slug="script")
        grant = make_grant(self.union_city, stranger, self.sharing_list)
        response = self.client.get(f"/api/v1/statements/{grant.statement.uuid}/")
        self.assertEqual(response.headers["Content-Type"], "application/json")
        self.assertEqual(response.headers["X-Content-Type-Options"], "nosniff")


class WithdrawnTests(RecordTestCase):
    """What no longer counts."""

    def test_withdrawn_statement_is_not_listed_and_leaves_a_tombstone(self) -> None:
        ways = ({"statement": self.grant.statement}, {"capture": self.capture}, {"run": self.grant.statement.run})
        for way in ways:
            with self.subTest(list(way)[0]):
                withdrawal = Withdrawal.objects.create(kind="taken_down", reason="A court asked.", **way)
                problem = self.get(f"/api/v1/statements/{self.grant.statement.uuid}/", status=410)
                self.assertEqual(problem["withdrawal"]["reason"], "A court asked.")
                self.assertEqual(self.get("/api/v1/statements/?grantee=" + self.sheriff.slug)["results"], [])
                WithdrawalLift.objects.create(withdrawal=withdrawal, reason="It took it back.")
                self.get(f"/api/v1/statements/{self.grant.statement.uuid}/")

    def test_withdrawn_capture_is_gone_with_a_reason(self) -> None:
        Withdrawal.objects.create(capture=self.capture, kind="error", reason="Wrong agency's portal.")
        problem = self.get(f"/api/v1/captures/{self.capture.uuid}/", status=410)
        self.assertEqual(problem["withdrawal"]["kind"], "error")
        self.assertEqual(len(self.get("/api/v1/captures/")["results"]), 1)

    def test_withdrawn_answer_does_not_stand_beside_what_it_denied(self) -> None:
        Withdrawal.objects.create(statement=self.answer.statement, kind="error", reason="Misread.")
        row = self.get(f"/api/v1/statements/{self.denied.statement.uuid}/")
        self.assertEqual(row["sharing"]["answered_by"], [])
