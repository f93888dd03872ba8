"""The March 2019 release: who was named where, who answered what, and the figures."""

import unittest
from datetime import date
from pathlib import Path

from agencies.ingest import ice_release_2019
from agencies.ingest.ice_release_2019_facts import ACLU_NC_POST, ANSWERS, ICE, PUBLICATIONS
from agencies.ingest.parsed import ImportProblem, ParsedDocument, PrintedName
from agencies.tests.portal_factories import SHARED

TABLE = SHARED / "aclu_2019_ice_list.csv"
HEAD = "agency_name_as_printed,state,source_url,quote_or_note"
UNION_CITY = f"Union City Police Department,CA,{ACLU_NC_POST},NAMED AND LATER DISPUTED"
OC_REGISTER = next(publication.url for publication in PUBLICATIONS if "ocregister" in publication.url)


def parsed(*rows: str) -> dict[str, ParsedDocument]:
    """Return the documents by source."""
    data = "\n".join([HEAD, *rows]).encode()
    return {document.source.slug: document for document in ice_release_2019.parse(data, file="list.csv")}


class NamedTests(unittest.TestCase):
    def test_a_named_agency_gives_ice_access_by_ices_own_records(self) -> None:
        found = parsed(UNION_CITY)["ice-2019-aclu-northern-california"].lists[0]
        self.assertEqual(
            (found.network, found.access, found.reported_by, found.section, found.completeness),
            ("vigilant", "configured_access", "grantee", "ice-access-2019", "extract"),
        )
        grant = found.grants[0]
        self.assertEqual((grant.grantor, grant.grantee), (PrintedName("Union City Police Department", "CA"), ICE))

    def test_compilers_wording_is_cut_from_the_name_and_told_in_the_locator(self) -> None:
        row = f"Bell (police department),CA,{OC_REGISTER},named as one of the 80+"
        grant = parsed(row)["ice-2019-orange-county-register"].lists[0].grants[0]
        self.assertEqual((grant.grantor.text, grant.printed), ("Bell", "Bell"))
        self.assertIn("police department of Bell, as listed by the compiler", grant.locator)

    def test_dates_come_from_the_publication_else_from_the_release(self) -> None:
        documents = parsed(UNION_CITY)
        register = documents["ice-2019-orange-county-register"].capture
        connecticut = documents["ice-2019-aclu-connecticut"].capture
        self.assertEqual((register.published_on, register.first_reported_on), (date(2019, 3, 22), None))
        self.assertEqual((connecticut.published_on, connecticut.first_reported_on), (None, date(2019, 3, 13)))


class AnswersTests(unittest.TestCase):
    def test_union_city_denies_in_its_own_release_and_by_the_acluss_update(self) -> None:
        documents = parsed(UNION_CITY)
        for slug in ("ice-2019-union-city-news-release", "ice-2019-aclu-northern-california"):
            (answer,) = documents[slug].answers
            self.assertEqual((answer.agency.text, answer.effect), ("Union City Police Department", "denies"))
            self.assertEqual(answer.answers_source, "ice-2019-aclu-northern-california")
            self.assertEqual((answer.grantor, answer.grantee, answer.network), (answer.agency, ICE, "vigilant"))

    def test_answer_to_a_naming_that_the_table_lacks_is_left_out(self) -> None:
        self.assertEqual(parsed(UNION_CITY)["ice-2019-abc30"].answers, [])

    def test_answers_stand_in_known_publications_and_are_one_short_sentence(self) -> None:
        slugs = {publication.slug for publication in PUBLICATIONS}
        for answer in ANSWERS:
            with self.subTest(answer.agency.text):
                self.assertIn(answer.published_in, slugs)
                self.assertLessEqual(len(answer.paraphrase), 200)


class FactsTests(unittest.TestCase):
    def test_release_facts_are_ices_on_vigilant(self) -> None:
        facts = parsed(UNION_CITY)["ice-2019-aclu-northern-california"].facts
        values = {fact.field: fact.value for fact in facts}
        self.assertEqual({fact.agency for fact in facts}, {ICE})
        self.assertEqual({fact.network for fact in facts}, {"vigilant"})
        self.assertEqual(
            {field: values[field] for field in ("reads_held_private", "reads_held_police", "users", "lookback_days")},
            {
                "reads_held_private": 5_000_000_000,
                "reads_held_police": 1_500_000_000,
                "users": 9_200,
                "lookback_days": 1_826,
            },
        )
        self.assertEqual(values["grantors_at_least"], 80)


class ProblemTests(unittest.TestCase):
    def test_bad_rows_are_named_by_row_and_field(self) -> None:
        for row, field in {
            f"Bell,California,{OC_REGISTER},named": "state",
            "Bell,CA,https://example.org/,named": "source_url",
            f",CA,{OC_REGISTER},named": "agency_name_as_printed",
            f"Upland (police department),CA,{OC_REGISTER},chief denied it": "quote_or_note",
        }.items():
            with self.subTest(row), self.assertRaises(ImportProblem) as caught:
                parsed(UNION_CITY, row)
            self.assertEqual((caught.exception.row, caught.exception.field), (3, field))

    def test_missing_column_and_file_are_refused(self) -> None:
        with self.assertRaisesRegex(ImportProblem, "the column is missing"):
            list(ice_release_2019.parse(b"agency_name_as_printed\n", file="list.csv"))
        with self.assertRaisesRegex(ImportProblem, "can't be opened"):
            list(ice_release_2019.read(Path("nowhere.csv")))


@unittest.skipUnless(TABLE.is_file(), f"shared list not found at {TABLE}")
class RealListTests(unittest.TestCase):
    def test_29_agencies_are_named_and_nine_answer(self) -> None:
        documents = list(ice_release_2019.read(TABLE))
        grants = [grant for document in documents for found in document.lists for grant in found.grants]
        answers = [answer for document in documents for answer in document.answers]
        self.assertEqual((len(grants), len({grant.grantor for grant in grants})), (29, 29))
        self.assertEqual((len(answers), len({answer.agency for answer in answers})), (len(ANSWERS), 9))
