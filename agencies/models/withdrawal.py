"""Taking statements out of the public record, and putting them back: both are appended rows."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from agencies.models.run import ImportRun
from agencies.models.source import Capture
from agencies.models.statement import APPEND_ONLY, Statement


class Withdrawal(models.Model):
    """A statement, a capture or a whole import no longer counts; what it said stays in the history."""

    class Kind(models.TextChoices):
        """Why it was withdrawn."""

        ERROR = "error", _("recorded by mistake")
        ROLLED_BACK = "rolled_back", _("import rolled back")
        TAKEN_DOWN = "taken_down", _("must not be shown: tombstone")

    statement = models.ForeignKey(Statement, models.PROTECT, null=True, blank=True, related_name="withdrawals")
    capture = models.ForeignKey(Capture, models.PROTECT, null=True, blank=True, related_name="withdrawals")
    run = models.ForeignKey(ImportRun, models.PROTECT, null=True, blank=True, related_name="withdrawals")
    kind = models.CharField(max_length=12, choices=Kind, help_text="Why it was withdrawn.")
    reason = models.CharField(max_length=300, help_text="The reason, in a line; shown to readers.")
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    withdrawn_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(statement__isnull=False, capture__isnull=True, run__isnull=True)
                | Q(statement__isnull=True, capture__isnull=False, run__isnull=True)
                | Q(statement__isnull=True, capture__isnull=True, run__isnull=False),
                name="withdrawal_of_one_thing",
                violation_error_message="Withdraw one statement, one capture or one import.",
            ),
        ]
        triggers = [pgtrigger.Protect(name="withdrawal_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


class WithdrawalLift(models.Model):
    """A withdrawal was itself a mistake: what it took out counts again."""

    withdrawal = models.OneToOneField(Withdrawal, models.PROTECT, primary_key=True, related_name="lift")
    reason = models.CharField(max_length=300, help_text="The reason, in a line.")
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    lifted_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        triggers = [pgtrigger.Protect(name="lift_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return f"lifted: {self.reason}"
