"""The desk for laws and findings: a law is verified, a finding dismissed and opened again, each signed."""

from datetime import date

from django.contrib.auth.models import User
from django.test import TestCase
from django.urls import reverse

from agencies.findings.reading import shown_findings
from agencies.findings.rebuild import refresh_findings
from agencies.models import Finding, FindingDismissal, Law
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import make_agency
from agencies.tests.findings_factories import lists, make_federal_bodies, make_law


class DeskTestCase(TestCase):
    """An editor, a law, and an agency that lists ICE and an agency of another state."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.editor = User.objects.create_superuser("editor")
        cls.law = make_law(limits=["immigration", "out_of_state"])
        lists(make_agency(), make_federal_bodies()["ice"], make_agency("Reno Police Department", "NV"))
        rebuild_links()
        refresh_findings()

    def setUp(self) -> None:
        self.client.force_login(self.editor)


class LawDeskTests(DeskTestCase):
    """Verifying."""

    def verify(self, day: str) -> None:
        """Enter the day of the check."""
        url = reverse("admin:agencies_law_change", args=[self.law.pk])
        self.assertEqual(self.client.get(url).status_code, 200)
        self.assertEqual(self.client.post(url, {"verified_on": day, "title": "Another"}).status_code, 302)

    def test_check_is_signed_and_switches_its_rule_on(self) -> None:
        self.assertFalse(Finding.objects.filter(rule="state-limit").exists())
        self.verify("2026-05-01")
        law = Law.objects.get()
        self.assertEqual((law.verified_on, law.verified_by), (date(2026, 5, 1), "editor"))
        self.assertEqual(law.title, "California Values Act")
        self.assertTrue(Finding.objects.filter(rule="state-limit").exists())

    def test_check_is_taken_back_with_its_name(self) -> None:
        self.verify("2026-05-01")
        self.verify("")
        self.assertEqual((Law.objects.get().verified_on, Law.objects.get().verified_by), (None, ""))
        self.assertFalse(Finding.objects.filter(rule="state-limit").exists())

    def test_laws_are_neither_added_nor_deleted_here(self) -> None:
        self.assertEqual(self.client.get(reverse("admin:agencies_law_add")).status_code, 403)
        delete = reverse("admin:agencies_law_delete", args=[self.law.pk])
        self.assertEqual(self.client.get(delete).status_code, 403)


class FindingDeskTests(DeskTestCase):
    """Dismissing."""

    def decide(self, uuid: object, *, dismissed: bool, reason: str = "another body of that name") -> int:
        """Send the form and return the status."""
        asked = {"finding_uuid": str(uuid), "reason": reason, **({"is_dismissed": "on"} if dismissed else {})}
        return self.client.post(reverse("admin:agencies_findingdismissal_add"), asked).status_code

    def test_list_and_page_show_words_and_lead_to_the_form(self) -> None:
        finding = Finding.objects.get()
        response = self.client.get(reverse("admin:agencies_finding_changelist"))
        self.assertContains(response, f"finding_uuid={finding.uuid}&amp;is_dismissed=1")
        response = self.client.get(reverse("admin:agencies_finding_change", args=[finding.pk]))
        self.assertContains(response, "Being listed does not show that a search took place.")

    def test_form_comes_filled_in_and_opens_again_unticked(self) -> None:
        url = reverse("admin:agencies_findingdismissal_add")
        uuid = Finding.objects.get().uuid
        for asked, ticked in (("1", True), ("0", False)):
            form = self.client.get(url, {"finding_uuid": str(uuid), "is_dismissed": asked}).context["adminform"].form
            self.assertEqual((form.initial["is_dismissed"], form.initial["finding_uuid"]), (ticked, str(uuid)))

    def test_dismissal_and_its_undoing_are_signed_rows(self) -> None:
        uuid = Finding.objects.get().uuid
        self.assertEqual(self.decide(uuid, dismissed=True), 302)
        self.assertEqual(shown_findings().get().status, "dismissed")
        self.assertEqual(self.decide(uuid, dismissed=False), 302)
        self.assertEqual(shown_findings().get().status, "open")
        self.assertEqual([row.decided_by for row in FindingDismissal.objects.all()], [self.editor, self.editor])

    def test_decision_needs_a_reason_and_a_finding(self) -> None:
        self.assertEqual(self.decide(Finding.objects.get().uuid, dismissed=True, reason=""), 200)
        self.assertEqual(self.decide(self.law.uuid, dismissed=True), 200)
        self.assertFalse(FindingDismissal.objects.exists())
