"""Errors: problem documents everywhere, parameters never ignored."""

from unittest.mock import patch

from django.db import OperationalError

from agencies.tests.factories import make_agency
from api.tests.base import ApiTestCase

LISTS = ("agencies", "places", "networks", "sources", "captures", "statements", "links")


class ParameterTests(ApiTestCase):
    """Unknown, repeated, empty and ill-typed parameters."""

    def test_unknown_parameter_is_refused_with_the_known_ones(self) -> None:
        for name in LISTS:
            with self.subTest(name):
                problem = self.get(f"/api/v1/{name}/?stat=CA", status=400)
                self.assertEqual(problem["errors"], [{"parameter": "stat", "detail": "Unknown parameter."}])
                self.assertIn("page_size", problem["allowed"])

    def test_detail_refuses_filters_of_the_list(self) -> None:
        make_agency("Some Agency", slug="some")
        self.get("/api/v1/agencies/some/?state=CA", status=400)
        self.get("/api/v1/agencies/some/links/?served_place=06001", status=400)
        self.get("/api/v1/?state=CA", status=400)
        self.get("/api/v1/schema/?state=CA", status=400)

    def test_repeated_and_empty_parameters_are_refused(self) -> None:
        problem = self.get("/api/v1/agencies/?state=CA&state=NV&q=", status=400)
        self.assertEqual([error["parameter"] for error in problem["errors"]], ["state", "q"])

    def test_ill_typed_value_is_refused_by_name(self) -> None:
        for path in (
            "agencies/?state=ca",
            "agencies/?state=California",
            "agencies/?kind=police",
            "agencies/?county=alameda",
            "agencies/?served_place=99",
            "agencies/?network=none",
            "agencies/?has_links=maybe",
            "agencies/?q=%00",
            f"agencies/?q={'x' * 101}",
            "links/?first_seen__gte=yesterday",
            "links/?last_seen__lte=04/26/2024",
            "links/?status=active",
            "links/?grantor=%00",
            "links/?disputed=1",
            "statements/?capture=abc",
            "statements/?capture=00000000-0000-0000-0000-000000000000",
            "statements/?field=drivers",
            "agencies/?format=xml",
        ):
            with self.subTest(path):
                problem = self.get(f"/api/v1/{path}", status=400)
                name = path.partition("?")[2].partition("=")[0]
                self.assertEqual([error["parameter"] for error in problem["errors"]], [name])
                self.assertTrue(problem["errors"][0]["detail"])

    def test_value_outside_of_a_list_is_told_the_list(self) -> None:
        problem = self.get("/api/v1/links/?status=active", status=400)
        self.assertEqual(problem["errors"][0]["detail"], "One of: listed, inactive, ended, disputed, all.")


class ProblemTests(ApiTestCase):
    """RFC 9457 documents, whatever the status."""

    def assert_problem(self, path: str, status: int, method: str = "get", **headers: str) -> None:
        """Check that the answer is a problem document of that status."""
        response = getattr(self.client, method)(path, headers=headers)
        self.assertEqual(response.status_code, status, path)
        self.assertEqual(response.headers["Content-Type"], "application/problem+json")
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        self.assertEqual(response.json()["status"], status)
        self.assertTrue({"type", "title", "detail"} <= set(response.json()))

    def test_what_is_not_there(self) -> None:
        for path in (
            "agencies/nobody/",
            "agencies/nobody/links/",
            "agencies/00000000-0000-0000-0000-000000000000/",
            "places/99/",
            "networks/none/",
            "sources/none/",
            "captures/00000000-0000-0000-0000-000000000000/",
            "captures/abc/",
            "statements/00000000-0000-0000-0000-000000000000/",
            "links/00000000-0000-0000-0000-000000000000/",
            "nothing/",
            "nothing/?with=parameters",
            "nothing",
            "agencies/two%0Alines/",
        ):
            with self.subTest(path):
                self.assert_problem(f"/api/v1/{path}", 404)

    def test_other_methods(self) -> None:
        for method in ("post", "put", "patch", "delete"):
            with self.subTest(method):
                self.assert_problem("/api/v1/agencies/", 405, method)
                self.assert_problem("/api/v1/agencies/?format=geojson&stat=CA", 405, method)

    def test_unacceptable_media_type(self) -> None:
        self.assert_problem("/api/v1/agencies/", 406, accept="image/png")

    def test_an_unforeseen_error(self) -> None:
        self.client.raise_request_exception = False
        with (
            patch("api.viewsets.base.RecordViewSet.page_of", side_effect=RuntimeError("secret")),
            self.assertLogs("api.errors", "ERROR"),
        ):
            self.assert_problem("/api/v1/links/", 500)
            self.assertNotIn("secret", self.client.get("/api/v1/links/").content.decode())

    def test_a_database_that_does_not_answer(self) -> None:
        with (
            patch("api.viewsets.base.RecordViewSet.page_of", side_effect=OperationalError("timeout")),
            self.assertLogs("api.errors", "ERROR"),
        ):
            self.assert_problem("/api/v1/links/", 503)


class AddressTests(ApiTestCase):
    """The front door, slashes, and other sites."""

    def test_root_lists_resources_that_are_there(self) -> None:
        needing = {"webhooks": 401, "match": 405, "routes": 400, "search": 400}  # A body, an agency, and a query.
        for name, address in self.get("/api/v1/")["resources"].items():
            with self.subTest(name):
                path = address.removeprefix("http://testserver")
                self.assertEqual(self.client.get(path).status_code, needing.get(name, 200))

    def test_missing_slash_is_added_with_the_query_kept(self) -> None:
        response = self.client.get("/api/v1/agencies?state=CA")
        self.assertEqual((response.status_code, response.headers["Location"]), (308, "/api/v1/agencies/?state=CA"))

    def test_any_site_may_read(self) -> None:
        response = self.client.get("/api/v1/agencies/", headers={"origin": "https://example.org"})
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        self.assertIn("Link", response.headers["Access-Control-Expose-Headers"])
        preflight = self.client.options("/api/v1/agencies/", headers={"origin": "https://example.org"})
        self.assertEqual(preflight.status_code, 204)
        self.assertEqual(preflight.headers["Access-Control-Allow-Methods"], "GET, HEAD, OPTIONS")

    def test_no_cookie_is_set(self) -> None:
        self.assertEqual(len(self.client.get("/api/v1/agencies/").cookies), 0)

    def test_database_or_cache_away_is_a_problem_document_too(self) -> None:
        for error, status in ((OperationalError("away"), 200), (ConnectionError("away"), 200)):
            with self.subTest(error), patch("api.base.etag_of", side_effect=error):
                response = self.client.get("/api/v1/links/")
                self.assertEqual((response.status_code, "ETag" in response.headers), (status, False))
        with (
            patch("api.base.etag_of", side_effect=OperationalError),
            patch("api.pagination.RecordPagination.paginate_queryset", side_effect=OperationalError),
        ):
            response = self.client.get("/api/v1/links/")
        self.assertEqual((response.status_code, response.headers["Content-Type"]), (503, "application/problem+json"))
