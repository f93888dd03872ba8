"""Sharing links: rebuilt from statements, so read here and nowhere edited."""

from django.contrib import admin

from agencies.admin.base import ReadAdmin
from agencies.models import SharingLink


@admin.register(SharingLink)
class SharingLinkAdmin(ReadAdmin):
    """Find a link by either agency."""

    list_display = ("grantor", "grantee", "network", "access", "status", "first_seen", "last_seen", "statement_count")
    list_filter = ("status", "network", "access", "reported_by", ("disputed_on", admin.EmptyFieldListFilter))
    list_select_related = ("grantor", "grantee", "network")
    search_fields = ("grantor__search_key", "grantee__search_key", "=grantor__ori", "=grantee__ori")
    search_help_text = "Name or ORI of the grantor or the grantee."
    ordering = ("-last_seen", "-id")
