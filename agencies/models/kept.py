"""The bytes behind captures: content-addressed, stored once, never served as they are."""

from django.db import models
from django.db.models import Q


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
