"""Below every page: how to cite it, how to correct it, and under which licences it stands."""

from datetime import date

from django.test import TestCase, override_settings
from django.urls import reverse

from agencies.revision import record_revision
from agencies.tests.factories import make_agency, make_capture
from agencies.tests.pages import words


class CiteTests(TestCase):
    """A sentence to copy."""

    def test_sentence_holds_title_revision_date_and_address(self) -> None:
        make_capture(day=date(2026, 4, 23))
        police = make_agency()
        text = words(self.client.get(police.get_absolute_url()))
        self.assertIn(
            f"“Union City Police Department (CA)”, ALPR Sharing Atlas, record revision {record_revision():,},", text
        )
        self.assertIn(f"newest document of 23 April 2026, http://testserver{police.get_absolute_url()}, read on", text)

    def test_empty_record_names_no_newest_document(self) -> None:
        self.assertNotIn("newest document of", words(self.client.get(reverse("home"))))

    def test_filters_are_part_of_the_address_and_escaped(self) -> None:
        response = self.client.get(reverse("map"), {"state": "CA", "q": '"><script>alert(1)</script>'})
        self.assertIn("http://testserver/map/?state=CA", words(response))
        self.assertNotIn("<script>alert(1)", response.content.decode())

    @override_settings(DEBUG=False)
    def test_missing_page_is_not_to_be_cited(self) -> None:
        text = words(self.client.get("/no/such/page/"))
        self.assertNotIn("Cite this page", text)
        self.assertIn("Something wrong here?", text)


class ContactTests(TestCase):
    """How to tell us what is wrong."""

    @override_settings(CONTACT_EMAIL="corrections@example.org", CONTACT_URL="https://example.org/corrections")
    def test_address_and_page_are_named(self) -> None:
        response = self.client.get(reverse("about"))
        self.assertContains(
            response, "mailto:corrections@example.org?subject=Correction%3A%20http%3A%2F%2Ftestserver%2Fabout%2F"
        )
        text = words(response)
        self.assertIn("corrections@example.org, https://example.org/corrections.", text)
        self.assertIn("This page's address: http://testserver/about/", text)

    @override_settings(CONTACT_EMAIL="", CONTACT_URL="")
    def test_without_one_the_page_says_so(self) -> None:
        self.assertIn(
            "Whoever runs this copy of the atlas has not given an address for corrections yet.",
            words(self.client.get(reverse("about"))),
        )

    def test_false_host_name_is_not_repeated(self) -> None:
        response = self.client.get(reverse("about"), headers={"host": "evil.example"})
        self.assertEqual(response.status_code, 400)
        self.assertNotContains(response, "evil.example", status_code=400)
        self.assertIn("Something wrong here?", words(response))


class LicenceTests(TestCase):
    """One licence for the code, one for the data."""

    def test_footer_and_about_name_both(self) -> None:
        text = words(self.client.get(reverse("home")))
        self.assertIn("Code: MIT licence. Data: CC BY 4.0, credit “ALPR Sharing Atlas”", text)
        about = words(self.client.get(reverse("about")))
        self.assertIn("Creative Commons Attribution 4.0 International (CC BY 4.0)", about)
        self.assertIn("us-atlas, ISC licence.", about)
