"""Those who want more than to read: keys for higher limits, and webhooks that tell of changes."""

import uuid

from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from agencies.models.vocabulary import one_of


class ApiKey(models.Model):
    """A free key. Nothing of its holder is kept: no name, no address, no request."""

    prefix = models.CharField(max_length=12, unique=True, help_text="Beginning of the key, to tell keys apart.")
    key_sha256 = models.CharField(max_length=64, unique=True, help_text="Of the whole key, which is shown once; hex.")
    label = models.CharField(max_length=80, blank=True, help_text="What its holder calls it.")
    rate = models.CharField(max_length=20, default="6000/min", help_text="Requests that it may make, as 6000/min.")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True, help_text="When it stopped working; null: it works.")

    class Meta:
        verbose_name = "API key"
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.prefix}…"


class WebhookScope(models.TextChoices):
    """Whose changes a webhook tells of."""

    ALL = "all", _("all changes")
    STATE = "state", _("changes in a state")
    AGENCY = "agency", _("changes of an agency")
    PLACE = "place", _("changes of a place's agencies")


class Webhook(models.Model):
    """An address that is told of changes, signed with a secret that only the two sides know."""

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    key = models.ForeignKey(ApiKey, models.PROTECT, related_name="webhooks", help_text="Key that set it up.")
    url = models.URLField(max_length=500, validators=[URLValidator(schemes=["https", "http"])], help_text="Told here.")
    secret = models.CharField(max_length=64, help_text="Secret of the HMAC-SHA256 signature.")
    scope = models.CharField(max_length=8, choices=WebhookScope, default=WebhookScope.ALL)
    scope_value = models.CharField(max_length=140, blank=True, help_text="State code, agency's slug or GEOID.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Deliveries given up in a row.")
    created_at = models.DateTimeField(auto_now_add=True)
    disabled_at = models.DateTimeField(null=True, blank=True, help_text="When it was switched off; null: it is on.")
    disabled_reason = models.CharField(max_length=200, blank=True, help_text="Why, in a line.")

    class Meta:
        ordering = ["-id"]
        constraints = [one_of("scope", WebhookScope, "webhook_scope_known")]

    def __str__(self) -> str:
        return str(self.uuid)


class WebhookDelivery(models.Model):
    """One event for one webhook: tried again with longer pauses until it arrives or is given up."""

    webhook = models.ForeignKey(Webhook, models.CASCADE, related_name="deliveries")
    event_id = models.UUIDField(help_text="The same in every attempt, so that a receiver can tell repeats.")
    event = models.CharField(max_length=40, help_text="What it tells of.")
    payload = models.JSONField(help_text="Body as sent.")
    created_at = models.DateTimeField(auto_now_add=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    next_attempt_at = models.DateTimeField(null=True, blank=True, help_text="Null: delivered or given up.")
    delivered_at = models.DateTimeField(null=True, blank=True)
    http_status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Of the newest attempt.")
    error = models.CharField(max_length=200, blank=True, help_text="Why the newest attempt failed, in a line.")

    class Meta:
        verbose_name_plural = "webhook deliveries"
        ordering = ["-id"]
        indexes = [models.Index(fields=["next_attempt_at"], name="delivery_due")]
        constraints = [models.UniqueConstraint(fields=["webhook", "event_id"], name="delivery_once")]

    def __str__(self) -> str:
        return f"{self.event} {self.event_id}"
