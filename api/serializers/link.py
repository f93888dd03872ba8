"""Sharing links."""

from rest_framework import serializers

from agencies.models import AccountStatus, ReportedBy, SharingLink
from api.rows import AddressField, Row, RowSerializer, plan
from api.serializers.refs import STABLE_ID, AgencyRef, CaptureRef, NetworkRef
from api.streams import line_or_point


class LinkStatementSerializer(serializers.Serializer):
    """One statement behind a link."""

    statement = serializers.UUIDField(help_text="Id of the statement.")
    observed_on = serializers.DateField(help_text="Date of the document.")
    reported_by = serializers.ChoiceField(ReportedBy.choices, help_text="Side that publishes the list.")
    account_status = serializers.ChoiceField(AccountStatus.choices, help_text="State of the account as printed.")
    capture = CaptureRef(help_text="The copy that says it.")


class LinkSerializer(RowSerializer):
    """The current summary of all standing statements that the grantor gives the grantee access.

    It shows access as listed, on the dates given; it does not show that a search took place.
    """

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)
    grantor = AgencyRef(help_text="Whose reads are shared.")
    grantee = AgencyRef(help_text="Who gets access.")
    network = NetworkRef(help_text="Through which network.")
    statements = LinkStatementSerializer(many=True, help_text="With `include=statements`: all behind it, newest first.")
    api_url = AddressField("api:link-detail", "uuid", help_text="This resource.")
    evidence_url = AddressField(
        "api:statement-list",
        query={
            "grantor": "grantor__uuid",
            "grantee": "grantee__uuid",
            "network": "network__slug",
            "access": "access",
        },
        help_text="Every statement behind it.",
    )
    page_url = AddressField("pair-detail", "grantor__slug", "grantee__slug", help_text="The pair's evidence page.")

    class Meta:
        model = SharingLink
        fields = [
            *("id", "grantor", "grantee", "network", "access", "status", "first_seen", "last_seen"),
            *("ended_as_of", "inactive_as_of", "reported_by", "statement_count", "disputed_on", "modified_at"),
            *("statements", "api_url", "evidence_url", "page_url"),
        ]
        given = optional = ("statements",)


LINK_ORDERINGS = {
    "id": ("uuid",),
    "first_seen": ("first_seen", "id"),
    "-first_seen": ("-first_seen", "-id"),
    "last_seen": ("last_seen", "id"),
    "-last_seen": ("-last_seen", "-id"),
    "modified_at": ("modified_at", "id"),
    "-modified_at": ("-modified_at", "-id"),
}
"""Orders of lists of links; the first column of each has an index."""

ENDS = ("grantor__longitude", "grantor__latitude", "grantee__longitude", "grantee__latitude")
"""Columns that `as_line` needs besides those of the row."""


def as_line(row: Row, site: str) -> Row:
    """Return a link as a GeoJSON feature: a line from grantor to grantee, null where an end has no coordinates."""
    longitude, latitude, to_longitude, to_latitude = (row[column] for column in ENDS)
    return {
        "type": "Feature",
        "id": row["uuid"],
        "geometry": line_or_point((longitude, latitude), (to_longitude, to_latitude)),
        "properties": plan(LinkSerializer)[1](row, site),
    }
