"""Confirmations that an empty list is really empty: added here, taken back by a row of its own, never edited."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.admin.base import AppendAdmin
from agencies.history.rebuild import refresh_changes
from agencies.models import ListConfirmation, SharingList
from agencies.network.confirmed import CONFIRMABLE
from agencies.network.rebuild import lock_record, refresh_links


def confirm_address(sharing_list: SharingList) -> str:
    """Return the address of the form that confirms a list, already filled in."""
    query = urlencode({"sharing_list": sharing_list.pk, "is_confirmed": "on"})
    return f"{reverse('admin:agencies_listconfirmation_add')}?{query}"


class ConfirmationForm(forms.ModelForm):
    """A yes or a no about one list that names nobody."""

    class Meta:
        model = ListConfirmation
        fields = ("sharing_list", "is_confirmed", "reason")

    def clean_sharing_list(self) -> SharingList:
        """Refuse a list that names somebody, an extract, and a section that was not shown."""
        found: SharingList = self.cleaned_data["sharing_list"]
        if found.completeness not in CONFIRMABLE:
            raise ValidationError(_("Only a list that is present and names nobody is confirmed."))
        return found

    def clean(self) -> dict[str, Any]:
        """Refuse a no that takes nothing back."""
        values = super().clean() or {}
        found = values.get("sharing_list")
        if found is not None and not values.get("is_confirmed"):
            newest = found.confirmations.first()
            if newest is None or not newest.is_confirmed:
                raise ValidationError({"is_confirmed": _("The list is not confirmed: there is nothing to take back.")})
        return values


@admin.register(ListConfirmation)
class ListConfirmationAdmin(AppendAdmin):
    """Whether empty lists end the links that stood on them. The newest row about a list is in force."""

    form = ConfirmationForm
    list_display = ("sharing_list", "is_confirmed", "reason", "decided_by", "decided_at")
    list_filter = ("is_confirmed", "decided_at")
    list_select_related = ("sharing_list__stream__source", "decided_by")
    search_fields = ("reason", "sharing_list__stream__source__title", "sharing_list__stream__source__slug")
    raw_id_fields = ("sharing_list",)
    fields = ("sharing_list", "is_confirmed", "reason")

    def save_model(self, request: HttpRequest, obj: ListConfirmation, form: Any, change: bool) -> None:
        """Sign it and bring links and changes up to date, all in the admin's one transaction."""
        lock_record()
        obj.decided_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        refresh_links(streams=[obj.sharing_list.stream_id])
        refresh_changes([obj.sharing_list.stream.source_id])
