"""The OpenAPI document: whole, without warnings, and true of what the API answers."""

from io import StringIO
from typing import Any

from django.core.management import call_command
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from agencies.models import Change, Finding
from agencies.tests.factories import make_agency, make_serving
from agencies.tests.webhook_receiver import make_webhook
from agencies.webhooks.events import ping
from api.keys import make_key
from api.tests.base import RecordTestCase, unmatched_grant
from api.tests.following import FollowingTestCase
from api.views import schema

DOCUMENTED = [
    "/api/v1/",
    "/api/v1/agencies/",
    "/api/v1/agencies/{id}/",
    "/api/v1/agencies/{id}/links/",
    "/api/v1/agencies/{id}/reach/",
    "/api/v1/captures/",
    "/api/v1/captures/{id}/",
    "/api/v1/changes/",
    "/api/v1/changes/{id}/",
    "/api/v1/facts/",
    "/api/v1/facts/{id}/",
    "/api/v1/findings/",
    "/api/v1/findings/{id}/",
    "/api/v1/laws/",
    "/api/v1/laws/{slug}/",
    "/api/v1/links/",
    "/api/v1/links/{id}/",
    "/api/v1/match/",
    "/api/v1/networks/",
    "/api/v1/networks/{slug}/",
    "/api/v1/places/",
    "/api/v1/places/{geoid}/",
    "/api/v1/reconcile/",
    "/api/v1/releases/",
    "/api/v1/releases/{name}/",
    "/api/v1/routes/",
    "/api/v1/search/",
    "/api/v1/sources/",
    "/api/v1/sources/{slug}/",
    "/api/v1/statements/",
    "/api/v1/statements/{id}/",
    "/api/v1/webhooks/",
    "/api/v1/webhooks/{id}/",
    "/api/v1/webhooks/{id}/deliveries/",
    "/api/v1/webhooks/{id}/test/",
]


def closed(document: Any) -> Any:
    """Return the document with every object refusing properties that it does not describe."""
    if isinstance(document, list):
        return [closed(part) for part in document]
    if not isinstance(document, dict):
        return document
    parts = {key: closed(value) for key, value in document.items()}
    if parts.get("type") == "object" and "properties" in parts:
        parts["additionalProperties"] = False
    return parts


class SchemaTests(FollowingTestCase):
    """GET /api/v1/schema/"""

    def test_generation_has_no_warnings_and_is_valid_openapi(self) -> None:
        call_command("spectacular", "--fail-on-warn", "--validate", stdout=StringIO(), stderr=StringIO())

    def test_it_is_openapi_3_1_in_json_and_yaml(self) -> None:
        self.assertTrue(self.get("/api/v1/schema/")["openapi"].startswith("3.1"))
        self.assertIn(b"openapi: 3.1", self.client.get("/api/v1/schema/?format=yaml").content)

    def test_documented_paths_are_these(self) -> None:
        self.assertEqual(sorted(self.get("/api/v1/schema/")["paths"]), DOCUMENTED)

    def test_every_parameter_and_property_is_described(self) -> None:
        document = self.get("/api/v1/schema/")
        bare = [
            f"{path} {parameter['name']}"
            for path, operations in document["paths"].items()
            for operation in operations.values()
            for parameter in operation.get("parameters", [])
            if parameter["name"] not in ("format",) and not parameter.get("description")
        ]
        self.assertEqual([name for name in bare if "{" not in name], [])

    def test_answers_are_as_documented_and_hold_nothing_else(self) -> None:
        unmatched_grant(self, "Auburn Police Department")
        unmatched_grant(self, "Jane Q Officer", outcome="person")
        make_serving(make_agency("California Highway Patrol", kind="state_police"), self.state, basis="statewide")
        row, bearer = make_key()
        hook = make_webhook(key=row)
        ping(hook)
        document = closed(schema())
        named = {
            "webhooks/{id}/": hook.uuid,
            "webhooks/{id}/deliveries/": hook.uuid,
            "agencies/{id}/": self.union_city.slug,
            "agencies/{id}/links/": self.union_city.slug,
            "agencies/{id}/reach/": self.union_city.slug,
            "captures/{id}/": self.capture.uuid,
            "facts/{id}/": self.fact.statement.uuid,
            "changes/{id}/": Change.objects.values_list("uuid", flat=True)[0],
            "findings/{id}/": Finding.objects.values_list("uuid", flat=True)[0],
            "laws/{slug}/": "ca-values-act",
            "releases/{name}/": self.release.name,
            "links/{id}/": self.disputed.uuid,
            "networks/{slug}/": "flock",
            "places/{geoid}/": "0681204",
            "sources/{slug}/": self.source.slug,
            "statements/{id}/": self.answer.statement.uuid,
        }
        for template in DOCUMENTED:
            if "get" not in document["paths"][template]:
                continue
            key = template.removeprefix("/api/v1/")
            path = template.partition("{")[0]
            path += f"{named[key]}/{key.partition('}/')[2]}" if key in named else ""
            path += {"search/": "?q=union+city", "routes/": f"?from={self.union_city.slug}&to=ice"}.get(key, "")
            with self.subTest(template):
                answers = document["paths"][template]["get"]["responses"]["200"]["content"]
                described = {**answers["application/json"]["schema"], "components": document["components"]}
                answer = self.get(path, authorization=f"Bearer {bearer}")
                errors = list(Draft202012Validator(described).iter_errors(answer))
                self.assertEqual([f"{error.json_path}: {error.message}"[:300] for error in errors], [])

    def test_problems_are_as_documented(self) -> None:
        document = schema()
        described = {"$ref": "#/components/schemas/Problem", "components": document["components"]}
        for path, status in (("agencies/?x=1", 400), ("agencies/nobody/", 404)):
            problem = self.get(f"/api/v1/{path}", status=status)
            self.assertEqual(list(Draft202012Validator(described).iter_errors(problem)), [])


class DocsPageTests(RecordTestCase):
    """GET /api/v1/docs/"""

    def test_page_has_no_inline_code_and_asks_no_other_host(self) -> None:
        response = self.client.get("/api/v1/docs/", headers={"accept": "text/html"})
        page = response.content.decode()
        self.assertNotIn("<style", page)
        self.assertNotIn("style=", page)
        self.assertNotRegex(page, r"<script(?![^>]*\ssrc=)")
        self.assertNotRegex(page, r"(?:src|href)=\"(?:https?:)?//")
        self.assertIn("'none'", response.headers["Content-Security-Policy"])
        self.assertNotIn("unsafe", response.headers["Content-Security-Policy"])

    def test_its_script_comes_from_this_host(self) -> None:
        response = self.client.get("/api/v1/docs/?script=", headers={"accept": "*/*"})
        self.assertEqual(response.status_code, 200)
        self.assertIn(b"SwaggerUIBundle", response.content)
        self.assertIn("javascript", response.headers["Content-Type"])
