"""The Reconciliation API 0.2 at /api/v1/reconcile/, held against JSON schemas of its messages."""

import json
from pathlib import Path
from typing import Any

from django.test import SimpleTestCase
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator, FormatChecker  # type: ignore[import-untyped]

from api.errors import InvalidBody
from api.match.queries import read_queries
from api.tests.matching import MatchingTestCase

ADDRESS = "/api/v1/reconcile/"
SCHEMAS = Path(__file__).parent / "schemas"


def validator(name: str) -> Any:
    """Return the validator of one message."""
    schema = json.loads((SCHEMAS / f"{name}.json").read_text())
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


class ReconcileTestCase(MatchingTestCase):
    """A client that checks both sides of the talk."""

    def ask(self, method: str = "post", **queries: dict[str, Any]) -> dict[str, list[dict[str, Any]]]:
        """Send a batch that is as specified; return its results by id, after the same check."""
        validator("query-batch").validate(queries)
        response = getattr(self.client, method)(ADDRESS, {"queries": json.dumps(queries)})
        self.assertEqual(response.status_code, 200, response.content[:300])
        validator("result-batch").validate(response.json())
        return {ident: answer["result"] for ident, answer in response.json().items()}

    def refused(self, queries: Any, status: int = 400) -> dict[str, str]:
        """Send what is not as specified; return the messages by field."""
        text = queries if isinstance(queries, str) else json.dumps(queries)
        response = self.client.post(ADDRESS, {"queries": text})
        self.assertEqual(response.status_code, status, response.content[:300])
        return {row["parameter"]: row["detail"] for row in response.json()["errors"]}


class ManifestTests(ReconcileTestCase):
    """GET without queries."""

    def test_manifest_is_as_specified(self) -> None:
        manifest = self.get(ADDRESS)
        validator("manifest").validate(manifest)
        self.assertEqual(manifest["view"]["url"], "http://testserver/agencies/{{id}}/")

    def test_view_of_an_id_is_the_agencys_page(self) -> None:
        ident = self.ask(q0={"query": "Union City CA PD"})["q0"][0]["id"]
        address = self.get(ADDRESS)["view"]["url"].replace("{{id}}", ident).removeprefix("http://testserver")
        self.assertContains(self.client.get(address), "Union City Police Department")

    def test_any_site_may_read_it_and_no_callback_is_served(self) -> None:
        self.assertEqual(self.client.get(ADDRESS).headers["Access-Control-Allow-Origin"], "*")
        problem = self.get(f"{ADDRESS}?callback=f", status=400)
        self.assertEqual(problem["errors"][0]["parameter"], "callback")


class QueryTests(ReconcileTestCase):
    """Batches, by POST and by GET."""

    def test_each_query_is_answered_under_its_id_by_either_method(self) -> None:
        queries = {"q0": {"query": "Union City CA PD"}, "q1": {"query": "Nowhere at all HOA"}}
        for method in ("post", "get"):
            results = self.ask(method, **queries)
            self.assertEqual(results["q1"], [])
            best = results["q0"][0]
            self.assertEqual((best["id"], best["match"]), ("union-city-police-department-ca", True))
            self.assertTrue(97 <= best["score"] <= 100)
            self.assertEqual(best["type"], [{"id": "municipal_police", "name": "municipal police"}])
            self.assertIn("CA0011300", best["description"])

    def test_ambiguous_name_has_candidates_and_no_match(self) -> None:
        found = self.ask(q0={"query": "Auburn Police Department"})["q0"]
        self.assertEqual([row["match"] for row in found], [False, False])

    def test_state_property_decides_as_code_or_written_out(self) -> None:
        for value in ("WA", "wa", "Washington", ["Washington"], {"id": "WA"}, {"id": "x", "name": "Washington"}):
            query = {"query": "Auburn Police Department", "properties": [{"pid": "state", "v": value}]}
            best = self.ask(q0=query)["q0"][0]
            self.assertEqual((best["id"], best["match"]), ("auburn-police-department-wa", True), value)

    def test_unknown_state_never_gives_a_match(self) -> None:
        query = {"query": "Union City CA PD", "properties": [{"pid": "state", "v": "Ontario"}]}
        self.assertEqual({row["match"] for row in self.ask(q0=query)["q0"]}, {False})

    def test_limit_and_type_are_kept_to(self) -> None:
        self.assertEqual(len(self.ask(q0={"query": "Auburn Police Department", "limit": 1})["q0"]), 1)
        for kind, number in (("agency", 2), ("municipal_police", 2), ("sheriff", 0), (["sheriff", "agency"], 2)):
            query = {"query": "Auburn Police Department", "type": kind, "type_strict": "should", "limit": 50}
            self.assertEqual(len(self.ask(q0=query)["q0"]), number, kind)


class RefusalTests(ReconcileTestCase):
    """What is not as specified."""

    def test_every_wrong_query_is_named_and_none_is_answered(self) -> None:
        problems = self.refused(
            {
                "right": {"query": "A PD"},
                "text": "A PD",
                "none": {},
                "limit": {"query": "A PD", "limit": 0},
                "type": {"query": "A PD", "type": "Q5"},
                "types": {"query": "A PD", "type": [1]},
                "pid": {"query": "A PD", "properties": [{"pid": "P17", "v": "x"}]},
                "shape": {"query": "A PD", "properties": {"state": "CA"}},
                "long": {"query": "A" * 301},
            }
        )
        wrong = {"text", "none", "limit", "type", "types", "pid", "shape", "long"}
        self.assertEqual(set(problems), {f"queries.{ident}" for ident in wrong})

    def test_batch_that_is_none_is_refused(self) -> None:
        for text in ("{", "[]", "{}", "1", json.dumps({f"q{n}": {"query": "A PD"} for n in range(501)})):
            self.assertEqual(set(self.refused(text)), {"queries"})

    def test_form_without_queries_or_with_more_is_refused(self) -> None:
        for form in ({}, {"query": "A PD"}, {"queries": '{"q0": {"query": "A"}}', "callback": "f"}):
            self.assertEqual(self.client.post(ADDRESS, form).status_code, 400, form)
        self.assertEqual(self.client.post(ADDRESS, "{}", content_type="application/json").status_code, 415)


class AnyJsonTests(SimpleTestCase):
    """Whatever a client sends."""

    @settings(max_examples=200, deadline=None)
    @given(
        st.recursive(
            st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
            lambda inner: (
                st.lists(inner, max_size=3)
                | st.dictionaries(
                    st.sampled_from(["query", "type", "limit", "properties", "pid", "v", "id", "name"]),
                    inner,
                    max_size=4,
                )
            ),
            max_leaves=12,
        )
    )
    def test_any_json_is_read_or_refused(self, data: Any) -> None:
        for batch in (data, {"q0": data}):
            try:
                read_queries(json.dumps(batch))
            except InvalidBody as problem:
                self.assertTrue(problem.members["errors"])
