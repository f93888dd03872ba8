"""Webhooks of an API key: set up, looked at, tested and taken away by whoever holds the key, and by nobody else."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_view
from rest_framework import exceptions
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agencies.models import ApiKey, Webhook, WebhookDelivery
from agencies.webhooks.events import ping
from agencies.webhooks.sign import new_secret
from api.errors import BodyTooLarge, InvalidBody
from api.keys import InvalidKey, KnownKey, key_of
from api.parameters import check_parameters
from api.renderers import OrjsonRenderer
from api.serializers.webhook import (
    DeliverySerializer,
    NewWebhookSerializer,
    QueuedSerializer,
    WantedWebhookSerializer,
    WebhookSerializer,
)
from api.throttling import AddressThrottle
from api.viewsets.base import RecordViewSet

MOST_WEBHOOKS = 20
"""Webhooks a key."""

MOST_BYTES = 16 * 1024
"""Bytes of a body that are read."""

COST = 10
"""Requests that setting one up, or testing it, counts as: the one asks the DNS, the other a host."""

EXAMPLE = OpenApiExample(
    "Changes in Washington",
    value={"url": "https://example.org/atlas", "scope": "state", "scope_value": "WA"},
    request_only=True,
)


class MissingKey(InvalidKey):
    """A request without a key, where one is needed."""

    default_detail = "Webhooks belong to an API key: send it as `Authorization: Bearer KEY`."


class Conflict(exceptions.APIException):
    """What the webhooks, as they stand, do not allow."""

    status_code = 409


@extend_schema_view(
    list=extend_schema(summary="List webhooks"),
    retrieve=extend_schema(summary="One webhook"),
    create=extend_schema(
        summary="Set up a webhook",
        request=WantedWebhookSerializer,
        responses={201: NewWebhookSerializer},
        examples=[EXAMPLE],
    ),
    destroy=extend_schema(summary="Delete a webhook", responses={204: None}),
)
class WebhookViewSet(RecordViewSet):
    """Addresses that are told of changes, of the key that asks."""

    http_method_names = ["get", "head", "post", "delete", "options"]
    follows_from_record = False
    queryset = Webhook.objects.all()
    serializer_class = WebhookSerializer
    ordering = ("-id",)
    list_actions = ("list", "deliveries")
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "uuid"
    key: KnownKey | None = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a request without a key, a large body before it is read, and parameters beside one."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise BodyTooLarge(MOST_BYTES)
        super().initial(request, *args, **kwargs)
        if request.method == "OPTIONS":  # A browser asks without the key whether it may send it.
            return
        self.key = key_of(request.META.get("HTTP_AUTHORIZATION", ""))
        if self.key is None:
            raise MissingKey
        if request.method not in ("GET", "HEAD"):
            check_parameters(request.query_params, {"format"})

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Let no cache keep what only the key's holder may see."""
        response = super().finalize_response(request, response, *args, **kwargs)
        response.headers["Cache-Control"] = "no-store"
        if response.status_code == 401:
            response.headers["WWW-Authenticate"] = "Bearer"
        return response

    def get_renderers(self) -> Any:
        """Answer in JSON."""
        return [OrjsonRenderer()]

    def get_queryset(self) -> QuerySet[Webhook]:
        """Return the key's own webhooks."""
        return Webhook.objects.filter(key=self.key.pk if self.key else 0)

    def create(self, request: Request) -> Response:
        """Set up a webhook; the answer holds its secret, which is not shown again."""
        if not isinstance(request.data, dict):
            raise InvalidBody({"body": ["A JSON object is needed."]})
        AddressThrottle().charge(request, COST - 1)
        wanted = WantedWebhookSerializer(data=request.data)
        if not wanted.is_valid():
            raise InvalidBody({str(name): map(str, texts) for name, texts in wanted.errors.items()})
        hook = self._made(wanted.validated_data)
        row = Webhook.objects.filter(pk=hook.pk).values(*NewWebhookSerializer.columns()).get()
        answer = NewWebhookSerializer(row, context=self.get_serializer_context()).data
        return Response(answer, status=201, headers={"Location": answer["api_url"]})

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Delete a webhook and its log; what waits for it is not sent."""
        self._find().delete()
        return Response(status=204)

    @extend_schema(summary="Test a webhook", request=None, responses={202: QueuedSerializer})
    @action(detail=True, methods=["post"])
    def test(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Queue an event `ping`, which is tried once; within ten seconds the same one is answered again."""
        hook = self._find()
        AddressThrottle().charge(request, COST - 1)
        delivery = ping(hook) if hook.disabled_at is None else None
        if delivery is None:
            raise Conflict("This webhook was switched off. Delete it and set up another.")
        address = reverse("api:webhook-deliveries", args=[hook.uuid], request=request)
        return Response({"id": delivery.event_id, "deliveries_url": address}, status=202)

    @extend_schema(summary="A webhook's deliveries", responses=DeliverySerializer(many=True))
    @action(detail=True, serializer_class=DeliverySerializer, queryset=WebhookDelivery.objects.all())
    def deliveries(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Return a page of what the webhook was told in the last thirty days, the newest first."""
        return self.answer(WebhookDelivery.objects.filter(webhook=self._find()))

    def _find(self) -> Webhook:
        """Return the key's own webhook of the address; another key's is not there."""
        hook = self.get_queryset().filter(uuid=self.named).first()
        if hook is None:
            raise self.missing()
        return hook

    def missing(self) -> Exception:
        """Return the error for a webhook that is not there."""
        return exceptions.NotFound("This key has no such webhook.")

    @transaction.atomic
    def _made(self, wanted: dict[str, Any]) -> Webhook:
        """Set up a webhook. The key's row is held, so that two requests at once do not pass the limit."""
        own = ApiKey.objects.filter(pk=self.key.pk if self.key else 0, revoked_at__isnull=True)
        key = own.select_for_update().first()
        if key is None:
            raise InvalidKey
        if key.webhooks.count() >= MOST_WEBHOOKS:
            raise Conflict(f"A key may have up to {MOST_WEBHOOKS} webhooks.")
        return Webhook.objects.create(key=key, secret=new_secret(), **wanted)
