"""Names as printed, and the decisions that match them to agencies."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

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


class AgencyMerge(models.Model):
    """Two records were found to be one agency, and perhaps not after all: both are appended, nothing is rewritten.

    The newest row of `merged` is in force; `agencies.matching.merge` keeps `Agency.merged_into` to it.
    """

    merged = models.ForeignKey(Agency, models.PROTECT, related_name="merges", help_text="The record that gives way.")
    into = models.ForeignKey(
        Agency,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merges_in",
        help_text="The record that stands for both; null: the merge is undone.",
    )
    reason = models.CharField(max_length=300, help_text="Why, in a line.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(into__isnull=True) | ~Q(into=models.F("merged")),
                name="merge_of_two",
                violation_error_message="An agency is not merged into itself.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="merge_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.merged} into {self.into}" if self.into else f"{self.merged}: merge undone"


class MatchDecision(models.Model):
    """What a printed name was decided to mean: appended, never changed; the newest of an alias is in force.

    An undo is a decision too: it repeats the one before and names the one it undoes, or leaves the name open.
    """

    class Outcome(models.TextChoices):
        """What was decided."""

        MATCHED = "matched", _("is this agency")
        REJECTED = "rejected", _("is not this agency")
        NOT_AGENCY = "not_agency", _("is no agency")
        PERSON = "person", _("is a person's name: withheld")
        AMBIGUOUS = "ambiguous", _("could be several agencies")
        OPEN = "open", _("is open again")

    class Method(models.TextChoices):
        """How it was decided."""

        HAND = "hand", _("by a person")
        SCORED = "scored", _("by the matcher, above its threshold")

    alias = models.ForeignKey(Alias, models.PROTECT, related_name="decisions", help_text="The printed name.")
    outcome = models.CharField(max_length=12, choices=Outcome, help_text="What was decided.")
    agency = models.ForeignKey(
        Agency, models.PROTECT, null=True, blank=True, related_name="decisions", help_text="The agency meant."
    )
    method = models.CharField(max_length=12, choices=Method, help_text="How it was decided.")
    matcher_version = models.CharField(max_length=20, blank=True, help_text="Version of the matcher; empty: by hand.")
    score = models.FloatField(null=True, blank=True, help_text="Calibrated probability; null: not scored.")
    candidates = models.JSONField(
        default=list, blank=True, help_text="Best candidates with their features and scores, best first."
    )
    reason = models.CharField(max_length=300, help_text="Why, in a line.")
    undoes = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="undone_by",
        help_text="The decision that this one takes back; null: none.",
    )
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
                | Q(outcome__in=["not_agency", "person", "ambiguous", "open"], agency__isnull=True),
                name="decision_names_agency",
                violation_error_message="A match or rejection names an agency; the other outcomes name none.",
            ),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__range=(0, 1)),
                name="decision_score_probability",
                violation_error_message="A score is a probability from 0 to 1.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="decision_append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.alias}: {self.get_outcome_display()}"
