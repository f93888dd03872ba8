"""Networks, sources, captures, and the lists that captures show."""

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.admin.base import KeptAdmin, ReadAdmin, ReadInline, withdraw_link
from agencies.models import Capture, Network, SharingList, Source, Stream


@admin.register(Network)
class NetworkAdmin(KeptAdmin):
    """Vendors' sharing systems."""

    list_display = ("name", "vendor", "slug")
    search_fields = ("name", "vendor", "slug")
    prepopulated_fields = {"slug": ("name",)}


@admin.register(Source)
class SourceAdmin(KeptAdmin):
    """Publishers of documents."""

    list_display = ("title", "kind", "publisher", "agency_alias", "licence")
    list_filter = ("kind",)
    list_select_related = ("agency_alias",)
    search_fields = ("title", "publisher", "slug", "url")
    autocomplete_fields = ("agency_alias",)
    prepopulated_fields = {"slug": ("title",)}


class ListInline(ReadInline):
    """The lists that a capture shows."""

    model = SharingList
    fields = ("stream", "completeness", "heading", "run")
    ordering = ("id",)

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        """Fetch what a row prints with it."""
        return super().get_queryset(request).select_related("stream__source", "run", "capture__source")


@admin.register(Capture)
class CaptureAdmin(ReadAdmin):
    """Dated copies of documents: what they say and their dates never change."""

    list_display = ("source", "observed_on", "published_on", "retrieved_on", "bytes_kept", "compiled_by")
    list_filter = ("source__kind", "bytes_kept", "observed_on")
    list_select_related = ("source",)
    search_fields = ("source__title", "source__slug", "url", "=sha256")
    ordering = ("-observed_on", "-id")
    inlines = (ListInline,)

    @admin.display(description="withdrawal")
    def withdraw(self, capture: Capture) -> SafeString:
        """Lead to the form that withdraws the capture."""
        return withdraw_link("capture", capture.pk)

    @admin.display(description="archived copy")
    def archive(self, capture: Capture) -> SafeString:
        """Lead to the form that records the address of an archived copy."""
        address = reverse("admin:agencies_capture_archive", args=[capture.pk])
        return format_html('<a href="{}">Archived copy…</a>', address)

    def get_fields(self, request, obj=None):  # type: ignore[no-untyped-def]
        """Show the ways to an archived copy and to a withdrawal under the capture's own fields."""
        return [*super().get_fields(request, obj), "archive", "withdraw"]

    readonly_fields = ("archive", "withdraw")


@admin.register(Stream)
class StreamAdmin(ReadAdmin):
    """One publisher's list over time."""

    list_display = ("source", "section", "network", "access", "reported_by")
    list_filter = ("network", "access", "reported_by")
    list_select_related = ("source", "network")
    search_fields = ("source__title", "source__slug", "section")


@admin.register(SharingList)
class SharingListAdmin(ReadAdmin):
    """One stream as one capture shows it."""

    list_display = ("stream", "capture", "completeness", "heading", "run")
    list_filter = ("completeness", "stream__network", "stream__reported_by")
    list_select_related = ("stream__source", "capture__source", "run")
    search_fields = ("stream__source__title", "stream__source__slug", "heading")
    ordering = ("-id",)
