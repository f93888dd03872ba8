"""Every URL of the site: the record at the root and, in Spanish, under /es/; its API, the admin, a health check."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.contrib.sitemaps import views as sitemap_views
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import cache_page

from agencies.sitemaps import SITEMAPS
from agencies.views.robots import robots
from api.views import NothingHere
from transparency.health import healthz

DAY = 24 * 3600
INDEX = {"sitemaps": SITEMAPS, "sitemap_url_name": "sitemap-section"}
SECTION = {"sitemaps": SITEMAPS}

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    re_path(r"^api/(?P<path>[\s\S]*)\Z", NothingHere.as_view()),
    path("healthz", healthz, name="healthz"),
    path("robots.txt", robots, name="robots"),
    path("sitemap.xml", cache_page(DAY)(sitemap_views.index), INDEX, name="sitemap"),
    path("sitemap-<section>.xml", cache_page(DAY)(sitemap_views.sitemap), SECTION, name="sitemap-section"),
    *i18n_patterns(path("", include("agencies.urls")), prefix_default_language=False),
]
