"""A place's own law limits help to immigration enforcement; documents list ICE, CBP or a part as getting access."""

from collections import defaultdict
from collections.abc import Iterator

from agencies.findings.draft import Draft, Rule
from agencies.findings.jurisdictions import Jurisdictions, in_force
from agencies.findings.listings import by_strength, evidence, listing
from agencies.findings.material import BodyLink, Material
from agencies.models import Finding, Law


def find(material: Material) -> Iterator[Draft]:
    """Yield a finding for each agency and law of its own state, county or city.

    The law limits use for immigration enforcement and was in force on the day of the newest document that lists the
    body. A label that another government gives is no law of the place.
    """
    by_grantor: dict[int, list[BodyLink]] = defaultdict(list)
    for link in material.body_links:
        if link.sightings:
            by_grantor[link.grantor].append(link)
    jurisdictions = Jurisdictions(by_grantor)
    for law in material.laws:
        if law.kind != Law.Kind.SANCTUARY or Law.Limit.IMMIGRATION not in law.limits:
            continue
        for grantor, links in by_grantor.items():
            meant = [link for link in links if in_force(law, link.last_seen)]
            if meant and jurisdictions.holds(law, grantor):
                yield _draft(material, law, by_strength(material, meant))


def _draft(material: Material, law: Law, links: list[BodyLink]) -> Draft:
    """Return the finding on one agency's links."""
    networks = {link.network for link in links}
    return Draft(
        severity=Finding.Severity.HIGH,
        agency=links[0].grantor,
        counterpart=links[0].body if len({link.body for link in links}) == 1 else None,
        network=networks.pop() if len(networks) == 1 else None,
        law=law,
        as_of=max(link.last_seen for link in links),
        key=(law.slug,),
        data={"listed": [listing(material, link) for link in links]},
        statements=evidence(links),
    )


RULE = Rule("sanctuary", 1, find)
