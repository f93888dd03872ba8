"""What webhooks are told of: an import's changes within their scope, releases, tests; each once."""

from datetime import date
from typing import Any
from unittest.mock import patch

from django.contrib.auth.models import Permission, User
from django.test import TestCase
from django.urls import reverse

from agencies.models import Agency, Place, Release, Webhook, WebhookDelivery
from agencies.tests.factories import make_place, make_serving
from agencies.tests.run_factories import Copy, import_copies, make_bodies
from agencies.tests.webhook_receiver import make_api_key, make_webhook
from agencies.webhooks.events import Event, Told, enqueue, ping, tell_of_changes, tell_of_release

OLD = Copy("2026-04-01", ["Dublin CA PD"])
NEW = Copy("2026-04-08", ["Dublin CA PD", "Hayward CA PD", "Fremont CA PD"])


class EventTestCase(TestCase):
    """A key, and bodies whose documents may be imported."""

    city: Place

    @classmethod
    def setUpTestData(cls) -> None:
        """Make the bodies."""
        make_bodies()
        cls.city = make_place()
        make_serving(Agency.objects.get(slug__startswith="union-city"), cls.city)
        cls.key = make_api_key()

    def hook(self, scope: str = "all", value: str = "", **values: Any) -> Webhook:
        """Create a webhook of the key."""
        return make_webhook(key=self.key, scope=scope, scope_value=value, **values)

    def told(self, hook: Webhook) -> list[dict[str, Any]]:
        """Return the data of what a webhook is told, the oldest first."""
        return [row.payload["data"] for row in hook.deliveries.order_by("pk")]


class ChangeEventTests(EventTestCase):
    """Event `changes`."""

    def test_import_tells_of_each_document_with_changes(self) -> None:
        hook = self.hook()
        import_copies(self, OLD, NEW)
        (delivery,) = hook.deliveries.all()
        self.assertEqual(delivery.event, "changes")
        self.assertIsNotNone(delivery.next_attempt_at)
        self.assertEqual(delivery.payload["id"], str(delivery.event_id))
        self.assertEqual(delivery.payload["webhook"], str(hook.uuid))
        data = delivery.payload["data"]
        self.assertEqual((data["source"], data["observed_on"]), ("portal", "2026-04-08"))
        self.assertEqual((data["counts"], data["total"]), ({"added": 2}, 2))
        self.assertEqual(self.client.get(data["page_path"]).status_code, 200)
        rows = self.client.get(data["api_path"]).json()["results"]
        self.assertEqual([row["capture"]["id"] for row in rows], [data["capture"]] * 2)

    def test_document_without_a_change_is_not_told(self) -> None:
        hook = self.hook()
        import_copies(self, OLD)
        self.assertEqual(self.told(hook), [])

    def test_changes_that_were_told_are_not_told_again_by_an_import_that_brings_none(self) -> None:
        hook = self.hook()
        import_copies(self, OLD, NEW)
        import_copies(self, Copy(NEW.day, NEW.names, facts={"cameras": 8}))
        self.assertEqual([data["counts"] for data in self.told(hook)], [{"added": 2}])
        import_copies(self, Copy(NEW.day, [*NEW.names, "Brea CA PD"]))
        self.assertEqual([data["counts"] for data in self.told(hook)], [{"added": 2}, {"added": 1}])

    def test_scopes_are_those_of_the_feeds(self) -> None:
        hooks = {
            "state": [self.hook("state", "CA"), self.hook("state", "WA")],
            "place": [self.hook("place", self.city.geoid), self.hook("place", "0699999")],
        }
        own = self.hook("agency", Agency.objects.get(slug__startswith="union-city").slug)
        named = self.hook("agency", Agency.objects.get(slug__startswith="hayward").slug)
        kept = self.hook("agency", Agency.objects.get(slug__startswith="dublin").slug)
        import_copies(self, OLD, NEW)
        for within, outside in hooks.values():
            self.assertEqual([data["total"] for data in self.told(within)], [2])
            self.assertEqual(self.told(outside), [])
        self.assertEqual([data["total"] for data in self.told(own)], [2])
        self.assertEqual([data["counts"] for data in self.told(named)], [{"added": 1}])
        self.assertEqual(self.told(kept), [])

    def test_said_again_it_is_told_once(self) -> None:
        self.hook()
        run = import_copies(self, OLD, NEW)
        before = list(WebhookDelivery.objects.values())
        WebhookDelivery.objects.update(next_attempt_at=None)
        tell_of_changes(run)
        self.assertEqual(WebhookDelivery.objects.get().event_id, before[0]["event_id"])
        self.assertIsNone(WebhookDelivery.objects.get().next_attempt_at, "what is over is not begun again")

    def test_two_webhooks_have_events_of_their_own(self) -> None:
        self.hook(), self.hook()
        import_copies(self, OLD, NEW)
        self.assertEqual(WebhookDelivery.objects.values("event_id").distinct().count(), 2)

    def test_switched_off_and_revoked_are_told_nothing(self) -> None:
        self.hook(disabled_at="2026-01-01T00:00:00Z")
        make_webhook(key=make_api_key("atlas_gone"))
        self.key.__class__.objects.filter(prefix="atlas_gone").update(revoked_at="2026-01-01T00:00:00Z")
        import_copies(self, OLD, NEW)
        self.assertEqual(WebhookDelivery.objects.count(), 0)

    def test_deleted_meanwhile_is_left_out(self) -> None:
        hook, other = self.hook(), self.hook()
        Webhook.objects.filter(pk=hook.pk).delete()
        hook.pk = 10**9
        self.assertEqual(enqueue(Event.PING, [Told(hook, "x", {}), Told(other, "x", {})]), 1)

    def test_queries_do_not_grow_with_webhooks_of_one_scope(self) -> None:
        run = import_copies(self, OLD, NEW)
        counts = []
        for _ in range(2):
            [self.hook() for _ in range(5)]
            WebhookDelivery.objects.all().delete()
            with self.assertNumQueries(9):
                counts.append(tell_of_changes(run))
        self.assertEqual(counts, [5, 10])

    def test_without_webhooks_an_import_costs_one_query_more(self) -> None:
        run = import_copies(self, OLD, NEW)
        with self.assertNumQueries(1):
            self.assertEqual(tell_of_changes(run), 0)

    def test_worker_is_woken_once_all_is_committed(self) -> None:
        hook = self.hook()
        with (
            patch("agencies.webhooks.events.current_app.send_task") as sent,
            self.captureOnCommitCallbacks(execute=True),
        ):
            ping(hook)
            sent.assert_not_called()
        sent.assert_called_once_with("agencies.deliver_webhooks")


class OtherEventTests(EventTestCase):
    """Events `release` and `ping`."""

    def test_release_is_told_to_those_of_all_changes(self) -> None:
        hook, narrow = self.hook(), self.hook("state", "CA")
        release = Release.objects.create(
            name="2026-11-24-1",
            released_on=date(2026, 11, 24),
            number=1,
            schema_version=1,
            record_sha256="0" * 64,
            manifest={"files": []},
        )
        tell_of_release(release)
        tell_of_release(release)
        (data,) = self.told(hook)
        self.assertEqual((data["name"], data["released_on"]), ("2026-11-24-1", "2026-11-24"))
        self.assertEqual(self.client.get(data["api_path"]).json()["name"], "2026-11-24-1")
        self.assertEqual(self.told(narrow), [])

    def test_pings_within_ten_seconds_are_one(self) -> None:
        hook = self.hook()
        with patch("agencies.webhooks.events.PING_SECONDS", 10**12):
            first, second = ping(hook), ping(hook)
        self.assertEqual((first, hook.deliveries.count()), (second, 1))

    def test_switched_off_gets_no_ping(self) -> None:
        self.assertIsNone(ping(self.hook(disabled_at="2026-01-01T00:00:00Z")))


class WebhookAdminTests(EventTestCase):
    """The editors' desk."""

    def act(self, action: str, *permissions: str) -> int:
        """Carry out an action on all webhooks as an editor with these permissions; return the number of deliveries."""
        editor = User.objects.create_user("desk", password="a long enough password", is_staff=True)
        editor.user_permissions.set(Permission.objects.filter(codename__in=("view_webhook", *permissions)))
        self.client.force_login(editor)
        chosen = list(Webhook.objects.values_list("pk", flat=True))
        self.client.post(reverse("admin:agencies_webhook_changelist"), {"action": action, "_selected_action": chosen})
        return WebhookDelivery.objects.count()

    def test_test_is_sent_to_those_that_are_on(self) -> None:
        self.hook(), self.hook(disabled_at="2026-01-01T00:00:00Z")
        self.assertEqual(self.act("send_test", "change_webhook"), 1)

    def test_disabled_by_an_editor(self) -> None:
        hook = self.hook()
        self.act("disable", "change_webhook")
        hook.refresh_from_db()
        self.assertEqual(hook.disabled_reason, "switched off by an editor")

    def test_looking_is_not_doing(self) -> None:
        hook = self.hook()
        self.assertEqual(self.act("send_test"), 0)
        hook.refresh_from_db()
        self.assertIsNone(hook.disabled_at)
