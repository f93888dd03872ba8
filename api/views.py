"""The API's front door, its schema and its pages of documentation, and what stands where nothing is."""

from functools import cache
from typing import Any

from django.http import HttpResponseBase, HttpResponseRedirect
from django.urls import Resolver404, resolve
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiYamlRenderer
from drf_spectacular.utils import extend_schema
from drf_spectacular.views import SpectacularSwaggerSplitView
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from api.base import PublicView
from api.terms import DatedTermsSerializer, dated_terms

RESOURCES = (
    "agencies",
    "places",
    "networks",
    "sources",
    "captures",
    "statements",
    "facts",
    "links",
    "routes",
    "changes",
    "findings",
    "laws",
    "releases",
    "webhooks",
    "search",
    "match",
    "reconcile",
    "schema",
    "docs",
)


class RootSerializer(DatedTermsSerializer):
    """Addresses of the resources."""

    resources = serializers.DictField(child=serializers.URLField(), help_text="Address of each resource.")


class RootView(PublicView):
    """Where everything is."""

    @extend_schema(summary="List resources", operation_id="root", tags=["start"], responses=RootSerializer)
    def get(self, request: Request) -> Response:
        """Return the address of each resource."""
        root = reverse("api:root", request=request)
        return Response({"resources": {name: f"{root}{name}/" for name in RESOURCES}, **dated_terms()})


@cache
def schema() -> dict[str, Any]:
    """Return the OpenAPI document, made once a process."""
    return SchemaGenerator().get_schema(request=None, public=True)


class SchemaView(PublicView):
    """The OpenAPI 3.1 document of this API, as JSON or YAML."""

    renderer_classes = [OpenApiJsonRenderer, OpenApiYamlRenderer]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> Response:
        """Return the document."""
        return Response(schema())


class DocsView(PublicView, SpectacularSwaggerSplitView):
    """Swagger UI from our own files: no inline script or style, no request to another host."""

    url_name = "api:schema"
    template_name = "api/docs.html"
    strict_parameters = False  # The page asks for its script with an empty one.


class NothingHere(PublicView):
    """Every other address below the API: a problem document, or the way to the address with a final slash."""

    strict_parameters = False

    @extend_schema(exclude=True)
    def get(self, request: Request, path: str) -> HttpResponseBase:
        """Point to the same address with a final slash where there is one, else refuse."""
        if not path.endswith("/") and _leads_somewhere(f"{request.path_info}/"):
            query = request.META.get("QUERY_STRING", "")
            location = f"{request.path}/{'?' + query if query else ''}"
            return _Permanent(location)
        raise NotFound("There is no such resource. See /api/v1/ for what there is.")

    def http_method_not_allowed(self, request: Any, *args: Any, **kwargs: Any) -> Any:
        """Answer every method alike: what is not there allows none."""
        return self.get(request, **kwargs)


class _Permanent(HttpResponseRedirect):
    """A redirect that keeps the method."""

    status_code = 308


def _leads_somewhere(path: str) -> bool:
    """Tell whether a path of the API has a view of its own."""
    try:
        return resolve(path).url_name != "nothing-here"
    except Resolver404:
        return False
