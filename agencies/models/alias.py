"""Names as printed, and the decisions that match them to agencies."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.models.agency import Agency
from agencies.models.source import Network


class Alias(models.Model):
    """A name as printed, in the context of a network and the state of the document's agency."""

    uuid = models.UUIDField(unique=True, editable=False, help_text="Stable id, from name and context.")
    printed_name = models.CharField(max_length=300, help_text="The name as printed, outer spaces removed.")
    network = models.ForeignKey(
        Network,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="aliases",
        help_text="Network it was printed in.",
    )
    state = models.CharField(max_length=2, blank=True, help_text="State of the document's agency; empty: none.")
    decision = models.ForeignKey(
        "MatchDecision",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text="The decision in force; null: not matched yet.",
    )

    class Meta:
        verbose_name_plural = "aliases"
        ordering = ["printed_name", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["printed_name", "network", "state"], name="alias_once_a_context", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return self.printed_name


class MatchDecision(models.Model):
    """What a printed name was decided to mean: appended, never changed; the newest of an alias is in force."""

    class Outcome(models.TextChoices):
        """What was decided."""

        MATCHED = "matched", "is this agency"
        REJECTED = "rejected", "is not this agency"
        NOT_AGENCY = "not_agency", "is no agency"
        PERSON = "person", "is a person's name: withheld"
        AMBIGUOUS = "ambiguous", "could be several agencies"

    class Method(models.TextChoices):
        """How it was decided."""

        HAND = "hand", "by a person"
        EXACT = "exact", "the name is the registry's"
        NORMALISED = "normalised", "the name is the registry's once abbreviations are written out"

    alias = models.ForeignKey(Alias, models.PROTECT, related_name="decisions", help_text="The printed name.")
    outcome = models.CharField(max_length=12, choices=Outcome, help_text="What was decided.")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="decisions", help_text="The agency meant."
    )
    method = models.CharField(max_length=12, choices=Method, help_text="How it was decided.")
    matcher_version = models.CharField(max_length=20, blank=True, help_text="Version of the matcher; empty: by hand.")
    reason = models.CharField(max_length=300, help_text="Why, in a line.")
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        help_text="Editor; null: a file or the matcher.",
    )
    decided_at = models.DateTimeField(auto_now_add=True, help_text="When it was recorded here.")

    class Meta:
        ordering = ["alias", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome__in=["matched", "rejected"], agency__isnull=False)
                | Q(outcome__in=["not_agency", "person", "ambiguous"], agency__isnull=True),
                name="decision_names_agency",
                violation_error_message="A match or rejection names an agency; the other outcomes name none.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.alias}: {self.get_outcome_display()}"
