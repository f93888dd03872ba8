"""Who is one and two links away from an agency, or from the agencies of a place.

Two links away is only who stands on the lists of those one link away. It is no access: where A gives B access and B
gives C access, C has B's plate reads, and A's are seen by people at B (design rule 2).
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.db.models import Case, Count, IntegerField, Max, Min, Value, When
from django.utils.http import urlencode

from agencies.link_filter import ENDS, LinkFilter, agencies_of
from agencies.models import Access, Agency, Place, SharingLink
from agencies.querysets import SharingLinkQuerySet
from agencies.revision import kept


@dataclass(frozen=True)
class Subject:
    """What a network is seen from: an agency, or a place and the keys of its agencies."""

    body: Agency | Place
    keys: tuple[int, ...]

    @property
    def parameter(self) -> dict[str, str]:
        """Return how an address names it."""
        if isinstance(self.body, Agency):
            return {"agency": self.body.slug}
        return {"place": self.body.geoid}

    @property
    def query(self) -> str:
        """Return the query string that names it alone."""
        return urlencode(self.parameter)


def subject_of(body: Agency | Place) -> Subject:
    """Return an agency, or a place with its agencies, as a subject; one query for a place."""
    keys = [body.pk] if isinstance(body, Agency) else agencies_of(body).order_by("pk").values_list("pk", flat=True)
    return Subject(body, tuple(keys))


@dataclass(frozen=True)
class Near:
    """An agency one link away, and to how many agencies two links away it leads.

    It `fits` where the filters on partners keep it; others stand here only because they lead to one that fits.
    """

    agency: int
    is_federal: bool
    onward: int
    fits: bool


@dataclass(frozen=True)
class Far:
    """An agency two links away, and through how many agencies one link away."""

    agency: int
    is_federal: bool
    through: int


@dataclass(frozen=True)
class Layers:
    """Everyone around a subject: federal agencies first, then by number of links, then by name.

    `known`: of the agencies one link away that fit, for how many the atlas holds a link of the asked direction at all.
    `oldest` and `newest` are when the first links were last seen; None where there are none.
    """

    near: tuple[Near, ...]
    far: tuple[Far, ...]
    known: int
    oldest: date | None = None
    newest: date | None = None

    @cached_property
    def fitting(self) -> tuple[Near, ...]:
        """Return the agencies one link away that the filters keep."""
        return tuple(row for row in self.near if row.fits)


@dataclass(frozen=True)
class Ways:
    """The links around a subject that pass the filters on links; `own` is the end nearer to the subject."""

    subject: Subject
    chosen: LinkFilter

    @property
    def own(self) -> str:
        """Return the end of a link that is nearer to the subject."""
        return ENDS[self.chosen.direction][0]

    @property
    def far(self) -> str:
        """Return the end of a link that leads away from the subject."""
        return ENDS[self.chosen.direction][1]

    def links(self) -> SharingLinkQuerySet:
        """Return links that pass, whoever their ends are. Hot lists are no access to reads: only where asked for."""
        links = self.chosen.standing(SharingLink.objects.all())
        return links if self.chosen.access else links.exclude(access=Access.HOTLIST)

    def first(self) -> SharingLinkQuerySet:
        """Return the links between the subject and others."""
        whose = self.subject.keys
        return self.links().filter(**{f"{self.own}__in": whose}).exclude(**{f"{self.far}__in": whose})

    def second(self, near: Iterable[int]) -> SharingLinkQuerySet:
        """Return the links that lead from those one link away to agencies two links away that fit the filters."""
        between = list(near)
        nearer = [*between, *self.subject.keys]
        onward = self.links().filter(**{f"{self.own}__in": between}).exclude(**{f"{self.far}__in": nearer})
        return onward.filter(self.chosen.partner(self.far))


def layers(subject: Subject, chosen: LinkFilter) -> Layers:
    """Return who is one and two links away in the direction asked for (grants or receipts); six queries, or none."""
    name = hashlib.sha256(chosen.query(**subject.parameter).encode()).hexdigest()
    found: Layers = kept(f"layers-{name[:32]}", lambda: _read(Ways(subject, chosen)))
    return found


def _read(ways: Ways) -> Layers:
    """Count the links around a subject; numbers only."""
    far = ways.far
    partner = ways.chosen.partner(far)
    fits = Case(When(partner, then=Value(1)), default=Value(0)) if partner else Value(1)
    first = ways.first().order_by().values_list(far, f"{far}__kind", f"{far}__name").annotate(fits=fits).distinct()
    rows = list(first)
    second = ways.second(row[0] for row in rows).order_by()
    onward = dict(second.values_list(ways.own).annotate(n=Count(far, distinct=True)))
    through = second.values_list(far, f"{far}__kind", f"{far}__name").annotate(n=Count(ways.own, distinct=True))
    ranked = sorted(rows, key=lambda row: (row[1] != Agency.Kind.FEDERAL, -onward.get(row[0], 0), row[2], row[0]))
    near = [Near(row[0], row[1] == Agency.Kind.FEDERAL, onward.get(row[0], 0), bool(row[3])) for row in ranked]
    fitting = [row.agency for row in near if row.fits]
    told = SharingLink.objects.filter(**{f"{ways.own}__in": fitting}).order_by().values(ways.own).distinct()
    return Layers(
        near=tuple(row for row in near if row.fits or row.onward),
        far=tuple(
            Far(pk, kind == Agency.Kind.FEDERAL, count)
            for pk, kind, name, count in sorted(through, key=lambda r: (r[1] != "federal", -r[3], r[2], r[0]))
        ),
        known=told.count(),
        **ways.first().filter(partner).order_by().aggregate(oldest=Min("last_seen"), newest=Max("last_seen")),
    )


@dataclass(frozen=True)
class Row:
    """An agency of the table: one link away, or two over the agency `through`, by the best link of each hop.

    `count` is to how many agencies it leads, or through how many it is reached.
    """

    hops: int
    agency: Agency
    count: int
    first: SharingLink | None
    second: SharingLink | None = None
    through: Agency | None = None


def table(found: Layers) -> list[tuple[int, Near | Far]]:
    """Return what the rows of the table stand for, in their order: (links away, agency)."""
    return [*((1, row) for row in found.fitting), *((2, row) for row in found.far)]


def rows(subject: Subject, chosen: LinkFilter, found: Layers, page: Iterable[tuple[int, Near | Far]]) -> list[Row]:
    """Return some rows of the table with a link for each hop; three queries."""
    ways, asked = Ways(subject, chosen), list(page)
    beyond = [row.agency for hops, row in asked if hops == 2]
    last = best(ways.second(row.agency for row in found.near), ways.far, beyond)
    between = {pk: getattr(link, f"{ways.own}_id") for pk, link in last.items()}
    nearest = {row.agency for hops, row in asked if hops == 1} | set(between.values())
    first = best(ways.first(), ways.far, nearest)
    agencies = Agency.objects.in_bulk([row.agency for _hops, row in asked])
    return [_row(hops, row, agencies[row.agency], first, last) for hops, row in asked if row.agency in agencies]


def _row(
    hops: int, row: Near | Far, agency: Agency, first: dict[int, SharingLink], last: dict[int, SharingLink]
) -> Row:
    """Return one row of the table."""
    if isinstance(row, Near):
        return Row(hops, agency, row.onward, first.get(row.agency))
    second = last.get(row.agency)
    if second is None:  # Gone since the layers were read.
        return Row(hops, agency, row.through, None)
    through = second.grantor if agency.pk == second.grantee_id else second.grantee
    return Row(hops, agency, row.through, first.get(through.pk), second, through)


def best(links: SharingLinkQuerySet, end: str, agencies: Iterable[int]) -> dict[int, SharingLink]:
    """Return one link for each agency at the `end`: listed before others, the newest, the best attested; one query."""
    listed_first = Case(When(status=SharingLink.Status.LISTED, then=0), default=1, output_field=IntegerField())
    order = (f"{end}_id", listed_first, "-last_seen", "-statement_count", "pk")
    found = links.filter(**{f"{end}__in": list(agencies)}).order_by(*order).distinct(f"{end}_id").with_ends()
    return {getattr(link, f"{end}_id"): link for link in found}
