"""What webhooks tell of, put into the queue: in the caller's transaction, once, however often it is said."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any, NamedTuple

from celery import current_app
from django.db import models, transaction
from django.db.models import Count, QuerySet
from django.urls import reverse
from django.utils import timezone

from agencies.identifiers import record_id
from agencies.ingest.rollback import captures_of
from agencies.models import Capture, ImportRun, Release, Webhook, WebhookDelivery, WebhookScope
from agencies.webhooks.scopes import changes_within

BATCH = 500
PING_SECONDS = 10
"""Pings of one webhook within this time are one ping, so that a test button is no way to flood a host."""


class Event(models.TextChoices):
    """What is told."""

    CHANGES = "changes", "an import brought a document with changes"
    RELEASE = "release", "the record was published as a release"
    PING = "ping", "its owner asked for a test"


class Told(NamedTuple):
    """What one webhook is told: `subject` names the occasion, so that it is told once; `data` goes into the body."""

    webhook: Webhook
    subject: str
    data: dict[str, Any]


def working() -> QuerySet[Webhook]:
    """Return the webhooks that are on and whose key works."""
    return Webhook.objects.filter(disabled_at__isnull=True, key__revoked_at__isnull=True)


def enqueue(event: Event, told: Iterable[Told]) -> int:
    """Put what is told into the queue, and wake a worker once all is committed; return how many webhooks' rows it was.

    What the queue has already, by webhook and event id, is left as it is.
    """
    wanted = list(told)
    if not wanted:
        return 0
    with transaction.atomic():
        # Held, so that none of them is deleted or switched off before its rows are there.
        hooks = working().filter(pk__in={one.webhook.pk for one in wanted}).order_by("pk")
        held = set(hooks.select_for_update(no_key=True, of=("self",)).values_list("pk", flat=True))
        rows = [_row(event, one) for one in wanted if one.webhook.pk in held]
        WebhookDelivery.objects.bulk_create(rows, ignore_conflicts=True, batch_size=BATCH)
        transaction.on_commit(_wake, robust=True)
    return len(rows)


def tell_of_changes(run: ImportRun) -> int:
    """Tell of an import's documents in which it brought changes: those noted since it began; a document is an event.

    Each webhook is told of the changes within its scope. Three queries, and up to three for each scope in use.
    """
    hooks: dict[tuple[str, str], list[Webhook]] = defaultdict(list)
    for hook in working():
        hooks[hook.scope, hook.scope_value].append(hook)
    captures = captures_of(run.pk) if hooks else set()
    told = []
    for (scope, value), those in hooks.items():
        for capture, counts in _counted(scope, value, captures, run.began_at):
            subject, data = f"{run.pk}/{capture.uuid}", _document(capture, counts)
            told += [Told(hook, subject, data) for hook in those]
    return enqueue(Event.CHANGES, told)


def tell_of_release(release: Release) -> int:
    """Tell of a release those webhooks that are told of all changes."""
    data = {
        "name": release.name,
        "released_on": release.released_on.isoformat(),
        "record_sha256": release.record_sha256,
        "api_path": reverse("api:release-detail", args=[release.name]),
        "page_path": release.get_absolute_url(),
    }
    return enqueue(Event.RELEASE, [Told(hook, release.name, data) for hook in working().filter(scope=WebhookScope.ALL)])


def ping(webhook: Webhook) -> WebhookDelivery | None:
    """Send a webhook a test; return its row, the same for all within ten seconds. None: it is off, or its key is."""
    subject = str(int(timezone.now().timestamp()) // PING_SECONDS)
    enqueue(Event.PING, [Told(webhook, subject, {})])
    return WebhookDelivery.objects.filter(webhook=webhook, event_id=_event_id(Event.PING, webhook, subject)).first()


def _event_id(event: Event, webhook: Webhook, subject: str) -> Any:
    """Return the UUIDv5 of an event, its occasion and its webhook."""
    return record_id("webhook event", event, subject, webhook.uuid)


def _row(event: Event, told: Told) -> WebhookDelivery:
    """Return the row of a delivery that is due at once, with the body as it will be sent."""
    now = timezone.now()
    event_id = _event_id(event, told.webhook, told.subject)
    body = {
        "id": str(event_id),
        "event": str(event),
        "created_at": now.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "webhook": str(told.webhook.uuid),
        "data": told.data,
    }
    return WebhookDelivery(
        webhook=told.webhook, event_id=event_id, event=event, payload=body, created_at=now, next_attempt_at=now
    )


def _counted(scope: str, value: str, captures: Collection[int], since: datetime) -> list[tuple[Capture, Counter[str]]]:
    """Return the captures with changes within a scope that were noted since a moment, and how many of each kind."""
    rows = changes_within(scope, value).filter(capture__in=captures, noted_at__gte=since).order_by()
    counts: dict[int, Counter[str]] = defaultdict(Counter)
    for capture, kind, number in rows.values_list("capture", "kind").annotate(n=Count("pk", distinct=True)):
        counts[capture][kind] = number
    found = Capture.objects.select_related("source").defer("kept_text").in_bulk(counts)
    return [(found[pk], counts[pk]) for pk in sorted(counts)]


def _document(capture: Capture, counts: Counter[str]) -> dict[str, Any]:
    """Return what is told of a document: figures and addresses, no names."""
    return {
        "capture": str(capture.uuid),
        "source": capture.source.slug,
        "title": capture.source.title,
        "observed_on": capture.observed_on.isoformat(),
        "counts": dict(sorted(counts.items())),
        "total": counts.total(),
        "api_path": f"{reverse('api:change-list')}?capture={capture.uuid}",
        "page_path": reverse("document-changes", args=[capture.uuid]),
    }


def _wake() -> None:
    """Have a worker deliver now. By name, since the tasks import this; a queue that is away is no error: beat asks."""
    current_app.send_task("agencies.deliver_webhooks")
