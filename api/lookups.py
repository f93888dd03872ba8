"""Find an agency by what an address or a filter calls it."""

import uuid

from django.db.models import Q

from agencies.models import Agency


def find_agency(key: str) -> Agency | None:
    """Return the agency with that UUID or slug, merged or not; None where there is none."""
    try:
        return Agency.objects.filter(uuid=uuid.UUID(key)).first()
    except ValueError:
        return Agency.objects.filter(slug=key).first() if "\x00" not in key else None


def replacement_of(agency: Agency) -> Agency:
    """Return the record that stands for an agency today: itself, or what it was merged into at last."""
    seen = {agency.pk}
    while agency.merged_into is not None and agency.merged_into.pk not in seen:
        agency = agency.merged_into
        seen.add(agency.pk)
    return agency


def matched_to(agency: Agency, decision: str) -> Q:
    """Return the condition that a decision in force matches a name to the agency, or to one merged into it.

    `decision` is the path from the filtered rows to the decision.
    """
    same = Q(**{f"{decision}__agency": agency}) | Q(**{f"{decision}__agency__merged_into": agency})
    return Q(**{f"{decision}__outcome": "matched"}) & same
