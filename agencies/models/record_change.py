"""That something public changed, whoever changed it and however: what caches hold their answers against."""

from django.db import models
from django.db.models.functions import Now


class RecordChange(models.Model):
    """One transaction that changed the public record: written by triggers of its tables, once a transaction.

    A new public table needs the trigger too (a migration). An id is given before its transaction ends, so that the
    highest does not tell of all: their number and sum do.
    """

    made_at = models.DateTimeField(db_default=Now(), editable=False, help_text="When the transaction began.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"change {self.pk}"
