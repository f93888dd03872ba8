"""Names of sharing lists: each rule by which a list is cut, a mark read and a state found."""

import unittest

from agencies.ingest.portal_names import account_status, split_names, state_in_name


class NamesTests(unittest.TestCase):
    def test_spaces_collapse_and_empty_fragments_drop(self) -> None:
        self.assertEqual(split_names(" Alpha  CA PD ,, Beta CA SO,"), ["Alpha CA PD", "Beta CA SO"])

    def test_company_form_belongs_to_the_name_before(self) -> None:
        text = "CA - Topgolf USA El Segundo, LLC, CA - Wasco PD"
        self.assertEqual(split_names(text), ["CA - Topgolf USA El Segundo, LLC", "CA - Wasco PD"])

    def test_constable_precincts_stay_apart(self) -> None:
        text = "Montgomery County Constable, Precinct 1 (TX), Montgomery County Constable, Precinct 2 (TX)"
        self.assertEqual(
            split_names(text),
            ["Montgomery County Constable, Precinct 1 (TX)", "Montgomery County Constable, Precinct 2 (TX)"],
        )

    def test_open_bracket_runs_on_to_its_end(self) -> None:
        self.assertEqual(
            split_names("Miami Dade (Duplicate, don't use), Miami FL PD"),
            ["Miami Dade (Duplicate, don't use)", "Miami FL PD"],
        )

    def test_campus_follows_its_university_system(self) -> None:
        text = "University of California, Berkeley, University of San Francisco CA PD"
        self.assertEqual(split_names(text), ["University of California, Berkeley", "University of San Francisco CA PD"])

    def test_marks_set_the_account_status(self) -> None:
        for name, status in {
            "Brooklyn Park MN PD [Inactive]": "inactive",
            "USMS (Inactive)": "inactive",
            "FBI [turned off]": "turned_off",
            "Iberia MO PD (deactivated)": "deactivated",
            "[DEACTIVATED] - demo": "deactivated",
            "Decommissioned Org": "deactivated",
            "Bristol RI PD (Do Not Use)": "do_not_use",
            "DNU - Glendale PD CA (Condor)": "do_not_use",
            "Miami Dade (Duplicate, don't use)": "do_not_use",
            "Georgia Department of Natural Resources - NOT IN USE": "do_not_use",
            "Reactivated Motors": "active",
            "Union City CA PD": "active",
        }.items():
            with self.subTest(name):
                self.assertEqual(account_status(name), status)

    def test_state_is_the_last_code_and_never_sheriffs_department_or_county(self) -> None:
        for name, state in {
            "Union City CA PD": "CA",
            "San Diego County CA SD": "CA",
            "Wagoner CO SO OK": "OK",
            "Sioux Falls SD PD": "SD",
            "Denver CO PD": "CO",
            "Mendocino County SO-CA": "CA",
            "NCRIC": "",
            "Indiana Dunes": "",
        }.items():
            with self.subTest(name):
                self.assertEqual(state_in_name(name), state)
