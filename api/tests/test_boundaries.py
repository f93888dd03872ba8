"""Values at the edge of what a database or a calendar takes: refused or answered, never a 500."""

from api.tests.base import RecordTestCase
from api.views import schema


class MomentTests(RecordTestCase):
    """`modified_since` takes every offset there is."""

    def test_an_offset_that_the_database_knows_nothing_of_is_turned_into_utc(self) -> None:
        early = self.get("/api/v1/captures/?modified_since=1200-07-20T13:09:51%2B20:20")
        late = self.get("/api/v1/captures/?modified_since=2999-07-20T13:09:51-23:59")
        self.assertTrue(early["results"])
        self.assertEqual(late["results"], [])

    def test_a_moment_outside_of_the_calendar_in_utc_is_refused(self) -> None:
        for moment in ("0001-01-01T00:00:00%2B05:00", "9999-12-31T23:00:00-05:00"):
            with self.subTest(moment):
                problem = self.get(f"/api/v1/links/?modified_since={moment}", status=400)
                self.assertEqual(problem["errors"][0]["parameter"], "modified_since")


class NothingThereTests(RecordTestCase):
    """An address of nothing is 404 to every method."""

    def test_404_whatever_the_method(self) -> None:
        for method in ("get", "post", "put", "patch", "delete"):
            for path in ("/api/v1/nothing/", "/api/v1/links/no-uuid/"):
                with self.subTest(method=method, path=path):
                    self.assertEqual(getattr(self.client, method)(path).status_code, 404)

    def test_308_to_the_address_with_a_slash_whatever_the_method(self) -> None:
        response = self.client.post("/api/v1/match")
        self.assertEqual((response.status_code, response.headers["Location"]), (308, "/api/v1/match/"))


class DocumentedFormatsTests(RecordTestCase):
    """The document says what lists give besides JSON, and that single rows take `fields`."""

    def test_every_format_of_a_list_has_its_media_type(self) -> None:
        kinds = {
            "json": "application/json",
            "csv": "text/csv",
            "ndjson": "application/x-ndjson",
            "geojson": "application/geo+json",
        }
        for path, operations in schema()["paths"].items():
            for parameter in operations.get("get", {}).get("parameters", []):
                if parameter["name"] == "format":
                    with self.subTest(path):
                        content = operations["get"]["responses"]["200"]["content"]
                        self.assertEqual(set(content), {kinds[name] for name in parameter["schema"]["enum"]})
                        envelopes = [kind for kind, one in content.items() if "Paginated" in str(one)]
                        self.assertEqual(envelopes, ["application/json"])

    def test_single_rows_take_the_fields_that_are_documented(self) -> None:
        described = schema()["paths"]["/api/v1/agencies/{id}/"]["get"]["parameters"]
        self.assertIn("fields", [parameter["name"] for parameter in described])
        self.assertEqual(self.get(f"/api/v1/agencies/{self.union_city.slug}/?fields=state"), {"state": "CA"})
