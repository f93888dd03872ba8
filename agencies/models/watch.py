"""The watch list: which documents are fetched again, how often, and how each attempt ended."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django_celery_beat.models import PeriodicTask

from agencies.models.kept import KeptFile
from agencies.models.run import ImportRun


class Watch(models.Model):
    """A document that is fetched on a schedule."""

    slug = models.SlugField(max_length=140, unique=True, help_text="Name in commands and logs.")
    url = models.URLField(max_length=500, unique=True, help_text="Address that is fetched.")
    format = models.SlugField(max_length=40, help_text="Importer that reads it.")
    options = models.JSONField(default=dict, blank=True, help_text="What the importer is told besides the file.")
    every_hours = models.PositiveSmallIntegerField(
        default=24, validators=[MinValueValidator(1), MaxValueValidator(24 * 90)], help_text="Hours between fetches."
    )
    is_enabled = models.BooleanField(default=True, help_text="Whether the schedule runs.")
    is_trusted = models.BooleanField(
        default=False, help_text="Whether small changes are recorded without a person's look."
    )
    largest_change = models.PositiveSmallIntegerField(
        default=10,
        validators=[MaxValueValidator(100)],
        help_text="Per cent of a list's names that may change before a trusted schedule waits for a person.",
    )
    etag = models.CharField(max_length=200, blank=True, help_text="ETag of the newest answer.")
    last_modified = models.CharField(max_length=100, blank=True, help_text="Last-Modified of the newest answer.")
    failures = models.PositiveSmallIntegerField(default=0, help_text="Attempts that failed in a row.")
    not_before = models.DateTimeField(null=True, blank=True, help_text="Back-off: no fetch before this; null: none.")
    schedule = models.OneToOneField(
        PeriodicTask, models.SET_NULL, null=True, blank=True, editable=False, related_name="+"
    )

    class Meta:
        verbose_name_plural = "watches"
        ordering = ["slug"]
        constraints = [
            models.CheckConstraint(
                condition=Q(every_hours__gte=1) & Q(largest_change__lte=100),
                name="watch_numbers_in_range",
                violation_error_message="A watch runs at most hourly, and a change is at most 100 per cent.",
            ),
        ]

    def __str__(self) -> str:
        return self.slug


class Fetch(models.Model):
    """One attempt at a watched document. A refusal is recorded as a refusal, and never got round."""

    class Outcome(models.TextChoices):
        """How it ended."""

        CHANGED = "changed", "new bytes"
        UNCHANGED = "unchanged", "the same as before"
        REFUSED = "refused", "refused by the site"
        FAILED = "failed", "failed"

    watch = models.ForeignKey(Watch, models.PROTECT, related_name="fetches")
    at = models.DateTimeField(auto_now_add=True)
    outcome = models.CharField(max_length=10, choices=Outcome, help_text="How it ended.")
    http_status = models.PositiveSmallIntegerField(null=True, blank=True, help_text="Status; null: no answer.")
    final_url = models.URLField(max_length=500, blank=True, help_text="Address that answered, after redirects.")
    detail = models.CharField(max_length=300, blank=True, help_text="Why, in a line.")
    kept_file = models.ForeignKey(KeptFile, models.PROTECT, null=True, blank=True, related_name="fetches")
    run = models.ForeignKey(ImportRun, models.SET_NULL, null=True, blank=True, related_name="fetches")

    class Meta:
        verbose_name_plural = "fetches"
        ordering = ["-id"]
        indexes = [models.Index(fields=["watch", "-id"], name="fetch_watch_newest")]

    def __str__(self) -> str:
        return f"{self.watch}: {self.get_outcome_display()}"
