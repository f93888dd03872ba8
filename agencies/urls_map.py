"""URLs of the map: its page, and what its script draws."""

from django.urls import URLPattern, path

from agencies.views import map, map_json

urlpatterns: list[URLPattern] = [
    path("map/", map.map_page, name="map"),
    path("map/agencies.json", map_json.agencies_json, name="map-agencies"),
    path("map/states.json", map_json.states_json, name="map-states"),
    path("map/states/<slug:state>/places.json", map_json.place_names_json, name="map-place-names"),
    path("map/agencies/<slug:slug>/links.json", map_json.agency_links_json, name="map-agency-links"),
    path("map/places/<str:geoid>/links.json", map_json.place_links_json, name="map-place-links"),
]
