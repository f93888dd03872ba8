"""Words that several nouns share: kinds of access, who reports, states of knowledge."""

from django.db import models
from django.db.models import Q


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """Return the constraint that a column holds one of its choices: what the form says, the database says too."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": choices.values}),
        name=name,
        violation_error_message=f"{field} must be one of: {', '.join(choices.values)}.",
    )


class Access(models.TextChoices):
    """Kind of access that a sharing link stands for."""

    CONFIGURED = "configured_access", "configured access"
    OBSERVED_SEARCH = "observed_search", "observed search"
    HOTLIST = "hotlist_feed", "hotlist feed"


class ReportedBy(models.TextChoices):
    """Which side of a grant publishes the list that states it."""

    GRANTOR = "grantor", "the agency that gives access"
    GRANTEE = "grantee", "the agency that gets access"
    THIRD_PARTY = "third_party", "someone else"


class Completeness(models.TextChoices):
    """How much of a stream one captured list shows; only COMPLETE ends links by itself."""

    COMPLETE = "complete", "non-empty list"
    EMPTY = "empty", "present but empty"
    NONE = "none", "an explicit “none”"
    ABSENT = "absent", "section absent"
    EXTRACT = "extract", "an extract: adds, never ends"


class AccountStatus(models.TextChoices):
    """State of the grantee's account as the document prints it."""

    ACTIVE = "active", "no mark"
    INACTIVE = "inactive", "marked inactive"
    TURNED_OFF = "turned_off", "marked turned off"
    DEACTIVATED = "deactivated", "marked deactivated"
    DO_NOT_USE = "do_not_use", "marked “do not use”"


class Knowledge(models.TextChoices):
    """State of knowledge of a fact that a document bears on.

    "Not researched" is the absence of any statement, and "disputed" follows from an answer: neither is stored.
    """

    KNOWN = "known", "known"
    NOT_PUBLISHED = "not_published", "not published by the agency"
    REDACTED = "redacted", "redacted"
    NONE_FOUND = "none_found", "searched, none found"


class FactField(models.TextChoices):
    """Facts an agency can have, with their unit."""

    RETENTION_DAYS = "retention_days", "data retention (days)"
    CAMERAS = "cameras", "cameras"
    VEHICLES_30D = "vehicles_30d", "vehicles detected in 30 days"
    UNIQUE_VEHICLES_30D = "unique_vehicles_30d", "unique vehicles detected in 30 days"
    HOTLIST_HITS_30D = "hotlist_hits_30d", "hotlist hits in 30 days"
    SEARCHES_30D = "searches_30d", "searches in 30 days"
    HOTLISTS = "hotlists", "hotlists alerted on"
    DETECTED = "detected", "what is detected"
    NOT_DETECTED = "not_detected", "what is not detected"
    PROHIBITED_USES = "prohibited_uses", "prohibited uses (categories)"
    POLICY_URL = "policy_url", "address of the ALPR policy"
    AUDIT_PUBLISHED = "audit_published", "search audit offered for download"
    READS_HELD_PRIVATE = "reads_held_private", "plate reads from private companies within reach"
    READS_HELD_POLICE = "reads_held_police", "plate reads from police agencies within reach"
    USERS = "users", "people with access"
    LOOKBACK_DAYS = "lookback_days", "how far back searches reach (days)"
    GRANTORS_AT_LEAST = "grantors_at_least", "agencies giving access, at least"
    CONTRIBUTORS_PRIVATE = "contributors_private", "private contributors"
    RECORDS_SUIT = "records_suit", "public-records lawsuit that released this"


NETWORK_FACTS = frozenset(
    {
        FactField.READS_HELD_PRIVATE,
        FactField.READS_HELD_POLICE,
        FactField.USERS,
        FactField.LOOKBACK_DAYS,
        FactField.GRANTORS_AT_LEAST,
        FactField.CONTRIBUTORS_PRIVATE,
        FactField.RECORDS_SUIT,
    }
)
"""Facts about what one agency can search through a network, as released in 2019: not asked of every agency."""

SOUGHT_FACTS = tuple(field for field in FactField if field not in NETWORK_FACTS)
"""Facts asked of every agency: the absence of one is "not researched"."""


class AnswerEffect(models.TextChoices):
    """What an agency's answer says of the statement that it answers."""

    DENIES = "denies", "denies it"
    ENDED = "ended", "says it has ended"
    QUALIFIES = "qualifies", "qualifies it"
    CONFIRMS = "confirms", "confirms it"
