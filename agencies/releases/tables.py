"""The public tables of a release: one list of columns, from which every format and its description are made.

Nothing stands in them that another install would have otherwise: no primary key, no time of recording, no address of
a site. So the same record gives the same rows.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import Case, Model, Q, QuerySet, When
from django.db.models.functions import Coalesce

from agencies.models import (
    Agency,
    Capture,
    Change,
    Fact,
    Finding,
    Law,
    MatchDecision,
    Network,
    Place,
    SharingLink,
    SharingStatement,
    Source,
    Statement,
)

SCHEMA_VERSION = 1
"""Grows when a column goes or changes its meaning. New columns and tables do not count."""


@dataclass(frozen=True)
class Column:
    """One column: its name, the path that it is read from, its type (as Frictionless names types), what it says."""

    name: str
    path: str
    type: str
    description: str


@dataclass(frozen=True)
class Table:
    """One table, with the rows in an order that nothing but their content decides."""

    name: str
    title: str
    rows: Callable[[], QuerySet[Any]]
    order: tuple[str, ...]
    columns: tuple[Column, ...]

    def values(self) -> Iterator[tuple[Any, ...]]:
        """Yield the rows as tuples in the order of the columns; one streamed query."""
        paths = [column.path for column in self.columns]
        return self.rows().order_by(*self.order).values_list(*paths).iterator(chunk_size=2000)


def _columns(model: type[Model], *wanted: str | tuple[str, str, str]) -> tuple[Column, ...]:
    """Return columns: fields of the model by name, others as (name, path, description)."""
    made = []
    for one in wanted:
        name, path, said = (one, one, "") if isinstance(one, str) else one
        field = _field_at(model, path)
        held = field.output_field if isinstance(field, models.GeneratedField) else field
        kind = next((word for kinds, word in _TYPES if isinstance(held, kinds)), "string")
        made.append(Column(name, path, kind, said or str(field.help_text)))
    return tuple(made)


_TYPES: tuple[tuple[tuple[type[Any], ...], str], ...] = (
    ((models.DateField,), "date"),
    ((models.IntegerField,), "integer"),
    ((models.FloatField,), "number"),
    ((models.JSONField, ArrayField), "any"),
)
"""Frictionless' word for each kind of field; all others are strings."""


def _field_at(model: type[Model], path: str) -> Any:
    """Return the field at the end of a path of relations; a text for what a query adds."""
    field: Any = None
    for part in path.split("__"):
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            return models.CharField()
        model = field.related_model or model
    return field


def _without_people(side: str) -> Q:
    """Return the condition that the name at `side`, if there is one, is no person's."""
    return ~Q(**{f"{side}__decision__outcome": MatchDecision.Outcome.PERSON})


def _agency_at(decision: str, column: str) -> Coalesce:
    """Return a column of the agency that a decision in force names, or of what it was merged into."""
    return Coalesce(f"{decision}__agency__merged_into__{column}", f"{decision}__agency__{column}")


def _statements() -> QuerySet[Any]:
    standing = Statement.objects.standing()
    rows = SharingStatement.objects.filter(statement__in=standing.values("pk"))
    rows = rows.filter(_without_people("grantor_alias") & _without_people("grantee_alias"))
    return rows.annotate(grantor=_matched("grantor_alias"), grantee=_matched("grantee_alias"))


def _changes() -> QuerySet[Any]:
    return Change.objects.filter(_without_people("name") & _without_people("new_name"))


def _matched(alias: str) -> Case:
    """Return the slug of the agency that a name is matched to, null where it is not."""
    return Case(When(**{f"{alias}__decision__outcome": "matched"}, then=_agency_at(f"{alias}__decision", "slug")))


def _facts() -> QuerySet[Any]:
    rows = Fact.objects.filter(statement__in=Statement.objects.standing().values("pk"))
    return rows.filter(_without_people("alias")).annotate(agency=_matched("alias"))


ID = "Stable id (UUID), the same on every install."

_CAPTURE = ("capture", "statement__capture__uuid", "Id of the capture that says it.")
_DAY = ("observed_on", "statement__observed_on", "Date of the capture.")
_NETWORK = ("network", "network__slug", "Slug of the network, if one.")

TABLES: tuple[Table, ...] = (
    Table("agencies", "Agencies", Agency.objects.current, ("uuid",), _columns(
        Agency, ("id", "uuid", ID), "slug", "ori", "name", "kind", "state",
        ("county_geoid", "county__geoid", "GEOID of its county."),
        ("parent_slug", "parent__slug", "Slug of the body that it is a part of."),
        ("operated_by_slug", "operated_by__slug", "Slug of the agency that polices for it."),
        "status", "population_served", "officers", "latitude", "longitude", "coordinate_precision", "source",
    )),
    Table("places", "Places", Place.objects.all, ("geoid",), _columns(
        Place, "geoid", "kind", "name", "full_name", "state",
        ("county_geoid", "county__geoid", "GEOID of the county of its centroid."), "latitude", "longitude",
    )),
    Table("networks", "Networks", Network.objects.all, ("slug",), _columns(Network, "slug", "name", "vendor", "url")),
    Table("sources", "Sources", Source.objects.standing, ("slug",), _columns(
        Source, "slug", "title", "kind", "publisher", "url", "licence", "licence_url", "credit",
    )),
    Table("captures", "Captures", Capture.objects.standing, ("uuid",), _columns(
        Capture, ("id", "uuid", ID), ("source", "source__slug", "Slug of the source."), "url", "archive_url",
        "compiled_by", "licence", "observed_on", "published_on", "retrieved_on", "first_reported_on", "sha256",
    )),
    Table("links", "Sharing links", SharingLink.objects.all, ("uuid",), _columns(
        SharingLink, ("id", "uuid", ID),
        ("grantor_slug", "grantor__slug", "Whose reads are shared: slug."),
        ("grantor_name", "grantor__name", "Its name."), ("grantor_state", "grantor__state", "Its state."),
        ("grantee_slug", "grantee__slug", "Who gets access: slug."),
        ("grantee_name", "grantee__name", "Its name."), ("grantee_state", "grantee__state", "Its state."),
        ("grantee_kind", "grantee__kind", "What sort of body the grantee is."), _NETWORK,
        "access", "status", "first_seen", "last_seen", "ended_as_of", "inactive_as_of", "reported_by",
        "statement_count", "disputed_on",
    )),
    Table("statements", "Sharing statements", _statements, ("statement__uuid",), _columns(
        SharingStatement, ("id", "statement__uuid", ID), _CAPTURE, _DAY,
        ("network", "sharing_list__stream__network__slug", "Slug of the network."),
        ("access", "sharing_list__stream__access", "Kind of access."),
        ("reported_by", "sharing_list__stream__reported_by", "Side that publishes the list."),
        ("grantor_printed", "grantor_alias__printed_name", "Whose reads, as printed."),
        ("grantor_slug", "grantor", "Agency that this name is matched to; empty: none."),
        ("grantee_printed", "grantee_alias__printed_name", "Who gets access, as printed."),
        ("grantee_slug", "grantee", "Agency that this name is matched to; empty: none."),
        "account_status", ("locator", "statement__locator", "Where it stands in the document."),
    )),
    Table("facts", "Facts", _facts, ("statement__uuid",), _columns(
        Fact, ("id", "statement__uuid", ID), _CAPTURE, _DAY,
        ("agency_printed", "alias__printed_name", "The agency as printed."),
        ("agency_slug", "agency", "Agency that this name is matched to; empty: none."), _NETWORK,
        "field", "value", "knowledge",
    )),
    Table("changes", "Changes between neighbouring copies", _changes, ("uuid",), _columns(
        Change, ("id", "uuid", ID), "kind", "observed_on", ("capture", "capture__uuid", "Id of the newer copy."),
        ("before", "before__uuid", "Id of the older copy."),
        ("about", "about__printed_name", "The agency, as printed, whose document it is."),
        ("name", "name__printed_name", "The name on the list, as printed."),
        ("new_name", "new_name__printed_name", "The new name, as printed."), _NETWORK,
        "field", "old_value", "new_value",
    )),
    Table("laws", "Laws and policies", Law.objects.all, ("slug",), _columns(
        Law, "slug", "kind", ("place_geoid", "place__geoid", "GEOID of the place that it binds."), "title", "citation",
        "url", "limits", "retention_days", "in_force_from", "in_force_to", "listed_by", "verified_on", "source",
    )),
    Table("findings", "Findings", Finding.objects.all, ("uuid",), _columns(
        Finding, ("id", "uuid", ID), "rule", "rule_version", "severity",
        ("agency_slug", "agency__slug", "Whom it is about: slug."),
        ("counterpart_slug", "counterpart__slug", "The other agency, if one: slug."), _NETWORK,
        ("law", "law__slug", "Slug of the law, if one."), "as_of",
    )),
)  # fmt: skip
"""All public tables, in the order in which they are written."""

BY_NAME = {table.name: table for table in TABLES}
