"""Agencies: lists, one of them, its links."""

from agencies.tests.factories import make_agency, make_capture, make_fact, make_link
from agencies.tests.findings_factories import make_portal
from api.tests.base import ApiTestCase, RecordTestCase


class AgencyListTests(RecordTestCase):
    """GET /api/v1/agencies/"""

    def test_list_is_in_an_envelope_with_terms(self) -> None:
        data = self.get("/api/v1/agencies/")
        self.assertEqual(
            list(data),
            ["next", "previous", "as_of", "generated_at", "licence", "attribution", "results"],
            "the envelope",
        )
        self.assertEqual(data["as_of"], self.capture.observed_on.isoformat())
        self.assertEqual(len(data["results"]), 4)

    def test_row_has_ids_coordinates_and_precision(self) -> None:
        row = self.get("/api/v1/agencies/?ori=CA0011200")["results"][0]
        self.assertEqual(row["id"], str(self.union_city.uuid))
        self.assertEqual(row["slug"], "union-city-police-department-ca")
        self.assertEqual(row["county"], {"geoid": "06001", "name": "Alameda", "kind": "county", "state": "CA"})
        self.assertEqual(row["coordinate_precision"], "place_centroid")
        self.assertEqual(row["api_url"], f"http://testserver/api/v1/agencies/{self.union_city.uuid}/")
        self.assertEqual(row["page_url"], "http://testserver/agencies/union-city-police-department-ca/")

    def test_unknown_is_null(self) -> None:
        row = self.get("/api/v1/agencies/?q=quiet")["results"][0]
        for field in ("ori", "county", "population_served", "officers", "latitude", "coordinate_precision"):
            self.assertIsNone(row[field], field)

    def test_filters_narrow(self) -> None:
        union_city, sheriff = "Union City Police Department", "Alameda County Sheriff's Office"
        ice, quiet = "Immigration and Customs Enforcement", "Quiet Village Police Department"
        for query, expected in {
            "state=NV": [quiet],
            "kind=sheriff": [sheriff],
            "county=06001": [sheriff, union_city],
            "served_place=0681204": [union_city],
            "network=flock": [sheriff, ice, union_city],
            "status=active": [union_city],
            "has_links=false": [quiet],
            "q=city%20UNION": [union_city],
            "q=%27%27": [],
            "state=CA&kind=sheriff": [sheriff],
        }.items():
            with self.subTest(query):
                self.assertEqual(self.names(f"/api/v1/agencies/?{query}"), expected)

    def test_merged_record_is_not_listed(self) -> None:
        make_agency("Old Name", merged_into=self.union_city)
        self.assertNotIn("Old Name", self.names("/api/v1/agencies/"))


class AgencyDetailTests(RecordTestCase):
    """GET /api/v1/agencies/{id}/"""

    def test_uuid_and_slug_name_the_same_agency(self) -> None:
        by_slug = self.get("/api/v1/agencies/union-city-police-department-ca/")
        self.assertEqual(by_slug, self.get(f"/api/v1/agencies/{self.union_city.uuid}/"))

    def test_fact_has_state_date_and_source(self) -> None:
        fact = self.get("/api/v1/agencies/union-city-police-department-ca/")["facts"][0]
        self.assertEqual((fact["field"], fact["value"], fact["state"]), ("retention_days", 30, "known"))
        self.assertEqual((fact["as_of"], fact["disputed_on"]), ("2026-04-23", None))
        self.assertEqual(fact["sources"][0]["statement"], str(self.fact.statement.uuid))
        self.assertEqual(fact["sources"][0]["capture"]["id"], str(self.capture.uuid))
        self.assertEqual(fact["network"], {"slug": "flock", "name": "Flock"})

    def test_unpublished_fact_is_not_the_same_as_an_unresearched_one(self) -> None:
        make_fact(self.union_city, "cameras", None, self.capture, knowledge="not_published")
        data = self.get("/api/v1/agencies/union-city-police-department-ca/")
        states = {fact["field"]: (fact["state"], fact["value"]) for fact in data["facts"]}
        self.assertEqual(states["cameras"], ("not_published", None))
        self.assertNotIn("cameras", data["not_researched"])
        self.assertIn("searches_30d", data["not_researched"])

    def test_counts_are_null_where_nothing_is_on_record(self) -> None:
        data = self.get("/api/v1/agencies/union-city-police-department-ca/")
        self.assertEqual((data["grants_listed"], data["receipts_listed"]), (2, None))

    def test_places_have_their_basis(self) -> None:
        place = self.get("/api/v1/agencies/union-city-police-department-ca/")["places"][0]
        self.assertEqual((place["place"]["geoid"], place["basis"]), ("0681204", "name"))

    def test_parent_and_parts(self) -> None:
        make_agency("Enforcement and Removal Operations", state="", kind="federal", slug="ero", parent=self.ice)
        self.assertEqual(self.get("/api/v1/agencies/ero/")["parent"]["slug"], "ice")
        self.assertEqual([part["slug"] for part in self.get("/api/v1/agencies/ice/")["parts"]], ["ero"])

    def test_merged_agency_answers_308_with_its_replacement(self) -> None:
        middle = make_agency("Middle Name", slug="middle", merged_into=self.union_city)
        make_agency("Old Name", slug="old-name", merged_into=middle)
        for path, target in (("", ""), ("links/?direction=grants", "links/?direction=grants")):
            response = self.client.get(f"/api/v1/agencies/old-name/{path}")
            self.assertEqual(response.status_code, 308)
            expected = f"http://testserver/api/v1/agencies/{self.union_city.uuid}/{target}"
            self.assertEqual(response.headers["Location"], expected)


class AgencyLinksTests(RecordTestCase):
    """GET /api/v1/agencies/{id}/links/"""

    def test_direction_keeps_one_end(self) -> None:
        make_link(self.quiet, self.union_city)
        path = "/api/v1/agencies/union-city-police-department-ca/links/"
        for query, expected in {"": 3, "?direction=grants": 2, "?direction=receipts": 1}.items():
            with self.subTest(query):
                self.assertEqual(len(self.get(path + query)["results"]), expected)

    def test_links_can_be_narrowed_further(self) -> None:
        path = "/api/v1/agencies/union-city-police-department-ca/links/?direction=grants&grantee_state=CA"
        self.assertEqual([row["id"] for row in self.get(path)["results"]], [str(self.link.uuid)])


class EmptyRecordTests(ApiTestCase):
    """A record with nothing in it."""

    def test_every_list_is_empty_and_whole(self) -> None:
        for name in ("agencies", "places", "networks", "sources", "captures", "statements", "links"):
            with self.subTest(name):
                data = self.get(f"/api/v1/{name}/")
                self.assertEqual((data["next"], data["previous"], data["results"]), (None, None, []))


class IdentifierTests(RecordTestCase):
    """What others call an agency."""

    def test_agency_has_its_ori_geoid_and_portals(self) -> None:
        make_capture(make_portal(self.union_city))
        row = self.get(f"/api/v1/agencies/{self.union_city.slug}/")
        self.assertEqual((row["ori"], row["geoid"]), ("CA0011200", "0681204"))
        self.assertEqual(len(row["portals"]), 1)
        self.assertEqual(self.get(f"/api/v1/agencies/{self.sheriff.slug}/")["geoid"], "06001")
        quiet = self.get(f"/api/v1/agencies/{self.quiet.slug}/")
        self.assertEqual((quiet["ori"], quiet["geoid"], quiet["portals"]), (None, None, []))
