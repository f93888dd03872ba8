"""Agencies and their links."""

from collections import defaultdict
from typing import Any

from django.db.models import Count, Q
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.reverse import reverse

from agencies.models import SOUGHT_FACTS, Agency, AgencyPlace, SharingLink, Source
from api.base import site_of
from api.evidence import LINK_KEY, add_statements
from api.facts import facts_of, facts_of_each
from api.filters.agency import AgencyFilterSet
from api.filters.link import AgencyLinkFilterSet
from api.lookups import find_agency, matched_to, replacement_of
from api.rows import Row, Rows
from api.serializers.agency import (
    AgencyCollectionSerializer,
    AgencyDetailSerializer,
    AgencySerializer,
    PortalSerializer,
    ServedPlaceSerializer,
    as_feature,
)
from api.serializers.link import ENDS, LINK_ORDERINGS, LinkSerializer, as_line
from api.serializers.refs import AgencyRef
from api.viewsets.base import RecordViewSet

_ID = OpenApiParameter("id", str, OpenApiParameter.PATH, description="Id (UUID) or slug; a merged one answers 308.")


@extend_schema_view(
    list=extend_schema(
        summary="List agencies",
        responses={
            (200, "application/json"): AgencySerializer(many=True),
            (200, "application/geo+json"): AgencyCollectionSerializer,
        },
    ),
    retrieve=extend_schema(summary="One agency", parameters=[_ID]),
)
class AgencyViewSet(RecordViewSet):
    """Law-enforcement agencies and other bodies that can grant or receive ALPR access."""

    queryset = Agency.objects.current()
    serializer_class = AgencySerializer
    detail_serializer_class = AgencyDetailSerializer
    filterset_class = AgencyFilterSet
    ordering = ("name", "id")
    lookup_field = "uuid"
    lookup_url_kwarg = "id"
    lookup_value_converter = "slug"
    list_actions = ("list", "links")
    extra_columns = ("pk",)
    subject: Agency
    """Whose links are asked for."""
    has_geometry = True
    orderings = {
        "name": ("name", "id"),
        "-name": ("-name", "-id"),
        "modified_at": ("modified_at", "id"),
        "-modified_at": ("-modified_at", "-id"),
    }

    def feature(self, row: Row, site: str) -> Row:
        """Return a point for an agency, a line for one of its links."""
        return as_line(row, site) if self.action == "links" else as_feature(row, site)

    def feature_columns(self) -> list[str]:
        """Return the coordinates of the agency, or of both ends of a link."""
        return list(ENDS) if self.action == "links" else ["latitude", "longitude"]

    def complete(self, rows: Rows) -> None:
        """Add what `include=` asks for: the statements behind links; places and facts of agencies, a query each."""
        site = site_of(self.request)
        if self.action == "links":
            if self.wants("statements"):
                add_statements(rows, site)
            return
        facts = facts_of_each([row["pk"] for row in rows], site) if self.wants("facts") else {}
        places = _places_of_each([row["pk"] for row in rows]) if self.wants("places") else {}
        for row in rows:
            row["facts"], row["places"] = facts.get(row["pk"], []), places.get(row["pk"], [])

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Return an agency with its places, its facts and their states of knowledge."""
        agency = self._find()
        if agency.merged_into_id:
            return self._moved("agency-detail", agency)
        row = self.row_of(Agency.objects.filter(pk=agency.pk))
        return Response(self.get_serializer({**(row or {}), **_details(agency, site_of(request))}).data)

    @extend_schema(summary="An agency's links", parameters=[_ID], filters=True, responses=LinkSerializer(many=True))
    @action(
        detail=True,
        serializer_class=LinkSerializer,
        filterset_class=AgencyLinkFilterSet,
        ordering=("uuid",),
        orderings=LINK_ORDERINGS,
        extra_columns=LINK_KEY,
        queryset=SharingLink.objects.all(),
    )
    def links(self, request: Request, *args: Any, **kwargs: Any) -> Any:
        """Return a page of the sharing links that the agency is an end of."""
        agency = self._find()
        if agency.merged_into_id:
            return self._moved("agency-links", agency)
        self.subject = agency
        return self.answer(self.filter_queryset(SharingLink.objects.filter(Q(grantor=agency) | Q(grantee=agency))))

    def _find(self) -> Agency:
        """Return the agency of the address, merged or not."""
        agency = find_agency(self.named)
        if agency is None:
            raise NotFound("No agency has this id or slug.")
        return agency

    def _moved(self, route: str, agency: Agency) -> Response:
        """Answer 308 with the address of the record that replaces a merged one."""
        address = reverse(f"api:{route}", args=[replacement_of(agency).uuid], request=self.request)
        query = self.request.META.get("QUERY_STRING", "")
        location = f"{address}?{query}" if query else address
        return Response({"merged_into": address}, status=308, headers={"Location": location})


def _details(agency: Agency, site: str) -> Row:
    """Return what an agency's full form takes from other tables: six queries."""
    facts = facts_of(agency, site)
    known = {fact["field"] for fact in facts}
    places = _places_of_each([agency.pk]).get(agency.pk, [])
    portals = Source.objects.standing().filter(matched_to(agency, "agency_alias__decision"), kind=Source.Kind.PORTAL)
    parts = Agency.objects.current().filter(parent=agency).order_by("name", "id")
    return {
        "facts": facts,
        "not_researched": [field for field in SOUGHT_FACTS if field not in known],
        "geoid": _own_geoid(places),
        "portals": portals.order_by("slug").values(*PortalSerializer.columns()),
        "places": places,
        "parts": parts.values(*AgencyRef.columns()),
        **_link_counts(agency),
    }


def _places_of_each(agencies: list[int]) -> dict[int, Rows]:
    """Return the places that each agency (id) serves; one query."""
    found: dict[int, Rows] = defaultdict(list)
    rows = AgencyPlace.objects.filter(agency__in=agencies).order_by("place__name", "basis")
    for row in rows.values("agency_id", *ServedPlaceSerializer.columns()):
        found[row["agency_id"]].append(row)
    return found


def _own_geoid(places: Rows) -> str | None:
    """Return the GEOID of the place that an agency has its name from, else of the county that it serves; None: none."""
    by_basis = {row["basis"]: row["place__geoid"] for row in reversed(places)}
    return by_basis.get(AgencyPlace.Basis.NAME) or by_basis.get(AgencyPlace.Basis.COUNTY)


def _link_counts(agency: Agency) -> Row:
    """Return how many links are listed each way; None where none was ever on record: that is no zero."""
    counts = SharingLink.objects.filter(Q(grantor=agency) | Q(grantee=agency)).aggregate(
        grants=Count("pk", filter=Q(grantor=agency)),
        receipts=Count("pk", filter=Q(grantee=agency)),
        grants_listed=Count("pk", filter=Q(grantor=agency, status="listed")),
        receipts_listed=Count("pk", filter=Q(grantee=agency, status="listed")),
    )
    return {f"{way}_listed": counts[f"{way}_listed"] if counts[way] else None for way in ("grants", "receipts")}
