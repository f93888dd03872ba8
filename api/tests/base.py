"""What the API's tests share: one small record, and a client that checks the status."""

from datetime import date
from typing import Any

from django.core.cache import cache
from django.test import TestCase

from agencies.models import (
    Agency,
    Alias,
    Answer,
    Capture,
    Fact,
    Place,
    Release,
    SharingLink,
    SharingList,
    SharingStatement,
    Source,
)
from agencies.tests.factories import (
    make_agency,
    make_answer,
    make_capture,
    make_decision,
    make_fact,
    make_grant,
    make_link,
    make_list,
    make_place,
    make_serving,
    make_source,
)


class ApiTestCase(TestCase):
    """A test case with a fresh rate limit, and `get` that says what it expected."""

    def setUp(self) -> None:
        """Forget what was counted."""
        cache.clear()

    def get(self, path: str, status: int = 200, **headers: str) -> Any:
        """Return the decoded answer of a path."""
        response = self.client.get(path, headers=headers)
        self.assertEqual(response.status_code, status, response.content[:500] if not response.streaming else path)
        return response.json() if not response.streaming else response

    def names(self, path: str) -> list[str]:
        """Return the names of a list's rows."""
        return [row["name"] for row in self.get(path)["results"]]


class RecordTestCase(ApiTestCase):
    """Union City PD grants two agencies access; one grant is denied, one fact is known, one name is unmatched."""

    state: Place
    county: Place
    city: Place
    union_city: Agency
    sheriff: Agency
    ice: Agency
    quiet: Agency
    source: Source
    capture: Capture
    sharing_list: SharingList
    grant: SharingStatement
    denied: SharingStatement
    answer: Answer
    fact: Fact
    link: SharingLink
    disputed: SharingLink
    release: Release

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the record."""
        cls.state = make_place("California", kind="state", geoid="06", full_name="California")
        cls.county = make_place("Alameda", kind="county", geoid="06001", full_name="Alameda County")
        cls.city = make_place("Union City", geoid="0681204", county=cls.county, latitude=37.6, longitude=-122.0)
        cls.union_city = make_agency(
            ori="CA0011200",
            county=cls.county,
            latitude=37.6,
            longitude=-122.0,
            coordinate_precision="place_centroid",
            status="active",
            population_served=66000,
        )
        cls.sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff", county=cls.county)
        cls.ice = make_agency("Immigration and Customs Enforcement", state="", kind="federal", slug="ice")
        cls.quiet = make_agency("Quiet Village Police Department", state="NV")
        make_serving(cls.union_city, cls.city)
        make_serving(cls.sheriff, cls.county, basis="county")
        cls.source = make_source()
        cls.capture = make_capture(cls.source)
        cls.sharing_list = make_list(cls.capture)
        cls.grant = make_grant(cls.union_city, cls.sheriff, cls.sharing_list)
        cls.denied = make_grant(cls.union_city, cls.ice, cls.sharing_list)
        cls.answer = make_answer(cls.union_city, cls.denied)
        cls.fact = make_fact(cls.union_city, "retention_days", 30, cls.capture)
        cls.link = make_link(cls.union_city, cls.sheriff)
        cls.release = Release.objects.create(
            name="2026-11-24-1",
            released_on=date(2026, 11, 24),
            number=1,
            schema_version=1,
            record_sha256="0" * 64,
            manifest={"files": []},
        )
        cls.disputed = make_link(cls.union_city, cls.ice, disputed_on=date(2019, 4, 1))


def unmatched_grant(record: RecordTestCase, name: str, outcome: str | None = None) -> Any:
    """State a grant from Union City to a name that is matched to no agency: not decided, or with that outcome."""
    stand_in = make_agency(name, slug=f"stand-in-{name.lower().replace(' ', '-')}", state="CA")
    grant = make_grant(record.union_city, stand_in, record.sharing_list)
    if outcome is None:
        Alias.objects.filter(pk=grant.grantee_alias_id).update(decision=None)
    else:
        make_decision(grant.grantee_alias, outcome=outcome)
    return grant
