"""What both ways of matching share: the limits, and an agency with its public id."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from rest_framework.request import Request

from agencies.matching.verdict import Candidate, Verdict
from agencies.models import Agency
from api.base import PublicView
from api.errors import BodyTooLarge
from api.parameters import check_parameters
from api.throttling import AddressThrottle

MOST_NAMES = 500
"""Names a request."""

MOST_BYTES = 512 * 1024
"""Bytes of a body that are read."""

NAMES_A_REQUEST = 50
"""Names that count as one request against the rate limit."""

LONGEST_NAME = 300


class MatchingView(PublicView):
    """A view that takes names: it refuses large bodies before it reads them, and counts them by their names."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse a body that is too large, and parameters beside one."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
            raise BodyTooLarge(MOST_BYTES)
        super().initial(request, *args, **kwargs)
        if request.method == "POST":
            check_parameters(request.query_params, self.allowed_parameters())

    def charge_for(self, names: int) -> None:
        """Count the request as one for each 50 names or part of 50. Raises Throttled beyond the rate."""
        AddressThrottle().charge(self.request, -(-names // NAMES_A_REQUEST) - 1)


def public_ids(verdicts: Iterable[Verdict]) -> dict[int, UUID]:
    """Return the public ids of all candidates, by agency (database id); one query."""
    wanted = {candidate.agency for verdict in verdicts for candidate in verdict.candidates}
    return dict(Agency.objects.filter(pk__in=wanted).values_list("pk", "uuid"))


def agency_row(candidate: Candidate, ids: dict[int, UUID]) -> dict[str, Any]:
    """Return a candidate's agency as it is answered; what is not known is null."""
    return {
        "id": ids[candidate.agency],
        "slug": candidate.slug,
        "name": candidate.name,
        "kind": candidate.kind,
        "state": candidate.state or None,
        "ori": candidate.ori or None,
        "geoid": candidate.geoid or None,
    }
