"""What findings say: never more than their evidence, always who and when, and whether a law was verified."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test import SimpleTestCase, TestCase

from agencies.findings import wording
from agencies.findings.rebuild import refresh_findings
from agencies.findings.rules import RULES
from agencies.models import Finding, Law
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import make_agency, make_capture, make_fact, make_grant, make_list, make_source
from agencies.tests.findings_factories import DAY, lists, make_copy, make_federal_bodies, make_law, receives

FORBIDDEN = re.compile(
    r"illegal|unlawful|violat|\blie[sd]?\b|lying|hands? over|shares? with ICE|secret|guilty|crime|criminal|admit|"
    r"\bproves?\b|caught|breaks?\b|broke|accuse|fail|refus|spy|track|despite|contrary|sold|sells",
    re.IGNORECASE,
)
"""Words that say more than a document does."""


def record_with_every_finding() -> None:
    """Create a record in which every rule finds something."""
    bodies = make_federal_bodies()
    police, fremont = make_agency(), make_agency("Fremont Police Department")
    reno = make_agency("Reno Police Department", "NV")
    make_law()
    make_law("limit", kind="alpr_statute", limits=["retention"], retention_days=30, title="Law on keeping reads")
    checked: dict[str, Any] = {"verified_on": date(2026, 5, 1), "verified_by": "An editor"}
    make_law("sb-34", kind="alpr_statute", limits=["out_of_state", "federal"], title="SB 34", **checked)
    copy = make_copy(police)
    make_fact(police, "prohibited_uses", ["immigration_enforcement"], copy)
    make_fact(police, "retention_days", 365, copy)
    others = [make_agency(f"Police Department {number}") for number in range(20)]
    lists(police, *others, day=DAY - timedelta(7))
    lists(police, reno, bodies["newark"], bodies["sector"])
    lists(fremont, police, account_status="deactivated")
    lists(others[0], police)
    receives(police, fremont)
    release = make_list(
        make_capture(make_source("aclu", kind="press_release", publisher="ACLU"), date(2019, 3, 13)),
        section="ice-access-2019",
        completeness="extract",
    )
    make_grant(fremont, bodies["ice"], release)
    rebuild_links()
    refresh_findings()


class WordingTests(TestCase):
    """The words of a record in which every rule finds something."""

    @classmethod
    def setUpTestData(cls) -> None:
        record_with_every_finding()
        found = Finding.objects.select_related("agency", "network", "law__place")
        cls.told = {finding.pk: " ".join(wording.words(finding)) for finding in found}
        cls.found = list(found)

    def one(self, rule: str, agency: str = "union-city-police-department-ca") -> str:
        """Return the words of an agency's one finding by a rule."""
        (finding,) = [one for one in self.found if one.rule == rule and one.agency.slug == agency]
        return self.told[finding.pk]

    def test_every_rule_finds_something_here(self) -> None:
        self.assertEqual({finding.rule for finding in self.found}, {rule.slug for rule in RULES})

    def test_no_finding_says_more_than_its_evidence(self) -> None:
        for told in [*self.told.values(), *map(str, wording.TITLES.values()), *map(str, wording.LIMITS.values())]:
            with self.subTest(told=told):
                self.assertNotRegex(told, FORBIDDEN)

    def test_every_finding_names_the_agency_the_day_and_that_it_is_not_today(self) -> None:
        for finding in self.found:
            with self.subTest(rule=finding.rule):
                told = self.told[finding.pk]
                self.assertIn(finding.agency.name, told)
                self.assertIn(wording.day(finding.as_of), told)
                self.assertIn("not of today.", told)

    def test_every_finding_on_access_says_that_no_search_is_shown(self) -> None:
        for rule in ("prohibited-use", "sanctuary", "state-limit"):
            self.assertIn("Being listed does not show that a search took place.", self.one(rule))

    def test_law_may_conflict_and_says_whether_it_was_verified(self) -> None:
        for finding in self.found:
            told = self.told[finding.pk]
            with self.subTest(rule=finding.rule):
                self.assertEqual("This may conflict with a law of" in told, finding.law is not None)
                unverified = finding.law is not None and not finding.law.is_verified
                self.assertEqual("Not verified: nobody has held" in told, unverified)
        self.assertIn("Held against the law's own text on 1 May 2026 by An editor.", self.one("state-limit"))

    def test_prohibited_use(self) -> None:
        self.assertTrue(
            self.one("prohibited-use").startswith(
                "On 23 April 2026, Union City Police Department's own Flock portal named immigration enforcement among "
                "the uses it prohibits. On 23 April 2026, Union City Police Department's own Flock portal listed ICE "
                "Homeland Security Investigations, Newark as getting access. On 23 April 2026, Union City Police "
                "Department's own Flock portal listed U.S. Border Patrol, San Diego Sector as getting access. The two "
                "may not fit together."
            )
        )

    def test_release_of_2019_is_named_with_who_reports_it(self) -> None:
        told = self.one("sanctuary", "fremont-police-department-ca")
        self.assertTrue(
            told.startswith(
                "Records of ICE released in March 2019, as reported by ACLU on 13 March 2019, name Fremont Police "
                "Department as giving U.S. Immigration and Customs Enforcement access. This may conflict with a law of "
                "California, in force from 1 January 2018, which limits use for immigration enforcement: California "
                "Values Act, Gov. Code § 7284."
            ),
            told,
        )

    def test_state_limit_counts_by_sort_and_names_the_first(self) -> None:
        self.assertIn(
            "list these as getting access to plate reads of Union City Police Department: agencies of other states, 1; "
            "federal agencies, 2. On its own lists stand 3 of them; only documents of others list 0. Among them: ICE "
            "Homeland Security Investigations, Newark, U.S. Border Patrol, San Diego Sector, Reno Police Department.",
            self.one("state-limit"),
        )

    def test_retention(self) -> None:
        self.assertIn(
            "Union City Police Department, dated 23 April 2026, says that Union City Police Department keeps plate "
            "reads for 365 days. The law's limit, as the atlas has it, is 30 days.",
            self.one("retention"),
        )

    def test_gap_says_out_of_how_many_and_how_far_apart(self) -> None:
        self.assertIn(
            "Agencies whose own lists of about that time name it as getting access: 1. Missing among them on its own "
            "list: 1. Days between two lists, at most: 0. Names on that list whose agency is not known yet, and which "
            "could be among them: 0.",
            self.one("inbound-gap"),
        )

    def test_mark_is_told_with_who_marks_and_who_does_not(self) -> None:
        told = self.one("inactive-portal")
        self.assertIn("Fremont Police Department listed the account of Union City Police Department as marked", told)
        self.assertIn("that mark the account: 1; that name it without a mark: 1.", told)

    def test_fall(self) -> None:
        self.assertIn("held 20 names on 16 April 2026 and 3 on 23 April 2026.", self.one("list-fall"))


class DocumentedTests(SimpleTestCase):
    """The document that repeats the words."""

    def test_every_template_stands_in_the_document_word_for_word(self) -> None:
        text = (Path(settings.BASE_DIR) / "docs" / "findings.md").read_text(encoding="utf-8")
        text = " ".join(text.replace("\n>", " ").split())
        source = Path(wording.__file__).read_text(encoding="utf-8")
        for rule in RULES:
            self.assertIn(f"`{rule.slug}`, version {rule.version}", text)
            self.assertIn(str(wording.TITLES[rule.slug]), text)
            self.assertIn(str(wording.LIMITS[rule.slug]), text)
        templates = [
            "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', call))
            for call in re.findall(r'_\(\s*((?:"(?:[^"\\]|\\.)*"\s*)+)\)', source)
        ]
        self.assertGreater(len(templates), 15)
        for template in templates:
            self.assertIn(template, text)

    def test_less_than_a_day_is_told_in_minutes(self) -> None:
        self.assertEqual(wording.days_words(0.0021), "3 minutes")
        self.assertEqual(wording.days_words(1), "1 day")
        self.assertEqual(wording.days_words(1095), "1,095 days")

    def test_every_limit_has_words(self) -> None:
        law = Law(limits=Law.Limit.values)
        self.assertIn(" and ", wording.limits_words(law))
