"""URLs of the record's pages."""

from django.urls import URLPattern, URLResolver, include, path

from agencies.views import about, agency, capture, card, data, home, ice_2019, network, pair, place, search, source

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home.home, name="home"),
    path("search/", search.search, name="search"),
    path("search/suggest/", search.suggestions, name="search-suggest"),
    path("search/here/", search.here, name="search-here"),
    path("og/<slug:kind>/<path:ident>.png", card.card, name="card"),
    path("about/", about.about, name="about"),
    path("ice-2019/", ice_2019.ice_2019, name="ice-2019"),
    path("places/<str:geoid>/", place.place_detail, name="place-detail"),
    path("agencies/<slug:slug>/", agency.agency_detail, name="agency-detail"),
    path("agencies/<slug:slug>/grants/", agency.agency_grants, name="agency-grants"),
    path("agencies/<slug:slug>/receipts/", agency.agency_receipts, name="agency-receipts"),
    path("links/<slug:grantor_slug>/<slug:grantee_slug>/", pair.pair_detail, name="pair-detail"),
    path("captures/<uuid:uuid>/", capture.capture_detail, name="capture-detail"),
    path("sources/<slug:slug>/", source.source_detail, name="source-detail"),
    path("networks/<slug:slug>/", network.network_detail, name="network-detail"),
    path("data/", data.data, name="data"),
    path("data/releases/latest/", data.release_latest, name="release-latest"),
    path("data/releases/latest/<path:path>", data.release_latest, name="release-latest-file"),
    path("data/releases/<slug:name>/", data.release_detail, name="release-detail"),
    path("data/releases/<slug:name>/<path:path>", data.release_file, name="release-file"),
    path("", include("agencies.urls_changes")),
    path("", include("agencies.urls_findings")),
    path("", include("agencies.urls_network")),
    path("", include("agencies.urls_routes")),
    path("", include("agencies.urls_map")),
]
