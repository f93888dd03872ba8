"""Whose changes a webhook tells of: what may be asked for, and the changes that are meant."""

from django.db.models import QuerySet

from agencies.changes import changes_in, changes_of, in_state
from agencies.matching.states import STATE_NAMES
from agencies.models import Agency, Change, Place, WebhookScope


def scope_problem(scope: str, value: str) -> str:
    """Return what is wrong with a scope's value, "" where nothing is; up to one query."""
    if scope == WebhookScope.ALL:
        return "Leave it out: the scope is all changes." if value else ""
    if not value:
        return "Needed with this scope: a state's code, an agency's slug or a place's GEOID."
    if scope == WebhookScope.STATE:
        return "" if value in STATE_NAMES else "No state has this code: two capital letters."
    if scope == WebhookScope.AGENCY:
        return "" if _agency(value) else "No agency has this slug."
    return "" if _place(value) else "No place has this GEOID."


def changes_within(scope: str, value: str) -> QuerySet[Change]:
    """Return the changes that a scope means: those of its feed. None where the record lost what it names."""
    if scope == WebhookScope.ALL:
        return Change.objects.all()
    if scope == WebhookScope.STATE:
        return Change.objects.filter(in_state(value))
    if scope == WebhookScope.AGENCY:
        agency = _agency(value)
        return changes_of(agency.merged_into or agency) if agency else Change.objects.none()
    place = _place(value)
    return changes_in(place) if place else Change.objects.none()


def _agency(slug: str) -> Agency | None:
    """Return the agency of a slug, merged or not."""
    return Agency.objects.select_related("merged_into").filter(slug=slug).first()


def _place(geoid: str) -> Place | None:
    """Return the place of a GEOID."""
    return Place.objects.select_related("county").filter(geoid=geoid).first()
