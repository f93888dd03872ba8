"""Which agencies are ICE, CBP or a part of them: by the registry's parents, as deep as they go."""

from django.db.models import Q

from agencies.models import Agency
from agencies.network.graph import Body

ROOTS = {
    "immigration-and-customs-enforcement": Body.ICE,
    "customs-and-border-protection": Body.BORDER,
}
"""Slugs of the two bodies; Border Patrol and its sectors are parts of CBP, HSI and ERO of ICE."""


def bodies() -> dict[int, Body]:
    """Return what each federal body, and each part of ICE or CBP, is; by primary key. One query.

    A record that was merged counts as what it was merged into, as a parent too.
    """
    rows = Agency.objects.filter(Q(kind=Agency.Kind.FEDERAL) | Q(parent__isnull=False) | Q(merged_into__isnull=False))
    found = {row[0]: row[1:] for row in rows.order_by().values_list("pk", "slug", "kind", "parent", "merged_into")}
    return {pk: body for pk in found if (body := _body(pk, found)) != Body.OTHER}


def _body(pk: int, found: dict[int, tuple[str, str, int | None, int | None]]) -> Body:
    """Return what one agency is: the first root above it decides."""
    body, above, seen = Body.OTHER, pk, set[int]()
    while above in found and above not in seen:
        seen.add(above)
        slug, kind, parent, merged_into = found[above]
        if slug in ROOTS:
            return ROOTS[slug]
        if above == pk and kind == Agency.Kind.FEDERAL:
            body = Body.FEDERAL
        above = merged_into or parent or 0
    return body


def reached_ids() -> list[int]:
    """Return the primary keys of ICE, CBP and their parts; one query."""
    return [pk for pk, body in bodies().items() if body in (Body.ICE, Body.BORDER)]


def reached_bodies() -> list[Agency]:
    """Return ICE, CBP and their parts, by name: whom routes of the ladder lead to. Two queries."""
    return list(Agency.objects.current().filter(pk__in=reached_ids()).order_by("name", "pk"))
