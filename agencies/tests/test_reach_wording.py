"""The reviewed text of the ladder: docs and code agree, and no template says more than its evidence."""

import re

from django.conf import settings
from django.test import SimpleTestCase
from django.utils import translation

from agencies.network.rungs import Rung, RungState
from agencies.reach_wording import ASLEEP, DOCUMENTS, GROUPS, LISTED, NO_LIST, NOTES, TEMPLATES

FORBIDDEN = (
    "illegal",
    "lied",
    "hands over",
    "handed over",
    "shares with",
    "share with ice",
    " since ",
    "surveil",
    "spied",
)
EVIDENCE = {"current", "inactive", "own_list", "body"}
"""Ends of the keys of sentences that state what a document says of access."""


def documented() -> dict[str, dict[str, str]]:
    """Return the tables of docs/wording.md by heading, with Python's placeholders."""
    text = (settings.BASE_DIR / "docs" / "wording.md").read_text(encoding="utf-8")
    found: dict[str, dict[str, str]] = {}
    for part in text.split("\n## ")[1:]:
        heading, _, body = part.partition("\n")
        rows = dict(re.findall(r"^\| `([\w.]+)` \| (.*) \|$", body, re.MULTILINE))
        if rows:
            found[heading] = {key: re.sub(r"{(\w+)}", r"%(\1)s", words) for key, words in rows.items()}
    return found


class ReviewedTextTests(SimpleTestCase):
    """What was reviewed is what is said."""

    def test_docs_and_code_hold_the_same_words(self) -> None:
        with translation.override("en"):
            code = {head: {key: str(words) for key, words in group.items()} for head, group in GROUPS.items()}
        self.assertEqual(documented(), code)

    def test_every_rung_has_a_text_for_each_state_that_it_can_have(self) -> None:
        told = {key for key in TEMPLATES if "." in key}
        for rung in list(Rung)[:5]:
            states = {"current", "inactive", "none_found", "not_researched"}
            self.assertEqual({f"{rung.name.lower()}.{state}" for state in states} - told, set(), rung)
        self.assertIn("nothing_found.none_found", told)
        self.assertIn("not_researched.not_researched", told)
        self.assertEqual(set(GROUPS["Names of states"]), {state.value for state in RungState})


class NeverMoreThanEvidenceTests(SimpleTestCase):
    """Each template against the rules of truth."""

    def each(self, *ends: str) -> list[tuple[str, str]]:
        """Return the templates of rungs whose keys end so."""
        return [(key, str(words)) for key, words in TEMPLATES.items() if key.rpartition(".")[2] in ends]

    def test_forbidden_words_stand_nowhere(self) -> None:
        for group in GROUPS.values():
            for key, words in group.items():
                for word in FORBIDDEN:
                    with self.subTest(key, word=word):
                        self.assertNotIn(word, f" {words} ".lower())

    def test_every_sentence_about_access_has_date_agency_and_who_says_so(self) -> None:
        for key, words in self.each(*EVIDENCE):
            if key == "possible_route.inactive":  # Its parts are told after it, each with its lister.
                continue
            with self.subTest(key):
                self.assertIn("%(day)s", words)
                self.assertIn("%(agency)s", words)
                self.assertRegex(words, r"%\((document|publisher|title)\)s")

    def test_every_listing_names_the_body(self) -> None:
        listings = [str(LISTED), str(ASLEEP), str(NOTES["hot_list"])]
        listings += [words for key, words in self.each(*EVIDENCE) if key.startswith("ice_records.")]
        for words in listings:
            self.assertIn("%(body)s", words)

    def test_inactive_account_claims_no_access(self) -> None:
        for key, words in self.each("inactive"):
            with self.subTest(key):
                self.assertRegex(words, r"inactive account.*: no access is claimed\.")
                self.assertNotIn("as getting access", words)

    def test_none_found_says_when_it_was_checked(self) -> None:
        for key, words in self.each("none_found", "none_found_partial"):
            with self.subTest(key):
                self.assertTrue(words.startswith("No document found (checked %(day)s)"), words)

    def test_not_researched_says_so_and_is_no_no(self) -> None:
        for key, words in self.each("not_researched"):
            with self.subTest(key):
                self.assertTrue(words.startswith("Not researched"), words)
        for key in ("not_researched.not_researched", "not_researched.old", "nothing_found.none_found"):
            self.assertTrue(str(TEMPLATES[key]).endswith("That is not a no."))
        self.assertNotIn("does not share", str(NO_LIST))

    def test_possible_route_does_not_say_that_anyone_searched(self) -> None:
        words = str(TEMPLATES["possible_route.current"])
        self.assertTrue(words.startswith("Possible route through %(through)s: people at %(through)s can search"))
        self.assertTrue(words.endswith("it does not show that anyone did."))
        self.assertIn("It does not show that anyone searched.", str(TEMPLATES["possible_route.history"]))
        self.assertIn("%(all)s", str(TEMPLATES["possible_route.counts"]))

    def test_whose_list_it_is_is_said(self) -> None:
        for key in ("own_portal", "records", "other"):
            self.assertRegex(str(DOCUMENTS[key]), r"%\((agency|publisher)\)s")
