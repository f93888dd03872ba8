"""Laws: loaded from files, held against their own text by an editor here."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from agencies.admin.base import KeptAdmin
from agencies.findings.rebuild import refresh_findings
from agencies.models import Law


@admin.register(Law)
class LawAdmin(KeptAdmin):
    """What the files say of a law, and the day on which an editor held it against the law's text."""

    list_display = (
        "title",
        "place",
        "kind",
        "citation",
        "in_force_from",
        "retention_days",
        "verified_on",
        "verified_by",
    )
    list_filter = ("kind", ("verified_on", admin.EmptyFieldListFilter), "place__state")
    list_select_related = ("place",)
    search_fields = ("title", "citation", "slug", "place__name")
    ordering = ("place__state", "title")
    fields = (
        "title",
        "kind",
        "place",
        "citation",
        "url",
        "limits",
        "retention_days",
        "summary",
        "in_force_from",
        "in_force_to",
        "listed_by",
        "source",
        "verified_on",
        "verified_by",
    )
    readonly_fields = tuple(name for name in fields if name != "verified_on")

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Refuse: laws come from `data/laws`."""
        return False

    def save_model(self, request: HttpRequest, obj: Law, form: Any, change: bool) -> None:
        """Sign the check, or take it back with its date, and bring the findings up to date in one transaction."""
        obj.verified_by = request.user.get_username()[:100] if obj.verified_on else ""
        obj.save(update_fields=["verified_on", "verified_by"])
        refresh_findings()
