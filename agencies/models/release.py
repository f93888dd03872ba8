"""Releases: numbered, immutable publications of the whole public record."""

import pgtrigger
from django.db import models
from django.urls import reverse

from agencies.models.statement import APPEND_ONLY


class Release(models.Model):
    """One publication. Its files lie in the store of releases under its name, and never change."""

    name = models.SlugField(max_length=20, unique=True, help_text="Day and number: 2026-11-24-1.")
    released_on = models.DateField(help_text="Day of the release: an input, not the clock.")
    number = models.PositiveSmallIntegerField(help_text="Number of the release of that day, from 1.")
    schema_version = models.PositiveSmallIntegerField(help_text="Version of the files' columns.")
    record_sha256 = models.CharField(max_length=64, help_text="Of the exported record; the same record, the same hash.")
    manifest = models.JSONField(help_text="Files with rows, sizes and SHA-256, and sources with their licences.")
    before = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="+", help_text="Release that its delta starts from."
    )
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-released_on", "-number"]
        constraints = [models.UniqueConstraint(fields=["released_on", "number"], name="release_once")]
        triggers = [pgtrigger.Protect(name="release_append_only", operation=APPEND_ONLY)]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the release's page."""
        return reverse("release-detail", args=[self.name])
