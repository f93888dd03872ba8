"""Where statements come from: networks, publishers, and dated copies of their documents."""

import pgtrigger
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.querysets import CaptureQuerySet, SourceQuerySet


class Network(models.Model):
    """A vendor's sharing system."""

    slug = models.SlugField(unique=True, help_text="Name in addresses.")
    name = models.CharField(max_length=80, help_text="Name as the vendor writes it.")
    vendor = models.CharField(max_length=80, help_text="Company that runs it.")
    url = models.URLField(blank=True, help_text="The vendor's own page.")
    source = models.CharField(max_length=300, help_text="Where this comes from.")

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        """Return the address of the network's page."""
        return reverse("network-detail", args=[self.slug])


class Source(models.Model):
    """A publisher of documents: a portal, a records release, an article."""

    class Kind(models.TextChoices):
        """What sort of publication it is."""

        PORTAL = "portal", _("transparency portal")
        FOIA = "foia", _("public-records release")
        COURT = "court", _("court file")
        ARTICLE = "article", _("news article")
        PRESS_RELEASE = "press_release", _("press release")
        DATASET = "dataset", _("data set")

    slug = models.SlugField(max_length=140, unique=True, help_text="Name in addresses.")
    title = models.CharField(max_length=200, help_text="What it is, in a line.")
    kind = models.CharField(max_length=20, choices=Kind, help_text="What sort of publication it is.")
    publisher = models.CharField(max_length=200, help_text="Who publishes it.")
    url = models.URLField(max_length=500, blank=True, help_text="Its live address.")
    licence = models.CharField(max_length=80, blank=True, help_text="Licence; empty: none stated.")
    licence_url = models.URLField(max_length=500, blank=True, help_text="Address of the licence.")
    credit = models.CharField(max_length=200, blank=True, help_text="Credit that the licence asks for.")
    agency_alias = models.ForeignKey(
        "Alias",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        help_text="The agency, as printed, whose own publication it is.",
    )

    objects = SourceQuerySet.as_manager()

    class Meta:
        ordering = ["title", "id"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        """Return the address of the source's page."""
        return reverse("source-detail", args=[self.slug])


class Capture(models.Model):
    """One dated copy of one document. What it says and its dates never change."""

    class BytesKept(models.TextChoices):
        """Whether the bytes we hold are those received."""

        ORIGINAL = "original", _("as received")
        REDUCED = "reduced", _("reduced: images and search audits cut out")
        NONE = "none", _("not kept here")
        REMOVED = "removed", _("removed: no longer kept here")

    HELD = (BytesKept.ORIGINAL, BytesKept.REDUCED)

    uuid = models.UUIDField(unique=True, editable=False, help_text="Stable id, from source, address and dates.")
    source = models.ForeignKey(Source, models.PROTECT, related_name="captures", help_text="Who publishes it.")
    url = models.URLField(max_length=500, blank=True, help_text="Live address of the document.")
    archive_url = models.URLField(max_length=500, blank=True, help_text="Address of an archived copy.")
    compiled_by = models.CharField(max_length=200, blank=True, help_text="Who made this copy; empty: the atlas.")
    licence = models.CharField(max_length=80, blank=True, help_text="Licence of this copy, where its maker gives one.")
    licence_url = models.URLField(max_length=500, blank=True, help_text="Address of that licence.")
    published_on = models.DateField(null=True, blank=True, help_text="Date the document gives itself.")
    retrieved_on = models.DateField(null=True, blank=True, help_text="Date it was fetched.")
    first_reported_on = models.DateField(null=True, blank=True, help_text="Date it was first reported.")
    observed_on = models.GeneratedField(
        expression=Coalesce(F("published_on"), F("retrieved_on"), F("first_reported_on")),
        output_field=models.DateField(),
        db_persist=True,
        help_text="The first of published, retrieved and first reported that is known.",
    )
    sha256 = models.CharField("SHA-256", max_length=64, blank=True, help_text="Of the bytes received; hex.")
    bytes_kept = models.CharField(max_length=10, choices=BytesKept, help_text="Whether the bytes are held here.")
    kept_text = models.TextField(blank=True, help_text="The sections that were read, as printed.")
    created_at = models.DateTimeField(auto_now_add=True, help_text="When the atlas recorded it.")

    objects = CaptureQuerySet.as_manager()

    class Meta:
        ordering = ["-observed_on", "id"]
        indexes = [
            models.Index(fields=["source", "-observed_on"], name="capture_source_date"),
            # Statements by day are read by it, a capture's at a time: a hundredth of an index of theirs.
            models.Index(fields=["observed_on", "uuid"], name="capture_date_uuid"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(published_on__isnull=False)
                | Q(retrieved_on__isnull=False)
                | Q(first_reported_on__isnull=False),
                name="capture_has_a_date",
                violation_error_message="A capture needs at least one date.",
            ),
            models.CheckConstraint(
                condition=Q(sha256="") | Q(sha256__regex=r"^[0-9a-f]{64}$"),
                name="capture_sha256_hex",
                violation_error_message="A SHA-256 is 64 lower-case hex digits.",
            ),
        ]
        triggers = [
            pgtrigger.Protect(name="capture_stays", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(
                name="capture_fixed",
                fields=[
                    "uuid",
                    "source",
                    "url",
                    "published_on",
                    "retrieved_on",
                    "first_reported_on",
                    "sha256",
                ],
            ),
        ]

    def __str__(self) -> str:
        return f"{self.source}, {self.observed_on}"

    def get_absolute_url(self) -> str:
        """Return the address of the capture's page."""
        return reverse("capture-detail", args=[self.uuid])
