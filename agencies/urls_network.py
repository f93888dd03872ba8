"""URLs of the network view."""

from django.urls import URLPattern, path

from agencies.views import export, hubs, network_view

urlpatterns: list[URLPattern] = [
    path("network/", network_view.network_view, name="network-view"),
    path("network/export.<slug:format>", export.network_export, name="network-export"),
    path("network/hubs/", hubs.hubs_page, name="hubs"),
]
