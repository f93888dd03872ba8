"""The links of a network view, or of the whole filtered record, as nodes and edges for files.

Of a view: all that its table stands on, the links between the subject and those one link away and those from there to
agencies two links away. Links among agencies of one layer are not part of it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Q
from django.urls import reverse

from agencies.link_filter import BOTH, GRANTS, RECEIPTS, LinkFilter
from agencies.models import Access, Agency, SharingLink
from agencies.querysets import SharingLinkQuerySet
from agencies.two_hops import Layers, Subject, Ways, layers

MOST = 100_000
"""Links that a file holds at most; whoever wants more takes a release, which has all of them."""
CHUNK = 2_000

AGENCY = ("slug", "name", "uuid", "kind", "state")
LINK = (
    *("uuid", "network__slug", "access", "status", "first_seen", "last_seen", "ended_as_of", "inactive_as_of"),
    *("reported_by", "statement_count", "disputed_on"),
)
LINK_NAMES = tuple(name.removesuffix("__slug") for name in LINK)
NODE_COLUMNS = {
    **dict.fromkeys(("name", "uuid", "kind", "state", "role"), "string"),
    **dict.fromkeys(("hops_grants", "hops_receipts"), "integer"),
}
"""What is said of an agency, with its type. `role`: subject, found, on the way; empty without a subject."""
EDGE_COLUMNS = {
    **dict.fromkeys(LINK_NAMES[:9], "string"),
    "statement_count": "integer",
    "disputed_on": "string",
    "evidence": "string",
    **dict.fromkeys(("hop_grants", "hop_receipts"), "integer"),
}
"""What is said of a link, with its type. `hop_grants`: it is the first or second one away, followed by grants."""

Values = dict[str, Any]


class TooManyLinksError(Exception):
    """More links fit than a file may hold."""


@dataclass(frozen=True)
class Node:
    """An agency by its slug, and what is said of it; None: not said."""

    key: str
    values: Values


@dataclass(frozen=True)
class Edge:
    """A link from who gives access to who gets it, by their slugs, and what is said of it."""

    source: str
    target: str
    values: Values


@dataclass
class NetworkData:
    """Everything of an export but the edges, which are read while they are written."""

    nodes: dict[int, Node]
    querysets: list[SharingLinkQuerySet]
    hops: dict[int, Values] = field(default_factory=dict)
    address: str = ""

    def edges(self) -> Iterator[Edge]:
        """Yield every link once, streamed."""
        written: set[int] = set()
        pattern = self.address + reverse("pair-detail", args=["GRANTOR", "GRANTEE"])
        for links in self.querysets:
            rows = links.order_by("pk").values_list("pk", "grantor_id", "grantee_id", *LINK)
            for pk, grantor, grantee, *values in rows.iterator(chunk_size=CHUNK):
                if pk not in written and grantor in self.nodes and grantee in self.nodes:
                    written.add(pk)
                    source, target = self.nodes[grantor].key, self.nodes[grantee].key
                    evidence = pattern.replace("GRANTOR", source).replace("GRANTEE", target)
                    said = dict(zip(LINK_NAMES, values, strict=True))
                    yield Edge(source, target, {**said, "evidence": evidence, **self.hops.get(pk, {})})


def network_data(subject: Subject | None, chosen: LinkFilter, address: str) -> NetworkData:
    """Return what a file is made of; `address` is the site's own. Raises TooManyLinksError."""
    if subject is None:
        return _whole(chosen, address)
    wanted = (GRANTS, RECEIPTS) if chosen.direction == BOTH else (chosen.direction,)
    sides = [_Side(subject, replace(chosen, direction=one)) for one in wanted]
    querysets = [links for side in sides for links in side.querysets()]
    _refuse_more_than(MOST, querysets)
    hops: dict[int, Values] = {}
    roles: dict[int, Values] = {}
    for side in sides:
        side.note_hops(hops)
        side.note_roles(roles)
    for key in subject.keys:
        roles[key] = {"role": "subject"}
    return NetworkData(_nodes(Agency.objects.filter(pk__in=list(roles)), roles), querysets, hops, address)


def _whole(chosen: LinkFilter, address: str) -> NetworkData:
    """Return all links that fit; of those two links away there is nothing to say."""
    links = chosen.apply(SharingLink.objects.all())
    links = links if chosen.access else links.exclude(access=Access.HOTLIST)
    _refuse_more_than(MOST, [links])
    ends = Q(pk__in=links.order_by().values("grantor")) | Q(pk__in=links.order_by().values("grantee"))
    return NetworkData(_nodes(Agency.objects.filter(ends), {}), [links], address=address)


def _refuse_more_than(most: int, querysets: Iterable[SharingLinkQuerySet]) -> None:
    """Raise TooManyLinksError for more links than a file may hold."""
    if sum(links.count() for links in querysets) > most:
        raise TooManyLinksError


def _nodes(agencies: Any, roles: dict[int, Values]) -> dict[int, Node]:
    """Return agencies as nodes by primary key; one query."""
    rows = agencies.order_by("pk").values_list("pk", *AGENCY)
    return {
        pk: Node(slug, {"name": name, "uuid": uuid, "kind": kind, "state": state or None, **roles.get(pk, {})})
        for pk, slug, name, uuid, kind, state in rows
    }


@dataclass(frozen=True)
class _Side:
    """One direction of an export."""

    subject: Subject
    chosen: LinkFilter

    @cached_property
    def ways(self) -> Ways:
        """Return the links around the subject."""
        return Ways(self.subject, self.chosen)

    @cached_property
    def found(self) -> Layers:
        """Return the layers around the subject, as the page counts them."""
        return layers(self.subject, self.chosen)

    def querysets(self) -> list[SharingLinkQuerySet]:
        """Return the first links, then the second ones."""
        near = [row.agency for row in self.found.near]
        return [self.ways.first().filter(**{f"{self.ways.far}__in": near}), self.ways.second(near)]

    def note_hops(self, hops: dict[int, Values]) -> None:
        """Note of each link how far it is from the subject."""
        for number, links in enumerate(self.querysets(), start=1):
            for pk in links.order_by().values_list("pk", flat=True):
                hops.setdefault(pk, {})[f"hop_{self.chosen.direction}"] = number

    def note_roles(self, roles: dict[int, Values]) -> None:
        """Note of each agency how far away it is; one that is only on the way is told so."""
        name = f"hops_{self.chosen.direction}"
        for near in self.found.near:
            role = roles.setdefault(near.agency, {"role": "on the way"})
            if near.fits:
                role |= {"role": "found", name: 1}
        for far in self.found.far:
            roles.setdefault(far.agency, {}).update({"role": "found", name: 2})


@dataclass(frozen=True)
class About:
    """What a file says of itself: what it shows, with which filters, of which record, on what terms."""

    title: str
    caveat: str
    filters: str
    address: str
    as_of: date | None
    made_on: date
    licence: str = "CC BY 4.0, https://creativecommons.org/licenses/by/4.0/"
    source: str = "ALPR Sharing Atlas; each source keeps its own licence and credit"

    def items(self) -> dict[str, str]:
        """Return it as names and texts."""
        told = {
            "title": self.title,
            "note": self.caveat,
            "filters": self.filters,
            "source": f"{self.source}: {self.address}",
            "licence": self.licence,
            "record_as_of": self.as_of.isoformat() if self.as_of else "",
            "made_on": self.made_on.isoformat(),
        }
        return {name: text for name, text in told.items() if text}
