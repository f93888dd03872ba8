"""A person's word that an empty list is really empty."""

import pgtrigger
from django.conf import settings
from django.db import models

from agencies.models.statement import APPEND_ONLY, SharingList


class ListConfirmation(models.Model):
    """Whether a list that is empty, or says "none", ends the links that stood on it. The newest row is in force."""

    sharing_list = models.ForeignKey(SharingList, models.PROTECT, related_name="confirmations")
    is_confirmed = models.BooleanField(help_text="Whether the list counts as a whole list; no takes a yes back.")
    reason = models.CharField(max_length=300, help_text="How that is known, in a line; shown to readers.")
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True)
    decided_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-id"]
        triggers = [pgtrigger.Protect(name="confirmation_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return f"{self.sharing_list}: {'confirmed' if self.is_confirmed else 'not confirmed'}"
