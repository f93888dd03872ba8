"""Laws and policies."""

from rest_framework import serializers

from agencies.models import Law
from api.rows import AddressField, RowSerializer
from api.serializers.refs import STABLE_ID, PlaceRef


class LawRef(RowSerializer):
    """A law, named, with whether its row was held against the text."""

    class Meta:
        model = Law
        fields = ["slug", "title", "citation", "kind", "verified_on"]


class LawSerializer(RowSerializer):
    """A statute, a policy, or a label that another government gave. Unless `verified_on` is set, nobody checked it."""

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)
    place = PlaceRef(help_text="State, county or city it binds.")
    limits = serializers.ListField(
        child=serializers.ChoiceField(choices=Law.Limit.choices), help_text="What it limits."
    )
    api_url = AddressField("api:law-detail", "slug", help_text="This resource.")
    page_url = AddressField("law-detail", "slug", help_text="The page for readers.")

    class Meta:
        model = Law
        fields = [
            *("id", "slug", "kind", "place", "title", "citation", "url", "limits", "retention_days", "summary"),
            *(
                "in_force_from",
                "in_force_to",
                "listed_by",
                "verified_on",
                "verified_by",
                "source",
                "api_url",
                "page_url",
            ),
        ]
