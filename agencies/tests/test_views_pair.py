"""The evidence page of a pair."""

from datetime import date, timedelta

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from agencies.models import Agency, Withdrawal
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import (
    make_agency,
    make_answer,
    make_capture,
    make_grant,
    make_link,
    make_list,
    make_network,
    make_source,
)
from agencies.tests.graph_factories import make_bodies, own_list
from agencies.tests.pages import words


class PairTests(TestCase):
    """Union City giving Fremont access."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.other = make_agency("Fremont Police Department")
        cls.captured = make_list(make_capture(day=date(2026, 4, 23)))

    def text(self, grantor: Agency | None = None, grantee: Agency | None = None, status: int = 200) -> str:
        """Return the words of the pair's page."""
        slugs = [(grantor or self.police).slug, (grantee or self.other).slug]
        response = self.client.get(reverse("pair-detail", args=slugs))
        self.assertEqual(response.status_code, status)
        return words(response)

    def test_pair_nobody_states_is_unknown_and_not_found(self) -> None:
        text = self.text(status=404)
        self.assertIn("No document in the atlas says that Union City Police Department gives", text)
        self.assertIn("That is not a no.", text)

    def test_portal_statement_is_told_with_who_and_when(self) -> None:
        make_grant(self.police, self.other, self.captured)
        make_link(self.police, self.other, statement_count=1)
        text = self.text()
        self.assertIn(
            "On 23 April 2026, Union City Police Department's own Flock portal listed Fremont Police Department as "
            "getting access.",
            text,
        )
        self.assertIn("Being listed does not show that a search took place.", text)
        self.assertIn("As printed gives access: “Union City Police Department”; gets access: “Fremont Police", text)
        self.assertIn("Union City Police Department: by a person (a test says so)", text)
        self.assertIn("published by Union City Police Department", text)

    def test_statements_stand_newest_first(self) -> None:
        make_grant(self.police, self.other, make_list(make_capture(day=date(2024, 4, 26))))
        make_grant(self.police, self.other, self.captured)
        text = self.text().split("Every statement, newest first")[1]
        self.assertLess(text.index("On 23 April 2026"), text.index("On 26 April 2024"))

    def test_other_direction_is_named_apart_and_never_merged(self) -> None:
        make_grant(self.police, self.other, self.captured)
        make_link(self.other, self.police)
        text = self.text()
        self.assertIn("The other way round Fremont Police Department giving Union City Police Department access", text)
        self.assertIn("1 statement says so.", text)
        self.assertIn("No document in the atlas says that Fremont", self.text(self.other, self.police, 404))

    def test_inactive_account_is_not_access(self) -> None:
        make_grant(self.police, self.other, self.captured, account_status="inactive")
        make_link(self.police, self.other, status="inactive", inactive_as_of=date(2026, 4, 23))
        text = self.text()
        self.assertIn("listed as inactive as of 23 April 2026", text)
        self.assertIn("The account is marked inactive: this is not access.", text)

    def test_ended_link_is_told_with_its_date(self) -> None:
        make_grant(self.police, self.other, self.captured)
        make_link(self.police, self.other, status="ended", ended_as_of=date(2026, 4, 29))
        self.assertIn("no longer listed as of 29 April 2026", self.text())

    def test_denial_stands_beside_what_it_denies(self) -> None:
        grant = make_grant(self.police, self.other, self.captured)
        make_link(self.police, self.other, disputed_on=date(2019, 3, 19))
        make_answer(self.police, grant, capture=make_capture(make_source("news"), date(2019, 3, 19)))
        text = self.text()
        self.assertIn("Disputed (19 March 2019), see below.", text)
        self.assertIn(
            "Disputed Union City Police Department denies it (19 March 2019): The agency says that it operates no", text
        )
        self.assertIn("listed Fremont Police Department as getting access.", text)

    def test_withdrawn_answer_is_gone(self) -> None:
        grant = make_grant(self.police, self.other, self.captured)
        answer = make_answer(self.police, grant)
        Withdrawal.objects.create(statement=answer.statement, kind="error", reason="a test says so")
        self.assertNotIn("operates no plate cameras", self.text())

    def test_each_network_has_a_section(self) -> None:
        make_grant(self.police, self.other, self.captured)
        vigilant = make_list(make_capture(make_source("report", kind="foia")), network=make_network("vigilant"))
        make_grant(self.police, self.other, vigilant)
        text = self.text()
        self.assertIn("Flock: configured access", text)
        self.assertIn("Vigilant: configured access", text)
        self.assertIn("Records released by Union City Police Department, dated 23 April 2026, list", text)

    def test_grantees_portal_is_named_as_the_grantees(self) -> None:
        make_grant(self.police, self.other, make_list(make_capture(), reported_by="grantee", section="inbound"))
        self.assertIn(
            "Fremont Police Department's own Flock portal listed Union City Police Department as giving it access.",
            self.text(),
        )

    def test_merged_end_redirects_for_good(self) -> None:
        old = make_agency("UCPD", merged_into=self.police)
        make_grant(self.police, self.other, self.captured)
        response = self.client.get(reverse("pair-detail", args=[old.slug, self.other.slug]))
        target = reverse("pair-detail", args=[self.police.slug, self.other.slug])
        self.assertRedirects(response, target, status_code=301)

    def test_query_count_is_the_same_for_one_and_ten_statements(self) -> None:
        grant = make_grant(self.police, self.other, self.captured)
        make_answer(self.police, grant)
        url = reverse("pair-detail", args=[self.police.slug, self.other.slug])
        with CaptureQueriesContext(connection) as first:
            self.client.get(url)
        for number in range(10):
            grant = make_grant(self.police, self.other, make_list(make_capture(day=date(2025, 1, number + 1))))
            make_answer(self.police, grant)
        with self.assertNumQueries(len(first)):
            self.client.get(url)


class IfEndedTests(TestCase):
    """What the page says would change if the link ended."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.bodies = make_bodies()
        cls.police = make_agency()
        cls.others = [make_agency(f"{name} Police Department") for name in ("Alma", "Bell", "Cove", "Dale", "Eden")]
        day = timezone.localdate() - timedelta(30)
        own_list(cls.police, day, cls.bodies["patrol"], cls.others[0])
        for other in cls.others:
            own_list(other, day, cls.police)
        rebuild_links()

    def said(self, grantor: Agency, grantee: Agency) -> str:
        """Return the words of the pair's page."""
        return words(self.client.get(reverse("pair-detail", args=[grantor.slug, grantee.slug])))

    def test_rungs_that_would_be_others_are_told_and_the_rest_counted(self) -> None:
        said = self.said(self.police, self.bodies["patrol"])
        self.assertIn(
            "Union City Police Department (CA): the highest rung would be “No document found” in place of “CBP or "
            "Border Patrol stands on its list”.",
            said,
        )
        self.assertIn("Other agencies whose highest rung would be another: 1.", said)
        self.assertIn("a part of them that would go: 6.", said)
        self.assertIn("it says nothing of who searched.", said)

    def test_nothing_is_said_where_nothing_would_change(self) -> None:
        self.assertNotIn("If this link ended", self.said(self.police, self.others[0]))

    def test_nothing_is_said_of_a_link_that_ended(self) -> None:
        own_list(self.police, timezone.localdate(), self.others[0])
        rebuild_links()
        said = self.said(self.police, self.bodies["patrol"])
        self.assertIn("no longer listed", said)
        self.assertNotIn("If this link ended", said)
