"""Every URL of the site: the record at the root, its API, the admin, and a health check."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path

from transparency.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("agencies.urls")),
]
