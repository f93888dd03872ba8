"""Facts of agencies, one row each."""

from rest_framework import serializers

from agencies.models import Fact, Knowledge
from api.rows import AddressField, RowSerializer
from api.serializers.agency import FactSourceSerializer
from api.serializers.refs import CaptureRef, MatchedAgency, NetworkRef, ValueField


class FactRowSerializer(RowSerializer):
    """The newest standing statement of one field of an agency, in one network or in none."""

    id = serializers.UUIDField(source="statement.uuid", help_text="Id of the statement that says it.")
    agency = MatchedAgency(source="alias.decision", help_text="Whose fact it is.")
    network = NetworkRef(allow_null=True, help_text="Network it is about, if one.")
    value = ValueField(help_text="The value; null unless known.")
    state = serializers.ChoiceField(source="knowledge", choices=Knowledge.choices, help_text="State of knowledge.")
    as_of = serializers.DateField(source="statement.observed_on", help_text="Date of the statement.")
    capture = CaptureRef(source="statement.capture", help_text="The copy that says it.")
    sources = FactSourceSerializer(many=True, help_text="What says so.")
    recorded_at = serializers.DateTimeField(source="statement.recorded_at", help_text="When the atlas recorded it.")
    statement_url = AddressField("api:statement-detail", "statement__uuid", help_text="The statement.")

    class Meta:
        model = Fact
        fields = [
            *("id", "agency", "field", "network", "value", "state", "as_of", "capture"),
            *("sources", "recorded_at", "statement_url"),
        ]
        given = ("sources",)
