"""URLs of the network view, and of the cards for pages elsewhere."""

from django.urls import URLPattern, path

from agencies.views import embed, export, hubs, network_view

urlpatterns: list[URLPattern] = [
    path("network/", network_view.network_view, name="network-view"),
    path("network/export.<slug:format>", export.network_export, name="network-export"),
    path("network/hubs/", hubs.hubs_page, name="hubs"),
    path("embed/agencies/<slug:ident>/", embed.embed_agency, name="embed-agency"),
    path("embed/places/<slug:ident>/", embed.embed_place, name="embed-place"),
]
