"""The shapes of POST /api/v1/match/."""

from typing import Any

from rest_framework import serializers

from agencies.matching.states import STATE_NAMES
from agencies.models import Agency
from api.match.base import LONGEST_NAME, MOST_NAMES
from api.serializers.refs import STABLE_ID
from api.terms import TermsSerializer


class StateField(serializers.CharField):
    """A state's USPS code."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"required": False, "allow_blank": True, "max_length": 2, "default": "", **kwargs})

    def to_internal_value(self, data: Any) -> str:
        """Return the code; refuse what is none."""
        code = super().to_internal_value(data)
        if code and code not in STATE_NAMES:
            raise serializers.ValidationError("Not a state's two-letter code, in capitals.")
        return code


class ExactSerializer(serializers.Serializer):
    """A part of a body that has no field but those described."""

    def to_internal_value(self, data: Any) -> Any:
        """Refuse unknown fields."""
        if isinstance(data, dict) and (unknown := sorted(str(name) for name in data.keys() - self.fields.keys())):
            raise serializers.ValidationError({name: ["Unknown field."] for name in unknown})
        return super().to_internal_value(data)


class AskedNameSerializer(ExactSerializer):
    """A name to match, and what is known beside it."""

    name = serializers.CharField(max_length=LONGEST_NAME, help_text="The name as printed.")
    state = StateField(help_text="The document's own state column beside the name: USPS code.")
    city = serializers.CharField(
        required=False, allow_blank=True, max_length=100, default="", help_text="The document's own city column."
    )
    context_state = StateField(help_text="State of the document's agency: a hint, which alone never decides.")


class AskedNamesSerializer(ExactSerializer):
    """The names of a request."""

    names = serializers.ListField(child=AskedNameSerializer(), min_length=1, max_length=MOST_NAMES)


class FoundAgencySerializer(serializers.Serializer):
    """An agency, with the ids that tables have for it."""

    id = serializers.UUIDField(help_text=STABLE_ID)
    slug = serializers.CharField(help_text=str(Agency._meta.get_field("slug").help_text))
    name = serializers.CharField(help_text="Its name.")
    kind = serializers.CharField(help_text="What sort of body it is.")
    state = serializers.CharField(allow_null=True, help_text="USPS code of its state; null: national.")
    ori = serializers.CharField(allow_null=True, help_text="FBI Originating Agency Identifier; null: none on record.")
    geoid = serializers.CharField(allow_null=True, help_text="Census GEOID of its place or county; null: none.")


class CandidateSerializer(serializers.Serializer):
    """An agency that a name could be."""

    agency = FoundAgencySerializer()
    score = serializers.FloatField(help_text="Calibrated probability that the name means it, 0 to 1.")
    features = serializers.DictField(
        child=serializers.FloatField(), help_text="The named numbers that the score was made from, each 0 to 1."
    )


class MatchResultSerializer(serializers.Serializer):
    """What a name was found to be."""

    name = serializers.CharField(help_text="The name that was asked.")
    decision = serializers.ChoiceField(
        choices=[
            ("accepted", "it is this agency"),
            ("review", "a person has to decide"),
            ("ambiguous", "as printed it fits several agencies"),
            ("not_agency", "it stands for no agency"),
        ],
        help_text="What the matcher decides by itself.",
    )
    agency = FoundAgencySerializer(allow_null=True, help_text="The agency; null unless accepted.")
    reason = serializers.CharField(help_text="Why, in a line.")
    candidates = CandidateSerializer(many=True, help_text="The best few, best first; often none.")


class MatchesSerializer(TermsSerializer):
    """The answer: one result a name, in the order asked."""

    results = MatchResultSerializer(many=True)
    matcher_version = serializers.CharField(help_text="Version of the matcher.")
