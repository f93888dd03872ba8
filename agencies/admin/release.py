"""Releases: made by the worker or a command, never edited."""

from django.contrib import admin

from agencies.admin.base import ReadAdmin
from agencies.models import Release


@admin.register(Release)
class ReleaseAdmin(ReadAdmin):
    """Publications of the record."""

    list_display = ("name", "released_on", "record_sha256", "created_at")
    list_select_related = ("before",)
