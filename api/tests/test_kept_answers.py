"""Answers that a process keeps while the record stays as it is."""

from unittest.mock import patch

from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import override_settings

from agencies.models import SharingLink
from agencies.tests.factories import make_agency
from api import kept_answers
from api.keys import make_key
from api.tests.base import RecordTestCase

PAGE = "/api/v1/agencies/?page_size=2"
TWO_A_MINUTE = override_settings(
    REST_FRAMEWORK={**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anon": "2/min"}}
)


@override_settings(REVISION_SECONDS=60)
class KeptAnswersTests(RecordTestCase):
    """The second request of the same thing reads nothing."""

    def setUp(self) -> None:
        """Begin with nothing kept."""
        super().setUp()
        kept_answers.forget()
        self.addCleanup(kept_answers.forget)
        self.addCleanup(cache.clear)

    def test_second_answer_is_the_first_without_a_query(self) -> None:
        for path in (PAGE, f"/api/v1/agencies/{self.union_city.slug}/", "/api/v1/links/?fields=id"):
            with self.subTest(path):
                first = self.client.get(path)
                with self.assertNumQueries(0):
                    second = self.client.get(path)
                self.assertEqual(second.content, first.content)
                counted = {"RateLimit-Remaining", "RateLimit-Reset"}  # The latter falls from second to second.
                for name in first.headers.keys() - counted:
                    self.assertEqual(second.headers[name], first.headers[name], name)

    def test_it_is_counted(self) -> None:
        left = [int(self.client.get(PAGE).headers["RateLimit-Remaining"]) for _ in range(3)]
        self.assertEqual(left, [left[0], left[0] - 1, left[0] - 2])

    def test_beyond_the_limit_it_is_refused(self) -> None:
        clock = patch("api.throttling.time.time", return_value=1_790_000_000.0)
        with TWO_A_MINUTE, clock:
            self.assertEqual([self.client.get(PAGE).status_code for _ in range(3)], [200, 200, 429])

    def test_a_key_that_is_no_good_is_refused(self) -> None:
        row, key = make_key()
        self.get(PAGE)
        self.assertEqual(self.client.get(PAGE, headers={"authorization": f"Bearer {key}"}).status_code, 200)
        self.assertEqual(self.client.get(PAGE, headers={"authorization": "Bearer atlas_wrong"}).status_code, 401)

    def test_a_change_of_the_record_is_seen(self) -> None:
        self.get(PAGE)
        make_agency("Aaron Police Department")
        cache.delete("record-marks")  # They are asked for again after a few seconds.
        self.assertIn("Aaron Police Department", self.names(PAGE))

    def test_an_update_that_no_key_tells_of_is_seen(self) -> None:
        path = f"/api/v1/links/{self.link.uuid}/"
        first = self.client.get(path)
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL atlas.change_noted = ''")  # As in a transaction of its own.
        SharingLink.objects.filter(pk=self.link.pk).update(statement_count=9)
        cache.delete("record-marks")
        self.assertEqual(self.get(path)["statement_count"], 9)
        etag = first.headers["ETag"]
        self.assertEqual(self.client.get(path, headers={"if-none-match": etag}).status_code, 200)

    def test_it_is_made_anew_after_a_minute(self) -> None:
        self.get(PAGE)
        later = kept_answers.time.monotonic() + kept_answers.SECONDS_KEPT + 1
        with patch("api.kept_answers.time.monotonic", return_value=later), self.assertNumQueries(1):
            self.get(PAGE)

    def test_another_format_is_another_answer(self) -> None:
        self.get(PAGE)
        rows = self.client.get("/api/v1/agencies/?page_size=2", headers={"accept": "text/csv"})
        self.assertEqual(rows.headers["Content-Type"], "application/problem+json")

    def test_what_somebody_typed_is_not_kept(self) -> None:
        for path in ("agencies/?q=union", "agencies/?near=37.6,-122,5", "places/?q=union", "search/?q=union"):
            with self.subTest(path):
                self.get(f"/api/v1/{path}")
                self.assertEqual(len(kept_answers._answers), 0)

    def test_errors_and_streams_are_not_kept(self) -> None:
        self.get("/api/v1/agencies/nobody/", status=404)
        self.get("/api/v1/agencies/?stat=CA", status=400)
        b"".join(self.client.get("/api/v1/agencies/?format=csv").streaming_content)
        self.assertEqual(len(kept_answers._answers), 0)

    def test_the_least_lately_asked_for_goes_first(self) -> None:
        with patch.object(kept_answers, "MOST_ANSWERS", 2):
            for size in (1, 2, 1, 3):
                self.get(f"/api/v1/agencies/?page_size={size}")
            with self.assertNumQueries(0):
                self.get("/api/v1/agencies/?page_size=1")
            with self.assertNumQueries(1):
                self.get("/api/v1/agencies/?page_size=2")

    def test_a_large_answer_is_not_kept(self) -> None:
        with patch.object(kept_answers, "LARGEST_BYTES", 100):
            self.get(PAGE)
        self.assertEqual(len(kept_answers._answers), 0)


class NothingKeptTests(RecordTestCase):
    """Where the record's revision is not kept, as in other tests, no answer is."""

    def test_nothing_is_kept(self) -> None:
        self.get(PAGE)
        self.assertEqual(len(kept_answers._answers), 0)
