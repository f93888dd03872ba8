"""Names and kinds of agencies, from what the FBI prints."""

import unittest

from agencies.ingest import agency_names as names
from agencies.ingest.agency_kinds import kind_of


class ChoosePrintedTests(unittest.TestCase):
    def test_newer_spelling_wins(self) -> None:
        self.assertEqual(names.choose_printed("De Kalb Police Department", "DeKalb"), "DeKalb Police Department")
        self.assertEqual(names.choose_printed("Windsor Heigths", "Windsor Heights"), "Windsor Heights")

    def test_older_name_that_says_more_is_kept(self) -> None:
        self.assertEqual(names.choose_printed("State Police: Keyser", "State Police:"), "State Police: Keyser")
        self.assertEqual(
            names.choose_printed("Pittsburgh Bureau of Police", "Pittsburgh"), "Pittsburgh Bureau of Police"
        )

    def test_renamed_state_body_keeps_its_county(self) -> None:
        newer = "Fish and Wildlife Conservation Commission:"
        chosen = names.choose_printed("Florida Game Commission: Pasco County", newer)
        self.assertEqual(chosen, "Fish and Wildlife Conservation Commission: Pasco County")

    def test_doubled_words_and_spaces_go(self) -> None:
        printed = "Las Vegas Metropolitan Police Department  Police Department"
        self.assertEqual(names.tidy(printed), "Las Vegas Metropolitan Police Department")


class FullNameTests(unittest.TestCase):
    def test_police_department_stands_before_the_county(self) -> None:
        name = names.municipal_name("Oakwood, Montgomery County")
        self.assertEqual(name, "Oakwood Police Department, Montgomery County")

    def test_sheriffs_of_louisiana_serve_parishes(self) -> None:
        name = names.county_name("Caldwell County Sheriff's Office", "Caldwell Parish")
        self.assertEqual(name, "Caldwell Parish Sheriff's Office")

    def test_carson_city_is_no_county_but_charles_city_is(self) -> None:
        carson = names.county_name("Carson City County Sheriff's Office", "Carson City")
        charles = names.county_name("Charles City County Sheriff's Office", "Charles City County")
        self.assertEqual(carson, "Carson City Sheriff's Office")
        self.assertEqual(charles, "Charles City County Sheriff's Office")

    def test_police_of_a_county_is_not_called_sheriff(self) -> None:
        name = names.county_name("Hawaii Police Department County Sheriff's Office", "Hawaii County")
        self.assertEqual(name, "Hawaii Police Department")

    def test_posts_stand_behind_their_force(self) -> None:
        post = names.state_force_name("Highway Patrol: Alameda County", "California Highway Patrol", "Alameda County")
        unit = names.state_force_name("State Police Gaming Enforcement", "Pennsylvania State Police", "")
        self.assertEqual(post, "California Highway Patrol, Alameda County")
        self.assertEqual(unit, "Pennsylvania State Police Gaming Enforcement")

    def test_state_bodies_with_generic_names_get_their_state(self) -> None:
        generic = names.other_state_name("State Fire Marshal", "Kansas", "", False)
        own = names.other_state_name("Napa State Hospital", "California", "", False)
        county_like_the_state = names.other_state_name("State Park", "Arkansas", "Arkansas County", True)
        self.assertEqual(generic, "Kansas State Fire Marshal")
        self.assertEqual(own, "Napa State Hospital")
        self.assertEqual(county_like_the_state, "Arkansas State Park, Arkansas County")

    def test_campus_does_not_read_like_its_citys_police(self) -> None:
        name = names.campus_name("University of California: Berkeley", "", False)
        self.assertEqual(name, "University of California Police Department, Berkeley")

    def test_campus_without_a_name_is_told_by_its_county(self) -> None:
        name = names.campus_name("Indiana University", "Howard County", True)
        self.assertEqual(name, "Indiana University Police Department, Howard County")

    def test_prosecutors_read_as_people_say_it(self) -> None:
        name = names.other_name("Prosecutor: Camden County", "Camden County", False)
        self.assertEqual(name, "Camden County Prosecutor's Office")

    def test_agencies_of_indian_affairs_get_no_police_department(self) -> None:
        self.assertEqual(names.tribal_name("Fort Apache Agency"), "Fort Apache Agency")
        self.assertEqual(names.tribal_name("Lummi Tribal"), "Lummi Tribal Police Department")


class KindTests(unittest.TestCase):
    def test_county_police_are_no_sheriffs(self) -> None:
        self.assertEqual(kind_of("County", "Gwinnett County Police Department"), "municipal_police")
        self.assertEqual(kind_of("County", "Gwinnett County Sheriff's Office"), "sheriff")

    def test_sheriff_of_a_city_is_a_sheriff(self) -> None:
        self.assertEqual(kind_of("City", "Richmond City Sheriff's Office"), "sheriff")

    def test_catch_all_types_are_sorted_by_name(self) -> None:
        expected = {
            "Weslaco Independent School District Police Department": "campus",
            "Camden County Prosecutor's Office": "prosecutor",
            "Union Pacific Railroad, Alameda County": "transit",
            "Mon Metro Drug Task Force": "task_force",
            "Harris County Constable": "other",
            "University of North Carolina Hospitals": "other",
        }
        for name, kind in expected.items():
            with self.subTest(name):
                self.assertEqual(kind_of("Other", name), kind)

    def test_drug_enforcement_agency_of_a_state_is_no_task_force(self) -> None:
        kind = kind_of("Other State Agency", "Maine Drug Enforcement Agency, Androscoggin County")
        self.assertEqual(kind, "other_state")
