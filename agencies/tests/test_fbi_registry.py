"""The registry: FBI tables joined, named, placed and linked; and the files that ship."""

import os
import unittest
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from agencies.identifiers import agency_id
from agencies.ingest.curated import Body
from agencies.ingest.fbi_registry import COLUMNS, write_registry
from agencies.ingest.fbi_tables import read_tables
from agencies.ingest.packed import read_packed_csv
from agencies.tests.registry_factories import build, curated, row_2018, row_2025

ROOT = Path(__file__).resolve().parents[2]
SHARED = Path(os.environ.get("SHARED_DATA", ROOT.parent / "shared" / "data"))
DUBLIN = [
    row_2018("CA0010000", "Alameda County Sheriff's Office", "County", "ALAMEDA"),
    row_2018("CA001300X", "Dublin Police Department", "City", "ALAMEDA"),
]


class FiguresTests(unittest.TestCase):
    def test_tables_join_on_ori_and_say_which_held_it(self) -> None:
        agencies = build([row_2018("NB0280200", "Omaha Police Department")], [row_2025("NB0280200", "Omaha")])
        self.assertEqual(agencies["NB0280200"].source, "FBI 2018+2025")

    def test_nebraska_is_ne_and_keeps_its_ori(self) -> None:
        omaha = build([], [row_2025("NB0280200", "Omaha", county="DOUGLAS")])["NB0280200"]
        self.assertEqual((omaha.state, omaha.ori, omaha.place_geoid), ("NE", "NB0280200", "3137000"))
        self.assertEqual(omaha.slug, "omaha-police-department-ne")

    def test_population_of_zero_is_unknown(self) -> None:
        omaha = build([], [row_2025("NB0280200", "Omaha", population="0")])["NB0280200"]
        self.assertEqual(omaha.population_served, "")

    def test_no_officers_is_a_fact_only_where_there_is_other_staff(self) -> None:
        rows = [
            row_2025("NB0280200", "Omaha", officer_ct="0", total_pe_ct="2"),
            row_2025("NB0280300", "Ralston", officer_ct="0", total_pe_ct="0"),
        ]
        agencies = build([], rows)
        self.assertEqual((agencies["NB0280200"].officers, agencies["NB0280300"].officers), ("0", ""))

    def test_without_figures_of_2025_the_status_is_unknown(self) -> None:
        rows = [row_2025("NB0280200", "Omaha"), row_2025("NB0280300", "Ralston", data_year="2024")]
        agencies = build([], rows)
        self.assertEqual([agencies[ori].status for ori in ("NB0280200", "NB0280300")], ["active", "unknown"])


class PlaceTests(unittest.TestCase):
    def test_county_tells_twins_apart(self) -> None:
        burbank = build([], [row_2025("CA0191200", "Burbank", county="LOS ANGELES")])["CA0191200"]
        self.assertEqual((burbank.place_geoid, burbank.county_geoid), ("", "06037"))
        self.assertEqual(burbank.coordinate_precision, "county_centroid")

    def test_without_a_county_no_city_is_guessed(self) -> None:
        dublin = build([], [row_2025("CA0019990", "Dublin", county="NOT SPECIFIED")])["CA0019990"]
        self.assertEqual((dublin.place_geoid, dublin.latitude, dublin.coordinate_precision), ("", "", ""))

    def test_several_counties_leave_the_county_open_but_find_the_city(self) -> None:
        dublin = build([], [row_2025("CA0019990", "Dublin", county="ALAMEDA, SANTA CLARA")])["CA0019990"]
        self.assertEqual((dublin.county_geoid, dublin.place_geoid), ("", "0620018"))

    def test_coordinates_of_the_fbi_are_never_used(self) -> None:
        dublin = build([row_2018("CA0019990", "Dublin Police Department", county="ALAMEDA")], [])["CA0019990"]
        self.assertEqual((dublin.latitude, dublin.longitude), ("0.4500", "0.4500"))
        self.assertEqual(dublin.coordinate_precision, "place_centroid")

    def test_campus_gets_no_place_by_its_name(self) -> None:
        campus = build([], [row_2025("CA0019880", "Dublin", "University or College", "ALAMEDA")])["CA0019880"]
        self.assertEqual((campus.place_geoid, campus.serves), ("", []))

    def test_sheriff_serves_the_county_and_police_the_place(self) -> None:
        rows = [
            row_2025("CA0010000", "Alameda", "County", "ALAMEDA"),
            row_2025("CA0019990", "Dublin", county="ALAMEDA"),
        ]
        agencies = build([], rows)
        self.assertEqual(agencies["CA0010000"].serves, [("06001", "county")])
        self.assertEqual(agencies["CA0019990"].serves, [("0620018", "name")])


class LinkTests(unittest.TestCase):
    def test_contract_city_is_operated_by_the_sheriff_who_serves_it_too(self) -> None:
        agencies = build(DUBLIN, [])
        self.assertEqual(agencies["CA001300X"].operated_by_slug, "alameda-county-sheriffs-office-ca")
        self.assertIn(("0620018", "contract"), agencies["CA0010000"].serves)

    def test_city_that_reports_staff_of_its_own_is_left_open(self) -> None:
        agencies = build(DUBLIN, [row_2025("CA001300X", "Dublin", county="ALAMEDA")])
        self.assertEqual(agencies["CA001300X"].operated_by_slug, "")

    def test_posts_have_the_state_force_as_parent(self) -> None:
        agencies = build([row_2018("CA0019900", "Highway Patrol: Alameda County", "State Police", "ALAMEDA")], [])
        self.assertEqual(agencies["CA0019900"].parent_slug, "california-highway-patrol-ca")
        self.assertEqual(agencies["california-highway-patrol-ca"].parent_slug, "")
        self.assertEqual(agencies["california-highway-patrol-ca"].serves, [("06", "statewide")])

    def test_federal_record_becomes_the_curated_body(self) -> None:
        bureau = Body("federal-bureau-of-investigation", "Federal Bureau of Investigation", "", "DCFBIWA01", "doj", "")
        rows = [row_2025("DCFBIWA01", "Federal Bureau of Investigation", "Federal", state_abbr="FS")]
        agencies = build([], rows, curated((bureau,)))
        found = agencies["DCFBIWA01"]
        self.assertEqual((found.slug, found.parent_slug, found.state), (bureau.slug, "doj", ""))
        self.assertEqual(len([agency for agency in agencies.values() if agency.slug == bureau.slug]), 1)

    def test_unknown_ori_in_a_hand_made_table_is_refused(self) -> None:
        with self.assertRaisesRegex(ValueError, "XX0000000"):
            build([], [], curated(overrides={"XX0000000": {"name": "Nowhere"}}))


class SlugTests(unittest.TestCase):
    def test_all_that_collide_add_their_county(self) -> None:
        rows = [
            row_2025("CA0019990", "Ashland", county="ALAMEDA"),
            row_2025("CA0439990", "Ashland", county="SANTA CLARA"),
        ]
        slugs = {agency.slug for agency in build([], rows).values()}
        self.assertIn("ashland-police-department-ca-alameda-county", slugs)
        self.assertIn("ashland-police-department-ca-santa-clara-county", slugs)

    def test_in_one_county_they_add_their_ori(self) -> None:
        rows = [row_2025("CA0019990", "Ashland", county="ALAMEDA"), row_2025("CA0019991", "Ashland", county="ALAMEDA")]
        slugs = [agency.slug for ori, agency in build([], rows).items() if ori.startswith("CA")]
        self.assertTrue(all(slug.endswith(("-ca0019990", "-ca0019991")) for slug in slugs), slugs)


class EarlierRegistryTests(unittest.TestCase):
    def setUp(self) -> None:
        self.earlier = list(build([], [row_2025("CA0019990", "Ashland", county="ALAMEDA")]).values())

    def test_agency_keeps_its_slug_when_another_of_its_name_appears(self) -> None:
        rows = [
            row_2025("CA0019990", "Ashland", county="ALAMEDA"),
            row_2025("CA0439990", "Ashland", county="SANTA CLARA"),
        ]
        agencies = build([], rows, earlier=self.earlier)
        self.assertEqual(agencies["CA0019990"].slug, "ashland-police-department-ca")
        self.assertEqual(agencies["CA0439990"].slug, "ashland-police-department-ca-santa-clara-county")

    def test_renamed_agency_keeps_its_slug_and_nobody_inherits_it(self) -> None:
        rows = [
            row_2025("CA0019990", "Cherryland", county="ALAMEDA"),
            row_2025("CA0439990", "Ashland", county="SANTA CLARA"),
        ]
        agencies = build([], rows, earlier=self.earlier)
        self.assertEqual(agencies["CA0019990"].name, "Cherryland Police Department")
        self.assertEqual(agencies["CA0019990"].slug, "ashland-police-department-ca")
        self.assertEqual(agencies["CA0439990"].slug, "ashland-police-department-ca-santa-clara-county")

    def test_agency_that_the_tables_lack_stays_with_status_unknown(self) -> None:
        gone = build([], [], earlier=self.earlier)["CA0019990"]
        self.assertEqual((gone.name, gone.status), ("Ashland Police Department", "unknown"))
        before = next(agency for agency in self.earlier if agency.ori == "CA0019990")
        self.assertEqual(replace(before, status="unknown"), gone)

    def test_closed_is_said_only_by_hand(self) -> None:
        tables = curated(overrides={"CA0019990": {"status": "closed"}})
        self.assertEqual(build([], [], tables, self.earlier)["CA0019990"].status, "closed")


class WriteTests(unittest.TestCase):
    def test_same_input_gives_the_same_bytes(self) -> None:
        with TemporaryDirectory() as first, TemporaryDirectory() as second:
            for folder in (first, second):
                write_registry(sorted(build(DUBLIN, []).values(), key=lambda agency: agency.uuid), Path(folder))
            for name in ("agencies.csv.gz", "agency_places.csv.gz"):
                self.assertEqual((Path(first) / name).read_bytes(), (Path(second) / name).read_bytes())


class ShippedRegistryTests(unittest.TestCase):
    """What `data/registry` holds."""

    @classmethod
    def setUpClass(cls) -> None:
        cls.rows = read_packed_csv(ROOT / "data" / "registry" / "agencies.csv.gz")
        cls.by_ori = {row["ori"]: row for row in cls.rows if row["ori"]}
        cls.by_slug = {row["slug"]: row for row in cls.rows}
        cls.geoids = {row["geoid"] for row in read_packed_csv(ROOT / "data" / "places" / "places.csv.gz")}

    def ancestors(self, slug: str) -> list[str]:
        parents = []
        while slug := self.by_slug[slug]["parent_slug"]:
            parents.append(slug)
        return parents

    def test_every_ori_of_both_tables_is_there_once(self) -> None:
        self.assertEqual(len(self.by_ori), 20_591)
        self.assertEqual(len([row for row in self.rows if row["ori"]]), 20_591)

    def test_oris_are_those_of_the_tables(self) -> None:
        if not (SHARED / "registry").is_dir():
            self.skipTest(f"needs the FBI tables in {SHARED / 'registry'}")
        self.assertEqual(set(self.by_ori), {record.ori for record in read_tables(SHARED / "registry")})

    def test_slugs_and_ids_are_unique(self) -> None:
        self.assertEqual(list(self.rows[0]), list(COLUMNS))
        self.assertEqual(len(self.by_slug), len(self.rows))
        self.assertEqual(len({row["uuid"] for row in self.rows}), len(self.rows))

    def test_ids_follow_from_ori_or_slug(self) -> None:
        for row in self.rows:
            self.assertEqual(row["uuid"], str(agency_id(ori=row["ori"], slug=row["slug"])))

    def test_every_reference_resolves(self) -> None:
        for row in self.rows:
            for column in ("parent_slug", "operated_by_slug"):
                self.assertIn(row[column], {"", *self.by_slug} if row[column] else {""})
            for column in ("place_geoid", "county_geoid"):
                self.assertTrue(not row[column] or row[column] in self.geoids, row)

    def test_no_fbi_state_codes_remain(self) -> None:
        self.assertFalse({row["state"] for row in self.rows} & {"NB", "GM", "FS"})

    def test_dublin_is_policed_by_alameda_county(self) -> None:
        self.assertEqual(self.by_ori["CA001300X"]["operated_by_slug"], "alameda-county-sheriffs-office-ca")

    def test_new_england_towns_without_a_census_place_have_their_county_only(self) -> None:
        fairfield, enfield, westport = (self.by_ori[ori] for ori in ("CT0005100", "CT0004900", "CT0015800"))
        self.assertEqual((fairfield["place_geoid"], fairfield["county_geoid"]), ("", "09001"))
        self.assertEqual((enfield["place_geoid"], enfield["county_geoid"]), ("", "09003"))
        self.assertEqual(westport["place_geoid"][:2], "09")

    def test_gwinnett_has_a_sheriff_and_a_county_police(self) -> None:
        kinds = [self.by_ori[ori]["kind"] for ori in ("GA0670000", "GA0670200")]
        self.assertEqual(kinds, ["sheriff", "municipal_police"])

    def test_homeland_security_investigations_is_part_of_ice_and_dhs(self) -> None:
        chain = self.ancestors("ice-homeland-security-investigations-newark")
        self.assertEqual(
            chain,
            [
                "ice-homeland-security-investigations",
                "immigration-and-customs-enforcement",
                "department-of-homeland-security",
            ],
        )

    def test_border_patrol_has_its_twenty_sectors_under_cbp(self) -> None:
        sectors = [row for row in self.rows if row["parent_slug"] == "border-patrol"]
        self.assertEqual(len(sectors), 20)
        self.assertIn("customs-and-border-protection", self.ancestors("border-patrol-san-diego-sector"))

    def test_record_wrongly_typed_federal_is_floridas(self) -> None:
        row = self.by_ori["FLDOA0300"]
        self.assertEqual((row["kind"], row["state"]), ("other_state", "FL"))

    def test_state_forces_have_clean_names(self) -> None:
        for slug in ("california-highway-patrol-ca", "illinois-state-police-il", "kansas-highway-patrol-ks"):
            self.assertEqual((self.by_slug[slug]["kind"], self.by_slug[slug]["parent_slug"]), ("state_police", ""))

    def test_precision_says_where_coordinates_come_from(self) -> None:
        for row in self.rows:
            self.assertEqual(bool(row["coordinate_precision"]), bool(row["latitude"]), row["slug"])
        precisions = {row["coordinate_precision"] for row in self.rows}
        self.assertEqual(precisions, {"", "place_centroid", "county_centroid"})
