"""Column mappings: made on a page of their own, with a sample table beside."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from agencies.admin.base import KeptAdmin
from agencies.admin.mapping_page import mapping_page
from agencies.models import ColumnMapping


@admin.register(ColumnMapping)
class ColumnMappingAdmin(KeptAdmin):
    """How tables that others made are read. Imports name a mapping, so none is deleted."""

    list_display = ("title", "slug", "source", "network", "access", "reported_by", "completeness")
    list_filter = ("network", "access", "reported_by")
    list_select_related = ("source", "network")
    search_fields = ("title", "slug", "source__title")

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the page for a new mapping."""
        return mapping_page(request, self, None)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Show the page of a mapping."""
        return mapping_page(request, self, object_id)
