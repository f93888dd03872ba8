"""On what terms the public record is given, and when an answer was made: part of every list."""

from datetime import UTC, datetime

from rest_framework import serializers

from agencies.revision import record_as_of

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION = "ALPR Sharing Atlas; each source keeps its own licence and credit, see /api/v1/sources/"
AS_OF = "Date of the newest document on record; null: there is none."


class TermsSerializer(serializers.Serializer):
    """On what terms, and when it was made."""

    generated_at = serializers.DateTimeField()
    licence = serializers.URLField()
    attribution = serializers.CharField()


class DatedTermsSerializer(TermsSerializer):
    """The same, and how far the record reaches."""

    as_of = serializers.DateField(allow_null=True, help_text=AS_OF)


def terms() -> dict[str, str]:
    """Return `generated_at` (UTC, RFC 3339), `licence` and `attribution`."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"generated_at": now, "licence": LICENCE, "attribution": ATTRIBUTION}


def dated_terms() -> dict[str, str | None]:
    """Return `as_of` (a day) and the terms; one query, unless the process knows the record's date already."""
    day = record_as_of()
    return {"as_of": day.isoformat() if day else None, **terms()}
