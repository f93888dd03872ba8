"""Every URL of the site: the record at the root, its API, the admin, and a health check."""

from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path, re_path

from api.views import NothingHere
from transparency.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("admin/", admin.site.urls),
    path("api/v1/", include("api.urls")),
    re_path(r"^api/(?P<path>[\s\S]*)\Z", NothingHere.as_view()),
    path("healthz", healthz, name="healthz"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("agencies.urls")),
]
