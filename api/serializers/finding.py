"""Findings."""

from rest_framework import serializers

from agencies.findings.status import FindingStatus
from agencies.models import Finding
from api.rows import AddressField, RowSerializer
from api.serializers.law import LawRef
from api.serializers.refs import STABLE_ID, AgencyRef, NetworkRef


class FindingSerializer(RowSerializer):
    """What a rule makes of statements and laws that do not fit together. It never says that anybody broke a law."""

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)
    status = serializers.ChoiceField(choices=FindingStatus.choices, help_text="What has become of it.")
    dismissed_for = serializers.CharField(allow_null=True, help_text="Why an editor dismissed it; null: nobody did.")
    agency = AgencyRef(help_text="Whom it is about.")
    counterpart = AgencyRef(allow_null=True, help_text="The other agency, if one.")
    network = NetworkRef(allow_null=True, help_text="Network it is about, if one.")
    law = LawRef(allow_null=True, help_text="The law it rests on, if one; see whether it was verified.")
    text = serializers.CharField(help_text="What it says, in fixed words, with its limits.")
    api_url = AddressField("api:finding-detail", "uuid", help_text="This resource.")
    page_url = AddressField("finding-detail", "uuid", help_text="The page with its evidence.")

    class Meta:
        model = Finding
        fields = [
            *("id", "rule", "rule_version", "severity", "status", "dismissed_for", "agency", "counterpart", "network"),
            *("law", "as_of", "text", "api_url", "page_url"),
        ]
        given: tuple[str, ...] = ("text",)


class FindingDetailSerializer(FindingSerializer):
    """A finding with its evidence."""

    statements = serializers.ListField(child=serializers.UUIDField(), help_text="Ids of the statements it rests on.")

    class Meta(FindingSerializer.Meta):
        fields = [*FindingSerializer.Meta.fields, "statements"]
        given: tuple[str, ...] = ("text", "statements")
