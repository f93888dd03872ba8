"""The bytes behind captures: content-addressed, stored once, never served as they are; and what was removed of them."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.querysets import KeptFileQuerySet


class KeptFile(models.Model):
    """A file as we hold it. `Capture.sha256` leads here: one file can be the document of several captures."""

    sha256 = models.CharField("SHA-256", max_length=64, unique=True, help_text="Of the bytes received; hex.")
    stored_sha256 = models.CharField(max_length=64, help_text="Of the bytes stored: another where it is reduced; hex.")
    stored_name = models.CharField(max_length=200, unique=True, help_text="Name in the store of captures.")
    size = models.PositiveBigIntegerField(help_text="Bytes stored.")
    media_type = models.CharField(max_length=100, help_text="Type, from the bytes themselves.")
    is_reduced = models.BooleanField(help_text="Whether parts that are never kept were cut out before storing.")
    personal_data = models.JSONField(
        default=dict, blank=True, help_text="How many e-mail addresses and telephone numbers were seen, by kind."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = KeptFileQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$", stored_sha256__regex=r"^[0-9a-f]{64}$"),
                name="kept_sha256_hex",
                violation_error_message="A SHA-256 is 64 lower-case hex digits.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.media_type}, {self.size} bytes ({self.sha256[:12]})"

    @property
    def is_removed(self) -> bool:
        """Tell whether its bytes were removed; a query where `removal` was not fetched with it."""
        return hasattr(self, "removal")


class RemovedBytes(models.Model):
    """The bytes of a kept file may not be held any more. Its row stays: the same bytes are never stored again."""

    kept_file = models.OneToOneField(KeptFile, models.PROTECT, primary_key=True, related_name="removal")
    reason = models.CharField(max_length=300, help_text="The reason, in a line; shown to readers.")
    removed_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    removed_at = models.DateTimeField(auto_now_add=True)
    gone_at = models.DateTimeField(
        null=True, blank=True, help_text="When the store had deleted them; null: it has not, or failed to."
    )

    class Meta:
        verbose_name_plural = "removed bytes"
        ordering = ["-removed_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="removed_bytes_say_why",
                violation_error_message="Say why, in a line.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="removed_bytes_stay", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="removed_bytes_fixed", fields=["kept_file", "reason", "removed_by", "removed_at"]),
        ]

    def __str__(self) -> str:
        return f"{self.removed_at:%Y-%m-%d}: {self.reason}"
