"""Names to agencies: what the machine may decide, what it must leave, and the frozen set."""

import csv

from django.conf import settings
from django.test import SimpleTestCase, TestCase

from agencies.matching.matcher import Matcher
from agencies.matching.registry import Registry
from agencies.tests import factories as make
from agencies.tests.matching_registry import row, shipped_matcher

ROWS = [
    row("Union City Police Department", "CA", place="Union City", place_class="Union City city"),
    row("Alameda County Sheriff's Office", "CA", "sheriff", county="Alameda County"),
    row("Auburn Police Department", "CA"),
    row("Auburn Police Department", "AL"),
    row("Gwinnett County Police Department", "GA"),
    row("Gwinnett County Sheriff's Office", "GA", "sheriff", county="Gwinnett County"),
    row("Jackson Township Police Department, Stark County", "OH", county="Stark County"),
    row("Jackson Township Police Department, Mahoning County", "OH", county="Mahoning County"),
    row("Berlin Police Department", "NJ", place="Berlin", place_class="Berlin borough"),
    row("Berlin Township Police Department", "NJ"),
    row("Clark Township Police Department", "NJ"),
    row("West Tawakoni Police Department", "TX", place="West Tawakoni", place_class="West Tawakoni city"),
    row("Charleroi Police Department", "PA", place="Charleroi", place_class="Charleroi borough"),
    row("Menifee Police Department", "CA", county="Riverside County"),
    row("Menifee Police Department", "CA", county="Riverside County", status="unknown"),
    row("San Francisco Police Department", "CA"),
    row("University of California Police Department, San Francisco", "CA", "campus"),
    row("18th Judicial District Drug Task Force", "TN", "task_force"),
    row("Arizona Department of Public Safety", "AZ", "state_police"),
    row("Alma Police Department", "NE"),
    row("Yuba County Sheriff's Office", "CA", "sheriff", county="Yuba County"),
    row("College Park Police Department", "GA"),
    row("Little Flock Police Department", "AR"),
    row("Pueblo Police Department", "CO"),
]
CITIES = [("Union City", "Union City city", "CA"), ("Berlin", "Berlin borough", "NJ"), ("Alma", "Alma city", "NE"),
          ("Alma", "Alma city", "AR"), ("West Tawakoni", "West Tawakoni city", "TX"),
          ("East Tawakoni", "East Tawakoni city", "TX"), ("Charleroi", "Charleroi borough", "PA")]  # fmt: skip


class TrapTests(SimpleTestCase):
    matcher = Matcher(Registry(ROWS, CITIES))

    def decided(self, name: str, **context: str) -> str:
        verdict = self.matcher.match(name, **context)
        return f"{verdict.agency.name}, {verdict.agency.state}" if verdict.agency else verdict.decision

    def check(self, cases: dict[str, str]) -> None:
        self.assertEqual({name: self.decided(name) for name in cases}, cases)

    def test_plain_names_in_several_forms(self) -> None:
        self.check({
            "Union City CA PD": "Union City Police Department, CA",
            "CA - Union City PD": "Union City Police Department, CA",
            "Alameda County CA SO": "Alameda County Sheriff's Office, CA",
            "Sheriff's Office - Yuba (CA)": "Yuba County Sheriff's Office, CA",
            "Alma NE PD": "Alma Police Department, NE",
            "AZ - Department of Public Safety": "Arizona Department of Public Safety, AZ",
        })  # fmt: skip

    def test_bare_name_of_several_states_is_ambiguous_whatever_the_context(self) -> None:
        self.assertEqual(self.decided("Auburn Police Department"), "ambiguous")
        self.assertEqual(self.decided("Auburn Police Department", context_state="CA"), "ambiguous")
        self.assertEqual(self.decided("Auburn Police Department", state="CA"), "Auburn Police Department, CA")

    def test_ambiguous_name_is_said_to_fit_every_state_that_has_it(self) -> None:
        many = [row("Auburn Police Department", state) for state in ("AL", "CA", "GA", "IL", "IN", "ME", "WA")]
        verdict = Matcher(Registry(many, [])).match("Auburn Police Department")
        self.assertEqual(verdict.reason, "the name prints no state and fits agencies of AL, CA, GA, IL, IN, ME, WA")

    def test_county_police_and_sheriff_are_two(self) -> None:
        self.check({
            "Gwinnett County GA PD": "Gwinnett County Police Department, GA",
            "Gwinnett County GA SO": "Gwinnett County Sheriff's Office, GA",
            "Alameda County CA PD": "review",
        })  # fmt: skip

    def test_twins_are_told_apart_only_by_what_is_printed(self) -> None:
        self.check({
            "Jackson Township OH PD": "ambiguous",
            "Jackson Township OH PD (Stark County)": "Jackson Township Police Department, Stark County, OH",
            "Berlin Township NJ PD": "Berlin Township Police Department, NJ",
            "Clark NJ PD": "Clark Township Police Department, NJ",
        })  # fmt: skip

    def test_a_neighbour_is_no_match(self) -> None:
        self.check({"East Tawakoni TX PD": "review", "Alma AR PD": "review", "Union CA PD": "review"})

    def test_slip_of_the_pen_waits_for_a_person_with_the_right_agency_on_top(self) -> None:
        verdict = self.matcher.match("Charleroy PA PD")
        self.assertEqual((verdict.decision, verdict.candidates[0].name), ("review", "Charleroi Police Department"))

    def test_double_record_of_one_body_is_the_newer_one(self) -> None:
        verdict = self.matcher.match("Menifee CA PD")
        assert verdict.agency is not None
        self.assertEqual(self.matcher.registry.rows[verdict.agency.agency].status, "active")

    def test_campus_is_not_its_city_and_not_another_campus(self) -> None:
        self.check({
            "University of San Francisco CA PD": "review",
            "University of California - San Francisco CA PD": f"{ROWS[16].name}, CA",
        })  # fmt: skip

    def test_city_called_like_another_sort_of_body_is_a_city(self) -> None:
        self.check({
            "College Park GA PD": "College Park Police Department, GA",
            "Little Flock AR PD": "Little Flock Police Department, AR",
            "Pueblo CO PD": "Pueblo Police Department, CO",
            "Union City Community College CA PD": "review",
        })  # fmt: skip

    def test_numbered_task_force_of_another_state_is_no_match(self) -> None:
        self.check({
            "18th Judicial District Drug Task Force - TN PD": "18th Judicial District Drug Task Force, TN",
            "18th Judicial District Drug Task Force AR": "review",
        })  # fmt: skip

    def test_private_bodies_addresses_and_demos_stand_for_no_agency(self) -> None:
        for name in (
            "El Macero HOA (CA)",
            "1800 Block S Orange Grove (CA)",
            "Flock Safety PD Test Org",
            "FedEx Corporation",
        ):
            self.assertEqual(self.decided(name), "not_agency", name)

    def test_verdict_explains_itself(self) -> None:
        verdict = self.matcher.match("Union City CA PD")
        assert verdict.agency is not None
        self.assertEqual(verdict.candidates[0], verdict.agency)
        self.assertIn("Union City Police Department", verdict.reason)
        self.assertEqual(verdict.agency.features["exact"], 1.0)
        self.assertTrue(all(0 <= value <= 1 for value in verdict.agency.features.values()))

    def test_no_name_breaks_it(self) -> None:
        for name in ("", " ", "PD", "CA", "-", "(((", "\x00", "é" * 300):
            self.assertNotEqual(self.matcher.match(name).decision, "accepted", name)


class FrozenSetTests(SimpleTestCase):
    """The labelled names that nothing was tuned on, against the registry that ships."""

    def test_no_wrong_agency_is_ever_accepted(self) -> None:
        matcher, reached, resolvable, wrong = shipped_matcher(), 0, 0, []
        with (settings.DATA_DIR / "matches" / "labelled_names.csv").open(encoding="utf-8", newline="") as file:
            rows = [r for r in csv.DictReader(file) if r["split"] == "test" and r["truth"] != "unclear"]
        for label in rows:
            asked = {name: label[name] for name in ("context_state", "city", "state")}
            agency = matcher.match(label["name"], **asked).agency
            resolvable += label["truth"] == "agency"
            if agency is not None:
                right = label["truth"] == "agency" and (agency.ori or agency.slug) == (
                    label["ori"] or label["agency_slug"]
                )
                reached += right
                wrong += [] if right else [f"{label['name']} -> {agency.name}, {agency.state}"]
        self.assertEqual(wrong, [])
        self.assertGreaterEqual(reached / resolvable, 0.92)


class LoadTests(TestCase):
    def test_registry_is_read_from_the_database_in_two_queries(self) -> None:
        place = make.make_place(geoid="0681204", full_name="Union City city")
        agency = make.make_agency(ori="CA0011300")
        make.make_serving(agency, place)
        county = make.make_place("Alameda County", geoid="06001", kind="county")
        make.make_agency("Alameda County Sheriff's Office", kind="sheriff", county=county)
        with self.assertNumQueries(2):
            matcher = Matcher.load()
        found = matcher.match("Union City CA PD").agency
        assert found is not None
        self.assertEqual((found.agency, found.ori, found.geoid), (agency.pk, "CA0011300", "0681204"))
        sheriff = matcher.match("Alameda County CA SO").agency
        assert sheriff is not None
        self.assertEqual(sheriff.geoid, "06001")
