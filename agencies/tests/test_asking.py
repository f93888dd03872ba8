"""Whom to ask, and the records law of each state."""

from django.test import SimpleTestCase, TestCase

from agencies.asking import LAWLESS, WHOM, asking, laws_of
from agencies.matching.states import STATE_NAMES
from agencies.models import Agency
from agencies.records_laws import FEDERAL, records_law, records_laws
from agencies.tests.factories import make_agency

TERRITORIES = {"AS", "GU", "MP", "PR", "VI"}


class RecordsLawTests(SimpleTestCase):
    """The table made by hand."""

    def test_every_state_the_district_and_the_federal_law_have_a_row(self) -> None:
        self.assertEqual(set(records_laws()), (set(STATE_NAMES) - TERRITORIES) | {FEDERAL})

    def test_every_row_names_an_act_its_citation_its_guide_and_its_source(self) -> None:
        for law in records_laws().values():
            with self.subTest(law=law.state):
                self.assertTrue(law.act and law.citation and law.source)
                self.assertTrue(law.guide_url.startswith("https://"))
                self.assertTrue(not law.url or law.url.startswith(("https://", "http://")))
                self.assertRegex(law.checked, r"^(no|\d{4}-\d\d-\d\d)$")

    def test_guides_differ_by_state(self) -> None:
        self.assertEqual(len({law.guide_url for law in records_laws().values()}), len(records_laws()))

    def test_territory_has_none(self) -> None:
        self.assertIsNone(records_law("PR"))


class AskingTests(TestCase):
    """Whom to ask by kind of agency."""

    def test_every_kind_says_whom_to_ask(self) -> None:
        self.assertEqual(set(WHOM), set(Agency.Kind))
        self.assertTrue(all(str(whom) for whom, _note in WHOM.values()))

    def test_federal_agency_is_under_the_federal_act(self) -> None:
        law = asking(make_agency("Federal Bureau of Investigation", "", kind="federal")).law
        self.assertEqual(law and law.citation, "5 U.S.C. § 552")

    def test_police_are_under_their_states_law(self) -> None:
        law = asking(make_agency()).law
        self.assertEqual(law and law.act, "California Public Records Act")

    def test_tribe_and_private_body_are_under_no_law_known_here(self) -> None:
        for kind in LAWLESS:
            self.assertIsNone(asking(make_agency(f"Body {kind}", kind=kind)).law)

    def test_law_of_several_is_named_once(self) -> None:
        two = [asking(make_agency()), asking(make_agency("Fremont Police Department"))]
        self.assertEqual([law.state for law in laws_of(two)], ["CA"])
