"""Deliveries: signed, tried again with longer pauses, given up, and never made inside this network."""

import hashlib
import hmac
import json
import threading
import uuid
from datetime import datetime, timedelta
from unittest.mock import patch

from django.test import TestCase, override_settings
from django.utils import timezone

from agencies.models import Webhook, WebhookDelivery
from agencies.tests.local_site import answer, moved
from agencies.tests.webhook_receiver import Receiver, make_api_key, make_webhook, silence
from agencies.webhooks import deliver
from agencies.webhooks.events import Event, ping

MINUTES = (1, 5, 30, 120, 480, 1440)


@override_settings(FETCH_PRIVATE_ADDRESSES=True)
class DeliveryTestCase(TestCase):
    """A webhook that leads to a receiver on this machine; the clock is the test's."""

    now: datetime

    def setUp(self) -> None:
        """Start the receiver and stop the clock."""
        self.receiver = self.enterContext(Receiver())
        self.now = timezone.now()
        self.enterContext(patch("django.utils.timezone.now", lambda: self.now))
        self.hook = make_webhook(self.receiver.url())

    def queue(self, hook: Webhook | None = None, event: str = Event.CHANGES) -> WebhookDelivery:
        """Put a delivery into the queue."""
        return WebhookDelivery.objects.create(
            webhook=hook or self.hook,
            event_id=uuid.uuid4(),
            event=event,
            payload={"event": event, "title": "Cañon City"},
            next_attempt_at=self.now,
        )

    def later(self, **time: float) -> None:
        """Move the clock."""
        self.now += timedelta(**time)

    def give_up(self, delivery: WebhookDelivery) -> None:
        """Bring a delivery to its last failed attempt, and make it."""
        WebhookDelivery.objects.filter(pk=delivery.pk).update(attempts=len(MINUTES))
        deliver.deliver_due()


class ArrivalTests(DeliveryTestCase):
    """What a receiver gets."""

    def test_delivery_is_signed_json_with_its_names(self) -> None:
        delivery = self.queue()
        self.assertEqual(deliver.deliver_due(), 1)
        (got,) = self.receiver.received
        self.assertEqual(json.loads(got.body), {"event": "changes", "title": "Cañon City"})
        self.assertEqual(got.headers["content-type"], "application/json")
        self.assertEqual(got.headers["atlas-event"], "changes")
        self.assertEqual(got.headers["atlas-event-id"], str(delivery.event_id))
        self.assertEqual(got.headers["atlas-timestamp"], str(int(self.now.timestamp())))
        signed = got.headers["atlas-timestamp"].encode() + b"." + got.body
        expected = "v1=" + hmac.new(self.hook.secret.encode(), signed, hashlib.sha256).hexdigest()
        self.assertEqual(got.headers["atlas-signature"], expected)
        self.assertIn("ALPR-Sharing-Atlas", got.headers["user-agent"])

    def test_what_arrived_is_noted_and_not_sent_again(self) -> None:
        self.receiver.act = answer(299)
        delivery = self.queue()
        deliver.deliver_due()
        self.later(days=2)
        self.assertEqual(deliver.deliver_due(), 0)
        delivery.refresh_from_db()
        self.assertEqual((delivery.attempts, delivery.http_status, delivery.error), (1, 299, ""))
        self.assertIsNone(delivery.next_attempt_at)
        self.assertIsNotNone(delivery.delivered_at)
        self.assertEqual(len(self.receiver.received), 1)

    def test_redirect_is_not_followed(self) -> None:
        with Receiver() as elsewhere:
            self.receiver.act = moved(elsewhere.url(), 307)
            delivery = self.queue()
            deliver.deliver_due()
            self.assertEqual(elsewhere.received, [])
        delivery.refresh_from_db()
        self.assertEqual((delivery.http_status, delivery.error), (307, "status 307"))


class RetryTests(DeliveryTestCase):
    """What happens where nothing arrives."""

    def test_attempts_come_after_these_pauses_and_end(self) -> None:
        self.receiver.act = answer(500)
        delivery = self.queue()
        for number, minutes in enumerate(MINUTES, start=1):
            deliver.deliver_due()
            delivery.refresh_from_db()
            self.assertEqual(delivery.attempts, number)
            self.assertEqual(delivery.next_attempt_at, self.now + timedelta(minutes=minutes))
            self.later(minutes=minutes, seconds=-1)
            deliver.deliver_due()
            self.assertEqual(len(self.receiver.received), number, "not before its time")
            self.later(seconds=1)
        deliver.deliver_due()
        delivery.refresh_from_db()
        self.assertEqual((delivery.attempts, delivery.next_attempt_at, delivery.http_status), (7, None, 500))
        self.assertEqual(len({got.headers["atlas-event-id"] for got in self.receiver.received}), 1)
        self.assertEqual(len({got.headers["atlas-signature"] for got in self.receiver.received}), 7)
        self.hook.refresh_from_db()
        self.assertEqual((self.hook.failures, self.hook.disabled_at), (1, None))

    def test_silence_ends_in_time_and_is_tried_again(self) -> None:
        stop = threading.Event()
        self.addCleanup(stop.set)
        self.receiver.act = silence(stop)
        delivery = self.queue()
        with patch.object(deliver, "SECONDS", 0.2):
            deliver.deliver_due()
        delivery.refresh_from_db()
        self.assertEqual((delivery.http_status, delivery.error), (None, "no answer within 0.2 seconds"))
        self.assertEqual(delivery.next_attempt_at, self.now + timedelta(minutes=1))
        self.receiver.act = answer(200)
        self.later(minutes=1)
        self.assertEqual(deliver.deliver_due(), 1)

    def test_failing_webhook_is_asked_once_in_a_run_and_holds_up_no_other(self) -> None:
        self.receiver.act = answer(500)
        for _ in range(3):
            self.queue()
        with Receiver() as other:
            self.queue(make_webhook(other.url(), make_api_key("atlas_two")))
            self.assertEqual(deliver.deliver_due(), 1)
        self.assertEqual(len(self.receiver.received), 1)

    def test_fifth_given_up_in_a_row_switches_off_with_a_reason(self) -> None:
        self.receiver.act = answer(500)
        for number in range(1, 6):
            self.give_up(self.queue())
            self.hook.refresh_from_db()
            self.assertEqual(self.hook.failures, number)
            self.assertEqual(self.hook.disabled_at is None, number < 5)
        self.assertEqual(self.hook.disabled_reason, "5 deliveries in a row were given up")

    def test_arrival_begins_the_count_anew(self) -> None:
        Webhook.objects.update(failures=4)
        self.queue()
        deliver.deliver_due()
        self.hook.refresh_from_db()
        self.assertEqual((self.hook.failures, self.hook.disabled_at), (0, None))

    def test_test_is_tried_once_and_does_not_count(self) -> None:
        self.receiver.act = answer(500)
        delivery = ping(self.hook)
        assert delivery is not None
        deliver.deliver_due()
        delivery.refresh_from_db()
        self.hook.refresh_from_db()
        self.assertEqual((delivery.attempts, delivery.next_attempt_at, self.hook.failures), (1, None, 0))

    def test_switched_off_is_not_asked_and_what_waits_is_given_up(self) -> None:
        delivery = self.queue()
        self.assertEqual(deliver.switch_off(Webhook.objects.all(), "test"), 1)
        self.assertEqual(deliver.switch_off(Webhook.objects.all(), "again"), 0)
        deliver.deliver_due()
        delivery.refresh_from_db()
        self.assertEqual((delivery.next_attempt_at, self.receiver.received), (None, []))

    def test_revoked_key_ends_its_deliveries(self) -> None:
        self.queue()
        self.hook.key.revoked_at = self.now
        self.hook.key.save()
        deliver.deliver_due()
        self.assertEqual(self.receiver.received, [])


class LeaseTests(DeliveryTestCase):
    """Workers that share the queue."""

    def test_taken_is_taken_until_the_lease_ends(self) -> None:
        self.queue()
        self.assertIsNotNone(deliver.take())
        self.assertIsNone(deliver.take())
        self.later(minutes=5)
        self.assertIsNotNone(deliver.take(), "its worker died")

    def test_late_worker_notes_nothing_over_the_next_ones_head(self) -> None:
        self.queue()
        late = deliver.take()
        self.later(minutes=5)
        deliver.deliver_due()
        assert late is not None
        deliver.settle(late, deliver.Outcome(500, "status 500"))
        late.refresh_from_db()
        self.assertEqual((late.http_status, late.next_attempt_at), (204, None))

    def test_run_ends_in_time(self) -> None:
        self.queue()
        self.assertEqual(deliver.deliver_due(seconds=0), 0)

    def test_old_deliveries_go(self) -> None:
        old, new = self.queue(), self.queue()
        for delivery, days in ((old, 31), (new, 29)):
            WebhookDelivery.objects.filter(pk=delivery.pk).update(created_at=self.now - timedelta(days=days))
        self.assertEqual(deliver.prune(), 1)
        self.assertEqual(WebhookDelivery.objects.get(), new)
        self.assertEqual(deliver.prune(), 0)


class GuardTests(DeliveryTestCase):
    """Where deliveries never go."""

    @override_settings(FETCH_PRIVATE_ADDRESSES=False, DEBUG=True)
    def test_private_address_is_not_asked_unless_the_setting_allows(self) -> None:
        port = self.receiver.url().rpartition(":")[2]
        for number, host in enumerate(("127.0.0.1", "localhost", "[::ffff:127.0.0.1]")):
            hook = make_webhook(f"http://{host}:{port}", make_api_key(f"atlas_{number}"))
            delivery = self.queue(hook)
            deliver.deliver_due()
            delivery.refresh_from_db()
            self.assertIn("not on the public internet", delivery.error)
            self.assertNotIn("127.0.0.1", delivery.error, "nothing is told of this network's inside")
        self.assertEqual(self.receiver.received, [])

    @override_settings(FETCH_PRIVATE_ADDRESSES=False)
    def test_without_tls_nothing_is_sent(self) -> None:
        delivery = self.queue()
        deliver.deliver_due()
        delivery.refresh_from_db()
        self.assertEqual(delivery.error, "The address must begin with https://.")

    def test_bad_certificate_is_told_as_such(self) -> None:
        Webhook.objects.update(url=self.receiver.url().replace("http:", "https:"))
        delivery = self.queue()
        deliver.deliver_due()
        delivery.refresh_from_db()
        self.assertIn("TLS", delivery.error)
