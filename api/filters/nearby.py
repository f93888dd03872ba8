"""Filters by where a row's point lies."""

import math
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.db.models import ExpressionWrapper, F, FloatField, QuerySet, Value
from django.db.models.functions import ACos, Cos, Least, Radians, Sin

from api.filters.fields import described

EARTH_KM = 6371.0088
"""Mean radius of the earth (IUGG), in kilometres."""

KM_A_DEGREE = math.radians(1) * EARTH_KM
FARTHEST_KM = 2000.0


class _NumbersField(forms.CharField):
    """Takes a fixed number of decimal numbers, separated by commas."""

    def __init__(self, *args: Any, ranges: tuple[tuple[str, float, float], ...], **kwargs: Any) -> None:
        """Take the name and range of each number."""
        super().__init__(*args, **kwargs)
        self.ranges = ranges

    def clean(self, value: Any) -> tuple[float, ...] | None:
        """Return the numbers; refuse what is no list of them, or out of range."""
        text = super().clean(value)
        if not text:
            return None
        try:
            numbers = tuple(float(part) for part in text.split(","))
        except ValueError:
            numbers = ()
        fits = len(numbers) == len(self.ranges) and all(
            least <= number <= most for number, (_, least, most) in zip(numbers, self.ranges, strict=True)
        )
        if not fits:
            wanted = ", ".join(f"{name} ({least:g} to {most:g})" for name, least, most in self.ranges)
            raise ValidationError(f"Numbers separated by commas: {wanted}.")
        return numbers


class _NumbersFilter(django_filters.Filter):
    """A filter of a fixed number of numbers."""

    field_class = _NumbersField
    ranges: tuple[tuple[str, float, float], ...]

    def __init__(self, **kwargs: Any) -> None:
        """Describe it as a string."""
        super().__init__(ranges=self.ranges, **kwargs)
        described(self, type="string", minLength=3)


class NearFilter(_NumbersFilter):
    """Keep rows within so many kilometres of a point: `latitude,longitude,km`."""

    ranges = (("latitude", -90, 90), ("longitude", -180, 180), ("km", 0, FARTHEST_KM))

    def filter(self, queryset: QuerySet[Any], value: tuple[float, ...] | None) -> QuerySet[Any]:
        """Cut a box of degrees out first, then measure great circles (spherical law of cosines) within it."""
        if value is None:
            return queryset
        latitude, longitude, km = value
        north_south = km / KM_A_DEGREE
        narrowest = math.cos(math.radians(min(90.0, abs(latitude) + north_south)))
        box = queryset.filter(latitude__range=(latitude - north_south, latitude + north_south))
        if narrowest > 0 and (east_west := north_south / narrowest) < 180:
            box = _between_longitudes(box, longitude - east_west, longitude + east_west)
        here = Radians(Value(latitude, output_field=FloatField()))
        cosine = Sin(here) * Sin(Radians("latitude")) + Cos(here) * Cos(Radians("latitude")) * Cos(
            Radians(F("longitude") - Value(longitude, output_field=FloatField()))
        )
        # Rounding may leave the cosine of a point with itself a hair above 1.
        distance = ExpressionWrapper(ACos(Least(cosine, Value(1.0))) * EARTH_KM, output_field=FloatField())
        return box.alias(km_away=distance).filter(km_away__lte=km + 1e-6)


class BoxFilter(_NumbersFilter):
    """Keep rows within a box: `west,south,east,north`; west may be greater than east across the antimeridian."""

    ranges = (("west", -180, 180), ("south", -90, 90), ("east", -180, 180), ("north", -90, 90))

    def filter(self, queryset: QuerySet[Any], value: tuple[float, ...] | None) -> QuerySet[Any]:
        """Compare degrees."""
        if value is None:
            return queryset
        west, south, east, north = value
        return _between_longitudes(
            queryset.filter(latitude__range=(south, north)), west, east if east >= west else east + 360
        )


def _between_longitudes(queryset: QuerySet[Any], west: float, east: float) -> QuerySet[Any]:
    """Keep rows between two longitudes, which may reach beyond 180 degrees either way."""
    if west < -180:
        return queryset.exclude(longitude__gt=east, longitude__lt=west + 360).filter(longitude__isnull=False)
    if east > 180:
        return queryset.exclude(longitude__gt=east - 360, longitude__lt=west).filter(longitude__isnull=False)
    return queryset.filter(longitude__range=(west, east))
