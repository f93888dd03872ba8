"""Merges of agencies: added with a reason, undone by another row."""

from typing import Any

from django import forms
from django.contrib import admin
from django.http import HttpRequest

from agencies.admin.base import AppendAdmin
from agencies.matching.merge import check, merge, unmerge
from agencies.models import AgencyMerge


class MergeForm(forms.ModelForm):
    """Which record gives way to which, or to none any more."""

    class Meta:
        model = AgencyMerge
        fields = ("merged", "into", "reason")

    def clean(self) -> dict[str, Any]:
        """Refuse what cannot be merged, or what is not merged and so cannot be undone."""
        values = super().clean() or {}
        if values.get("merged") is not None and "into" in values:
            check(values["merged"], values["into"])
        return values


@admin.register(AgencyMerge)
class AgencyMergeAdmin(AppendAdmin):
    """Every merge ever made, and every one undone."""

    form = MergeForm
    list_display = ("merged", "into", "reason", "decided_by", "decided_at")
    list_select_related = ("merged", "into", "decided_by")
    search_fields = ("merged__search_key", "into__search_key", "reason")
    autocomplete_fields = ("merged", "into")
    readonly_fields = ("decided_by", "decided_at")
    ordering = ("-id",)

    def save_model(self, request: HttpRequest, obj: AgencyMerge, form: Any, change: bool) -> None:
        """Merge, or undo the merge; links follow."""
        if obj.into is None:
            row = unmerge(obj.merged, reason=obj.reason, user=request.user)
        else:
            row = merge(obj.merged, obj.into, reason=obj.reason, user=request.user)
        obj.pk = row.pk
