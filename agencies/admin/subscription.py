"""API keys and webhooks: made by a command and through the API; here they are looked at and switched off."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from agencies.admin.base import ReadAdmin
from agencies.models import ApiKey, Webhook, WebhookDelivery
from agencies.webhooks.deliver import switch_off
from agencies.webhooks.events import ping


@admin.register(ApiKey)
class ApiKeyAdmin(ReadAdmin):
    """Keys. A key itself is kept nowhere: a lost one is revoked and another made."""

    list_display = ("prefix", "label", "rate", "created_at", "revoked_at")
    exclude = ("key_sha256",)
    actions = ("revoke",)

    @admin.action(description="Revoke: it stops working within a minute", permissions=["delete_key"])
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        """Stop keys from working."""
        queryset.filter(revoked_at__isnull=True).update(revoked_at=timezone.now())

    def has_delete_key_permission(self, request: HttpRequest) -> bool:
        """Tell whether the editor may revoke keys."""
        return request.user.has_perm("agencies.change_apikey")


@admin.register(Webhook)
class WebhookAdmin(ReadAdmin):
    """Addresses that are told of changes. Their secrets are not shown."""

    list_display = ("uuid", "scope", "scope_value", "failures", "created_at", "disabled_at", "disabled_reason")
    list_select_related = ("key",)
    exclude = ("secret",)
    actions = ("send_test", "disable")

    @admin.action(description="Send a test: tried once, seen in the deliveries", permissions=["change_webhook"])
    def send_test(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Put a ping into the queue for each; those that are off are left."""
        sent = sum(ping(hook) is not None for hook in queryset.filter(disabled_at__isnull=True))
        self.message_user(request, f"Tests in the queue: {sent}.")

    @admin.action(description="Disable: nothing more is sent, what waits is given up", permissions=["change_webhook"])
    def disable(self, request: HttpRequest, queryset: QuerySet[Webhook]) -> None:
        """Switch webhooks off."""
        self.message_user(request, f"Switched off: {switch_off(queryset, 'switched off by an editor')}.")

    def has_change_webhook_permission(self, request: HttpRequest) -> bool:
        """Tell whether the editor may test and switch off webhooks."""
        return request.user.has_perm("agencies.change_webhook")


@admin.register(WebhookDelivery)
class WebhookDeliveryAdmin(ReadAdmin):
    """What webhooks were told."""

    list_display = ("event", "webhook", "created_at", "attempts", "delivered_at", "http_status", "error")
    list_filter = ("event", ("delivered_at", admin.EmptyFieldListFilter))
    list_select_related = ("webhook",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Leave the bodies out of the list."""
        return super().get_queryset(request).defer("payload")
