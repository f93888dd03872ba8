"""Sharing links."""

from datetime import date
from urllib.parse import urlsplit

from agencies.tests.factories import make_agency, make_link, make_network
from api.tests.base import RecordTestCase


class LinkTests(RecordTestCase):
    """GET /api/v1/links/ and /api/v1/links/{id}/"""

    def ids(self, query: str) -> set[str]:
        """Return the ids of the links that pass a query."""
        return {row["id"] for row in self.get(f"/api/v1/links/?{query}")["results"]}

    def test_link_carries_dates_reporter_and_evidence(self) -> None:
        row = self.get(f"/api/v1/links/{self.link.uuid}/")
        self.assertEqual((row["grantor"]["slug"], row["grantee"]["kind"]), (self.union_city.slug, "sheriff"))
        self.assertEqual((row["first_seen"], row["last_seen"], row["status"]), ("2024-04-26", "2026-04-23", "listed"))
        self.assertEqual((row["reported_by"], row["statement_count"]), ("grantor", 2))
        for field in ("ended_as_of", "inactive_as_of", "disputed_on"):
            self.assertIsNone(row[field], field)
        self.assertTrue(row["page_url"].endswith(f"/links/{self.union_city.slug}/{self.sheriff.slug}/"))

    def test_evidence_address_lists_the_statements_behind_it(self) -> None:
        address = urlsplit(self.get(f"/api/v1/links/{self.link.uuid}/")["evidence_url"])
        found = self.get(f"{address.path}?{address.query}")["results"]
        self.assertEqual([row["id"] for row in found], [str(self.grant.statement.uuid)])

    def test_filters_narrow(self) -> None:
        other = make_link(
            self.quiet,
            self.union_city,
            network=make_network("vigilant"),
            access="hotlist_feed",
            status="ended",
            first_seen=date(2020, 1, 1),
            last_seen=date(2021, 1, 1),
            ended_as_of=date(2022, 1, 1),
            reported_by="grantee",
        )
        link, disputed, other_id = str(self.link.uuid), str(self.disputed.uuid), str(other.uuid)
        for query, expected in {
            "": {link, disputed, other_id},
            f"grantor={self.union_city.slug}": {link, disputed},
            f"grantee={self.union_city.uuid}": {other_id},
            "network=vigilant": {other_id},
            "access=hotlist_feed": {other_id},
            "status=listed": {link, disputed},
            "grantor_state=NV": {other_id},
            "grantee_state=CA": {link, other_id},
            "reported_by=grantee": {other_id},
            "disputed=true": {disputed},
            "disputed=false": {link, other_id},
            "first_seen__lte=2020-01-01": {other_id},
            "first_seen__gte=2020-01-02": {link, disputed},
            "last_seen__gte=2026-01-01": {link, disputed},
            "last_seen__lte=2021-01-01": {other_id},
        }.items():
            with self.subTest(query):
                self.assertEqual(self.ids(query), expected)

    def test_merged_agency_stands_for_its_replacement(self) -> None:
        make_agency("Old Name", slug="old-name", merged_into=self.union_city)
        self.assertEqual(len(self.ids("grantor=old-name")), 2)

    def test_unknown_agency_is_refused_and_not_an_empty_answer(self) -> None:
        problem = self.get("/api/v1/links/?grantor=no-such-agency", status=400)
        self.assertEqual(problem["errors"], [{"parameter": "grantor", "detail": "No agency has this id or slug."}])

    def test_no_field_says_shares(self) -> None:
        text = self.client.get("/api/v1/links/").content.decode()
        self.assertNotIn("shares", text.lower())

    def test_range_of_dates_gives_the_order_in_which_such_rows_lie(self) -> None:
        for number, day in enumerate((date(2021, 5, 1), date(2020, 5, 1), date(2022, 5, 1))):
            make_link(self.quiet, make_agency(f"Other {number}"), first_seen=day)
        rows = self.get("/api/v1/links/?first_seen__lte=2022-12-31&page_size=2")
        again = self.client.get(rows["next"]).json()
        days = [row["first_seen"] for row in (*rows["results"], *again["results"])]
        self.assertEqual(days, ["2020-05-01", "2021-05-01", "2022-05-01"])
        turned = self.get("/api/v1/links/?first_seen__lte=2022-12-31&ordering=-first_seen")["results"]
        self.assertEqual([row["first_seen"] for row in turned], days[::-1])
