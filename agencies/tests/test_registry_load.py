"""The shipped registry in the database."""

import gzip
from io import StringIO
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.core.management import CommandError, call_command
from django.test import TestCase, tag

from agencies.ingest.packed import write_packed, write_packed_csv
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.registry_load import load_registry
from agencies.models import Agency, AgencyPlace, ImportRun, Network, Place

PLACE = {
    "geoid": "06001", "kind": "county", "name": "Alameda County", "full_name": "Alameda County", "state": "CA",
    "county_geoid": "", "latitude": "37.6", "longitude": "-121.9", "land_area_m2": "", "source": "test",
}  # fmt: skip
IN_COUNTY = {"geoid": "0681204", "kind": "city", "county_geoid": "06001"}
CITY = {**PLACE, **IN_COUNTY, "name": "Union City", "full_name": "Union City city"}
AGENCY = {
    "uuid": "5aa1b6a5-3a7c-5b05-8c7b-4cf4cb0a4dd1", "slug": "union-city-police-department-ca", "ori": "CA0011300",
    "name": "Union City Police Department", "fbi_name_2018": "Union City", "fbi_name_2025": "",
    "kind": "municipal_police",
    "state": "CA", "county_geoid": "06001", "place_geoid": "0681204", "parent_slug": "", "operated_by_slug": "",
    "status": "active", "population_served": "65297", "officers": "", "latitude": "37.6", "longitude": "-122.0",
    "coordinate_precision": "place_centroid", "source": "test",
}  # fmt: skip
SERVING = {"agency_uuid": AGENCY["uuid"], "geoid": "0681204", "basis": "name", "source": "test"}
CURATED = "slug,ori,name,kind,state,county_geoid,place_geoid,parent_slug,operated_by_slug,source_url\n"


class RegistryFiles(TestCase):
    """Has a folder of small registry files, which `write` makes anew."""

    def setUp(self) -> None:
        self.data = Path(self.enterContext(TemporaryDirectory()))
        self.write()

    def write(
        self, *, agency: dict[str, str] | None = None, curated: str = "", serving: dict[str, str] | None = None
    ) -> None:
        registry, places = self.data / "registry", self.data / "places"
        write_packed_csv(places / "places.csv.gz", list(PLACE), [CITY, PLACE])
        outline = '{"geoid": "06001", "geometry": {"type": "Polygon", "coordinates": [[[0,0],[1,0],[1,1],[0,0]]]}}\n'
        write_packed(places / "boundaries.ndjson.gz", outline)
        write_packed_csv(registry / "agencies.csv.gz", list(AGENCY), [agency or AGENCY])
        write_packed_csv(registry / "agency_places.csv.gz", list(SERVING), [serving or SERVING])
        (registry / "curated_agencies.csv").write_text(CURATED + curated)
        (self.data / "networks.csv").write_text("slug,name,vendor,url,source\nflock,Flock Safety,Flock,,test\n")


class LoadRegistryTests(RegistryFiles):
    def test_rows_are_tied_together_and_empty_cells_are_unknown(self) -> None:
        load_registry(self.data)
        agency = Agency.objects.get()
        self.assertEqual(
            (agency.county.name, agency.population_served, agency.officers), ("Alameda County", 65297, None)
        )
        self.assertEqual(Place.objects.get(geoid="0681204").county.geoid, "06001")
        self.assertEqual(AgencyPlace.objects.get().place.name, "Union City")
        self.assertEqual(Network.objects.get().vendor, "Flock")

    def test_loading_again_changes_nothing(self) -> None:
        load_registry(self.data)
        before = list(Agency.objects.values()), list(Place.objects.values()), list(AgencyPlace.objects.values())
        load_registry(self.data)
        self.assertEqual(
            (list(Agency.objects.values()), list(Place.objects.values()), list(AgencyPlace.objects.values())), before
        )

    def test_newer_file_brings_a_row_up_to_date_under_the_same_id(self) -> None:
        load_registry(self.data)
        ident = Agency.objects.get().pk
        self.write(agency={**AGENCY, "name": "Police Department of Union City"})
        load_registry(self.data)
        self.assertEqual(
            (Agency.objects.get().pk, Agency.objects.get().name), (ident, "Police Department of Union City")
        )

    def test_newer_file_never_changes_an_address(self) -> None:
        load_registry(self.data)
        self.write(agency={**AGENCY, "slug": "another-address"})
        load_registry(self.data)
        self.assertEqual(Agency.objects.get().slug, AGENCY["slug"])

    def test_newer_file_tells_what_is_new_renamed_and_missing(self) -> None:
        load_registry(self.data)
        said: list[str] = []
        other = {**AGENCY, "uuid": "5aa1b6a5-3a7c-5b05-8c7b-4cf4cb0a4dd2", "slug": "x", "ori": "CA0011400", "name": "X"}
        self.write(agency=other)
        counts = load_registry(self.data, said.append)
        self.assertEqual((counts["agencies new"], counts["agencies missing"]), (1, 1))
        self.assertIn("  agencies, missing: Union City Police Department (5aa1b6a5-3a7c-5b05-8c7b-4cf4cb0a4dd1)", said)
        self.assertEqual(Agency.objects.count(), 2)
        self.write(agency={**other, "name": "Y", "status": "closed"})
        counts = load_registry(self.data)
        self.assertEqual((counts["agencies renamed"], counts["agencies closed"]), (1, 1))

    def test_new_agency_cannot_take_an_address_on_record(self) -> None:
        load_registry(self.data)
        self.write(agency={**AGENCY, "uuid": "5aa1b6a5-3a7c-5b05-8c7b-4cf4cb0a4dd2", "ori": "CA0011400"})
        with self.assertRaisesMessage(ImportProblem, "agencies.csv.gz, row 2, field 'slug'"):
            load_registry(self.data)

    def test_dry_run_of_the_command_changes_nothing(self) -> None:
        load_registry(self.data)
        self.write(agency={**AGENCY, "name": "Y"})
        out = StringIO()
        call_command("update_registry", str(self.data), "--dry-run", stdout=out)
        self.assertIn("renamed: Union City Police Department -> Y", out.getvalue())
        self.assertEqual(Agency.objects.get().name, "Union City Police Department")
        self.assertFalse(ImportRun.objects.exists())

    def test_curated_agency_stands_at_the_centre_of_its_county_and_says_so(self) -> None:
        self.write(curated="ncric,,Regional Center,task_force,CA,06001,,,,https://example.org\n")
        load_registry(self.data)
        agency = Agency.objects.get(slug="ncric")
        self.assertEqual((agency.latitude, agency.coordinate_precision), (37.6, "county_centroid"))

    def test_reference_that_leads_nowhere_names_file_row_and_field_and_leaves_no_trace(self) -> None:
        self.write(serving={**SERVING, "geoid": "9999999"})
        with self.assertRaisesMessage(
            ImportProblem, "agency_places.csv.gz, row 2, field 'geoid': '9999999' is not known"
        ):
            load_registry(self.data)
        self.assertFalse(Agency.objects.exists())


class DamagedFilesTests(RegistryFiles):
    def refused(self, message: str) -> None:
        """Expect the command to end with one line, and nothing of the files to stay."""
        with self.assertRaises(CommandError) as caught:
            call_command("update_registry", str(self.data), stdout=StringIO())
        self.assertIn(message, str(caught.exception))
        self.assertFalse(Agency.objects.exists())

    def test_row_of_another_width_is_named(self) -> None:
        path = self.data / "registry" / "agencies.csv.gz"
        write_packed(path, gzip.decompress(path.read_bytes()).decode() + "a,b\n")
        self.refused("agencies.csv.gz, row 3: has not the header's 19 fields")

    def test_table_in_utf_16_is_named(self) -> None:
        path = self.data / "registry" / "agencies.csv.gz"
        path.write_bytes(gzip.compress(gzip.decompress(path.read_bytes()).decode().encode("utf-16")))
        self.refused("agencies.csv.gz: not readable: it is in UTF-16")

    def test_file_that_is_cut_off_is_named(self) -> None:
        for part in ("registry/agencies.csv.gz", "registry/agency_places.csv.gz", "places/places.csv.gz"):
            with self.subTest(part):
                self.write()
                path = self.data / part
                path.write_bytes(path.read_bytes()[:-12])
                self.refused(f"{path.name}: not readable")

    def test_outlines_that_are_cut_off_or_none_are_named_with_their_row(self) -> None:
        path = self.data / "places" / "boundaries.ndjson.gz"
        whole = path.read_bytes()
        path.write_bytes(whole[:-12])
        self.refused("boundaries.ndjson.gz, row 1: damaged")
        for line in (
            "{}",
            "[]",
            "no json",
            '{"geoid": "06001", "geometry": {"type": "Polygon", "coordinates": [[1]]}}',
        ):
            with self.subTest(line):
                write_packed(path, f"{line}\n")
                self.refused("boundaries.ndjson.gz, row 1")

    def test_empty_table_is_named(self) -> None:
        path = self.data / "registry" / "agencies.csv.gz"
        write_packed(path, ",".join(AGENCY) + "\n")
        self.refused("agencies.csv.gz: has no rows")
        write_packed(path, "")
        self.refused("agencies.csv.gz, row 1: missing columns")
        path.write_bytes(b"")
        self.refused("agencies.csv.gz, row 1: missing columns")

    def test_cell_that_is_no_number_or_no_id_is_named(self) -> None:
        for field, cell in (("officers", "many"), ("latitude", "north"), ("uuid", "12")):
            with self.subTest(field):
                self.write(agency={**AGENCY, field: cell}, serving=SERVING)
                self.refused(f"agencies.csv.gz, row 2, field '{field}': '{cell}' is no")

    def test_hand_made_agency_is_named_by_its_own_file(self) -> None:
        self.write(curated="ncric,,Regional Center,task_force,CA,06001,,nobody,,https://example.org\n")
        self.refused("curated_agencies.csv, row 2, field 'parent_slug': 'nobody' is not known")


@tag("deep")
class ShippedRegistryTests(TestCase):
    def test_everything_that_ships_loads(self) -> None:
        counts = load_registry(settings.DATA_DIR)
        with gzip.open(settings.DATA_DIR / "registry" / "agencies.csv.gz", "rt") as lines:
            rows = sum(1 for _ in lines) - 1
        self.assertGreaterEqual(counts["agencies"], rows)
        city = Agency.objects.get(ori="CA0011300")
        self.assertEqual([place.geoid for place in city.places.all()], ["0681204"])
        ice = Agency.objects.get(slug="ice-homeland-security-investigations").ancestors()
        self.assertIn("U.S. Immigration and Customs Enforcement", [body.name for body in ice])
