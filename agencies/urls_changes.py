"""URLs of what changed: pages and their feeds, Atom and JSON."""

from django.urls import URLPattern, path

from agencies import feeds
from agencies.json_feed import JsonFeed
from agencies.views import changes

JSON = {"form": JsonFeed}

urlpatterns: list[URLPattern] = [
    path("changes/", changes.changes, name="changes"),
    path("changes/feed/", feeds.changes_feed, name="changes-feed"),
    path("changes/feed.json", feeds.changes_feed, JSON, name="changes-feed-json"),
    path("changes/<uuid:uuid>/", changes.document_changes, name="document-changes"),
    path("agencies/<slug:slug>/changes/", changes.agency_changes, name="agency-changes"),
    path("agencies/<slug:slug>/changes/feed/", feeds.agency_feed, name="agency-changes-feed"),
    path("agencies/<slug:slug>/changes/feed.json", feeds.agency_feed, JSON, name="agency-changes-feed-json"),
    path("places/<str:geoid>/changes/", changes.place_changes, name="place-changes"),
    path("places/<str:geoid>/changes/feed/", feeds.place_feed, name="place-changes-feed"),
    path("places/<str:geoid>/changes/feed.json", feeds.place_feed, JSON, name="place-changes-feed-json"),
]
