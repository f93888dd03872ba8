"""The number of queries of a list does not grow with its rows."""

from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext

from agencies.models import Agency, Place
from agencies.revision import record_as_of
from agencies.tests.factories import (
    make_agency,
    make_answer,
    make_capture,
    make_fact,
    make_grant,
    make_link,
    make_list,
    make_network,
    make_place,
    make_serving,
    make_source,
)
from api import kept_answers
from api.tests.base import ApiTestCase

PATHS = {
    "/api/v1/agencies/": 1,
    "/api/v1/agencies/agency-0/": 8,
    "/api/v1/agencies/agency-0/links/": 2,
    "/api/v1/agencies/agency-0/links/?federal=no&state=CA&as_of=2026-05-01": 2,
    "/api/v1/places/": 1,
    "/api/v1/places/06001/": 2,
    "/api/v1/networks/": 1,
    "/api/v1/sources/": 1,
    "/api/v1/captures/": 1,
    "/api/v1/statements/": 6,
    "/api/v1/statements/?agency=agency-0": 6,
    "/api/v1/links/": 1,
    "/api/v1/links/?as_of=2026-05-01&status=listed": 1,
    "/api/v1/links/?federal=no&state=CA": 2,
    "/api/v1/links/?grantor=agency-0&network=network-0": 3,
}


@override_settings(REVISION_SECONDS=3600)
class QueryCountTests(ApiTestCase):
    """One row against ten."""

    hub: Agency
    county: Place

    @classmethod
    def setUpTestData(cls) -> None:
        """Make what every row hangs on."""
        cls.hub = make_agency("Agency 0", slug="agency-0")
        cls.county = make_place("Some County", kind="county", geoid="06001")

    def counts(self) -> dict[str, int]:
        """Return the number of queries of each path."""
        found = {}
        record_as_of()  # As in a process that has answered before, something else.
        kept_answers.forget()
        for path in PATHS:
            with CaptureQueriesContext(connection) as queries:
                self.get(path)
            found[path] = len(queries)
        return found

    def make(self, first: int, last: int) -> None:
        """Make rows of everything."""
        for number in range(first, last):
            other = make_agency(f"Other {number}", slug=f"other-{number}", county=self.county)
            network = make_network(f"network-{number}")
            capture = make_capture(make_source(f"source-{number}"))
            grant = make_grant(self.hub, other, make_list(capture, network=network))
            make_answer(other, grant, capture=capture)
            make_fact(self.hub, "cameras", number, capture, network=network)
            make_link(self.hub, other, network=network)
            make_serving(self.hub, make_place(f"City {number}", county=self.county))
            make_serving(other, self.county, basis="county")

    def test_one_row_and_ten_rows_cost_the_same(self) -> None:
        self.make(0, 1)
        one = self.counts()
        self.make(1, 10)
        self.assertEqual(self.counts(), one)
        self.assertEqual(one, PATHS)
