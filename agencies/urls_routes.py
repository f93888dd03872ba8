"""URLs of routes."""

from django.urls import URLPattern, path

from agencies.views import routes

urlpatterns: list[URLPattern] = [path("routes/", routes.routes_page, name="routes")]
