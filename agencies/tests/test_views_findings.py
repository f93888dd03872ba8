"""The pages of findings: filters in the address, evidence, answers, dismissals, and what is gone."""

from datetime import timedelta
from typing import Any

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.findings.rebuild import refresh_findings
from agencies.models import Finding, FindingDismissal, Withdrawal
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import make_agency, make_answer
from agencies.tests.findings_factories import DAY, lists, make_federal_bodies, make_law
from agencies.tests.pages import words


class FindingsTestCase(TestCase):
    """Two agencies with a finding each: one on a law, one on a list that fell."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_federal_bodies()
        cls.law = make_law()
        cls.police = make_agency()
        cls.reno = make_agency("Reno Police Department", "NV")
        cls.listed = lists(cls.police, cls.bodies["ice"])
        others = [make_agency(f"Police Department {number}") for number in range(20)]
        lists(cls.reno, *others)
        lists(cls.reno, *others[:5], day=DAY + timedelta(2))
        rebuild_links()
        refresh_findings()

    def one(self, rule: str = "sanctuary") -> Finding:
        """Return the finding of a rule."""
        return Finding.objects.get(rule=rule)

    def page(self, code: int = 200, **asked: Any) -> str:
        """Return the words of the table with filters."""
        response = self.client.get(reverse("findings"), asked)
        self.assertEqual(response.status_code, code)
        return words(response)

    def detail(self, finding: Finding, status: int = 200) -> str:
        """Return the words of a finding's page."""
        response = self.client.get(finding.get_absolute_url())
        self.assertEqual(response.status_code, status)
        return words(response)


class TableTests(FindingsTestCase):
    """The table."""

    def test_newest_document_comes_first_with_weight_of_words_kept_low(self) -> None:
        text = self.page()
        self.assertLess(text.index("held 20 names on 23 April 2026"), text.index("listed U.S. Immigration"))
        self.assertIn("law not verified", text)
        self.assertIn("Being listed does not show that a search took place.", text)
        self.assertIn("never says that anybody broke a law", text)

    def test_rules_are_counted_with_those_on_unverified_law_apart(self) -> None:
        text = self.page()
        self.assertIn("Law of the place limits help to immigration enforcement, ICE or Border Patrol listed 1 1", text)
        self.assertIn("A list shrank by more than a third 1 0", text)
        self.assertIn("Reads kept longer than a law's limit 0 0", text)

    def test_each_filter_keeps_its_own(self) -> None:
        FindingDismissal.objects.create(finding_uuid=self.one("list-fall").uuid, reason="a test says so")
        cases: list[tuple[dict[str, Any], str]] = [
            ({"rule": "sanctuary"}, "Union City"),
            ({"rule": "list-fall"}, "Reno"),
            ({"state": "CA"}, "Union City"),
            ({"severity": "low"}, "Reno"),
            ({"status": "dismissed"}, "Reno"),
            ({"status": "open"}, "Union City"),
            ({"law": "no"}, "Union City"),
            ({"law": "none"}, "Reno"),
            ({"state": "CA", "rule": "list-fall"}, ""),
            ({"law": "yes"}, ""),
            ({"rule": "retention"}, ""),
        ]
        for asked, shown in cases:
            with self.subTest(asked=asked):
                text = self.page(**asked)
                for name in ("Union City", "Reno"):
                    self.assertEqual(f"{name} Police Department" in text, name == shown)
                self.assertEqual("No finding fits." in text, not shown)

    def test_filter_that_is_none_of_its_choices_is_refused(self) -> None:
        for asked in ({"rule": "x"}, {"state": "ZZ"}, {"severity": "1"}, {"status": "done"}, {"law": "maybe"}):
            with self.subTest(asked=asked):
                text = self.page(400, **asked)
                self.assertIn("is not one of the available choices", text)
                self.assertNotIn("Reno Police Department", text)

    def test_odd_page_numbers_give_a_page(self) -> None:
        for page in ("0", "-1", "999", "x"):
            self.assertIn("Findings 1 to 2 of 2", self.page(page=page))

    def test_dismissed_finding_is_shown_with_its_reason(self) -> None:
        FindingDismissal.objects.create(finding_uuid=self.one().uuid, reason="another body of that name")
        self.assertIn("Dismissed by an editor: another body of that name", self.page())

    def test_query_count_is_the_same_for_few_and_many(self) -> None:
        with CaptureQueriesContext(connection) as first:
            self.page()
        for number in range(10):
            lists(make_agency(f"More Police {number}"), self.bodies["ice"])
        rebuild_links()
        refresh_findings()
        with self.assertNumQueries(len(first)):
            self.page()

    def test_only_reading_is_allowed(self) -> None:
        self.assertEqual(self.client.post(reverse("findings")).status_code, 405)


class DetailTests(FindingsTestCase):
    """One finding."""

    def test_words_law_and_evidence_stand_together(self) -> None:
        text = self.detail(self.one())
        self.assertIn("listed U.S. Immigration and Customs Enforcement as getting access. This may conflict", text)
        self.assertIn("Not verified: nobody has held the atlas's entry on this law", text)
        self.assertIn("Citation Gov. Code § 7284", text)
        self.assertIn("Portal flock-portal-union-city-police-department-ca, 23 April 2026", text)
        self.assertIn("By the rule “sanctuary”, version 1", text)

    def test_lists_are_evidence_too(self) -> None:
        text = self.detail(self.one("list-fall"))
        self.assertIn("on Flock as of 25 April 2026", text)
        self.assertIn("on Flock as of 23 April 2026", text)
        self.assertNotIn("The law's own page", text)

    def test_answer_stands_beside_it(self) -> None:
        make_answer(self.police, self.listed.grants.get())
        text = self.detail(self.one())
        self.assertIn("answered by the agency", text)
        self.assertIn("Disputed Union City Police Department denies it (23 April 2026): The agency says that it", text)

    def test_dismissal_stands_with_its_reason(self) -> None:
        FindingDismissal.objects.create(finding_uuid=self.one().uuid, reason="another body of that name")
        self.assertIn("Dismissed by an editor another body of that name", self.detail(self.one()))

    def test_unknown_id_is_not_found(self) -> None:
        finding = self.one()
        finding.uuid = self.law.uuid
        self.detail(finding, 404)

    def test_dismissed_finding_that_went_is_gone(self) -> None:
        finding = self.one()
        FindingDismissal.objects.create(finding_uuid=finding.uuid, reason="a test says so")
        Finding.objects.all().delete()
        self.assertIn("This finding no longer holds", self.detail(finding, 410))

    def test_finding_without_standing_evidence_is_gone_at_once(self) -> None:
        Withdrawal.objects.create(capture=self.listed.capture, kind="taken_down", reason="a court says so")
        text = self.detail(self.one(), 410)
        self.assertNotIn("U.S. Immigration and Customs Enforcement", text)

    def test_query_count_is_the_same_for_one_and_ten_statements(self) -> None:
        make_answer(self.police, self.listed.grants.get())
        url = self.one().get_absolute_url()
        with CaptureQueriesContext(connection) as first:
            self.client.get(url)
        for number in range(10):
            copy = lists(self.police, self.bodies["ice"], day=DAY + timedelta(number + 1))
            make_answer(self.police, copy.grants.get())
        rebuild_links()
        refresh_findings()
        with self.assertNumQueries(len(first)):
            self.client.get(url)


class WithdrawnTests(FindingsTestCase):
    """A finding whose evidence was withdrawn before the next refresh."""

    def test_table_leaves_it_out(self) -> None:
        Withdrawal.objects.create(capture=self.listed.capture, kind="taken_down", reason="a court says so")
        text = self.page(rule="sanctuary")
        self.assertIn("No finding fits.", text)
        self.assertIn("ICE or Border Patrol listed 0 0", text)
