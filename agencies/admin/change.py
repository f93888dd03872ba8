"""Changes between neighbouring copies: derived, so that they are only read."""

from django.contrib import admin

from agencies.admin.base import ReadAdmin
from agencies.models import Change


@admin.register(Change)
class ChangeAdmin(ReadAdmin):
    """What differs between two copies."""

    list_display = ("observed_on", "kind", "about", "name", "new_name", "field", "noted_at")
    list_filter = ("kind", "network", "field")
    list_select_related = ("about", "name", "new_name")
    search_fields = ("about__printed_name", "name__printed_name")
