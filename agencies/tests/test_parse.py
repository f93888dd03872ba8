"""Printed names taken apart."""

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st

from agencies.matching.parse import parse
from agencies.matching.states import STATE_NAMES

PLACES = st.sampled_from(
    ["Alma", "Union City", "Saint Paul", "De Kalb", "O'Fallon", "Mount Vernon", "Oak Park", "Gilroy"]
)


class ParseTests(SimpleTestCase):
    def check(self, name: str, state: str, body: str, place: str, level: str = "", *flags: str) -> None:
        found = parse(name)
        said = (found.state, found.body, found.place, found.level, set(found.flags))
        self.assertEqual(said, (state, body, place, level, set(flags)), name)

    def test_state_in_front_at_the_end_and_before_the_body(self) -> None:
        for name in (
            "AR - Alma PD",
            "Alma PD AR",
            "Alma AR PD",
            "Alma Police Department (AR)",
            "Alma, AR Police Dept.",
        ):
            self.check(name, "AR", "police", "alma")

    def test_co_is_colorado_or_county_and_sd_south_dakota_or_sheriffs_department(self) -> None:
        self.check("Johnstown CO PD", "CO", "police", "johnstown")
        self.check("Morgan Co MO SO", "MO", "sheriff", "morgan", "county")
        self.check("El Paso CO SO", "CO", "sheriff", "el paso")
        self.check("Cameron CO TX SO", "TX", "sheriff", "cameron", "county")
        self.check("Riverside County CA SD", "CA", "sheriff", "riverside", "county")
        self.check("Brookings SD PD", "SD", "police", "brookings")

    def test_a_place_may_be_called_like_a_state(self) -> None:
        self.check("Indiana PA PD", "PA", "police", "indiana")
        self.check("Iowa City IA PD", "IA", "police", "iowa city")
        self.check("Wyoming OH PD", "OH", "police", "wyoming")
        self.check("Connecticut State Police", "CT", "state_police", "")

    def test_class_of_place_is_told_from_its_name(self) -> None:
        self.check("Grand Blanc Twp MI PD", "MI", "police", "grand blanc", "township")
        self.check("Charter Township of Buena Vista MI PD", "MI", "police", "buena vista", "township")
        self.check("Village of LaGrange Park IL PD", "IL", "police", "lagrange park", "village")
        self.check("Tarentum Boro PA PD", "PA", "police", "tarentum", "borough")
        self.check("Union City CA PD", "CA", "police", "union city")

    def test_marks_are_flags_and_no_part_of_the_name(self) -> None:
        self.check("(Dead/Old) Plymouth IN PD", "IN", "police", "plymouth", "", "do_not_use")
        self.check("DNU - Glendale PD CA (Condor)", "CA", "police", "glendale", "", "do_not_use", "subnetwork")
        self.check("Zion IL PD (Raven v1.2)", "IL", "police", "zion", "", "subnetwork")
        self.check("Citrus Heights CA PD - LPR", "CA", "police", "citrus heights", "", "subnetwork")
        self.check("New Berlin TX Marshal's Office [Inactive]", "TX", "marshal", "new berlin", "", "inactive")

    def test_contract_city_is_police_by_its_sheriffs_initials(self) -> None:
        self.check("City of Dana Point CA (OCSD)", "CA", "police", "dana point", "city", "contract")
        self.check("City of Temecula CA - RCSD", "CA", "police", "temecula", "city", "contract")

    def test_station_behind_a_force_is_a_part_of_it(self) -> None:
        self.check("San Bernardino County CA SO - Muscoy", "CA", "sheriff", "san bernardino", "county", "subnetwork")
        self.assertEqual(parse("University of Illinois - Chicago IL PD").body, "campus")

    def test_county_in_brackets_is_kept_apart(self) -> None:
        found = parse("Jackson Township OH PD (Mahoning County)")
        self.assertEqual((found.place, found.county), ("jackson", "mahoning"))
        self.assertEqual(parse("Oakwood Village OH PD (Cuyahoga)").county, "cuyahoga")

    def test_sort_of_body_that_tells_most_counts(self) -> None:
        for name, body in {
            "Georgia State University GA PD": "campus", "Humble ISD PD TX": "school", "Metra IL PD": "transit",
            "Indianapolis International Airport IN PD": "airport", "Harris County Const TX Pct 3": "constable",
            "Kings County CA DAs Office": "prosecutor", "Highlands HOA (CA)": "not_agency",
            "Country Club Hills IL PD": "police", "Hays County Dispatch TX": "dispatch",
        }.items():  # fmt: skip
            self.assertEqual(parse(name).body, body, name)

    def test_code_misread_by_text_recognition_is_read(self) -> None:
        self.check("Livingston County Sheriffs Office (Ml)", "MI", "sheriff", "livingston", "county")

    @settings(max_examples=300)
    @given(st.text(max_size=80))
    def test_any_text_gives_a_result(self, text: str) -> None:
        self.assertIn(parse(text).state, {"", *STATE_NAMES})

    @given(PLACES, st.sampled_from(sorted(STATE_NAMES)), st.sampled_from([
        "{p} {s} PD", "{s} - {p} PD", "{p} PD {s}", "{p} Police Department ({s})", "{p} {s} PD [Inactive]",
    ]))  # fmt: skip
    def test_usual_forms_of_any_place_and_state_agree(self, place: str, state: str, form: str) -> None:
        found, plain = parse(form.format(p=place, s=state)), parse(f"{place} {state} PD")
        self.assertEqual((found.state, found.body, found.squashed), (state, "police", plain.squashed))
