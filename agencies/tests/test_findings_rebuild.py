"""Findings as rows: stable, brought up to date, gone when their rule no longer holds; and where they stand."""

from collections import Counter
from datetime import timedelta

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from agencies.findings.reading import findings_of, shown_findings
from agencies.findings.rebuild import refresh_findings
from agencies.findings.rules import RULES
from agencies.identifiers import record_id
from agencies.models import Finding, FindingDismissal, Withdrawal
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import make_agency, make_answer, make_grant
from agencies.tests.findings_factories import DAY, lists, make_federal_bodies, make_law


class FindingTestCase(TestCase):
    """One agency that lists ICE under a law of its state."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_federal_bodies()
        cls.law = make_law()
        cls.police = make_agency()
        cls.listed = lists(cls.police, cls.bodies["ice"])

    def refresh(self) -> Counter[str]:
        """Bring links and findings up to date."""
        rebuild_links()
        return refresh_findings()


class RefreshTests(FindingTestCase):
    """What is written."""

    def test_finding_is_written_with_its_evidence_under_a_stable_id(self) -> None:
        self.assertEqual(self.refresh()["new"], 1)
        finding = Finding.objects.get()
        self.assertEqual(finding.uuid, record_id("finding", "sanctuary", self.police.uuid, self.law.slug))
        self.assertEqual((finding.agency, finding.law, finding.as_of), (self.police, self.law, DAY))
        self.assertEqual(finding.statements.count(), 1)

    def test_second_time_nothing_changes(self) -> None:
        self.refresh()
        before = Finding.objects.values().get()
        self.assertEqual(self.refresh(), Counter(same=1))
        self.assertEqual(Finding.objects.values().get(), before)

    def test_newer_document_changes_it_and_keeps_id_and_first_day(self) -> None:
        self.refresh()
        before = Finding.objects.get()
        lists(self.police, self.bodies["ice"], day=DAY + timedelta(3))
        self.assertEqual(self.refresh(), Counter(changed=1))
        after = Finding.objects.get()
        self.assertEqual((after.pk, after.uuid, after.noted_at), (before.pk, before.uuid, before.noted_at))
        self.assertEqual((after.as_of, after.statements.count()), (DAY + timedelta(3), 2))

    def test_it_goes_when_its_rule_no_longer_holds(self) -> None:
        self.refresh()
        lists(self.police, self.bodies["fbi"], day=DAY + timedelta(1))
        self.assertEqual(self.refresh(), Counter(gone=1))
        self.assertFalse(Finding.objects.exists())

    def test_it_goes_with_what_it_rests_on(self) -> None:
        self.refresh()
        Withdrawal.objects.create(capture=self.listed.capture, kind="error", reason="a test says so")
        self.assertEqual(self.refresh(), Counter(gone=1))

    def test_it_goes_with_its_law(self) -> None:
        self.refresh()
        self.law.delete()
        self.assertFalse(Finding.objects.exists())

    def test_merged_agency_gives_its_finding_to_its_successor(self) -> None:
        successor = make_agency("Union City Police")
        type(self.police).objects.filter(pk=self.police.pk).update(merged_into=successor)
        self.refresh()
        self.assertEqual(Finding.objects.get().agency, successor)

    def test_query_count_does_not_grow_with_the_record(self) -> None:
        self.refresh()
        with CaptureQueriesContext(connection) as first:
            refresh_findings()
        for number in range(10):
            lists(make_agency(f"Police Department {number}"), self.bodies["ice"], self.bodies["patrol"])
        rebuild_links()
        refresh_findings()
        with self.assertNumQueries(len(first)):
            self.assertEqual(refresh_findings(), Counter(same=11))

    def test_rules_have_names_of_their_own(self) -> None:
        self.assertEqual(len({rule.slug for rule in RULES}), len(RULES))


class StatusTests(FindingTestCase):
    """Open, answered, dismissed."""

    def setUp(self) -> None:
        self.refresh()
        self.finding = Finding.objects.get()

    def status(self) -> str:
        """Return where the finding stands."""
        return shown_findings().get().status

    def test_new_finding_is_open(self) -> None:
        self.assertEqual(self.status(), "open")

    def test_answer_by_the_agency_to_one_of_its_statements_answers_it(self) -> None:
        answer = make_answer(self.police, self.listed.grants.get())
        self.assertEqual(self.status(), "answered")
        Withdrawal.objects.create(statement=answer.statement, kind="error", reason="a test says so")
        self.assertEqual(self.status(), "open")

    def test_answer_by_another_agency_does_not(self) -> None:
        make_answer(make_agency("Fremont Police Department"), self.listed.grants.get())
        self.assertEqual(self.status(), "open")

    def test_answer_to_another_statement_does_not(self) -> None:
        make_answer(self.police, make_grant(self.police, make_agency("Fremont Police Department"), self.listed))
        self.assertEqual(self.status(), "open")

    def test_newest_decision_of_an_editor_is_in_force(self) -> None:
        make_answer(self.police, self.listed.grants.get())
        FindingDismissal.objects.create(finding_uuid=self.finding.uuid, reason="a name of another body")
        dismissed = shown_findings().get()
        self.assertEqual((dismissed.status, dismissed.dismissed_for), ("dismissed", "a name of another body"))
        FindingDismissal.objects.create(finding_uuid=self.finding.uuid, is_dismissed=False, reason="it is the same")
        self.assertEqual(self.status(), "answered")

    def test_dismissal_outlives_a_refresh(self) -> None:
        FindingDismissal.objects.create(finding_uuid=self.finding.uuid, reason="a test says so")
        self.refresh()
        self.assertEqual(self.status(), "dismissed")

    def test_findings_of_agencies_come_in_one_query_dismissed_ones_last(self) -> None:
        FindingDismissal.objects.create(finding_uuid=self.finding.uuid, reason="a test says so")
        make_law("or-law", in_force_from=DAY)
        self.refresh()
        other = make_agency("Fremont Police Department")
        with self.assertNumQueries(1):
            found = findings_of([self.police, other])
        self.assertEqual([one.status for one in found[self.police.pk]], ["open", "dismissed"])
        self.assertEqual(found[other.pk], [])
