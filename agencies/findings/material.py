"""What the rules read, each part once and as plain values: the whole record in a few queries."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Coalesce

from agencies.findings.federal_bodies import ImmigrationBodies, immigration_bodies
from agencies.models import (
    Access,
    AccountStatus,
    Alias,
    Fact,
    Law,
    Network,
    SharingLink,
    SharingStatement,
    Source,
    Statement,
)
from agencies.querysets import first_of_day

GrantKey = tuple[int, int, int]
"""(grantor, grantee, network), all primary keys."""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One standing statement that lists an account that is not marked inactive."""

    statement: int
    day: date
    source: int
    section: str


@dataclass(frozen=True)
class BodyLink:
    """A link, listed when last seen, that gives ICE, CBP or a part of them configured access; newest sighting first."""

    grantor: int
    body: int
    network: int
    last_seen: date
    sightings: list[Sighting] = field(default_factory=list)


@dataclass(frozen=True)
class OwnFact:
    """The newest value of a fact that an agency states of itself; `value` is None where it publishes none."""

    agency: int
    network: int | None
    day: date
    value: Any
    statement: int
    source: int


class Material:
    """The record as the rules see it; every part is read when first asked for."""

    @cached_property
    def bodies(self) -> ImmigrationBodies:
        """Return ICE, CBP and their parts."""
        return immigration_bodies()

    @cached_property
    def laws(self) -> list[Law]:
        """Return the laws of the places themselves: another's label is none."""
        return list(Law.objects.exclude(kind=Law.Kind.LABEL).select_related("place").order_by("slug"))

    @cached_property
    def agency_of(self) -> dict[int, int]:
        """Return the agency that each matched alias stands for, a merged one's successor in its place."""
        stands_for = Coalesce("decision__agency__merged_into", "decision__agency")
        matched = Alias.objects.filter(decision__outcome="matched").annotate(stands_for=stands_for)
        return dict(matched.order_by().values_list("pk", "stands_for"))

    @cached_property
    def sources(self) -> dict[int, Source]:
        """Return every publication by id."""
        return Source.objects.in_bulk()

    @cached_property
    def networks(self) -> dict[int, str]:
        """Return the name of every network."""
        return dict(Network.objects.order_by().values_list("pk", "name"))

    def publisher(self, source: int) -> int | None:
        """Return the agency whose own publication a source is; None for those of others."""
        alias = self.sources[source].agency_alias_id
        return self.agency_of.get(alias) if alias else None

    def aliases_of(self, agencies: Collection[int]) -> list[int]:
        """Return the aliases matched to any of the agencies."""
        wanted = set(agencies)
        return [alias for alias, agency in self.agency_of.items() if agency in wanted]

    @cached_property
    def body_links(self) -> list[BodyLink]:
        """Return every listed link to an immigration body, by grantor; two queries."""
        links = SharingLink.objects.listed().filter(grantee__in=self.bodies.all, access=Access.CONFIGURED)
        rows = links.order_by("grantor_id", "grantee_id", "network_id").values_list(
            "grantor", "grantee", "network", "last_seen"
        )
        seen = self.sightings(grantee_alias__in=self.aliases_of(self.bodies.all))
        return [
            BodyLink(grantor, body, network, last_seen, seen.get((grantor, body, network), []))
            for grantor, body, network, last_seen in rows
        ]

    def sightings(self, **which: Any) -> dict[GrantKey, list[Sighting]]:
        """Return the standing sightings of configured access that a filter keeps, newest first; one query."""
        rows = standing_grants().filter(account_status=AccountStatus.ACTIVE, **which)
        columns = (
            "statement",
            "statement__observed_on",
            "sharing_list__stream__source",
            "sharing_list__stream__section",
        )
        found: dict[GrantKey, list[Sighting]] = defaultdict(list)
        ends = ("grantor_alias", "grantee_alias", "sharing_list__stream__network")
        for grantor, grantee, network, *rest in rows.values_list(*ends, *columns):
            key = (self.agency_of.get(grantor, 0), self.agency_of.get(grantee, 0), network)
            if key[0] and key[1] and key[0] != key[1]:
                found[key].append(Sighting(*rest))
        for sightings in found.values():
            sightings.sort(key=lambda one: (one.day, one.statement), reverse=True)
        return found

    def own_facts(self, name: str, agencies: Collection[int] | None = None) -> Iterator[OwnFact]:
        """Yield the newest standing fact of that name for each agency and network, from their own publications."""
        facts = Fact.objects.filter(field=name, statement__in=Statement.objects.standing().values("pk"))
        if agencies is not None:
            facts = facts.filter(alias__in=self.aliases_of(agencies))
        columns = ("alias", "network", "statement__observed_on", "value", "statement", "statement__capture__source")
        told: set[tuple[int, int | None]] = set()
        order = ("-statement__observed_on", *first_of_day("statement__capture"), "statement__uuid")
        for alias, network, *rest in facts.order_by(*order).values_list(*columns):
            agency = self.agency_of.get(alias)
            if agency and (agency, network) not in told and self.publisher(rest[-1]) == agency:
                told.add((agency, network))
                yield OwnFact(agency, network, *rest)


def standing_grants() -> QuerySet[SharingStatement]:
    """Return the standing statements of configured access."""
    standing = Statement.objects.standing().values("pk")
    return SharingStatement.objects.filter(
        statement__in=standing, sharing_list__stream__access=Access.CONFIGURED
    ).order_by()
