"""Words that several nouns share: kinds of access, who reports, states of knowledge."""

import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


def one_of(field: str, choices: type[models.TextChoices], name: str) -> models.CheckConstraint:
    """Return the constraint that a column holds one of its choices: what the form says, the database says too."""
    return models.CheckConstraint(
        condition=Q(**{f"{field}__in": choices.values}),
        name=name,
        violation_error_message=f"{field} must be one of: {', '.join(choices.values)}.",
    )


def stamps_changes(name: str) -> pgtrigger.Trigger:
    """Return the trigger that sets `modified_at` where a row differs, whoever writes it and however.

    A new row has the column's default. A trigger for new rows would have COPY put them in one by one.
    """
    return pgtrigger.Trigger(
        name=name,
        when=pgtrigger.Before,
        operation=pgtrigger.Update,
        func="IF NEW.* IS DISTINCT FROM OLD.* THEN NEW.modified_at = now(); END IF; RETURN NEW;",
    )


class Access(models.TextChoices):
    """Kind of access that a sharing link stands for."""

    CONFIGURED = "configured_access", _("configured access")
    OBSERVED_SEARCH = "observed_search", _("observed search")
    HOTLIST = "hotlist_feed", _("hotlist feed")


class ReportedBy(models.TextChoices):
    """Which side of a grant publishes the list that states it."""

    GRANTOR = "grantor", _("the agency that gives access")
    GRANTEE = "grantee", _("the agency that gets access")
    THIRD_PARTY = "third_party", _("someone else")


class Completeness(models.TextChoices):
    """How much of a stream one captured list shows; only COMPLETE ends links by itself."""

    COMPLETE = "complete", _("non-empty list")
    EMPTY = "empty", _("present but empty")
    NONE = "none", _("an explicit “none”")
    ABSENT = "absent", _("section absent")
    EXTRACT = "extract", _("an extract: adds, never ends")


class AccountStatus(models.TextChoices):
    """State of the grantee's account as the document prints it."""

    ACTIVE = "active", _("no mark")
    INACTIVE = "inactive", _("marked inactive")
    TURNED_OFF = "turned_off", _("marked turned off")
    DEACTIVATED = "deactivated", _("marked deactivated")
    DO_NOT_USE = "do_not_use", _("marked “do not use”")


class Knowledge(models.TextChoices):
    """State of knowledge of a fact that a document bears on.

    "Not researched" is the absence of any statement, and "disputed" follows from an answer: neither is stored.
    """

    KNOWN = "known", _("known")
    NOT_PUBLISHED = "not_published", _("not published by the agency")
    REDACTED = "redacted", _("redacted")
    NONE_FOUND = "none_found", _("searched, none found")


class FactField(models.TextChoices):
    """Facts an agency can have, with their unit."""

    RETENTION_DAYS = "retention_days", _("data retention (days)")
    CAMERAS = "cameras", _("cameras")
    VEHICLES_30D = "vehicles_30d", _("vehicles detected in 30 days")
    UNIQUE_VEHICLES_30D = "unique_vehicles_30d", _("unique vehicles detected in 30 days")
    HOTLIST_HITS_30D = "hotlist_hits_30d", _("hotlist hits in 30 days")
    SEARCHES_30D = "searches_30d", _("searches in 30 days")
    HOTLISTS = "hotlists", _("hotlists alerted on")
    DETECTED = "detected", _("what is detected")
    NOT_DETECTED = "not_detected", _("what is not detected")
    PROHIBITED_USES = "prohibited_uses", _("prohibited uses (categories)")
    POLICY_URL = "policy_url", _("address of the ALPR policy")
    AUDIT_PUBLISHED = "audit_published", _("search audit offered for download")
    SEARCHES_SEEN = "searches_seen", _("searches seen in the published audit (by month and kind of reason)")
    SHARING_POLICY = "sharing_policy", _("declared limits of sharing (categories)")
    AGREEMENTS_287G = "agreements_287g", _("287(g) agreements with ICE")
    READS_HELD_PRIVATE = "reads_held_private", _("plate reads from private companies within reach")
    READS_HELD_POLICE = "reads_held_police", _("plate reads from police agencies within reach")
    USERS = "users", _("people with access")
    LOOKBACK_DAYS = "lookback_days", _("how far back searches reach (days)")
    GRANTORS_AT_LEAST = "grantors_at_least", _("agencies giving access, at least")
    CONTRIBUTORS_PRIVATE = "contributors_private", _("private contributors")
    RECORDS_SUIT = "records_suit", _("public-records lawsuit that released this")


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

    DENIES = "denies", _("denies it")
    ENDED = "ended", _("says it has ended")
    QUALIFIES = "qualifies", _("qualifies it")
    CONFIRMS = "confirms", _("confirms it")


class ChangeKind(models.TextChoices):
    """What differs between two neighbouring copies of one document."""

    ADDED = "added", _("name added to a list")
    REMOVED = "removed", _("name no longer on a list")
    RENAMED = "renamed", _("name printed differently")
    MARKED = "marked", _("mark of an account changed")
    LIST_EMPTY = "list_empty", _("list present but empty")
    LIST_ABSENT = "list_absent", _("list no longer shown")
    FACT = "fact", _("published figure or text changed")
