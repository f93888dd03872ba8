"""Finding places and agencies as people type them."""

from django.test import TestCase

from agencies.search import find
from agencies.tests.factories import make_agency, make_place


class FindTests(TestCase):
    """`find` over a handful of places and agencies."""

    @classmethod
    def setUpTestData(cls) -> None:
        make_place("California", geoid="06", kind="state")
        make_place("New Jersey", "NJ", geoid="34", kind="state")
        cls.county = make_place("Alameda County", geoid="06001", kind="county")
        cls.city = make_place("Union City", county=cls.county)
        make_place("Alameda", county=cls.county)
        make_place("Union City", "NJ")
        make_place("Oakland", county=cls.county)
        cls.police = make_agency("Union City Police Department")
        cls.sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff")
        cls.lapd = make_agency("Los Angeles Police Department", population_served=3_800_000)
        make_agency("Los Altos Police Department", population_served=30_000)
        cls.ice = make_agency("U.S. Immigration and Customs Enforcement", "", kind="federal")

    def test_city_and_state_mean_one_place(self) -> None:
        for query in ("Union City, CA", "union city ca", "UNION CITY, California", "  union   city  ca "):
            with self.subTest(query):
                self.assertEqual(find(query).certain, self.city)

    def test_bare_city_of_two_states_is_a_choice(self) -> None:
        results = find("Union City")
        self.assertIsNone(results.certain)
        self.assertEqual([place.state for place in results.places], ["CA", "NJ"])
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

    def test_abbreviated_police_department_is_written_out(self) -> None:
        self.assertEqual(find("union city pd ca").agencies, [self.police])

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
        self.assertEqual(find("highway patrol").agencies, [patrol])

    def test_empty_and_odd_queries_find_nothing(self) -> None:
        for query in ("", "   ", "\0", "%%%", "'; drop table", "x" * 5000, "(((", "日本"):
            with self.subTest(query):
                self.assertFalse(find(query))

    def test_query_count_does_not_grow_with_what_is_found(self) -> None:
        with self.assertNumQueries(3):
            find("union city")
        for number in range(10):
            make_agency(f"Union City Police Department {number}")
        with self.assertNumQueries(3):
            find("union city")
