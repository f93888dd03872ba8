"""URLs of findings and laws."""

from django.urls import URLPattern, path

from agencies.views import findings, laws

urlpatterns: list[URLPattern] = [
    path("findings/", findings.findings, name="findings"),
    path("findings/<uuid:uuid>/", findings.finding_detail, name="finding-detail"),
    path("laws/", laws.laws, name="laws"),
    path("laws/<slug:slug>/", laws.law_detail, name="law-detail"),
]
