"""On what terms the public record is given, and when an answer was made: part of every list."""

from datetime import UTC, datetime

LICENCE = "https://creativecommons.org/licenses/by/4.0/"
ATTRIBUTION = "ALPR Sharing Atlas; each source keeps its own licence and credit, see /api/v1/sources/"


def terms() -> dict[str, str]:
    """Return `generated_at` (UTC, RFC 3339), `licence` and `attribution`."""
    now = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return {"generated_at": now, "licence": LICENCE, "attribution": ATTRIBUTION}
