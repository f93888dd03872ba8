"""Agencies and the places they serve."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from agencies.admin.base import KeptAdmin, ReadAdmin, TabularInline
from agencies.folding import fold
from agencies.identifiers import agency_id
from agencies.models import Agency, AgencyPlace


class ServingInline(TabularInline):
    """The places that an agency serves; a wrong one may be taken out."""

    model = AgencyPlace
    extra = 0
    autocomplete_fields = ("place",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[AgencyPlace]:
        """Fetch what a row prints with it."""
        return super().get_queryset(request).select_related("place", "agency")


@admin.register(Agency)
class AgencyAdmin(KeptAdmin):
    """Agencies: changed with a source, merged instead of deleted, never renumbered."""

    list_display = ("name", "ori", "kind", "state", "status", "parent", "operated_by", "merged_into")
    list_filter = ("state", "kind", "status", "coordinate_precision", ("merged_into", admin.EmptyFieldListFilter))
    list_select_related = ("parent", "operated_by", "merged_into")
    search_fields = ("search_key", "=ori", "=slug")
    search_help_text = "Name, ORI, or the name in addresses."
    autocomplete_fields = ("county", "parent", "operated_by")
    readonly_fields = ("uuid", "search_key", "merged_into", "merging")
    inlines = (ServingInline,)

    def get_readonly_fields(self, request: HttpRequest, obj: Agency | None = None) -> tuple[str, ...]:
        """Keep what the id and the address were made from."""
        return (*self.readonly_fields, "slug", "ori") if obj else self.readonly_fields

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Agency], search_term: str
    ) -> tuple[QuerySet[Agency], bool]:
        """Search names as they are folded, so that case, accents and apostrophes do not matter."""
        return super().get_search_results(request, queryset, fold(search_term))

    def save_model(self, request: HttpRequest, obj: Agency, form: Any, change: bool) -> None:
        """Give a new agency its id, and fold its name."""
        if not change:
            obj.uuid = agency_id(ori=obj.ori or "", slug=obj.slug)
        obj.search_key = fold(obj.name)
        super().save_model(request, obj, form, change)

    @admin.display(description="merging")
    def merging(self, agency: Agency | None) -> SafeString | str:
        """Return the link to the form that merges the agency into another, or undoes that."""
        if agency is None or agency._state.adding:
            return ""
        text = "Undo the merge…" if agency.merged_into_id else "Merge into another agency…"
        return format_html('<a href="{}?merged={}">{}</a>', reverse("admin:agencies_agencymerge_add"), agency.pk, text)


@admin.register(AgencyPlace)
class AgencyPlaceAdmin(ReadAdmin):
    """Which agency serves which place; edited on the agency's own page."""

    list_display = ("agency", "place", "basis", "source")
    list_filter = ("basis", "place__state")
    list_select_related = ("agency", "place")
    search_fields = ("agency__search_key", "place__search_key", "=place__geoid")
    ordering = ("-id",)
