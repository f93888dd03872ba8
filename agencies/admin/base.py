"""What all desks share: no deletion, rows that are only read, and the way to a withdrawal."""

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.contrib import admin
from django.db.models import Model
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

if TYPE_CHECKING:
    ModelAdmin = admin.ModelAdmin[Any]
    TabularInline = admin.TabularInline[Any, Any]
else:
    ModelAdmin, TabularInline = admin.ModelAdmin, admin.TabularInline


class KeptAdmin(ModelAdmin):
    """Rows that editors may add and change but not delete: the record refers to them."""

    show_full_result_count = False
    list_per_page = 50

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: a row leaves the public record by a withdrawal or a merge."""
        return False


class ReadAdmin(KeptAdmin):
    """Rows that importers write and the database keeps: shown to editors, never edited."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: rows come from importers."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: the rows are append-only, or rebuilt from such rows."""
        return False


class AppendAdmin(KeptAdmin):
    """Rows that editors add, and that then stay as they are."""

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: the rows are append-only."""
        return False


class ReadInline(TabularInline):
    """Rows shown under the row that they belong to."""

    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: rows come from importers."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Refuse: the rows are append-only."""
        return False


def withdraw_link(field: str, pk: object) -> SafeString:
    """Return a link to the form that withdraws one statement, capture or run, already filled in."""
    address = f"{reverse('admin:agencies_withdrawal_add')}?{urlencode({field: pk})}"
    return format_html('<a href="{}">Withdraw this {}…</a>', address, "import" if field == "run" else field)
