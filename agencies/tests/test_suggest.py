"""Suggestions while somebody types."""

from django.test import TestCase

from agencies.suggest import LIMIT, suggest
from agencies.tests.factories import make_agency, make_place, make_serving


class SuggestTests(TestCase):
    """`suggest` over a handful of places and agencies."""

    @classmethod
    def setUpTestData(cls) -> None:
        county = make_place("Alameda County", geoid="06001", kind="county")
        cls.city = make_place("Union City", county=county)
        make_place("Union City", "NJ")
        make_place("Union Park", "FL")
        make_place("Oakland", county=county)
        make_place("St. Louis", "MO")
        cls.police = make_agency("Union City Police Department", county=county, population_served=70_000)
        make_serving(cls.police, cls.city)
        make_agency("Los Angeles Police Department", population_served=3_800_000)
        make_agency("Oakland Police Department")

    def labels(self, query: str) -> list[str]:
        return [line.label for line in suggest(query)]

    def test_unfinished_query_offers_places_before_agencies(self) -> None:
        police = "Union City Police Department (CA)"
        self.assertEqual(self.labels("uni"), ["Union City, CA", "Union Park, FL", "Union City, NJ", police])

    def test_unfinished_state_narrows_down(self) -> None:
        for query in ("union city c", "union city ca", "Union City, cali"):
            with self.subTest(query):
                self.assertEqual(self.labels(query)[0], "Union City, CA")
                self.assertNotIn("Union City, NJ", self.labels(query))

    def test_word_for_an_office_puts_agencies_first(self) -> None:
        self.assertEqual(self.labels("union city pd")[0], "Union City Police Department (CA)")

    def test_first_line_is_what_is_meant(self) -> None:
        expected = {
            "94587": "Union City, CA",
            "LAPD": "Los Angeles Police Department (CA)",
            "Oaklnd": "Oakland, CA",
            "saint lou": "St. Louis, MO",
        }
        for query, first in expected.items():
            with self.subTest(query):
                self.assertEqual(self.labels(query)[0], first)

    def test_initials_of_a_national_agency_come_before_places_that_begin_so(self) -> None:
        make_place("Icehouse Canyon", "AZ")
        make_agency("U.S. Immigration and Customs Enforcement", "", kind="federal")
        self.assertEqual(self.labels("ICE"), ["U.S. Immigration and Customs Enforcement", "Icehouse Canyon, AZ"])

    def test_line_leads_to_its_page_and_says_where_that_lies(self) -> None:
        line = suggest("union city ca")[0]
        self.assertEqual((line.url, line.kind, line.within), (self.city.get_absolute_url(), "city", "Alameda County"))

    def test_too_little_and_nonsense_offer_nothing(self) -> None:
        for query in ("", "u", "  ", "\0", "((", "zzzz qqqq", "x" * 5000):
            with self.subTest(query):
                self.assertEqual(suggest(query), [])

    def test_there_are_never_more_than_eight_in_five_queries(self) -> None:
        for number in range(20):
            make_agency(f"Union City Police Department {number}")
            make_place(f"Union Village {number}")
        with self.assertNumQueries(3):
            self.assertEqual(len(suggest("union")), LIMIT)
