"""Finding places and agencies as people type them."""

from django.test import SimpleTestCase, TestCase

from agencies.search import find
from agencies.search_terms import read
from agencies.tests.factories import make_agency, make_place, make_serving


class ReadTests(SimpleTestCase):
    """`read` alone."""

    def test_state_is_parted_whatever_it_is_called(self) -> None:
        for query in ("Union City, CA", "union city california", " UNION  city,  Calif\u00f3rnia "):
            with self.subTest(query):
                typed = read(query)
                self.assertEqual((typed.name, typed.state), ("union city", "CA"))

    def test_longer_state_wins(self) -> None:
        self.assertEqual(read("Charleston, West Virginia").state, "WV")

    def test_zip_code_is_five_digits(self) -> None:
        self.assertEqual(
            [read(text).zip_code for text in ("94587", "94587-1234", "9458", "94587x")], ["94587"] * 2 + [""] * 2
        )

    def test_misspelt_office_means_an_agency_and_a_city_like_one_does_not(self) -> None:
        self.assertTrue(read("alamda county sherif").wants_agency)
        self.assertFalse(read("Marshall, TX").wants_agency)


class FindTests(TestCase):
    """`find` over a handful of places and agencies."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_place("California", geoid="06", kind="state")
        make_place("New Jersey", "NJ", geoid="34", kind="state")
        make_place("New York", "NY", geoid="36", kind="state")
        make_place("New York", "NY")
        cls.county = make_place("Alameda County", geoid="06001", kind="county")
        cls.city = make_place("Union City", county=cls.county)
        make_place("Alameda", county=cls.county)
        cls.jersey = make_place("Union City", "NJ")
        make_place("Oakland", county=cls.county)
        make_place("St. Louis", "MO")
        cls.police = make_agency("Union City Police Department", population_served=70_000)
        make_serving(cls.police, cls.city)
        cls.sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff")
        make_agency("Oakland Police Department")
        cls.lapd = make_agency("Los Angeles Police Department", population_served=3_800_000)
        make_agency("Los Altos Police Department", population_served=30_000)
        make_agency("Los Angeles County Sheriff's Office", kind="sheriff")
        make_agency("California Highway Patrol", kind="state_police")
        make_agency("Citrus Heights Police Department", population_served=87_000)
        make_agency("San Francisco Bay Area Rapid Transit", kind="transit")
        make_agency("University of California Police Department, Berkeley", kind="campus")
        cls.ice = make_agency("U.S. Immigration and Customs Enforcement", "", kind="federal")

    def test_what_is_typed_finds_first_what_is_meant(self) -> None:
        expected = {
            "Union City": "Union City, CA",
            "union city ca": "Union City, CA",
            "Union City NJ": "Union City, NJ",
            "94587": "Union City, CA",
            "Alameda county sheriff": "Alameda County Sheriff's Office (CA)",
            "alameda sheriffs": "Alameda County Sheriff's Office (CA)",
            "alamda county sherif": "Alameda County Sheriff's Office (CA)",
            "LAPD": "Los Angeles Police Department (CA)",
            "LASD": "Los Angeles County Sheriff's Office (CA)",
            "CHP": "California Highway Patrol (CA)",
            "ICE": "U.S. Immigration and Customs Enforcement",
            "bart": "San Francisco Bay Area Rapid Transit (CA)",
            "uc berkeley": "University of California Police Department, Berkeley (CA)",
            "Oaklnd": "Oakland, CA",
            "oaklnd police": "Oakland Police Department (CA)",
            "Unoin City CA": "Union City, CA",
            "City of Oakland": "Oakland, CA",
            "Saint Louis": "St. Louis, MO",
            "New York City": "New York, NY",
            "new york": "New York",
            "Alameda": "Alameda, CA",
            "county of alameda": "Alameda County, CA",
            "union city pd": "Union City Police Department (CA)",
            "police union city": "Union City Police Department (CA)",
        }
        for query, first in expected.items():
            with self.subTest(query):
                self.assertEqual(str(find(query).first), first)

    def test_city_and_state_mean_one_place(self) -> None:
        for query in ("Union City, CA", "union city ca", "UNION CITY, California", "  union   city  ca "):
            with self.subTest(query):
                self.assertEqual(find(query).certain, self.city)

    def test_bare_city_of_two_states_is_a_choice_the_larger_first(self) -> None:
        results = find("Union City")
        self.assertIsNone(results.certain)
        self.assertEqual(results.places, [self.city, self.jersey])
        self.assertEqual(results.agencies, [self.police])

    def test_city_that_only_one_state_has_is_certain(self) -> None:
        self.assertEqual(str(find("oakland").certain), "Oakland, CA")

    def test_zip_code_is_a_choice_of_its_city_and_county(self) -> None:
        for query in ("94587", "94587-1234"):
            with self.subTest(query):
                results = find(query)
                self.assertIsNone(results.certain)
                self.assertEqual(results.places, [self.city, self.county])

    def test_zip_code_nobody_has_finds_nothing(self) -> None:
        self.assertFalse(find("00000"))

    def test_county_is_found_only_when_the_word_is_typed(self) -> None:
        self.assertEqual(find("Alameda County, CA").certain, self.county)
        self.assertEqual(find("Alameda, CA").certain.name, "Alameda")

    def test_sheriff_is_found_by_county(self) -> None:
        for query in ("Alameda county sheriff", "alameda sheriff", "alameda county so", "Alameda County Sheriffs"):
            with self.subTest(query):
                self.assertEqual(find(query).agencies, [self.sheriff])

    def test_initials_find_the_larger_agency_first(self) -> None:
        self.assertEqual(find("LAPD").agencies[0], self.lapd)
        self.assertEqual(find("ICE").agencies, [self.ice])

    def test_misspelt_name_finds_what_is_nearly_so(self) -> None:
        results = find("Oaklnd")
        self.assertTrue(results.misspelt)
        self.assertIsNone(results.certain)
        self.assertEqual(results.places[0].name, "Oakland")

    def test_merged_agencies_and_posts_are_not_found(self) -> None:
        make_agency("Union City Police Dept (old)", merged_into=self.police)
        patrol = make_agency("Highway Patrol", kind="state_police")
        make_agency("Highway Patrol Area 1", kind="state_police", parent=patrol)
        self.assertEqual(find("union city police").agencies, [self.police])
        self.assertNotIn("Highway Patrol Area 1", [agency.name for agency in find("highway patrol").agencies])

    def test_empty_and_odd_queries_find_nothing(self) -> None:
        for query in ("", "   ", "\0", "%%%", "'; drop table", "x" * 5000, "(((", "日本"):
            with self.subTest(query):
                self.assertFalse(find(query))

    def test_query_count_does_not_grow_with_what_is_found(self) -> None:
        with self.assertNumQueries(2):
            find("union city")
        for number in range(10):
            make_agency(f"Union City Police Department {number}")
        with self.assertNumQueries(2):
            find("union city")
