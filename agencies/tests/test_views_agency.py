"""The agency page and its two full tables."""

from datetime import date

from django.db import connection
from django.test import TestCase
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from agencies.models import Agency, SharingList, SharingStatement
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_answer,
    make_capture,
    make_decision,
    make_fact,
    make_grant,
    make_link,
    make_list,
    make_source,
    make_statement,
)
from agencies.tests.pages import words


def list_name(grantor: Agency, printed: str, on: SharingList, outcome: str = "", status: str = "active") -> None:
    """State that the grantor's list holds a printed name, which a decision may call a person's or nobody's."""
    alias = make_alias(printed)
    if outcome:
        make_decision(alias, outcome)
    SharingStatement.objects.create(
        statement=make_statement("sharing", on.capture, printed=printed),
        sharing_list=on,
        grantor_alias=make_alias(grantor.name, grantor),
        grantee_alias=alias,
        account_status=status,
    )


class AgencyPageTests(TestCase):
    """One agency."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        cls.other = make_agency("Fremont Police Department")
        cls.source = make_source(agency_alias=make_alias("Union City CA PD", cls.police))

    def captured(self, completeness: str = "complete") -> SharingList:
        """Return a list of the agency's own portal of 23 April 2026."""
        return make_list(make_capture(self.source, date(2026, 4, 23)), completeness=completeness)

    def text(self, agency: Agency | None = None) -> str:
        """Return the words of the agency's page."""
        return words(self.client.get((agency or self.police).get_absolute_url()))

    def test_unknown_is_never_a_no(self) -> None:
        text = self.text()
        self.assertIn("Not researched: no document in the atlas says whom Union City Police Department gives", text)
        self.assertIn("That is not a no.", text)
        self.assertIn("Most agencies are not researched yet, so this is not a no.", text)
        self.assertNotIn("does not share", text)

    def test_first_sentence_counts_its_own_newest_list(self) -> None:
        make_grant(self.police, self.other, make_list(make_capture(self.source, date(2026, 3, 27))))
        newest = self.captured()
        make_grant(self.police, self.other, newest)
        list_name(self.police, "Somewhere TX PD", newest)
        text = self.text()
        self.assertIn(
            "As of 23 April 2026, Union City Police Department's own Flock portal lists 2 organizations that get "
            "access to its plate reads.",
            text,
        )
        self.assertIn("Matched to an agency: 1. Listed by name, not yet matched to an agency: 1.", text)

    def test_absent_section_is_not_a_no(self) -> None:
        self.captured("absent")
        self.assertIn("has no section that says who gets access to its plate reads.", self.text())

    def test_explicit_none_is_told_as_said(self) -> None:
        self.captured("none")
        self.assertIn("own Flock portal says that nobody gets access to its plate reads.", self.text())

    def test_extract_of_its_own_list_is_called_one(self) -> None:
        make_grant(self.police, self.other, self.captured("extract"))
        self.assertIn(
            "The atlas holds an extract of Union City Police Department's own Flock portal as of 23 April 2026; "
            "organizations listed in it as getting access to its plate reads: 1.",
            self.text(),
        )

    def test_older_complete_list_goes_before_a_newer_extract(self) -> None:
        make_grant(self.police, self.other, make_list(make_capture(self.source, date(2026, 3, 27))))
        self.captured("extract")
        self.assertIn("As of 27 March 2026, Union City Police Department's own Flock portal lists 1", self.text())

    def test_lists_of_others_are_told_as_theirs(self) -> None:
        make_link(self.police, self.other, reported_by="grantee")
        self.assertIn(
            "No list of its own is in the atlas. Documents of others, the newest dated 23 April 2026, name Union City "
            "Police Department as giving access to 1 agency. Evidence",
            self.text(),
        )

    def test_others_inactive_entry_is_not_told_as_access(self) -> None:
        make_link(self.police, self.other, status="inactive", inactive_as_of=date(2026, 4, 23))
        text = self.text()
        self.assertIn("none of the newest lists an active account that gets access from it", text)
        self.assertNotIn("as giving access to", text)

    def test_hot_list_is_not_counted_as_access(self) -> None:
        make_link(self.police, self.other, access="hotlist_feed")
        text = self.text()
        self.assertIn("Listed when last seen: 0. Links of other kinds, such as hot lists: 1.", text)
        self.assertIn("Flock, hotlist feed", text)

    def test_unmatched_name_is_shown_as_printed_unlinked_and_counted(self) -> None:
        list_name(self.police, "Somewhere TX PD (LPR)", self.captured())
        response = self.client.get(self.police.get_absolute_url())
        self.assertContains(response, '<span class="printed">Somewhere TX PD (LPR)</span>', html=True)
        self.assertIn("Listed by name, not yet matched to an agency: 1", words(response))

    def test_printed_text_is_escaped(self) -> None:
        list_name(self.police, "<script>alert(1)</script>", self.captured())
        self.assertNotContains(self.client.get(self.police.get_absolute_url()), "<script>")

    def test_persons_name_is_withheld_and_counted(self) -> None:
        list_name(self.police, "Jane Q. Sample", self.captured(), outcome="person")
        text = self.text()
        self.assertNotIn("Jane Q. Sample", text)
        self.assertIn("Persons' names, withheld: 1.", text)
        self.assertIn("1 more name is a person's and is withheld.", text)
        self.assertIn("lists 0 organizations", text)

    def test_inactive_account_is_not_counted_as_access(self) -> None:
        list_name(self.police, "Tulare CA PD [Inactive]", self.captured(), status="inactive")
        text = self.text()
        self.assertIn("lists 0 organizations", text)
        self.assertIn("Marked inactive, and so not counted as access: 1.", text)

    def test_status_is_told_with_its_date(self) -> None:
        make_link(self.police, self.other, status="ended", ended_as_of=date(2026, 4, 23))
        make_link(self.police, make_agency("Newark Police Department"), disputed_on=date(2019, 3, 19))
        text = self.text()
        self.assertIn("no longer listed as of 23 April 2026", text)
        self.assertIn("listed on 23 April 2026 disputed (19 March 2019)", text)
        self.assertIn("Listed when last seen: 1. No longer listed: 1.", text)

    def test_agency_that_only_gets_access_is_told_so_at_the_top(self) -> None:
        ice = make_agency("U.S. Immigration and Customs Enforcement", "", kind="federal")
        make_link(self.police, ice, first_seen=date(2019, 3, 13), last_seen=date(2019, 3, 13))
        top = self.text(ice).split("Who is listed as getting access")[0]
        self.assertIn("1 agency is listed as giving it access, as of 13 March 2019 or earlier.", top)
        self.assertNotIn("ICE and other federal agencies", top)

    def test_directions_are_not_mixed(self) -> None:
        make_link(self.other, self.police)
        text = self.text()
        self.assertIn("Not researched: no document in the atlas says whom Union City Police Department gives", text)
        receipts = text.split("Who is listed as giving it access")[1]
        self.assertIn("Fremont Police Department", receipts)

    def test_facts_show_value_state_date_and_source(self) -> None:
        make_fact(self.police, "retention_days", 30, make_capture(self.source, date(2026, 4, 23)))
        make_fact(self.police, "searches_30d", None, knowledge="not_published")
        text = self.text()
        self.assertIn("data retention (days) 30 known Flock 23 April 2026 source", text)
        self.assertIn("searches in 30 days – not published by the agency", text)
        self.assertIn("Not researched: cameras;", text)

    def test_answer_is_shown_with_its_date(self) -> None:
        grant = make_grant(self.police, self.other)
        make_answer(self.police, grant, capture=make_capture(make_source("news"), date(2019, 3, 19)))
        self.assertIn("19 March 2019: The agency says that it operates no plate cameras.", self.text())

    def test_posts_of_a_state_police_are_counted_and_not_listed(self) -> None:
        patrol = make_agency("California Highway Patrol", kind="state_police")
        make_agency("Area 12", kind="state_police", parent=patrol)
        text = self.text(patrol)
        self.assertIn("Posts and troops 1, not listed here", text)
        self.assertNotIn("Area 12", text)

    def test_merged_agency_redirects_for_good(self) -> None:
        old = make_agency("Union City PD", merged_into=self.police)
        response = self.client.get(old.get_absolute_url())
        self.assertRedirects(response, self.police.get_absolute_url(), status_code=301)
        response = self.client.get(reverse("agency-grants", args=[old.slug]))
        self.assertRedirects(response, reverse("agency-grants", args=[self.police.slug]), status_code=301)

    def test_unknown_slug_is_not_found(self) -> None:
        self.assertEqual(self.client.get("/agencies/nobody/").status_code, 404)

    def test_forbidden_words_are_absent(self) -> None:
        make_link(self.police, self.other)
        text = self.text().lower()
        for word in ("illegal", "lied", "hands over", " since "):
            self.assertNotIn(word, text)

    def test_query_count_is_the_same_for_one_and_ten_links(self) -> None:
        captured = self.captured()

        def link(name: str) -> None:
            far = make_agency(name, kind="federal")
            make_grant(self.police, far, captured)
            make_link(self.police, far)
            make_link(far, self.police)
            list_name(self.police, f"{name}, printed", captured)

        link("Agency A")
        for name in ("agency-detail", "agency-grants", "agency-receipts"):
            with CaptureQueriesContext(connection) as first:
                self.client.get(reverse(name, args=[self.police.slug]))
            for number in range(10):
                link(f"{name} {number}")
            with self.subTest(name), self.assertNumQueries(len(first)):
                self.client.get(reverse(name, args=[self.police.slug]))


class LinkTableTests(TestCase):
    """The full tables: filters, order and pages."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.police = make_agency()
        for name, state in (("Zebra Police", "CA"), ("Alpha Police", "NV"), ("Middle Sheriff", "AZ")):
            make_link(cls.police, make_agency(name, state, search_key=name.lower()))
        ended = make_agency("Ended Police", "TX", search_key="ended police")
        make_link(cls.police, ended, status="ended", ended_as_of=date(2026, 4, 1), last_seen=date(2026, 3, 1))
        cls.url = reverse("agency-grants", args=[cls.police.slug])

    def names(self, **asked: str) -> list[str]:
        """Return the names in the table's rows."""
        page = self.client.get(self.url, asked).context["page"]
        return [link.grantee.name for link in page]

    def test_rows_are_in_the_order_asked_for(self) -> None:
        self.assertEqual(self.names(), ["Alpha Police", "Ended Police", "Middle Sheriff", "Zebra Police"])
        self.assertEqual(self.names(sort="state")[0], "Middle Sheriff")
        self.assertEqual(self.names(sort="last-seen")[-1], "Ended Police")

    def test_rows_are_filtered(self) -> None:
        self.assertEqual(self.names(q="SHERIFF"), ["Middle Sheriff"])
        self.assertEqual(self.names(state="NV"), ["Alpha Police"])
        self.assertEqual(self.names(status="ended"), ["Ended Police"])
        self.assertEqual(self.names(status="disputed"), [])
        self.assertEqual(len(self.names(network="flock")), 4)

    def test_value_that_is_no_choice_is_told(self) -> None:
        response = self.client.get(self.url, {"state": "QQ"})
        self.assertIn("Select a valid choice", words(response))

    def test_page_out_of_range_shows_the_last(self) -> None:
        self.assertEqual(len(self.names(page="99")), 4)

    def test_pages_keep_the_filters(self) -> None:
        for number in range(101):
            make_link(self.police, make_agency(f"Many {number:03}"))
        self.assertContains(self.client.get(self.url, {"sort": "state"}), "?sort=state&amp;page=2")
