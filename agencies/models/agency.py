"""Agencies, and which places they serve."""

import pghistory
from django.contrib.postgres.functions import TransactionNow
from django.contrib.postgres.indexes import GinIndex
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agencies.models.place import Place
from agencies.models.vocabulary import stamps_changes
from agencies.querysets import AgencyQuerySet


@pghistory.track(pghistory.UpdateEvent(), pghistory.DeleteEvent(), exclude=["modified_at"])
class Agency(models.Model):
    """A law-enforcement agency or other body that can grant or receive ALPR access."""

    class Kind(models.TextChoices):
        """What sort of body it is."""

        MUNICIPAL_POLICE = "municipal_police", _("municipal police")
        SHERIFF = "sheriff", _("sheriff")
        STATE_POLICE = "state_police", _("state police")
        OTHER_STATE = "other_state", _("other state agency")
        FEDERAL = "federal", _("federal")
        TRIBAL = "tribal", _("tribal")
        CAMPUS = "campus", _("campus")
        TRANSIT = "transit", _("transit")
        TASK_FORCE = "task_force", _("task force or fusion centre")
        PROSECUTOR = "prosecutor", _("prosecutor")
        CORRECTIONS = "corrections", _("corrections")
        PRIVATE = "private", _("private")
        OTHER = "other", _("other")

    class Status(models.TextChoices):
        """Whether the body exists today, as far as the registry tells."""

        ACTIVE = "active", _("active")
        CLOSED = "closed", _("closed")
        UNKNOWN = "unknown", _("not known")

    class Precision(models.TextChoices):
        """What the coordinates are a point of; never the agency's own door."""

        PLACE_CENTROID = "place_centroid", _("centre of the place it serves")
        COUNTY_CENTROID = "county_centroid", _("centre of its county")
        STATE_CENTROID = "state_centroid", _("centre of its state")

    uuid = models.UUIDField(unique=True, editable=False, help_text="Stable id, from the ORI or the slug.")
    slug = models.SlugField(max_length=140, unique=True, help_text="Name in addresses.")
    ori = models.CharField(
        "ORI",
        max_length=9,
        null=True,
        blank=True,
        unique=True,
        help_text="FBI Originating Agency Identifier.",
    )
    name = models.CharField(max_length=200, help_text="Name in proper case.")
    registry_name = models.CharField(max_length=200, blank=True, help_text="Name as the registry prints it.")
    kind = models.CharField(max_length=20, choices=Kind, help_text="What sort of body it is.")
    state = models.CharField(max_length=2, blank=True, help_text="USPS code of its state; empty if national.")
    county = models.ForeignKey(
        Place,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="agencies_in_county",
        help_text="Its county.",
    )
    parent = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="children",
        help_text="Body it is a part of.",
    )
    operated_by = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="operates",
        help_text="Agency that polices for it.",
    )
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="merged",
        help_text="Record that replaces it.",
    )
    status = models.CharField(max_length=10, choices=Status, default=Status.UNKNOWN, help_text="Whether it exists.")
    population_served = models.PositiveIntegerField(null=True, blank=True, help_text="People served; null: unknown.")
    officers = models.PositiveIntegerField(null=True, blank=True, help_text="Sworn officers; null: unknown.")
    latitude = models.FloatField(null=True, blank=True, help_text="WGS 84 degrees; see coordinate_precision.")
    longitude = models.FloatField(null=True, blank=True, help_text="WGS 84 degrees; see coordinate_precision.")
    coordinate_precision = models.CharField(
        max_length=20, choices=Precision, blank=True, help_text="What the coordinates are a point of."
    )
    search_key = models.CharField(max_length=200, editable=False, help_text="Name folded for search.")
    source = models.CharField(max_length=300, help_text="Table or page that the record comes from.")
    modified_at = models.DateTimeField(
        db_default=TransactionNow(), editable=False, help_text="When this row last changed here."
    )
    places = models.ManyToManyField(Place, through="AgencyPlace", related_name="agencies")

    objects = AgencyQuerySet.as_manager()

    class Meta:
        verbose_name_plural = "agencies"
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["name", "id"], name="agency_name_id"),
            models.Index(fields=["modified_at", "id"], name="agency_modified"),
            models.Index(fields=["state", "kind", "name"], name="agency_state_kind_name"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="agency_search_trgm"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(ori__isnull=True) | Q(ori__regex=r"^[A-Z0-9]{9}$"),
                name="agency_ori_nine",
                violation_error_message="An ORI has nine capital letters or digits.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True, coordinate_precision="")
                | (Q(latitude__range=(-90, 90), longitude__range=(-180, 180)) & ~Q(coordinate_precision="")),
                name="agency_point_whole",
                violation_error_message="Coordinates come in pairs, within range, with their precision.",
            ),
            models.CheckConstraint(
                condition=~Q(parent=F("id")) & ~Q(operated_by=F("id")) & ~Q(merged_into=F("id")),
                name="agency_not_its_own",
                violation_error_message="An agency is not its own parent, operator or replacement.",
            ),
        ]
        triggers = [stamps_changes("agency_modified")]

    def __str__(self) -> str:
        return f"{self.name} ({self.state})" if self.state else self.name

    def get_absolute_url(self) -> str:
        """Return the address of the agency's page."""
        return reverse("agency-detail", args=[self.slug])

    def clean(self) -> None:
        """Refuse a chain of parents that comes back to this agency."""
        seen, body = {self.pk}, self.parent
        while body is not None:
            if body.pk in seen:
                raise ValidationError({"parent": "The chain of parents comes back to this agency."})
            seen.add(body.pk)
            body = body.parent

    def ancestors(self) -> list["Agency"]:
        """Return the bodies it is a part of, nearest first; one query a level."""
        chain: list[Agency] = []
        body = self.parent
        while body is not None and body not in chain:
            chain.append(body)
            body = body.parent
        return chain


class AgencyPlace(models.Model):
    """Which place an agency serves, and how that is known."""

    class Basis(models.TextChoices):
        """Why the agency is taken to serve the place."""

        NAME = "name", _("its name is the place's")
        COUNTY = "county", _("it serves the county")
        STATEWIDE = "statewide", _("it serves the state")
        CAMPUS = "campus", _("its campus lies there")
        CONTRACT = "contract", _("it polices by contract")

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="servings")
    place = models.ForeignKey(Place, models.CASCADE, related_name="servings")
    basis = models.CharField(max_length=10, choices=Basis, help_text="Why it is taken to serve the place.")
    source = models.CharField(max_length=300, help_text="Where that comes from.")

    class Meta:
        ordering = ["place", "agency"]
        constraints = [models.UniqueConstraint(fields=["agency", "place", "basis"], name="agency_place_once")]

    def __str__(self) -> str:
        return f"{self.agency} serves {self.place}"
