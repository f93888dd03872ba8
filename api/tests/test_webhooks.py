"""Webhooks: whoever holds a key sets them up, sees and tests their own, and no others."""

import json
from typing import Any
from unittest.mock import patch

from django.test import override_settings
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from agencies.models import Webhook, WebhookDelivery
from agencies.tests.factories import make_agency, make_place
from agencies.tests.webhook_receiver import Receiver, make_webhook
from agencies.webhooks.deliver import deliver_due
from api.keys import make_key
from api.tests.base import ApiTestCase
from api.tests.test_docs import blocks
from api.views import schema
from api.viewsets import webhook

HOOKS = "/api/v1/webhooks/"
PUBLIC = "https://93.184.215.14/atlas"
"""A public address, so that no test asks the DNS; nothing is sent there."""


class WebhookTestCase(ApiTestCase):
    """A key and its holder's requests."""

    def setUp(self) -> None:
        """Make a key."""
        super().setUp()
        self.row, key = make_key()
        self.bearer = {"authorization": f"Bearer {key}"}

    def ask(self, method: str, path: str = HOOKS, body: Any = None, status: int = 200, **headers: str) -> Any:
        """Return the decoded answer to a request with the key, None for an empty one."""
        data = body if isinstance(body, str) else json.dumps(body)
        response = self.client.generic(
            method.upper(), path, data if body is not None else "", "application/json", headers=headers or self.bearer
        )
        self.assertEqual(response.status_code, status, response.content)
        if status >= 400:
            self.assertEqual(response.headers["Content-Type"], "application/problem+json")
        self.assertEqual(response.headers["Cache-Control"], "no-store")
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        return response.json() if response.content else None

    def refused(self, body: Any) -> dict[str, str]:
        """Return why each field of a body is refused."""
        problem = self.ask("post", body=body, status=400)
        self.assertEqual(Webhook.objects.count(), 0)
        return {error["parameter"]: error["detail"] for error in problem["errors"]}

    def assert_documented(self, answer: Any, path: str, method: str, status: str) -> None:
        """Check an answer against the OpenAPI document."""
        document = schema()
        content = document["paths"][path][method]["responses"][status]["content"]
        described = {**next(iter(content.values()))["schema"], "components": document["components"]}
        self.assertEqual([error.message for error in Draft202012Validator(described).iter_errors(answer)], [])


class RegistrationTests(WebhookTestCase):
    """POST, GET and DELETE."""

    def test_secret_is_shown_once(self) -> None:
        made = self.ask("post", body={"url": PUBLIC}, status=201)
        self.assert_documented(made, HOOKS, "post", "201")
        hook = Webhook.objects.get()
        self.assertEqual((made["secret"], made["id"]), (hook.secret, str(hook.uuid)))
        self.assertEqual((made["scope"], made["scope_value"], made["disabled_at"]), ("all", None, None))
        self.assertGreater(len(hook.secret), 40)
        (listed,) = self.ask("get")["results"]
        self.assertNotIn(hook.secret, str(listed))
        path = made["api_url"].removeprefix("http://testserver")
        self.assertEqual(self.ask("get", path), {key: value for key, value in made.items() if key != "secret"})

    def test_scopes(self) -> None:
        agency, place = make_agency(), make_place()
        for scope, value, kept in (
            ("state", "WA", "WA"),
            ("agency", agency.slug, agency.slug),
            ("agency", str(agency.uuid), agency.slug),
            ("place", place.geoid, place.geoid),
        ):
            made = self.ask("post", body={"url": PUBLIC, "scope": scope, "scope_value": value}, status=201)
            self.assertEqual((made["scope"], made["scope_value"]), (scope, kept))

    def test_fields_that_cannot_be_used_are_named(self) -> None:
        self.assertEqual(set(self.refused({})), {"url"})
        self.assertEqual(set(self.refused({"url": "nonsense", "scope": "planet"})), {"url", "scope"})
        for scope, value in (("all", "CA"), ("state", ""), ("state", "ca"), ("agency", "none"), ("place", "99")):
            body = {"url": PUBLIC, "scope": scope, "scope_value": value}
            self.assertEqual(set(self.refused(body)), {"scope_value"}, body)
        self.assertEqual(self.refused({"url": PUBLIC, "secret": "mine"}), {"secret": "Unknown field."})
        for text in ("[]", '"x"', "1"):
            self.assertEqual(set(self.refused(text)), {"body"})
        self.ask("post", body="{", status=400)
        self.ask("post", body="x" * 20_000, status=413)
        self.ask("post", HOOKS + "?x=1", body={"url": PUBLIC}, status=400)

    def test_addresses_without_tls_or_inside_are_refused(self) -> None:
        inside = ["127.0.0.1", "10.0.0.1", "[::1]", "[fd00::1]", "169.254.169.254", "localhost", "[::ffff:10.0.0.1]"]
        for url in (
            *(f"https://{host}/" for host in inside),
            *("http://93.184.215.14/", "ftp://93.184.215.14/", "https://93.184.215.14:99999/", f"{PUBLIC}#x"),
            "https://me:secret@93.184.215.14/",
        ):
            with self.subTest(url):
                self.assertEqual(set(self.refused({"url": url})), {"url"})

    def test_name_that_leads_inside_is_refused_without_saying_where(self) -> None:
        inside = [(2, 1, 6, "", ("10.1.2.3", 443))]
        with patch("agencies.ingest.guarded_network.socket.getaddrinfo", return_value=inside):
            said = self.refused({"url": "https://inside.example/hook"})["url"]
        self.assertNotIn("10.1.2.3", said)

    @override_settings(FETCH_PRIVATE_ADDRESSES=True)
    def test_setting_for_trials_lets_them_through(self) -> None:
        self.ask("post", body={"url": "http://127.0.0.1:9/"}, status=201)

    def test_key_has_up_to_twenty(self) -> None:
        with patch.object(webhook, "MOST_WEBHOOKS", 1):
            self.ask("post", body={"url": PUBLIC}, status=201)
            problem = self.ask("post", body={"url": PUBLIC}, status=409)
        self.assert_documented(problem, HOOKS, "post", "409")
        self.assertEqual(webhook.MOST_WEBHOOKS, 20)

    def test_deleted_is_gone_with_its_log(self) -> None:
        hook = make_webhook(key=self.row)
        self.ask("post", f"{HOOKS}{hook.uuid}/test/", status=202)
        self.assertIsNone(self.ask("delete", f"{HOOKS}{hook.uuid}/", status=204))
        self.assertEqual((Webhook.objects.count(), WebhookDelivery.objects.count()), (0, 0))
        self.ask("delete", f"{HOOKS}{hook.uuid}/", status=404)


class OwnershipTests(WebhookTestCase):
    """Who may see what."""

    def test_without_a_key_it_is_401(self) -> None:
        hook = make_webhook(key=self.row)
        own = f"{HOOKS}{hook.uuid}/"
        for method, path in (
            *(("get", HOOKS), ("post", HOOKS), ("get", own), ("delete", own)),
            *(("post", f"{own}test/"), ("get", f"{own}deliveries/")),
        ):
            for headers in ({"accept": "*/*"}, {"authorization": "Bearer atlas_wrong"}):
                with self.subTest(f"{method} {path} {headers}"):
                    problem = self.ask(method, path, status=401, **headers)
                    self.assertEqual(problem["status"], 401)
        self.assertEqual(self.client.get(HOOKS).headers["WWW-Authenticate"], "Bearer")
        self.assertEqual(Webhook.objects.count(), 1)

    def test_others_webhooks_are_not_there(self) -> None:
        other, _ = make_key()
        hook = make_webhook(key=other)
        own = f"{HOOKS}{hook.uuid}/"
        for method, path in (("get", own), ("delete", own), ("post", f"{own}test/"), ("get", f"{own}deliveries/")):
            self.ask(method, path, status=404)
        self.assertEqual(self.ask("get")["results"], [])
        self.assertEqual((Webhook.objects.count(), WebhookDelivery.objects.count()), (1, 0))

    def test_preflight_lets_a_page_send_the_key(self) -> None:
        response = self.client.options(HOOKS, headers={"origin": "https://example.org"})
        self.assertEqual(response.status_code, 204)
        self.assertEqual(response.headers["Access-Control-Allow-Origin"], "*")
        self.assertIn("Authorization", response.headers["Access-Control-Allow-Headers"])
        self.assertIn("DELETE", response.headers["Access-Control-Allow-Methods"])

    def test_method_that_is_not_there_is_405(self) -> None:
        self.ask("put", body={"url": PUBLIC}, status=405)


@override_settings(FETCH_PRIVATE_ADDRESSES=True)
class LogTests(WebhookTestCase):
    """The test and the deliveries."""

    def setUp(self) -> None:
        """Set up a webhook that leads to a receiver."""
        super().setUp()
        self.receiver = self.enterContext(Receiver())
        self.hook = make_webhook(self.receiver.url(), self.row)
        self.own = f"{HOOKS}{self.hook.uuid}/"

    def test_test_is_queued_sent_and_seen_in_the_log(self) -> None:
        queued = self.ask("post", f"{self.own}test/", status=202)
        self.assert_documented(queued, f"{HOOKS}{{id}}/test/", "post", "202")
        deliver_due()
        self.assertEqual(self.receiver.received[0].headers["atlas-event"], "ping")
        log = self.ask("get", queued["deliveries_url"].removeprefix("http://testserver"))
        self.assert_documented(log, f"{HOOKS}{{id}}/deliveries/", "get", "200")
        (row,) = log["results"]
        self.assertEqual((row["id"], row["event"], row["attempts"], row["http_status"]), (queued["id"], "ping", 1, 204))
        self.assertEqual(row["payload"], json.loads(self.receiver.received[0].body))
        self.assertIsNotNone(row["delivered_at"])

    def test_log_is_paged_newest_first(self) -> None:
        for number in range(3):
            WebhookDelivery.objects.create(
                webhook=self.hook, event_id=f"{number:032}", event="changes", payload={"n": number}
            )
        page = self.ask("get", f"{self.own}deliveries/?page_size=2&count=true")
        self.assertEqual([row["payload"]["n"] for row in page["results"]], [2, 1])
        self.assertEqual(page["count"], 3)
        page = self.ask("get", page["next"].removeprefix("http://testserver"))
        self.assertEqual([row["payload"]["n"] for row in page["results"]], [0])
        self.ask("get", f"{self.own}deliveries/?x=1", status=400)
        self.ask("get", f"{self.own}deliveries/?format=csv", status=400)

    def test_switched_off_takes_no_test(self) -> None:
        Webhook.objects.update(disabled_at="2026-01-01T00:00:00Z", disabled_reason="test")
        self.ask("post", f"{self.own}test/", status=409)
        self.assertEqual(self.ask("get", self.own)["disabled_reason"], "test")

    def test_test_counts_as_ten_requests(self) -> None:
        response = self.client.post(f"{self.own}test/", headers=self.bearer)
        self.assertEqual(response.headers["RateLimit-Remaining"], "5990")

    def test_written_check_accepts_what_is_sent_and_nothing_else(self) -> None:
        names: dict[str, Any] = {}
        (example,) = [block for block in blocks("python") if "def verify" in block]
        exec(compile(example, "docs/api.md", "exec"), names)
        verify = names["verify"]
        self.ask("post", f"{self.own}test/", status=202)
        deliver_due()
        (got,) = self.receiver.received
        self.assertTrue(verify(self.hook.secret, got.headers, got.body))
        self.assertFalse(verify(self.hook.secret, got.headers, got.body + b" "))
        self.assertFalse(verify("whsec_other", got.headers, got.body))
        old = {**got.headers, "atlas-timestamp": str(int(got.headers["atlas-timestamp"]) - 600)}
        self.assertFalse(verify(self.hook.secret, old, got.body))


class SchemaTests(ApiTestCase):
    """What the OpenAPI document says of webhooks."""

    def test_every_operation_needs_the_key_and_says_how_it_fails(self) -> None:
        document = schema()
        (scheme,) = document["components"]["securitySchemes"]
        paths = {path: found for path, found in document["paths"].items() if path.startswith(HOOKS)}
        self.assertEqual(len(paths), 4)
        for path, operations in paths.items():
            for method, operation in operations.items():
                self.assertEqual(operation["security"], [{scheme: []}], path)
                self.assertIn("401", operation["responses"])
                self.assertEqual("409" in operation["responses"], method == "post", f"{method} {path}")
                self.assertEqual("404" in operation["responses"], "{id}" in path)
        self.assertEqual(document["paths"]["/api/v1/agencies/"]["get"]["security"], [{}])
