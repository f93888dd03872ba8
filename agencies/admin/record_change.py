"""Notes that the database makes of changes: nothing to do but look."""

from django.contrib import admin

from agencies.admin.base import ReadAdmin
from agencies.models import RecordChange


@admin.register(RecordChange)
class RecordChangeAdmin(ReadAdmin):
    """When the record last changed."""

    list_display = ("id", "made_at")
