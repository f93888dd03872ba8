"""The capture page."""

from datetime import date

from django.contrib.auth.models import User
from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext

from agencies.models import Capture, KeptFile, RemovedBytes, SharingStatement, Withdrawal, WithdrawalLift
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_answer,
    make_capture,
    make_decision,
    make_fact,
    make_grant,
    make_list,
    make_source,
)
from agencies.tests.pages import words


class CaptureTests(TestCase):
    """One dated copy."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.other = make_agency("Fremont Police Department")
        source = make_source(agency_alias=make_alias("Union City CA PD", cls.police), licence="MIT", credit="The Paper")
        cls.capture = make_capture(
            source,
            date(2026, 4, 23),
            sha256="ab" * 32,
            compiled_by="A Reader",
            archive_url="https://archive.example/1",
            kept_text="Organizations <b>granted</b> access",
        )
        cls.captured = make_list(cls.capture)

    def test_document_is_described(self) -> None:
        response = self.client.get(self.capture.get_absolute_url())
        text = words(response)
        self.assertIn("what it said as of 23 April 2026.", text)
        self.assertIn("It is the own publication of Union City Police Department (CA).", text)
        for part in ("ab" * 32, "A Reader", "not kept here", "MIT", "The Paper", self.capture.url):
            self.assertIn(part, text)
        link = f'<a class="address" rel="noopener nofollow" href="{self.capture.url}">{self.capture.url}</a>'
        self.assertContains(response, link, html=True)

    def test_removed_bytes_are_called_removed_with_day_and_reason_where_those_are_known(self) -> None:
        Capture.objects.update(bytes_kept="original")
        self.assertIn("Bytes as received", words(self.client.get(self.capture.get_absolute_url())))
        Capture.objects.update(bytes_kept="removed")
        text = words(self.client.get(self.capture.get_absolute_url()))
        self.assertIn("Bytes removed: no longer kept here", text)
        self.assertNotIn("as received", text)
        file = KeptFile.objects.create(
            sha256="ab" * 32, stored_sha256="ab" * 32, stored_name="ab", size=1, media_type="text/csv", is_reduced=False
        )
        user = User.objects.create_user("operator")
        removal = RemovedBytes.objects.create(kept_file=file, reason="Names <b>drivers</b>", removed_by=user)
        response = self.client.get(self.capture.get_absolute_url())
        self.assertIn(f"no longer kept here ({removal.removed_at:%-d %B %Y}: Names", words(response))
        self.assertContains(response, "Names &lt;b&gt;drivers&lt;/b&gt;")
        self.assertNotContains(response, "operator")

    def test_kept_text_is_escaped(self) -> None:
        response = self.client.get(self.capture.get_absolute_url())
        self.assertContains(response, "Organizations &lt;b&gt;granted&lt;/b&gt; access")

    def test_names_are_shown_as_printed_and_persons_withheld(self) -> None:
        make_grant(self.police, self.other, self.captured)
        person = make_grant(self.police, make_agency("Jane Q. Sample"), self.captured)
        make_decision(person.grantee_alias, "person")
        text = words(self.client.get(self.capture.get_absolute_url()))
        self.assertIn("Union City Police Department Fremont Police Department no mark", text)
        self.assertIn("a person's name, withheld", text)
        self.assertNotIn("Jane Q. Sample", text)

    def test_list_tells_how_complete_it_is(self) -> None:
        make_grant(self.police, self.other, self.captured)
        text = words(self.client.get(self.capture.get_absolute_url()))
        self.assertIn("organizations-with-access: non-empty list, 1 name", text)

    def test_facts_and_answers_are_listed(self) -> None:
        make_fact(self.police, "cameras", 29, self.capture)
        make_answer(self.police, make_grant(self.police, self.other), capture=self.capture)
        text = words(self.client.get(self.capture.get_absolute_url()))
        self.assertIn("cameras 29 known", text)
        self.assertIn("Union City Police Department : The agency says that it operates no plate cameras.", text)

    def test_taken_down_capture_is_gone_with_its_reason(self) -> None:
        Withdrawal.objects.create(capture=self.capture, kind="taken_down", reason="It named a private person.")
        response = self.client.get(self.capture.get_absolute_url())
        self.assertEqual(response.status_code, 410)
        self.assertContains(response, "It named a private person.", status_code=410)
        self.assertNotContains(response, self.capture.source.title, status_code=410)

    def test_capture_withdrawn_as_an_error_says_what_it_was(self) -> None:
        withdrawal = Withdrawal.objects.create(capture=self.capture, kind="error", reason="Wrong file.")
        response = self.client.get(self.capture.get_absolute_url())
        self.assertContains(response, self.capture.source.title, status_code=410)
        WithdrawalLift.objects.create(withdrawal=withdrawal, reason="It was right.")
        self.assertEqual(self.client.get(self.capture.get_absolute_url()).status_code, 200)

    def test_withdrawn_statement_is_not_shown_but_counted(self) -> None:
        grant = make_grant(self.police, self.other, self.captured)
        Withdrawal.objects.create(statement=grant.statement, kind="taken_down", reason="a test says so")
        text = words(self.client.get(self.capture.get_absolute_url()))
        self.assertIn("1 statement read in it was withdrawn and is not shown.", text)
        self.assertNotIn("Fremont Police Department", text)

    def test_long_list_is_paged(self) -> None:
        grants = [make_grant(self.police, make_agency(f"Agency {number}"), self.captured) for number in range(101)]
        self.assertEqual(SharingStatement.objects.count(), len(grants))
        response = self.client.get(self.capture.get_absolute_url(), {"page": 2})
        self.assertIn("Lines 101 to 101 of 101", words(response))

    def test_query_count_is_the_same_for_one_and_ten_names(self) -> None:
        make_grant(self.police, self.other, self.captured)
        make_fact(self.police, "cameras", 29, self.capture)
        self.assert_constant(self.capture)

    def assert_constant(self, capture: Capture) -> None:
        """Check that ten more names and facts cost no more queries."""
        with CaptureQueriesContext(connection) as first:
            self.client.get(capture.get_absolute_url())
        for number in range(10):
            make_grant(self.police, make_agency(f"Agency {number}"), self.captured)
            make_fact(make_agency(f"Fact {number}"), "cameras", number, capture)
        with self.assertNumQueries(len(first)):
            self.client.get(capture.get_absolute_url())
