"""ETags from the record's revision."""

from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from agencies.tests.factories import make_agency
from api.tests.base import RecordTestCase
from api.tests.test_throttling import TWO_A_MINUTE

PATH = "/api/v1/agencies/?state=CA"


class ConditionalTests(RecordTestCase):
    """If-None-Match."""

    def etag(self, path: str = PATH, **headers: str) -> str:
        """Return the ETag of an answer."""
        response = self.client.get(path, headers=headers)
        self.assertEqual(response.status_code, 200)
        return response.headers["ETag"]

    def status(self, etag: str, path: str = PATH, **headers: str) -> int:
        """Return the status for a client that has the answer with that ETag."""
        return self.client.get(path, headers={"if-none-match": etag, **headers}).status_code

    def test_same_answer_is_not_sent_twice(self) -> None:
        etag = self.etag()
        self.assertEqual(self.status(etag), 304)
        self.assertEqual(self.status(f'"other", {etag}'), 304)
        self.assertEqual(self.status(etag.removeprefix("W/")), 304)
        self.assertEqual(self.status("*"), 200)

    def test_every_list_and_row_has_an_etag(self) -> None:
        paths = ["links/", "places/0681204/", "networks/", "sources/", "statements/", "agencies/?format=csv"]
        for path in paths:
            with self.subTest(path):
                etag = self.etag(f"/api/v1/{path}")
                self.assertEqual(self.status(etag, f"/api/v1/{path}"), 304)

    def test_changed_record_is_a_new_answer(self) -> None:
        etag = self.etag()
        make_agency("Another Police Department", state="CA")
        self.assertEqual(self.status(etag), 200)

    def test_other_address_or_media_type_is_another_answer(self) -> None:
        etag = self.etag()
        self.assertEqual(self.status(etag, "/api/v1/agencies/?state=NV"), 200)
        self.assertEqual(self.status(etag, PATH, accept="text/csv"), 200)

    def test_errors_have_none(self) -> None:
        self.assertNotIn("ETag", self.client.get("/api/v1/agencies/?x=1").headers)
        self.assertNotIn("ETag", self.client.get("/api/v1/agencies/nobody/").headers)

    @override_settings(REVISION_SECONDS=3600)
    def test_304_costs_no_query(self) -> None:
        etag = self.etag()
        with CaptureQueriesContext(connection) as queries:
            response = self.client.get(PATH, headers={"if-none-match": etag})
        self.assertEqual((response.status_code, len(queries)), (304, 0))
        self.assertEqual(response.headers["ETag"], etag)
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        self.assertEqual(response.content, b"")

    @TWO_A_MINUTE
    def test_304_uses_no_quota(self) -> None:
        etag = self.etag()
        for _ in range(3):
            self.assertEqual(self.status(etag), 304)
        self.assertEqual(self.client.get(PATH).headers["RateLimit-Remaining"], "0")
