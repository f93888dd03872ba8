"""An agency's portal prohibits use for immigration enforcement; documents list ICE, CBP or a part as getting access."""

from collections.abc import Iterator

from agencies.findings.draft import SAMPLE, Draft, Rule
from agencies.findings.listings import by_strength, evidence, listing
from agencies.findings.material import Material
from agencies.models import FactField, Finding, Source

PROHIBITED = "immigration_enforcement"
DAYS_APART = 366
"""A listing and a portal's text are held against each other when no more days than this lie between them."""


def find(material: Material) -> Iterator[Draft]:
    """Yield a finding for each agency and network whose newest own portal prohibits the use.

    Only listed links of the portal's own network count, and none whose account is marked inactive. Other federal
    bodies do not count: nearly every portal carries that line.
    """
    links = [link for link in material.body_links if link.sightings]
    for fact in material.own_facts(FactField.PROHIBITED_USES, {link.grantor for link in links}):
        source = material.sources[fact.source]
        if source.kind != Source.Kind.PORTAL or PROHIBITED not in (fact.value or ()):
            continue
        meant = [
            link
            for link in links
            if link.grantor == fact.agency
            and fact.network in (None, link.network)
            and abs((link.last_seen - fact.day).days) <= DAYS_APART
        ]
        if not meant:
            continue
        meant = by_strength(material, meant)
        yield Draft(
            severity=Finding.Severity.HIGH,
            agency=fact.agency,
            counterpart=meant[0].body if len({link.body for link in meant}) == 1 else None,
            network=meant[0].network,
            as_of=max(fact.day, *(link.last_seen for link in meant)),
            key=(source.slug,),
            data={
                "stated": fact.day.isoformat(),
                "listed": [listing(material, link) for link in meant],
            },
            statements=(fact.statement, *evidence(meant)[: SAMPLE - 1]),
        )


RULE = Rule("prohibited-use", 1, find)
