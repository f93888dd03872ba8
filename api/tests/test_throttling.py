"""The rate limit, and that no address is kept."""

from unittest.mock import patch

from django.conf import settings
from django.core.cache import cache
from django.test import override_settings

from api.tests.base import ApiTestCase

TWO_A_MINUTE = override_settings(
    REST_FRAMEWORK={**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anon": "2/min"}}
)


@TWO_A_MINUTE
class ThrottleTests(ApiTestCase):
    """Two requests a minute."""

    def setUp(self) -> None:
        """Hold the clock, so that no window ends within a test."""
        super().setUp()
        clock = patch("api.throttling.time.time", return_value=1_790_000_000.0)
        clock.start()
        self.addCleanup(clock.stop)

    def status_from(self, address: str) -> int:
        """Return the status of a request from an address."""
        return self.client.get("/api/v1/networks/", REMOTE_ADDR=address).status_code

    def test_third_request_is_refused_with_the_time_to_wait(self) -> None:
        first = self.client.get("/api/v1/networks/")
        self.assertEqual((first.headers["RateLimit-Limit"], first.headers["RateLimit-Remaining"]), ("2", "1"))
        self.client.get("/api/v1/networks/")
        refused = self.client.get("/api/v1/networks/")
        self.assertEqual(refused.status_code, 429)
        self.assertEqual(refused.headers["Content-Type"], "application/problem+json")
        self.assertEqual(refused.headers["Retry-After"], refused.headers["RateLimit-Reset"])

    def test_each_reader_is_counted_alone(self) -> None:
        statuses = [self.status_from(address) for address in ("192.0.2.1", "192.0.2.1", "192.0.2.1", "192.0.2.2")]
        self.assertEqual(statuses, [200, 200, 429, 200])

    def test_an_ipv6_network_is_one_reader(self) -> None:
        statuses = [self.status_from(f"2001:db8::{n}") for n in (1, 2, 3)]
        self.assertEqual(statuses, [200, 200, 429])

    def test_forwarded_header_of_a_stranger_is_not_believed(self) -> None:
        statuses = [
            self.client.get("/api/v1/networks/", headers={"x-forwarded-for": f"192.0.2.{n}"}).status_code
            for n in (1, 2, 3)
        ]
        self.assertEqual(statuses, [200, 200, 429])

    def test_no_address_is_kept(self) -> None:
        with patch.object(cache, "add", wraps=cache.add) as add:
            self.status_from("192.0.2.77")
        self.assertTrue(add.call_args_list)
        self.assertNotIn("192.0.2.77", repr(add.call_args_list))
