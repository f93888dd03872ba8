"""An agency says that it keeps plate reads longer than a law of its state allows."""

from collections.abc import Iterator

from agencies.findings.draft import Draft, Rule
from agencies.findings.jurisdictions import Jurisdictions, in_force
from agencies.findings.material import Material, OwnFact
from agencies.models import FactField, Finding, Law


def find(material: Material) -> Iterator[Draft]:
    """Yield a finding for each agency, network and law whose limit in days the agency's newest own figure exceeds."""
    laws = [law for law in material.laws if law.retention_days is not None and Law.Limit.RETENTION in law.limits]
    if not laws:
        return
    facts = [fact for fact in material.own_facts(FactField.RETENTION_DAYS) if _is_number(fact.value)]
    jurisdictions = Jurisdictions({fact.agency for fact in facts})
    for law in laws:
        for fact in facts:
            if fact.value > law.retention_days and in_force(law, fact.day) and jurisdictions.holds(law, fact.agency):
                yield _draft(material, law, fact)


def _is_number(value: object) -> bool:
    """Tell whether a fact's value is a number of days; yes and no are none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _draft(material: Material, law: Law, fact: OwnFact) -> Draft:
    """Return the finding on one figure."""
    source = material.sources[fact.source]
    return Draft(
        severity=Finding.Severity.MEDIUM,
        agency=fact.agency,
        network=fact.network,
        law=law,
        as_of=fact.day,
        key=(law.slug, source.slug),
        data={"days": fact.value, "limit": law.retention_days, "publisher": source.publisher},
        statements=(fact.statement,),
    )


RULE = Rule("retention", 1, find)
