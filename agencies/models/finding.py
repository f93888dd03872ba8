"""Findings: what rules make of statements and laws that do not fit together."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models.agency import Agency
from agencies.models.law import Law
from agencies.models.source import Network
from agencies.models.statement import APPEND_ONLY, SharingList, Statement


class Finding(models.Model):
    """One result of one rule. Derived: rebuilt from statements and laws, and gone when its rule no longer holds."""

    class Severity(models.TextChoices):
        """How much hangs on it."""

        HIGH = "high", _("may conflict with a rule about immigration or federal access")
        MEDIUM = "medium", _("may conflict with another rule")
        LOW = "low", _("documents disagree")

    uuid = models.UUIDField(unique=True, editable=False, help_text="Stable id, from rule and subject.")
    rule = models.SlugField(max_length=40, help_text="Rule that found it.")
    rule_version = models.PositiveSmallIntegerField(help_text="Version of the rule.")
    severity = models.CharField(max_length=8, choices=Severity, help_text="How much hangs on it.")
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="findings", help_text="Whom it is about.")
    counterpart = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="+", help_text="The other agency, if one."
    )
    network = models.ForeignKey(Network, models.CASCADE, null=True, blank=True, related_name="+")
    law = models.ForeignKey(Law, models.CASCADE, null=True, blank=True, related_name="findings")
    as_of = models.DateField(help_text="Date of the newest document it rests on.")
    data = models.JSONField(default=dict, blank=True, help_text="Figures that its wording needs.")
    statements = models.ManyToManyField(Statement, related_name="findings", help_text="Statements it rests on.")
    lists = models.ManyToManyField(SharingList, related_name="findings", help_text="Lists it rests on.")
    noted_at = models.DateTimeField(auto_now_add=True, help_text="When the atlas first noted it.")

    class Meta:
        ordering = ["-as_of", "-id"]
        indexes = [models.Index(fields=["rule", "-as_of", "-id"], name="finding_rule_date")]

    def __str__(self) -> str:
        return f"{self.rule}: {self.agency}"

    def get_absolute_url(self) -> str:
        """Return the address of the finding's page."""
        return reverse("finding-detail", args=[self.uuid])


class FindingDismissal(models.Model):
    """An editor's word that a finding is none after all; kept by the finding's stable id, newest row in force."""

    finding_uuid = models.UUIDField(db_index=True, help_text="Stable id of the finding.")
    is_dismissed = models.BooleanField(default=True, help_text="No takes an earlier dismissal back.")
    reason = models.CharField(max_length=300, help_text="Why, in a line; shown to readers.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="dismissal_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.finding_uuid}: {'dismissed' if self.is_dismissed else 'open again'}"
