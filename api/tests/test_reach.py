"""GET /api/v1/agencies/{id}/reach/ and /api/v1/routes/"""

from datetime import date, timedelta
from unittest.mock import patch

from django.utils import timezone

from agencies.models import Agency
from agencies.network.graph_store import GraphNotBuiltError
from agencies.network.rebuild import rebuild_links
from agencies.tests import factories as make
from agencies.tests.graph_factories import list_of_2019, make_bodies, own_list
from api.tests.base import ApiTestCase

RECENT = timezone.localdate() - timedelta(200)
ROUTES = "/api/v1/routes/?from=union-city-police-department-ca"


class ReachTestCase(ApiTestCase):
    city: Agency
    town: Agency
    bodies: dict[str, Agency]

    @classmethod
    def setUpTestData(cls) -> None:
        """Make a city that gives a town access, which gives Border Patrol access; ICE's records name the city."""
        cls.bodies = make_bodies()
        cls.city, cls.town = make.make_agency(), make.make_agency("Colma Police Department")
        own_list(cls.city, RECENT, cls.town, cls.bodies["fbi"])
        own_list(cls.town, RECENT, cls.bodies["patrol"])
        list_of_2019(cls.bodies["ice"], date(2019, 3, 13), cls.city)
        rebuild_links()


class ReachTests(ReachTestCase):
    path = "/api/v1/agencies/union-city-police-department-ca/reach/"

    def test_answer_rungs_and_evidence(self) -> None:
        found = self.get(self.path)
        self.assertEqual((found["top"], found["past"]), (5, 1))
        self.assertTrue(found["text"].startswith("Possible route through Colma Police Department: people at Colma"))
        self.assertEqual([rung["rung"] for rung in found["rungs"]], [1, 2, 3, 4, 5])
        self.assertEqual(
            [rung["state"] for rung in found["rungs"]],
            ["history", "none_found", "none_found", "not_researched", "current"],
        )
        self.assertEqual([hop["grantee"]["slug"] for hop in found["federal"]], ["federal-bureau-of-investigation"])
        through = found["rungs"][4]["through"]
        self.assertEqual((through["agencies"], through["researched"], through["current"]), (2, 1, 1))
        self.assertEqual(through["best"][0]["onward"]["grantee"]["slug"], "border-patrol")

    def test_ids_lead_to_the_link_and_its_statements(self) -> None:
        hop = self.get(self.path)["federal"][0]
        self.assertEqual(self.get(f"/api/v1/links/{hop['link']}/")["grantee"]["name"], hop["grantee"]["name"])
        self.assertEqual(hop["statement_count"], len(hop["statements"]))
        self.assertEqual(self.get(f"/api/v1/statements/{hop['statements'][0]}/")["kind"], "sharing")

    def test_as_of_replays_the_record(self) -> None:
        found = self.get(f"{self.path}?as_of=2019-04-01")
        self.assertEqual((found["as_of"], found["top"], found["past"]), ("2019-04-01", 1, None))
        self.assertEqual(self.get(f"{self.path}?as_of=2019-03-12")["top"], 7)

    def test_text_is_english_whatever_the_reader_prefers(self) -> None:
        found = self.client.get(self.path, headers={"accept-language": "es"}).json()
        self.assertTrue(found["text"].startswith("Possible route"))

    def test_states_it_is_seen_from_are_told_of_today_alone(self) -> None:
        elsewhere = make.make_agency("Reno Police Department", state="NV")
        own_list(self.town, timezone.localdate(), self.bodies["patrol"], self.city, elsewhere)
        rebuild_links()
        seen = self.get(self.path)["seen_from"]
        self.assertEqual(seen["states"], [{"state": None, "agencies": 1}, {"state": "CA", "agencies": 1}])
        self.assertEqual(sorted(row["state"] or "" for row in seen["possible"]), ["", "NV"])
        self.assertIsNone(self.get(f"{self.path}?as_of=2019-04-01")["seen_from"])

    def test_body_that_is_asked_about_has_no_rung(self) -> None:
        found = self.get("/api/v1/agencies/border-patrol/reach/")
        self.assertIsNone(found["top"])

    def test_merged_agency_moves_and_unknown_is_not_found(self) -> None:
        make.make_agency("Union City PD", slug="old", merged_into=self.city)
        answer = self.client.get("/api/v1/agencies/old/reach/?as_of=2019-04-01")
        self.assertEqual(answer.status_code, 308)
        self.assertTrue(answer.headers["Location"].endswith(f"/{self.city.uuid}/reach/?as_of=2019-04-01"))
        self.get("/api/v1/agencies/nobody/reach/", status=404)

    def test_bad_parameters_are_named(self) -> None:
        for query, name in (
            ("as_of=20190401", "as_of"),
            ("as_of=1950-01-01", "as_of"),
            ("as_of=2149-12-31", "as_of"),
            ("as_of=x", "as_of"),
            ("hops=2", "hops"),
        ):
            with self.subTest(query):
                self.assertEqual(self.get(f"{self.path}?{query}", status=400)["errors"][0]["parameter"], name)

    def test_graph_that_is_not_built_yet_is_unavailable(self) -> None:
        with patch("api.viewsets.reach.ladder", side_effect=GraphNotBuiltError("not yet")):
            self.assertIn("is being built", self.get(self.path, status=503)["detail"])

    def test_query_count_does_not_grow(self) -> None:
        self.get(self.path)  # Twice a graph, which tests do not keep: eight queries more than elsewhere.
        with self.assertNumQueries(27):
            self.get(self.path)
        for number in range(5):
            own_list(make.make_agency(f"Town {number}"), RECENT, self.bodies["ice"], self.city)
        rebuild_links()
        with self.assertNumQueries(27):
            self.get(self.path)


class RoutesTests(ReachTestCase):
    def test_routes_to_ice_and_cbp_are_the_default(self) -> None:
        found = self.get(ROUTES)
        self.assertEqual((found["total"], found["total_by_hops"], found["past_total"]), (1, {"1": 0, "2": 1}, 1))
        [route] = found["routes"]
        self.assertFalse(route["is_direct"])
        self.assertEqual([agency["slug"] for agency in route["through"]], [self.town.slug])
        self.assertEqual([hop["state"] for hop in route["hops"]], ["current", "current"])
        self.assertIn("it does not show that anyone did", route["text"])
        self.assertIn("history", found["past"][0]["text"])

    def test_target_hops_limit_and_day_are_taken(self) -> None:
        self.assertEqual(self.get(f"{ROUTES}&to=colma-police-department-ca&hops=1")["total"], 1)
        self.assertEqual(self.get(f"{ROUTES}&hops=1")["total"], 0)
        self.assertEqual(self.get(f"{ROUTES}&as_of=2019-04-01")["total"], 1)
        self.assertEqual(len(self.get(f"{ROUTES}&limit=1&hops=3")["routes"]), 1)

    def test_bad_parameters_are_named(self) -> None:
        for query, name in (
            ("", "from"),
            ("from=nobody", "from"),
            ("from=colma-police-department-ca&to=nobody", "to"),
            ("from=colma-police-department-ca&to=colma-police-department-ca", "to"),
            ("from=colma-police-department-ca&hops=0", "hops"),
            ("from=colma-police-department-ca&hops=4", "hops"),
            ("from=colma-police-department-ca&hops=%C2%B2", "hops"),
            ("from=colma-police-department-ca&limit=101", "limit"),
            ("from=colma-police-department-ca&as_of=soon", "as_of"),
            ("from=colma-police-department-ca&until=soon", "until"),
            ("from=a%00b", "from"),
        ):
            with self.subTest(query):
                self.assertEqual(self.get(f"/api/v1/routes/?{query}", status=400)["errors"][0]["parameter"], name)

    def test_merged_end_stands_for_its_replacement(self) -> None:
        make.make_agency("Colma PD", slug="old", merged_into=self.town)
        self.assertEqual(self.get(f"{ROUTES}&to=old")["targets"][0]["slug"], self.town.slug)
