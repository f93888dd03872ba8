"""Confirmations that an empty list is really empty: added here, taken back by a row of its own, never edited."""

from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from agencies.admin.base import AppendAdmin
from agencies.history.rebuild import refresh_changes
from agencies.models import ListConfirmation, SharingList
from agencies.network.confirmed import CONFIRMABLE, confirmations_in_force, confirmed_lists
from agencies.network.rebuild import lock_record, refresh_links


def confirm_address(sharing_list: int, is_confirmed: bool = True) -> str:
    """Return the address of the form that confirms a list (id), or takes that back, already filled in."""
    query = urlencode({"sharing_list": sharing_list, **({"is_confirmed": "on"} if is_confirmed else {})})
    return f"{reverse('admin:agencies_listconfirmation_add')}?{query}"


class ListField(forms.ModelChoiceField):
    """A list that names nobody, chosen by its source, section and date; works without any script."""

    def label_from_instance(self, obj: Any) -> str:
        """Return the list in words, with how it stands."""
        said = [obj.get_completeness_display(), *([_("confirmed")] if obj.counts else [])]
        return f"{obj} ({', '.join(map(str, said))})"


class ConfirmationForm(forms.ModelForm):
    """A yes or a no about one list that names nobody."""

    sharing_list = ListField(
        SharingList.objects.none(),
        label=_("List"),
        help_text=_("Those that are present and name nobody."),
        error_messages={"invalid_choice": _("Only a list that is present and names nobody is confirmed.")},
    )

    class Meta:
        model = ListConfirmation
        fields = ("sharing_list", "is_confirmed", "reason")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chooser = self.fields.get("sharing_list")
        if isinstance(chooser, ListField):
            found = SharingList.objects.filter(completeness__in=CONFIRMABLE).select_related("stream__source", "capture")
            found = found.annotate(counts=Q(pk__in=confirmed_lists()))
            chooser.queryset = found.order_by("stream__source__title", "stream__section", "-capture__observed_on", "pk")

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
    list_display = ("sharing_list", "is_confirmed", "reason", "decided", "take_back")
    list_filter = ("is_confirmed", "decided_at")
    list_select_related = ("sharing_list__stream__source", "sharing_list__capture", "decided_by")
    search_fields = ("reason", "sharing_list__stream__source__title", "sharing_list__stream__source__slug")
    fields = ("sharing_list", "is_confirmed", "reason")

    def get_queryset(self, request: HttpRequest) -> QuerySet[ListConfirmation]:
        """Tell of each whether its yes is in force."""
        in_force = confirmations_in_force().values("pk")
        return super().get_queryset(request).annotate(is_in_force=Q(pk__in=in_force))

    @admin.display(description=_("decided"), ordering="decided_at")
    def decided(self, confirmation: ListConfirmation) -> str:
        """Return on which day and by whom."""
        parts = [f"{timezone.localtime(confirmation.decided_at):%Y-%m-%d}", str(confirmation.decided_by or "")]
        return ", ".join(filter(None, parts))

    @admin.display(description=_("in force"))
    def take_back(self, confirmation: Any) -> SafeString | str:
        """Lead to the form that takes a yes back, where it is in force."""
        if not confirmation.is_in_force:
            return ""
        address = confirm_address(confirmation.sharing_list_id, is_confirmed=False)
        return format_html('<a href="{}">{}</a>', address, _("Take back…"))

    def save_model(self, request: HttpRequest, obj: ListConfirmation, form: Any, change: bool) -> None:
        """Sign it and bring links and changes up to date, all in the admin's one transaction."""
        lock_record()
        obj.decided_by = request.user  # type: ignore[assignment]
        super().save_model(request, obj, form, change)
        refresh_links(streams=[obj.sharing_list.stream_id])
        refresh_changes([obj.sharing_list.stream.source_id])
