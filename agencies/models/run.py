"""Imports as things that can be watched, taken up again and undone."""

import uuid

from django.db import models
from django.db.models import Q

from agencies.querysets import ImportRunQuerySet


class ImportRun(models.Model):
    """One import of one or more files. The truth about work in progress: it has a lease and a heartbeat."""

    class Status(models.TextChoices):
        """Where the run stands."""

        QUEUED = "queued", "waiting"
        RUNNING = "running", "running"
        DONE = "done", "done"
        FAILED = "failed", "failed"

    uuid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    format = models.SlugField(max_length=40, help_text="Importer that reads the files.")
    paths = models.JSONField(default=list, help_text="Files or folders on the server.")
    input_sha256 = models.CharField(max_length=64, blank=True, help_text="Of the files' contents, in order; hex.")
    status = models.CharField(max_length=10, choices=Status, default=Status.QUEUED, help_text="Where it stands.")
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
