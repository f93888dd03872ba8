"""Webhooks and their deliveries: what a holder of a key sends, and what they see of their own."""

from typing import Any

from rest_framework import serializers

from agencies.models import Webhook, WebhookDelivery, WebhookScope
from agencies.webhooks.address import address_problem, host_problem
from agencies.webhooks.scopes import scope_problem
from api.lookups import find_agency
from api.rows import AddressField, RowSerializer

DATA = {"type": "object", "additionalProperties": True}


class WebhookSerializer(RowSerializer):
    """An address that is told of changes."""

    id = serializers.UUIDField(source="uuid", help_text="Id of the webhook.")
    created_at = serializers.DateTimeField(help_text="When it was set up.")
    api_url = AddressField("api:webhook-detail", "uuid", help_text="This resource.")
    deliveries_url = AddressField("api:webhook-deliveries", "uuid", help_text="What it was told.")

    class Meta:
        model = Webhook
        fields = [
            *("id", "url", "scope", "scope_value", "failures", "created_at", "disabled_at", "disabled_reason"),
            *("api_url", "deliveries_url"),
        ]


class NewWebhookSerializer(WebhookSerializer):
    """A webhook that was just set up, with its secret: it is shown this once."""

    secret = serializers.CharField(help_text="Secret of the HMAC-SHA256 signature. Keep it: it is not shown again.")

    class Meta(WebhookSerializer.Meta):
        fields = [*WebhookSerializer.Meta.fields, "secret"]


class DeliverySerializer(RowSerializer):
    """One event for a webhook. Given up where neither `delivered_at` nor `next_attempt_at` is there."""

    id = serializers.UUIDField(source="event_id", help_text="Id of the event: the same in every attempt.")
    payload = serializers.JSONField(help_text="Body as sent.")
    created_at = serializers.DateTimeField(help_text="When it was put into the queue.")
    attempts = serializers.IntegerField(help_text="How often it was tried.")
    delivered_at = serializers.DateTimeField(allow_null=True, help_text="When it arrived; null: it has not.")
    next_attempt_at = serializers.DateTimeField(allow_null=True, help_text="When it is tried next; null: never.")

    class Meta:
        model = WebhookDelivery
        fields = [
            *("id", "event", "created_at", "attempts", "delivered_at", "next_attempt_at", "http_status", "error"),
            "payload",
        ]


class QueuedSerializer(serializers.Serializer):
    """A test that waits to be sent."""

    id = serializers.UUIDField(help_text="Id of the event, as in the log and in `Atlas-Event-Id`.")
    deliveries_url = serializers.URLField(help_text="The log, where it is seen whether it arrived.")


class WantedWebhookSerializer(serializers.Serializer):
    """What a holder of a key sends to set up a webhook."""

    url = serializers.URLField(max_length=500, help_text="Address that is told, with https://.")
    scope = serializers.ChoiceField(
        choices=WebhookScope.choices, default=WebhookScope.ALL.value, help_text="Whose changes it is told of."
    )
    scope_value = serializers.CharField(
        max_length=140,
        default="",
        allow_blank=True,
        help_text="State's code, agency's id or slug, or place's GEOID; none for all.",
    )

    def validate_url(self, url: str) -> str:
        """Refuse an address that is not told: without TLS, or inside this network."""
        if problem := address_problem(url) or host_problem(url):
            raise serializers.ValidationError(problem)
        return url

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """Refuse fields that are not known, and a scope's value that nothing on record has."""
        unknown = set(self.initial_data) - set(self.fields)
        if unknown:
            raise serializers.ValidationError({name: "Unknown field." for name in sorted(unknown)})
        if attrs["scope"] == WebhookScope.AGENCY and (agency := find_agency(attrs["scope_value"])):
            attrs["scope_value"] = agency.slug
        if problem := scope_problem(attrs["scope"], attrs["scope_value"]):
            raise serializers.ValidationError({"scope_value": problem})
        return attrs
