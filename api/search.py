"""GET /api/v1/search/: what the site's own search finds, for a place, a ZIP code or an agency as people type it."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from agencies.models import Agency, Place
from agencies.search import LIMIT, find
from api.base import PublicView, site_of
from api.errors import InvalidParameters
from api.rows import RowSerializer
from api.serializers.agency import AgencySerializer
from api.serializers.place import PlaceSerializer
from api.terms import DatedTermsSerializer, dated_terms

LONGEST = 100

QUERY = OpenApiParameter(
    "q",
    {"type": "string", "minLength": 1, "maxLength": LONGEST},
    required=True,
    description="A city, county, state, ZIP code, or an agency's name or initials.",
)


class FoundSerializer(DatedTermsSerializer):
    """What was found, the likeliest first."""

    places = PlaceSerializer(many=True, help_text=f"Places, at most {LIMIT}.")
    agencies = AgencySerializer(many=True, help_text=f"Agencies, at most {LIMIT}.")
    certain = serializers.CharField(
        allow_null=True, help_text="GEOID of the one place that the query can only mean; null: there is none."
    )
    misspelt = serializers.BooleanField(help_text="Nothing is called so: these are spelt nearly so.")


class SearchView(PublicView):
    """Search places and agencies. Nothing that is asked is kept."""

    follows_from_record = True

    def allowed_parameters(self) -> set[str]:
        """Take the query."""
        return {"format", "q"}

    @extend_schema(
        summary="Search", operation_id="search", tags=["search"], parameters=[QUERY], responses=FoundSerializer
    )
    def get(self, request: Request) -> Response:
        """Return what the query finds: at most thirteen queries of the database."""
        asked = request.query_params.get("q", "")
        if not asked.strip() or len(asked) > LONGEST or "\x00" in asked:
            raise InvalidParameters({"q": [f"A text of 1 to {LONGEST} characters."]})
        found = find(asked)
        site = site_of(request)
        return Response(
            {
                "places": _rows(Place, PlaceSerializer, [place.pk for place in found.places], site),
                "agencies": _rows(Agency, AgencySerializer, [agency.pk for agency in found.agencies], site),
                "certain": found.certain.geoid if found.certain else None,
                "misspelt": found.misspelt,
                **dated_terms(),
            }
        )


def _rows(model: Any, serializer: type[RowSerializer], keys: list[int], site: str) -> list[dict[str, Any]]:
    """Return the payloads of rows in the order of their keys; one query."""
    rows = {row["pk"]: row for row in model.objects.filter(pk__in=keys).values("pk", *serializer.columns())}
    return list(serializer([rows[key] for key in keys], many=True, context={"site": site}).data)
