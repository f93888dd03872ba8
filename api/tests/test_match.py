"""POST /api/v1/match/"""

import json
import logging
from unittest.mock import patch

from django.conf import settings
from django.db import connection
from django.test import override_settings
from django.test.utils import CaptureQueriesContext
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from agencies.matching.machine import current_matcher
from agencies.matching.matcher import VERSION
from agencies.models import Alias, MatchDecision
from api.match.base import MOST_BYTES
from api.tests.matching import MatchingTestCase
from api.tests.test_schema import closed
from api.views import schema


class MatchTests(MatchingTestCase):
    """The batch."""

    def test_accepted_name_has_its_agency_with_all_ids(self) -> None:
        answer = self.post({"names": [{"name": "Union City CA PD"}]})
        result = answer["results"][0]
        self.assertEqual((result["name"], result["decision"]), ("Union City CA PD", "accepted"))
        self.assertEqual(
            result["agency"],
            {
                "id": str(self.union_city.uuid),
                "slug": "union-city-police-department-ca",
                "name": "Union City Police Department",
                "kind": "municipal_police",
                "state": "CA",
                "ori": "CA0011300",
                "geoid": "0681204",
            },
        )
        self.assertTrue(result["reason"])
        self.assertEqual(result["candidates"][0]["agency"], result["agency"])
        self.assertTrue(0.97 <= result["candidates"][0]["score"] <= 1)
        self.assertTrue(all(0 <= value <= 1 for value in result["candidates"][0]["features"].values()))
        self.assertEqual(answer["matcher_version"], VERSION)

    def test_bare_name_of_several_states_is_ambiguous_whatever_the_context(self) -> None:
        names = [{"name": "Auburn Police Department", "context_state": state} for state in ("", "CA", "WA", "NV")]
        for result in self.post({"names": names})["results"]:
            self.assertEqual((result["decision"], result["agency"]), ("ambiguous", None))
            self.assertEqual({row["agency"]["state"] for row in result["candidates"]}, {"CA", "WA"})

    def test_state_column_of_the_document_decides(self) -> None:
        result = self.post({"names": [{"name": "Auburn Police Department", "state": "WA"}]})["results"][0]
        self.assertEqual(result["agency"]["ori"], "WA0170100")

    def test_results_come_in_the_order_asked_and_twice_if_asked_twice(self) -> None:
        names = ["Nowhere HOA", "Union City CA PD", "Nowhere HOA", "Ünïön"]
        answer = self.post({"names": [{"name": name} for name in names]})
        self.assertEqual([result["name"] for result in answer["results"]], names)

    def test_answer_is_as_documented_and_holds_nothing_else(self) -> None:
        names = [{"name": "Union City CA PD", "city": "Union City", "state": "CA"}, {"name": "Nowhere HOA"}]
        document = closed(schema())
        answers = document["paths"]["/api/v1/match/"]["post"]["responses"]["200"]["content"]
        described = {**answers["application/json"]["schema"], "components": document["components"]}
        self.assertEqual(list(Draft202012Validator(described).iter_errors(self.post({"names": names}))), [])

    def test_number_of_queries_does_not_grow_with_names(self) -> None:
        current_matcher()
        counts = []
        for number in (1, 60):
            with CaptureQueriesContext(connection) as queries:
                self.post({"names": [{"name": "Union City CA PD"}] * number})
            counts.append(len(queries))
        self.assertEqual(counts, [4, 4])

    def test_nothing_asked_is_stored_or_logged(self) -> None:
        lines: list[str] = []
        handler = logging.Handler()
        handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
        root = logging.getLogger()
        root.addHandler(handler)
        self.addCleanup(root.removeHandler, handler)
        with CaptureQueriesContext(connection) as queries:
            self.post({"names": [{"name": "Zzyzx Secret PD"}]})
            self.post({"names": [{"name": "Zzyzx Secret PD", "x": 1}]}, status=400)
            self.client.get("/api/v1/reconcile/", {"queries": '{"q0": {"query": "Zzyzx Secret PD"}}'})
        self.assertFalse(any(query["sql"].startswith(("INSERT", "UPDATE")) for query in queries))
        self.assertFalse(any("zzyzx" in query["sql"].lower() for query in queries))
        self.assertFalse(any("zzyzx" in line.lower() for line in lines))
        self.assertFalse(Alias.objects.exists() or MatchDecision.objects.exists())


class RefusalTests(MatchingTestCase):
    """What is not taken, and how that is said."""

    def errors(self, data: object) -> dict[str, str]:
        """Return the messages of a refused body, by field."""
        return {row["parameter"]: row["detail"] for row in self.post(data, status=400)["errors"]}

    def test_every_wrong_field_is_named(self) -> None:
        names = [{"name": "A"}, {"name": "", "state": "ca"}, {"nam": "B"}, {"name": "C", "context_state": "XX"}]
        self.assertEqual(
            sorted(self.errors({"names": names})),
            ["names[1].name", "names[1].state", "names[2].nam", "names[3].context_state"],
        )
        self.assertIn("names", self.errors({}))
        self.assertIn("names", self.errors({"names": []}))
        self.assertIn("name", self.errors({"names": [{"name": "A"}], "name": "B"}))
        self.assertIn("names[0]", self.errors({"names": ["Union City CA PD"]}))
        self.assertTrue(self.errors([1]))

    def test_five_hundred_names_are_taken_and_one_more_is_not(self) -> None:
        self.assertEqual(len(self.post({"names": [{"name": "A PD"}] * 500})["results"]), 500)
        self.assertIn("names", self.errors({"names": [{"name": "A PD"}] * 501}))

    def test_long_name_and_large_body_are_refused(self) -> None:
        self.assertIn("names[0].name", self.errors({"names": [{"name": "A" * 301}]}))
        problem = self.post(json.dumps({"names": [{"name": "A" * MOST_BYTES}]}), status=413)
        self.assertEqual(problem["title"], "Request Entity Too Large")

    def test_what_is_no_json_is_refused_as_a_problem_document(self) -> None:
        self.assertEqual(self.post("{", status=400)["status"], 400)
        form = self.client.post("/api/v1/match/", {"names": "A PD"})
        self.assertEqual((form.status_code, form.headers["Content-Type"]), (415, "application/problem+json"))

    def test_null_character_and_control_characters_do_no_harm(self) -> None:
        self.assertIn("names[0].name", self.errors({"names": [{"name": "A\x00PD"}]}))
        self.post({"names": [{"name": "A\u202ePD\ud83d\ude00"}]})

    def test_other_methods_and_unknown_parameters_are_refused(self) -> None:
        response = self.client.get("/api/v1/match/")
        self.assertEqual((response.status_code, response.headers["Allow"]), (405, "POST, OPTIONS"))
        self.assertEqual(self.client.post("/api/v1/match/?dry=1", {}, "application/json").status_code, 400)


class CrossSiteTests(MatchingTestCase):
    """Pages of other sites."""

    def test_preflight_allows_post_with_json(self) -> None:
        for path in ("match", "reconcile"):
            response = self.client.options(f"/api/v1/{path}/", headers={"origin": "https://example.org"})
            self.assertEqual(response.status_code, 204)
            self.assertIn("POST", response.headers["Access-Control-Allow-Methods"])
            self.assertIn("Content-Type", response.headers["Access-Control-Allow-Headers"])

    def test_answer_may_be_read_by_any_site(self) -> None:
        data = json.dumps({"names": [{"name": "A PD"}]})
        response = self.client.post("/api/v1/match/", data, content_type="application/json")
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        self.assertFalse(response.cookies)


@override_settings(REST_FRAMEWORK={**settings.REST_FRAMEWORK, "DEFAULT_THROTTLE_RATES": {"anon": "12/min"}})
class ChargeTests(MatchingTestCase):
    """Twelve requests a minute."""

    def setUp(self) -> None:
        """Hold the clock, so that no window ends within a test."""
        super().setUp()
        clock = patch("api.throttling.time.time", return_value=1_790_000_000.0)
        clock.start()
        self.addCleanup(clock.stop)

    def remaining(self, names: int) -> tuple[int, str]:
        """Return status and remaining requests after a batch."""
        data = json.dumps({"names": [{"name": "A PD"}] * names})
        response = self.client.post("/api/v1/match/", data, content_type="application/json")
        return response.status_code, response.headers["RateLimit-Remaining"]

    def test_fifty_names_count_as_one_request(self) -> None:
        self.assertEqual(self.remaining(50), (200, "11"))
        self.assertEqual(self.remaining(51), (200, "9"))
        self.assertEqual(self.remaining(450), (200, "0"))
        self.assertEqual(self.remaining(1), (429, "0"))

    def test_batch_beyond_the_rate_is_refused_whole_and_says_when(self) -> None:
        self.remaining(200)
        data = json.dumps({"names": [{"name": "A PD"}] * 500})
        response = self.client.post("/api/v1/match/", data, content_type="application/json")
        self.assertEqual(response.status_code, 429)
        self.assertEqual(response.headers["Retry-After"], response.headers["RateLimit-Reset"])
