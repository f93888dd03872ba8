"""Sharing links: the current summary of all statements about a pair. Rebuilt, never edited."""

from django.contrib.postgres.functions import TransactionNow
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Agency
from agencies.models.source import Network
from agencies.models.vocabulary import Access, stamps_changes
from agencies.querysets import SharingLinkQuerySet


class SharingLink(models.Model):
    """What the standing statements say of (grantor, grantee, network, kind of access)."""

    class Status(models.TextChoices):
        """What the newest lists say. "Listed" is as of last_seen: it is no claim about today."""

        LISTED = "listed", _("listed when last seen")
        INACTIVE = "inactive", _("listed as inactive")
        ENDED = "ended", _("no longer listed")

    class Reporter(models.TextChoices):
        """Which side's lists state it; of a listed link, those that list it still."""

        GRANTOR = "grantor", _("the grantor")
        GRANTEE = "grantee", _("the grantee")
        BOTH = "both", _("both")
        THIRD_PARTY = "third_party", _("someone else")

    uuid = models.UUIDField(unique=True, editable=False, help_text="Stable id, from the four parts of its key.")
    grantor = models.ForeignKey(
        Agency, models.CASCADE, related_name="grants", db_index=False, help_text="Whose reads are shared."
    )
    grantee = models.ForeignKey(
        Agency, models.CASCADE, related_name="receipts", db_index=False, help_text="Who gets access."
    )
    network = models.ForeignKey(Network, models.CASCADE, related_name="links", help_text="Through which network.")
    access = models.CharField(max_length=20, choices=Access, help_text="Kind of access.")
    status = models.CharField(max_length=10, choices=Status, help_text="What the newest lists say.")
    first_seen = models.DateField(help_text="Date of the oldest statement: not “since”.")
    last_seen = models.DateField(help_text="Date of the newest statement.")
    ended_as_of = models.DateField(null=True, blank=True, help_text="First date by which every list had dropped it.")
    inactive_as_of = models.DateField(null=True, blank=True, help_text="Date since when it is listed as inactive.")
    reported_by = models.CharField(max_length=12, choices=Reporter, help_text="Which side's lists state it.")
    statement_count = models.PositiveIntegerField(help_text="Standing statements behind it.")
    disputed_on = models.DateField(null=True, blank=True, help_text="Date of the newest answer that denies it.")
    modified_at = models.DateTimeField(
        db_default=TransactionNow(), editable=False, help_text="When this row last changed here."
    )

    objects = SharingLinkQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["grantor", "status", "grantee"], name="link_grantor_status"),
            models.Index(fields=["grantee", "status", "grantor"], name="link_grantee_status"),
            models.Index(fields=["last_seen", "id"], name="link_last_seen"),
            models.Index(fields=["first_seen", "id"], name="link_first_seen"),
            models.Index(fields=["modified_at", "id"], name="link_modified"),
            # Few among many: without these, a page of them reads half of the links.
            models.Index(fields=["uuid"], name="link_disputed", condition=Q(disputed_on__isnull=False)),
            models.Index(fields=["uuid"], name="link_other_access", condition=~Q(access=Access.CONFIGURED)),
            models.Index(fields=["ended_as_of"], name="link_ended", condition=Q(ended_as_of__isnull=False)),
            models.Index(fields=["inactive_as_of"], name="link_inactive", condition=Q(inactive_as_of__isnull=False)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["grantor", "grantee", "network", "access"], name="link_once"),
            models.CheckConstraint(condition=~Q(grantor=F("grantee")), name="link_two_agencies"),
            models.CheckConstraint(condition=Q(first_seen__lte=F("last_seen")), name="link_dates_in_order"),
            models.CheckConstraint(
                condition=Q(status="listed", ended_as_of__isnull=True, inactive_as_of__isnull=True)
                | Q(status="inactive", ended_as_of__isnull=True, inactive_as_of__isnull=False)
                | Q(status="ended", ended_as_of__isnull=False, inactive_as_of__isnull=True),
                name="link_status_has_its_date",
            ),
            models.CheckConstraint(condition=Q(statement_count__gte=1), name="link_has_evidence"),
        ]
        triggers = [stamps_changes("link_modified")]

    def __str__(self) -> str:
        return f"{self.grantor} gives {self.grantee} access"

    def get_absolute_url(self) -> str:
        """Return the address of the pair's evidence page."""
        return reverse("pair-detail", args=[self.grantor.slug, self.grantee.slug])
