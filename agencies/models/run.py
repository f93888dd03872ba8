"""Imports as things that can be watched, taken up again and undone."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.querysets import ImportRunQuerySet

if TYPE_CHECKING:
    from agencies.models.kept import KeptFile


class ImportRun(models.Model):
    """One import of one or more files. The truth about work in progress: it has a lease and a heartbeat."""

    class Status(models.TextChoices):
        """Where the run stands."""

        QUEUED = "queued", "waiting"
        RUNNING = "running", "running"
        REVIEW = "review", "waits for a person"
        DONE = "done", "done"
        FAILED = "failed", "failed"
        CANCELLED = "cancelled", "cancelled"
        ROLLED_BACK = "rolled_back", "rolled back"

    class Step(models.TextChoices):
        """What a run does, in this order."""

        FETCH = "fetch", "fetch the document"
        PARSE = "parse", "read it"
        MATCH = "match", "match its names"
        RECORD = "record", "record what it says"
        REBUILD = "rebuild", "rebuild the links"
        ANNOUNCE = "announce", "tell what changed"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    format = models.SlugField(max_length=40, help_text="Importer that reads the files.")
    paths = models.JSONField(default=list, help_text="Files or folders on the server.")
    options = models.JSONField(default=dict, blank=True, help_text="What the importer is told besides the paths.")
    kept_files: models.ManyToManyField[KeptFile, models.Model] = models.ManyToManyField(
        "KeptFile",
        blank=True,
        related_name="kept_by",
        help_text="What it kept of files on the server. Uploads stand in its paths.",
    )
    input_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the files' contents, in order; hex.")
    status = models.CharField(max_length=12, choices=Status, default=Status.QUEUED, help_text="Where it stands.")
    step = models.CharField(max_length=10, choices=Step, blank=True, help_text="Step it is at, or stopped at.")
    needs_review = models.BooleanField(default=False, help_text="Changes nothing until a person accepts its preview.")
    preview = models.JSONField(null=True, blank=True, help_text="What it would change; null: not looked at.")
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Editor who asked for it; null: a command or a schedule.",
    )
    accepted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text="Editor who accepted the preview; null: nobody, or a trusted schedule.",
    )
    accepted_at = models.DateTimeField(null=True, blank=True, help_text="When the preview was accepted.")
    cancel_requested_at = models.DateTimeField(null=True, blank=True, help_text="When someone asked it to stop.")
    retry_of = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="retries", help_text="Run that it repeats."
    )
    watch = models.ForeignKey(
        "Watch", models.PROTECT, null=True, blank=True, related_name="runs", help_text="Schedule that began it."
    )
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    heartbeat_at = models.DateTimeField(null=True, blank=True, help_text="Last sign of life of the worker.")
    lease_until = models.DateTimeField(null=True, blank=True, help_text="After this, another worker may take it up.")
    attempts = models.PositiveSmallIntegerField(default=0, help_text="How often a worker has begun it.")
    progress = models.JSONField(default=dict, blank=True, help_text="Documents and statements read so far.")
    counts = models.JSONField(default=dict, blank=True, help_text="What it changed, once done.")
    problem = models.JSONField(null=True, blank=True, help_text="File, row, field and message, when it failed.")

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["lease_until"], condition=Q(status__in=["queued", "running"]), name="run_open_lease")
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(status="failed") | Q(problem__isnull=False),
                name="run_failed_says_why",
                violation_error_message="A failed run says why.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.format} import {self.pk}: {self.get_status_display()}"

    @property
    def began_at(self) -> datetime:
        """Return when it was begun; that it was made where it is not yet begun, as a dry run never is."""
        return self.started_at or self.created_at


class RunEvent(models.Model):
    """A line of a run's log. Written outside the run's transaction, so that it stays when the run fails."""

    class Level(models.TextChoices):
        """How much it matters to an editor."""

        INFO = "info", "for information"
        WARNING = "warning", "worth a look"
        ERROR = "error", "stopped the run"

    run = models.ForeignKey(ImportRun, models.CASCADE, related_name="events")
    at = models.DateTimeField(auto_now_add=True)
    step = models.CharField(max_length=10, choices=ImportRun.Step, blank=True, help_text="Step it was written in.")
    level = models.CharField(max_length=8, choices=Level, default=Level.INFO, help_text="How much it matters.")
    message = models.CharField(max_length=500, help_text="What happened, in a line.")

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.message
