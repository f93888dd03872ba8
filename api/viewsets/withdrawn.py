"""The tombstones of what was withdrawn."""

from django.db.models import Q
from rest_framework.exceptions import APIException, NotFound

from agencies.models import Statement, Withdrawal
from api.errors import Gone


def missing_or_gone(condition: Q) -> APIException:
    """Return a 410 with the reason where an unlifted withdrawal meets the condition, else a 404."""
    found = Withdrawal.objects.filter(condition, lift__isnull=True).order_by("id").first()
    if found is None:
        return NotFound("Nothing on record has this id.")
    return Gone(found.kind, found.reason, found.withdrawn_at.date().isoformat())


def missing_or_withdrawn(statement: str) -> APIException:
    """Return a 410 for a statement (UUID) that was withdrawn, by itself, with its capture or its import; else a 404."""
    found = Statement.objects.filter(uuid=statement).values("pk", "capture", "run").first()
    if found is None:
        return NotFound("Nothing on record has this id.")
    return missing_or_gone(Q(statement=found["pk"]) | Q(capture=found["capture"]) | Q(run=found["run"]))
