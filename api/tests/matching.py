"""What the tests of matching over HTTP share: a small registry, and the real matcher."""

from typing import Any

from agencies.models import Agency, Place
from agencies.tests.factories import make_agency, make_place, make_serving
from api.tests.base import ApiTestCase


class MatchingTestCase(ApiTestCase):
    """Union City PD of California, and an Auburn PD in each of two states."""

    city: Place
    union_city: Agency
    auburn_ca: Agency
    auburn_wa: Agency

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the registry."""
        cls.city = make_place("Union City", geoid="0681204")
        cls.union_city = make_agency(ori="CA0011300", status="active")
        make_serving(cls.union_city, cls.city)
        cls.auburn_ca = make_agency("Auburn Police Department", ori="CA0310100", status="active")
        cls.auburn_wa = make_agency("Auburn Police Department", state="WA", ori="WA0170100", status="active")

    def post(self, data: Any, status: int = 200, **options: Any) -> Any:
        """Return the decoded answer to a JSON body."""
        response = self.client.post("/api/v1/match/", data, content_type="application/json", **options)
        self.assertEqual(response.status_code, status, response.content[:500])
        return response.json()
