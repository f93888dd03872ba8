"""Changes between neighbouring copies of documents."""

from rest_framework import serializers

from agencies.models import Change
from api.rows import AddressField, RowSerializer
from api.serializers.refs import STABLE_ID, CaptureRef, NameSerializer, NetworkRef, ValueField


class ChangeSerializer(RowSerializer):
    """One difference between a copy of a document and the copy before it. A name that is gone may have been renamed."""

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)
    about = NameSerializer(help_text="The agency whose document it is.")
    name = NameSerializer(allow_null=True, help_text="The name on the list; null: it is about a fact or a whole list.")
    new_name = NameSerializer(allow_null=True, help_text="The new name, for the kind renamed.")
    network = NetworkRef(allow_null=True, help_text="Network it is about, if one.")
    list = serializers.CharField(
        source="stream.section", allow_null=True, help_text="Canonical name of the list; null: a fact."
    )
    reported_by = serializers.CharField(
        source="stream.reported_by", allow_null=True, help_text="Side that publishes the list; null: a fact."
    )
    old_value = ValueField(help_text="Before; null: not known or no value.")
    new_value = ValueField(help_text="After; null: not known or no value.")
    capture = CaptureRef(help_text="The newer copy.")
    before = serializers.UUIDField(source="before.uuid", help_text="Id of the copy that it is held against.")
    api_url = AddressField("api:change-detail", "uuid", help_text="This resource.")

    class Meta:
        model = Change
        fields = [
            *("id", "kind", "observed_on", "about", "list", "reported_by", "name", "new_name", "network", "field"),
            *("old_value", "new_value", "capture", "before", "noted_at", "api_url"),
        ]
