"""Deliveries sent, tried again with longer pauses, given up; webhooks that never answer switched off.

A worker takes a delivery by a lease on its row, so that none is sent by two at once and none is lost with a worker.
"""

import json
import ssl
import time
from collections.abc import Collection, Iterator
from datetime import timedelta
from typing import NamedTuple

import httpcore
import httpx
from django.db import transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from agencies.ingest.ask import user_agent
from agencies.ingest.guarded_network import Deadline, GuardedTransport
from agencies.models import Webhook, WebhookDelivery
from agencies.webhooks.address import address_problem
from agencies.webhooks.events import Event
from agencies.webhooks.sign import signature

SECONDS = 5.0
"""How long a receiver has, from the first packet to its status."""

PAUSES = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
"""How long after each failed attempt the next is made; after the last of them it is given up."""

MOST_FAILURES = 5
"""Deliveries given up in a row that switch a webhook off."""

LEASE = timedelta(minutes=5)
RUN_SECONDS = 30.0
"""How long one run of the task sends: imports wait for the same workers."""

KEPT = timedelta(days=30)


class Outcome(NamedTuple):
    """How one attempt ended: the status where one came, and what is wrong, "" where nothing is."""

    status: int | None
    error: str


def deliver_due(seconds: float = RUN_SECONDS) -> int:
    """Send what is due, the longest due first, for so many seconds at most; return how many deliveries arrived.

    A webhook that fails is not asked again in this run, so that one that never answers holds up no other for long.
    """
    end = time.monotonic() + seconds
    failed: set[int] = set()
    arrived = 0
    while time.monotonic() < end and (delivery := take(failed)) is not None:
        outcome = send(delivery)
        settle(delivery, outcome)
        if outcome.error:
            failed.add(delivery.webhook_id)
        else:
            arrived += 1
    prune()
    return arrived


def take(leave_out: Collection[int] = ()) -> WebhookDelivery | None:
    """Return a delivery that is due, as this worker's for five minutes; None where there is none.

    Those of the webhooks `leave_out` (ids), of webhooks that are off and of revoked keys are left.
    """
    now = timezone.now()
    on = {"webhook__disabled_at__isnull": True, "webhook__key__revoked_at__isnull": True}
    due = WebhookDelivery.objects.filter(next_attempt_at__lte=now, **on).exclude(webhook__in=leave_out)
    with transaction.atomic():
        free = due.select_related("webhook").select_for_update(skip_locked=True, of=("self",))
        delivery = free.order_by("next_attempt_at", "pk").first()
        if delivery is not None:
            delivery.attempts += 1
            delivery.next_attempt_at = now + LEASE
            delivery.save(update_fields=["attempts", "next_attempt_at"])
    return delivery


def send(delivery: WebhookDelivery) -> Outcome:
    """POST a delivery, signed; follow no redirect, read nothing of the answer but its status."""
    hook = delivery.webhook
    if problem := address_problem(hook.url):
        return Outcome(None, problem)
    body = json.dumps(delivery.payload, ensure_ascii=False, separators=(",", ":")).encode()
    timestamp = int(timezone.now().timestamp())
    headers = {
        "Content-Type": "application/json",
        "User-Agent": user_agent(),
        "Atlas-Event": delivery.event,
        "Atlas-Event-Id": str(delivery.event_id),
        "Atlas-Timestamp": str(timestamp),
        "Atlas-Signature": signature(hook.secret, timestamp, body),
    }
    return _post(hook.url, body, headers)


def _post(url: str, body: bytes, headers: dict[str, str]) -> Outcome:
    """Return how a POST ended, within five seconds."""
    transport = GuardedTransport(Deadline(SECONDS))
    try:
        with (
            httpx.Client(transport=transport, timeout=SECONDS, trust_env=False, follow_redirects=False) as client,
            client.stream("POST", url, content=body, headers=headers) as response,
        ):
            status = response.status_code
    except (httpx.TimeoutException, httpcore.TimeoutException):
        return Outcome(None, f"no answer within {SECONDS:g} seconds")
    except (httpx.HTTPError, httpx.InvalidURL, UnicodeError) as problem:
        return Outcome(None, _why(problem))
    return Outcome(status, "" if 200 <= status < 300 else f"status {status}")


def _why(problem: Exception) -> str:
    """Return why there is no status, in words that tell nothing of this network's inside."""
    if any(isinstance(cause, ssl.SSLError) for cause in _causes(problem)):
        return "the TLS certificate or connection was not accepted"
    if isinstance(problem, httpx.ConnectError):
        return "no connection: the host does not answer, or is not on the public internet"
    return "broken off or garbled"


def _causes(problem: BaseException | None) -> Iterator[BaseException]:
    """Yield an error and what it was raised from."""
    while problem is not None:
        yield problem
        problem = problem.__cause__ or problem.__context__


@transaction.atomic
def settle(delivery: WebhookDelivery, outcome: Outcome) -> None:
    """Note how an attempt ended, and when the next is, if one is; nothing where another worker took it meanwhile."""
    now = timezone.now()
    mine = WebhookDelivery.objects.filter(pk=delivery.pk, attempts=delivery.attempts, next_attempt_at__isnull=False)
    noted = {"http_status": outcome.status, "error": outcome.error[:200]}
    if not outcome.error:
        if mine.update(delivered_at=now, next_attempt_at=None, **noted):
            Webhook.objects.filter(pk=delivery.webhook_id, failures__gt=0).update(failures=0)
        return
    pause = _pause_after(delivery)
    if mine.update(next_attempt_at=now + pause if pause else None, **noted) and pause is None:
        _count_given_up(delivery)


def _pause_after(delivery: WebhookDelivery) -> timedelta | None:
    """Return how long to wait after a failed attempt; None: it is given up. A test is tried once."""
    if delivery.event == Event.PING or delivery.attempts > len(PAUSES):
        return None
    return PAUSES[delivery.attempts - 1]


def _count_given_up(delivery: WebhookDelivery) -> None:
    """Count a delivery that was given up, tests aside; switch the webhook off when there are too many in a row."""
    if delivery.event == Event.PING:
        return
    hook = Webhook.objects.filter(pk=delivery.webhook_id)
    hook.update(failures=F("failures") + 1)
    switch_off(hook.filter(failures__gte=MOST_FAILURES), f"{MOST_FAILURES} deliveries in a row were given up")


@transaction.atomic
def switch_off(webhooks: QuerySet[Webhook], reason: str) -> int:
    """Switch webhooks off and give up what waits for them; return how many of them were on."""
    pks = list(webhooks.filter(disabled_at__isnull=True).order_by("pk").values_list("pk", flat=True))
    count = Webhook.objects.filter(pk__in=pks).update(disabled_at=timezone.now(), disabled_reason=reason[:200])
    waiting = WebhookDelivery.objects.filter(webhook__in=pks, next_attempt_at__isnull=False)
    waiting.update(next_attempt_at=None, error="the webhook was switched off")
    return count


def prune() -> int:
    """Delete deliveries older than thirty days; return how many. Without any, one read of the oldest."""
    until = timezone.now() - KEPT
    oldest = WebhookDelivery.objects.order_by("pk").values_list("created_at", flat=True).first()
    if oldest is None or oldest >= until:
        return 0
    return WebhookDelivery.objects.filter(created_at__lt=until).delete()[0]
