"""Filters that several resources share; each refuses what does not fit it."""

from datetime import UTC, date, datetime
from typing import Any

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils import timezone
from drf_spectacular.drainage import set_override

from agencies.models import Agency
from agencies.route_form import EARLIEST
from api.lookups import find_agency, replacement_of


class _AgencyField(forms.CharField):
    """Takes an agency's UUID or slug."""

    def clean(self, value: Any) -> Agency | None:
        """Return the agency that stands for it today; refuse a name that no agency has."""
        key = super().clean(value)
        if not key:
            return None
        agency = find_agency(key)
        if agency is None:
            raise ValidationError("No agency has this id or slug.")
        return replacement_of(agency)


def described(found: django_filters.Filter, **schema: Any) -> Any:
    """Tell the OpenAPI document what a filter takes, and return the filter."""
    help_text = found.extra.get("help_text")
    set_override(found, "field", {**schema, **({"description": str(help_text)} if help_text else {})})
    return found


class AgencyFilter(django_filters.Filter):
    """Filter by an agency, named by UUID or slug; a merged one stands for its replacement."""

    field_class = _AgencyField

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Describe it as a string."""
        super().__init__(*args, **kwargs)
        described(self, type="string", minLength=1)


class NamedFilter(django_filters.ModelChoiceFilter):
    """Filter by a related row, named by a column of its own; an unknown name is refused."""

    def __init__(self, *args: Any, named_by: str, **kwargs: Any) -> None:
        """Take the column that names the row."""
        messages = {"invalid_choice": f"Nothing on record has this {named_by}."}
        super().__init__(*args, to_field_name=named_by, error_messages=messages, **kwargs)
        described(self, type="string", **({"format": "uuid"} if named_by == "uuid" else {"minLength": 1}))


class StrictBooleanFilter(django_filters.TypedChoiceFilter):
    """Filter by `true` or `false`, and by nothing else."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the two words."""
        choices = (("true", "yes"), ("false", "no"))
        super().__init__(*args, choices=choices, coerce=lambda word: word == "true", **kwargs)
        described(self, type="boolean")


class DayFilter(django_filters.DateFilter):
    """Filter by a day, written YYYY-MM-DD."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take no other way to write a date."""
        message = {"invalid": "A day, written YYYY-MM-DD."}
        super().__init__(*args, input_formats=["%Y-%m-%d"], error_messages=message, **kwargs)
        described(self, type="string", format="date")


def _of_record(day: date) -> None:
    """Refuse days that no record is of."""
    if not EARLIEST <= day <= timezone.localdate():
        raise ValidationError(f"A day from {EARLIEST} to today, written YYYY-MM-DD.")


class PastDayFilter(DayFilter):
    """Filter by a day that a record can be of: none before plate readers, none to come."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Refuse other days."""
        super().__init__(*args, validators=[_of_record], **kwargs)


class _MomentField(django_filters.fields.IsoDateTimeField):
    """Takes a moment with any offset; PostgreSQL takes none of sixteen hours and more."""

    def clean(self, value: Any) -> datetime | None:
        """Return the moment in UTC; refuse one that lies outside of the calendar there."""
        moment: datetime | None = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError as error:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from error


class ModifiedSinceFilter(django_filters.IsoDateTimeFilter):
    """Keep rows that are new or changed here since a moment, itself included."""

    field_class = _MomentField

    def __init__(self, field_name: str = "modified_at") -> None:
        """Take the column that holds the moment of the last change."""
        text = "New or changed on the atlas since this moment (RFC 3339, such as 2026-11-24T06:00:00Z)."
        message = {"invalid": "A moment, written 2026-11-24T06:00:00Z."}
        super().__init__(field_name=field_name, lookup_expr="gte", help_text=text, error_messages=message)
        described(self, type="string", format="date-time")


def state_filter(field_name: str = "state", help_text: str = "State, by its USPS code (CA).") -> Any:
    """Return a filter by USPS code."""
    two = RegexValidator(r"^[A-Z]{2}\Z", "Two capital letters, such as CA.")
    found = django_filters.CharFilter(field_name=field_name, validators=[two], strip=False, help_text=help_text)
    return described(found, type="string", pattern="^[A-Z]{2}$")


def search_filter(help_text: str) -> Any:
    """Return a filter of text for a method; at most 100 characters."""
    found = django_filters.CharFilter(method="search", max_length=100, help_text=help_text)
    return described(found, type="string", minLength=1, maxLength=100)
