"""Places that agencies serve, from the Census Bureau's tables."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class Place(models.Model):
    """A state, county, county subdivision or city, named by its Census GEOID."""

    class Kind(models.TextChoices):
        """What sort of place it is; a city is any Census place, CDPs included."""

        STATE = "state", _("state")
        COUNTY = "county", _("county")
        COUNTY_SUBDIVISION = "county_subdivision", _("county subdivision")
        CITY = "city", _("city")

    uuid = models.UUIDField(unique=True, editable=False, help_text="Stable id, derived from the GEOID.")
    geoid = models.CharField(max_length=10, unique=True, help_text="Census GEOID: 2, 5, 7 or 10 digits.")
    kind = models.CharField(max_length=20, choices=Kind, help_text="What sort of place it is.")
    name = models.CharField(max_length=100, help_text="Name without its class, as in “Union City”.")
    full_name = models.CharField(max_length=120, help_text="Name as the Census prints it, as in “Union City city”.")
    state = models.CharField(max_length=2, help_text="Two-letter USPS code of the state it lies in.")
    county = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cities",
        help_text="County of its centroid.",
    )
    latitude = models.FloatField(null=True, blank=True, help_text="Latitude of the centroid, WGS 84 degrees.")
    longitude = models.FloatField(null=True, blank=True, help_text="Longitude of the centroid, WGS 84 degrees.")
    land_area_m2 = models.BigIntegerField(null=True, blank=True, help_text="Land area in square metres.")
    search_key = models.CharField(max_length=120, editable=False, help_text="Name folded for search.")
    source = models.CharField(max_length=200, help_text="Table that the row comes from.")

    class Meta:
        ordering = ["state", "name", "geoid"]
        indexes = [
            models.Index(fields=["state", "kind", "name"], name="place_state_kind_name"),
            models.Index(fields=["name", "geoid"], name="place_name_geoid"),
            GinIndex(fields=["search_key"], opclasses=["gin_trgm_ops"], name="place_search_trgm"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(geoid__regex=r"^(\d{2}|\d{5}|\d{7}|\d{10})$"),
                name="place_geoid_digits",
                violation_error_message="A GEOID has 2, 5, 7 or 10 digits.",
            ),
            models.CheckConstraint(
                condition=Q(latitude__isnull=True, longitude__isnull=True)
                | Q(latitude__range=(-90, 90), longitude__range=(-180, 180)),
                name="place_point_whole",
                violation_error_message="Latitude and longitude come together and within range.",
            ),
        ]

    def __str__(self) -> str:
        return self.name if self.kind == self.Kind.STATE else f"{self.name}, {self.state}"

    def get_absolute_url(self) -> str:
        """Return the address of the place's page."""
        return reverse("place-detail", args=[self.geoid])


class PlaceBoundary(models.Model):
    """A place's simplified outline, kept apart so that lists of places stay light."""

    place = models.OneToOneField(Place, models.CASCADE, primary_key=True, related_name="boundary")
    wkb = models.BinaryField(help_text="Outline as WKB, WGS 84, simplified for display.")

    class Meta:
        verbose_name_plural = "place boundaries"

    def __str__(self) -> str:
        return f"outline of {self.place_id}"
