"""Places and their outlines: the Census makes them, editors read them."""

from django.contrib import admin

from agencies.admin.base import ReadAdmin
from agencies.models import Place, PlaceBoundary


@admin.register(Place)
class PlaceAdmin(ReadAdmin):
    """Find a place by name or GEOID."""

    list_display = ("full_name", "kind", "state", "county", "geoid")
    list_filter = ("kind", "state")
    list_select_related = ("county",)
    search_fields = ("search_key", "=geoid")
    ordering = ("name", "geoid")
    exclude = ("search_key",)


@admin.register(PlaceBoundary)
class PlaceBoundaryAdmin(ReadAdmin):
    """Which places have an outline; the outline itself is bytes."""

    list_display = ("place",)
    list_select_related = ("place",)
    search_fields = ("place__search_key", "=place__geoid")
    ordering = ("place_id",)
    fields = ("place",)

    def get_queryset(self, request):  # type: ignore[no-untyped-def]
        """Leave the outlines in the database: they are large and not shown."""
        return super().get_queryset(request).defer("wkb")
