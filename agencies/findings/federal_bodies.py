"""The federal bodies whose access is a rung of the ladder: ICE, CBP and Border Patrol, each with its parts."""

from collections import defaultdict
from dataclasses import dataclass

from agencies.models import Agency

ICE = "immigration-and-customs-enforcement"
CBP = "customs-and-border-protection"
BORDER_PATROL = "border-patrol"


@dataclass(frozen=True)
class ImmigrationBodies:
    """Primary keys of ICE with its parts and of CBP, Border Patrol among it, with its parts; names by key."""

    ice: frozenset[int]
    cbp: frozenset[int]
    names: dict[int, str]

    @property
    def all(self) -> frozenset[int]:
        """Return both."""
        return self.ice | self.cbp


def immigration_bodies() -> ImmigrationBodies:
    """Return the bodies, found by `Agency.parent` at any depth; one query."""
    rows = list(Agency.objects.current().filter(kind=Agency.Kind.FEDERAL).values_list("pk", "slug", "parent", "name"))
    parts: dict[int | None, list[int]] = defaultdict(list)
    for pk, _slug, parent, _name in rows:
        parts[parent].append(pk)
    by_slug = {slug: pk for pk, slug, _parent, _name in rows}
    ice = _with_parts([by_slug[ICE]] if ICE in by_slug else [], parts)
    cbp = _with_parts([by_slug[slug] for slug in (CBP, BORDER_PATROL) if slug in by_slug], parts)
    return ImmigrationBodies(ice, cbp, {pk: name for pk, _slug, _parent, name in rows if pk in ice | cbp})


def _with_parts(heads: list[int], parts: dict[int | None, list[int]]) -> frozenset[int]:
    """Return bodies with all that stand below them."""
    found, waiting = set(heads), list(heads)
    while waiting:
        for part in parts[waiting.pop()]:
            if part not in found:
                found.add(part)
                waiting.append(part)
    return frozenset(found)
