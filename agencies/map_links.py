"""The links that the map draws of one agency, or across the border of one place, with every date that decides when.

The page's slider and its comparison of two days choose among them by the same rule as `LinkFilter`: first seen up to
the day, neither ended nor inactive by it.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from typing import Any

import shapely
from django.db.models import Count, Q, QuerySet

from agencies.link_filter import ALL, BOTH, GRANTS, RECEIPTS, LinkFilter, agencies_of
from agencies.models import Agency, Place, PlaceBoundary, SharingLink

Subject = Agency | Place
DATES = ("first_seen", "last_seen", "ended_as_of", "inactive_as_of", "disputed_on")
DECIMALS = 4
"""Of a degree in outlines: ten metres."""


def own_agencies(subject: Subject) -> QuerySet[Agency]:
    """Return the agency itself, or the current agencies of a place."""
    return Agency.objects.filter(pk=subject.pk) if isinstance(subject, Agency) else agencies_of(subject)


def links_across(subject: Subject, wanted: LinkFilter) -> QuerySet[SharingLink]:
    """Return the links between the subject's agencies and others that fit; those within a place are left out."""
    own = own_agencies(subject).order_by().values("pk")
    links = wanted.apply(SharingLink.objects.all(), None if isinstance(subject, Place) else subject)
    if isinstance(subject, Agency):
        return links
    sides = Q(grantor__in=own) & ~Q(grantee__in=own) & wanted.partner("grantee")
    others = Q(grantee__in=own) & ~Q(grantor__in=own) & wanted.partner("grantor")
    return links.filter({GRANTS: sides, RECEIPTS: others, BOTH: sides | others}[wanted.direction])


def links_payload(subject: Subject, wanted: LinkFilter) -> dict[str, Any]:
    """Return the subject's links by partner, of any status and day: the reader's script chooses. Two to four queries.

    Rows are [slug, name or 0, direction, network, kind of access, federal or 0, links, first seen, last seen, ended,
    inactive, disputed]. Direction is "g" where the subject's side grants and "r" where it receives; a name stands only
    where the other side has no point, as the map knows the others. Links of a place that differ only in which of its
    agencies they are of are one row with their number.
    """
    wanted = replace(wanted, status=ALL, as_of=None)
    networks: dict[str, int] = {}
    rows: list[list[Any]] = []
    for far, direction in (("grantee", GRANTS), ("grantor", RECEIPTS)):
        if wanted.direction not in (direction, BOTH):
            continue
        links = links_across(subject, replace(wanted, direction=direction))
        columns = (f"{far}__slug", f"{far}__name", f"{far}__latitude", f"{far}__kind", "network__name", "access")
        found = links.order_by().values_list(*columns, *DATES).annotate(n=Count("pk", distinct=True))
        for slug, name, latitude, kind, network, access, *dates, count in found.order_by(f"{far}__name", *columns[:1]):
            shown = name if latitude is None else 0
            code = networks.setdefault(network, len(networks))
            is_federal = int(kind == Agency.Kind.FEDERAL)
            rows.append([slug, shown, direction[0], code, access, is_federal, count, *map(_iso, dates)])
    name = subject.name if isinstance(subject, Agency) else str(subject)
    return {"name": name, "networks": list(networks), "links": rows}


def _iso(day: date | None) -> str | int:
    """Return the date as YYYY-MM-DD, 0 for none."""
    return day.isoformat() if day else 0


def place_payload(place: Place) -> dict[str, Any]:
    """Return a place's point, outline (rings of [longitude, latitude]) and the slugs of its agencies. Two queries."""
    wkb = PlaceBoundary.objects.filter(place=place).values_list("wkb", flat=True).first()
    slugs = agencies_of(place).order_by("slug").values_list("slug", flat=True)
    return {
        "geoid": place.geoid,
        "kind": place.kind,
        "state": place.state,
        "at": None if place.latitude is None else [place.latitude, place.longitude],
        "outline": list(_rings(shapely.from_wkb(bytes(wkb)))) if wkb else [],
        "agencies": list(slugs),
    }


def _rings(shape: Any) -> Iterable[list[list[float]]]:
    """Yield the rings of a shape's polygons."""
    for part in getattr(shape, "geoms", [shape]):
        for ring in (part.exterior, *part.interiors):
            yield [[round(x, DECIMALS), round(y, DECIMALS)] for x, y in ring.coords]
