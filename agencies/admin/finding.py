"""Findings: written by rules, shown here; an editor's dismissal is a row of its own, and so is its undoing."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.admin.base import AppendAdmin, ReadAdmin
from agencies.findings.status import FindingStatus, with_status
from agencies.findings.wording import words
from agencies.models import Finding, FindingDismissal


@admin.register(Finding)
class FindingAdmin(ReadAdmin):
    """What a rule found, where it stands, and the way to dismiss it or to open it again."""

    list_display = ("rule", "agency", "law", "severity", "as_of", "status", "noted_at", "decide")
    list_filter = ("rule", "severity", "as_of", "agency__state")
    search_fields = ("=uuid", "agency__name", "law__title")
    ordering = ("-as_of", "-id")
    raw_id_fields = ("statements", "lists")
    readonly_fields = ("says", "status", "decide")

    def get_queryset(self, request: HttpRequest) -> QuerySet[Finding]:
        """Return findings with their status, and with all that their sentences and the list's columns name."""
        return with_status(super().get_queryset(request).select_related("agency", "network", "law__place"))

    @admin.display(description="says")
    def says(self, finding: Finding) -> str:
        """Return what readers see."""
        return " ".join(words(finding))

    @admin.display(description="status")
    def status(self, finding: Finding) -> str:
        """Return where it stands."""
        return str(FindingStatus(finding.status).label)  # type: ignore[attr-defined]

    @admin.display(description="decision")
    def decide(self, finding: Finding) -> SafeString:
        """Lead to the form that dismisses it, or opens it again, already filled in."""
        is_dismissed = finding.status == FindingStatus.DISMISSED  # type: ignore[attr-defined]
        asked = urlencode({"finding_uuid": finding.uuid, "is_dismissed": "0" if is_dismissed else "1"})
        address = f"{reverse('admin:agencies_findingdismissal_add')}?{asked}"
        return format_html('<a href="{}">{}</a>', address, "Open again…" if is_dismissed else "Dismiss…")


class DismissalForm(forms.ModelForm):
    """A decision on a finding that is there, with a reason that readers will see."""

    class Meta:
        model = FindingDismissal
        fields = ("finding_uuid", "is_dismissed", "reason")

    def clean_finding_uuid(self) -> UUID:
        """Refuse a decision on a finding that is not there."""
        uuid: UUID = self.cleaned_data["finding_uuid"]
        if not Finding.objects.filter(uuid=uuid).exists():
            raise ValidationError("No finding has this id.")
        return uuid


@admin.register(FindingDismissal)
class FindingDismissalAdmin(AppendAdmin):
    """Decisions on findings: the newest of a finding is in force, and its reason is shown to readers."""

    form = DismissalForm
    list_display = ("finding_uuid", "is_dismissed", "reason", "decided_by", "decided_at")
    list_filter = ("is_dismissed", "decided_at")
    list_select_related = ("decided_by",)
    search_fields = ("=finding_uuid", "reason")
    readonly_fields = ("decided_by", "decided_at")

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Read the address's "0" as no: as text it would tick the box."""
        asked: dict[str, Any] = super().get_changeform_initial_data(request)
        return {**asked, "is_dismissed": asked.get("is_dismissed", "1") != "0"}

    def save_model(self, request: HttpRequest, obj: FindingDismissal, form: Any, change: bool) -> None:
        """Sign the decision."""
        obj.decided_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
