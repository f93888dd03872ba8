"""What portals declare about sharing, and that every heading of the real ones is read or left for a reason."""

import unittest
from collections import Counter, defaultdict
from typing import cast

from agencies.ingest import flock_portal
from agencies.ingest.flock_portal_fields import Item
from agencies.ingest.flock_portal_headings import IGNORED, unknown_headings
from agencies.ingest.flock_portal_policy import declared
from agencies.tests.portal_factories import portal_page
from agencies.tests.portal_reading import NO_PORTALS, PORTALS, real

ACCESS = "Organizations granted access to Testville CA PD data"


def said(text: str, heading: str = "Sharing") -> tuple[str, ...]:
    """Return the categories that a text under a heading declares."""
    return declared("", [Item(heading, text)], []).categories


class CategoryTests(unittest.TestCase):
    def test_refusals_are_read_with_what_they_refuse(self) -> None:
        self.assertEqual(said("We do not share our data with any federal agencies."), ("federal_not_shared",))
        self.assertEqual(
            said("The department does not share information with out-of-state agencies or federal agencies."),
            ("out_of_state_not_shared", "federal_not_shared"),
        )
        self.assertEqual(said("We will not sell data to private companies."), ("private_not_shared",))

    def test_nothing_is_declared_by_silence_by_permission_or_with_an_exception(self) -> None:
        for text in (
            "",
            "Data is never sold to 3rd parties.",
            "We share with federal agencies.",
            "We work with federal agencies. We do not share hotlists.",
            "We will not share data with federal agencies without a warrant.",
            "We do not share with federal agencies, except task forces.",
            "Except as required by law, we do not share data with federal agencies.",
            "Immigration enforcement is prohibited.",
        ):
            with self.subTest(text):
                self.assertEqual(said(text), ())

    def test_only_known_headings_are_read_so_that_a_story_declares_nothing(self) -> None:
        text = "We do not share our data with any federal agencies."
        self.assertEqual(said(text, "Recent Success Story"), ())
        self.assertEqual(said(text, "Data Sharing Rules"), ("federal_not_shared",))

    def test_searches_for_others_are_not_sharing(self) -> None:
        text = "Searches for out-of-state or federal agencies per Senate Bill 34. Personal use."
        self.assertEqual(
            said(text, "Prohibited Uses"), ("out_of_state_searches_prohibited", "federal_searches_prohibited")
        )

    def test_a_declaration_is_a_fact_with_its_headings_and_its_words_in_the_kept_text(self) -> None:
        data = portal_page((ACCESS, ""), ("Sharing", "Only shared with law enforcement agencies."))
        overview = (
            b'<div id="overview"><p>A draft version. We do not share with federal agencies. Other words.</p></div>'
        )
        document = flock_portal.parse(data.replace(b"</body>", overview + b"</body>"), file="f", slug="x")
        fact = next(fact for fact in document.facts if fact.field == "sharing_policy")
        self.assertEqual(fact.value, ["law_enforcement_only", "federal_not_shared"])
        self.assertEqual(fact.locator, "Overview; Sharing; the overview calls this page a draft version")
        self.assertIn("Overview\nA draft version. We do not share with federal agencies.\n", document.kept_text)
        self.assertIn("Sharing\nOnly shared with law enforcement agencies.", document.kept_text)
        self.assertNotIn("Other words", document.kept_text)

    def test_without_a_declaration_there_is_no_fact_and_no_overview_is_kept(self) -> None:
        document = flock_portal.parse(portal_page((ACCESS, "")), file="f", slug="x")
        self.assertNotIn("sharing_policy", {fact.field for fact in document.facts})


class HeadingTests(unittest.TestCase):
    def test_a_new_heading_is_noticed(self) -> None:
        data = portal_page((ACCESS, "Alpha CA PD"), ("Facial Recognition Partners", "Acme"), ("Hotlist Policy", "x"))
        self.assertEqual(unknown_headings(data), ["Facial Recognition Partners"])


@unittest.skipUnless(PORTALS.is_dir(), NO_PORTALS)
class RealPagesTests(unittest.TestCase):
    def test_every_heading_is_read_or_left_for_a_reason(self) -> None:
        unknown = Counter(h for d in real() for h in unknown_headings((PORTALS / d.file).read_bytes()))
        self.assertEqual(unknown, {})
        self.assertTrue(all(reason for _, reason in IGNORED))

    def test_seven_portals_declare_limits(self) -> None:
        seen: dict[str, set[tuple[str, ...]]] = defaultdict(set)
        for document in real():
            for fact in document.facts:
                if fact.field == "sharing_policy":
                    seen[document.file.split("/")[0]].add(tuple(cast(list[str], fact.value)))
        self.assertEqual(
            seen,
            {
                "anoka-county-mn-so": {("immigration_searches_filtered", "reproductive_care_searches_filtered")},
                "benicia-ca-pd": {("law_enforcement_only", "immigration_not_shared")},
                "livingston-ca-pd": {("federal_not_shared",)},
                "ncric": {
                    (
                        "california_only",
                        "law_enforcement_only",
                        "out_of_state_not_shared",
                        "federal_not_shared",
                        "private_not_shared",
                        "immigration_not_shared",
                    )
                },
                "rio-vista-ca-pd": {("public_agencies_only",)},
                "rohnert-park-department-of-public-safety-ca": {("out_of_state_not_shared", "federal_not_shared")},
                "shasta-county-so": {("out_of_state_searches_prohibited", "federal_searches_prohibited")},
            },
        )

    def test_ncrics_page_calls_itself_a_draft_and_its_words_are_kept(self) -> None:
        document = next(document for document in real() if document.file.startswith("ncric/"))
        fact = next(fact for fact in document.facts if fact.field == "sharing_policy")
        self.assertIn("draft version", fact.locator)
        for words in ("***draft version***", "to other California state or local law enforcement agencies", "federal"):
            self.assertIn(words, document.kept_text)
