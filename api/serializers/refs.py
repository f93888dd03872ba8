"""Short forms: how one resource names another."""

from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agencies.models import Agency, Alias, Capture, MatchDecision, Network, Place, Source
from api.rows import Reader, Row, RowSerializer, plan

STABLE_ID = "Stable id (UUID), the same on every install."


@extend_schema_field({"type": ["string", "number", "boolean", "array", "object", "null"], "items": {}})
class ValueField(serializers.JSONField):
    """The value of a fact, whatever its type."""


class AgencyRef(RowSerializer):
    """An agency, named."""

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)

    class Meta:
        model = Agency
        fields = ["id", "slug", "name", "kind", "state"]


class PlaceRef(RowSerializer):
    """A place, named."""

    class Meta:
        model = Place
        fields = ["geoid", "name", "kind", "state"]


class NetworkRef(RowSerializer):
    """A network, named."""

    class Meta:
        model = Network
        fields = ["slug", "name"]


class SourceRef(RowSerializer):
    """A source, named."""

    class Meta:
        model = Source
        fields = ["slug", "title", "kind", "publisher"]


class CaptureRef(RowSerializer):
    """A capture, with its addresses."""

    id = serializers.UUIDField(source="uuid", help_text=STABLE_ID)
    source = SourceRef()  # type: ignore[assignment]

    class Meta:
        model = Capture
        fields = ["id", "source", "url", "archive_url"]


class MatchedAgency(AgencyRef):
    """The agency of a decision in force, where that decision is a match; its replacement where it was merged."""

    @classmethod
    def row_plan(cls, prefix: str, only: frozenset[str] | None = None) -> tuple[list[str], Reader]:
        """Read the agency, or what it was merged into, only where the outcome is a match: a rejection names one too."""
        columns, shape = plan(AgencyRef, f"{prefix}agency__")
        merged_columns, merged_shape = plan(AgencyRef, f"{prefix}agency__merged_into__")
        outcome, merged = f"{prefix}outcome", merged_columns[0]

        def read(row: Row, site: str) -> Row | None:
            if row[outcome] != MatchDecision.Outcome.MATCHED:
                return None
            return shape(row, site) if row[merged] is None else merged_shape(row, site)

        return [outcome, *columns, *merged_columns], read


class NameSerializer(RowSerializer):
    """A name as printed, and the agency that it was matched to. A person's name is withheld."""

    printed = serializers.CharField(allow_null=True, help_text="The name as printed; null: withheld.")
    withheld = serializers.BooleanField(help_text="The name is a person's and is not published.")
    agency = MatchedAgency(allow_null=True, help_text="The agency meant; null: not matched to one.")

    class Meta:
        model = Alias
        fields = ["printed", "withheld", "agency"]

    @classmethod
    def row_plan(cls, prefix: str, only: frozenset[str] | None = None) -> tuple[list[str], Reader]:
        """Read an alias and its decision."""
        printed, outcome = f"{prefix}printed_name", f"{prefix}decision__outcome"
        columns, agency = plan(MatchedAgency, f"{prefix}decision__")

        def read(row: Row, site: str) -> Row:
            person = row[outcome] == MatchDecision.Outcome.PERSON
            name = None if person else row[printed]
            return {"printed": name, "withheld": person, "agency": agency(row, site)}

        return [printed, *columns], read
