"""URLs of the API, version 1."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from api.guide import GuideView
from api.match.reconcile import ReconcileView
from api.match.views import MatchView
from api.search import SearchView
from api.views import DocsView, NothingHere, RootView, SchemaView
from api.viewsets.agency import AgencyViewSet
from api.viewsets.change import ChangeViewSet
from api.viewsets.fact import FactViewSet
from api.viewsets.finding import FindingViewSet
from api.viewsets.law import LawViewSet
from api.viewsets.link import LinkViewSet
from api.viewsets.place import PlaceViewSet
from api.viewsets.reach import ReachView, RoutesView
from api.viewsets.release import ReleaseViewSet
from api.viewsets.source import CaptureViewSet, NetworkViewSet, SourceViewSet
from api.viewsets.statement import StatementViewSet
from api.viewsets.webhook import WebhookViewSet

app_name = "api"

router = SimpleRouter(use_regex_path=False)
router.register("agencies", AgencyViewSet, basename="agency")
router.register("places", PlaceViewSet, basename="place")
router.register("networks", NetworkViewSet, basename="network")
router.register("sources", SourceViewSet, basename="source")
router.register("captures", CaptureViewSet, basename="capture")
router.register("statements", StatementViewSet, basename="statement")
router.register("changes", ChangeViewSet, basename="change")
router.register("findings", FindingViewSet, basename="finding")
router.register("laws", LawViewSet, basename="law")
router.register("releases", ReleaseViewSet, basename="release")
router.register("facts", FactViewSet, basename="fact")
router.register("links", LinkViewSet, basename="link")
router.register("webhooks", WebhookViewSet, basename="webhook")

urlpatterns = [
    path("", RootView.as_view(), name="root"),
    path("schema/", SchemaView.as_view(), name="schema"),
    path("docs/<slug:name>.md", GuideView.as_view(), name="guide"),
    path("docs/", DocsView.as_view(), name="docs"),
    path("search/", SearchView.as_view(), name="search"),
    path("match/", MatchView.as_view(), name="match"),
    path("reconcile/", ReconcileView.as_view(), name="reconcile"),
    path("routes/", RoutesView.as_view(), name="routes"),
    path("agencies/<slug:id>/reach/", ReachView.as_view(), name="agency-reach"),
    path("", include(router.urls)),
    re_path(r"^(?P<path>[\s\S]*)\Z", NothingHere.as_view(), name="nothing-here"),
]
