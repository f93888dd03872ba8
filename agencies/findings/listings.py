"""Who lists an immigration body as getting access, as figures that the wording needs."""

from typing import Any

from agencies.federal import ICE_2019
from agencies.findings.draft import SAMPLE
from agencies.findings.material import BodyLink, Material
from agencies.models import Source


def listing(material: Material, link: BodyLink) -> dict[str, Any]:
    """Return the newest document on a link: body, day, publisher, and what form it has."""
    newest = link.sightings[0]
    source = material.sources[newest.source]
    owner = material.publisher(source.pk)
    form = "other"
    if newest.section == ICE_2019:
        form = "release"
    elif source.kind == Source.Kind.PORTAL and owner in (link.grantor, link.body):
        form = "own_portal" if owner == link.grantor else "body_portal"
    elif source.kind == Source.Kind.FOIA:
        form = "records"
    return {
        "body": material.bodies.names[link.body],
        "day": newest.day.isoformat(),
        "publisher": source.publisher,
        "network": material.networks[link.network],
        "form": form,
    }


def evidence(links: list[BodyLink]) -> tuple[int, ...]:
    """Return the statements behind links, the newest of each first, at most SAMPLE."""
    turns = [[link.sightings[turn].statement for link in links if turn < len(link.sightings)] for turn in range(SAMPLE)]
    return tuple([statement for turn in turns for statement in turn][:SAMPLE])


def by_strength(material: Material, links: list[BodyLink]) -> list[BodyLink]:
    """Order links: ICE and its parts before CBP and its own, then the newest, then by name."""
    names = material.bodies.names
    return sorted(
        links, key=lambda link: (link.body not in material.bodies.ice, -link.last_seen.toordinal(), names[link.body])
    )
