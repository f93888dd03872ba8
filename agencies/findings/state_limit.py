"""Agencies of other states, or federal ones, are listed as getting access where a verified law limits that."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from agencies.findings.draft import SAMPLE, Draft, Rule
from agencies.findings.jurisdictions import Jurisdictions, in_force
from agencies.findings.material import Material
from agencies.models import Access, Agency, Finding, Law, Place, SharingLink

LIMITS = {Law.Limit.OUT_OF_STATE, Law.Limit.FEDERAL}
OWN = (SharingLink.Reporter.GRANTOR, SharingLink.Reporter.BOTH)
FIRST = 5
"""Grantees named in the sentence."""


@dataclass(frozen=True)
class Grantee:
    """One agency of another state, or a federal one, that a document lists as getting access."""

    pk: int
    name: str
    state: str
    is_federal: bool
    network: int
    last_seen: date
    is_own: bool


def find(material: Material) -> Iterator[Draft]:
    """Yield a finding for each agency and law of its state that was verified and in force when a grantee was listed.

    On a law that nobody held against its text the rule is silent: it would name most agencies of the state.
    """
    for law in material.laws:
        if law.is_verified and LIMITS & set(law.limits) and law.place.kind == Place.Kind.STATE:
            yield from _on(material, law)


def _on(material: Material, law: Law) -> Iterator[Draft]:
    """Yield the findings on one law."""
    grantees = _grantees(law)
    jurisdictions = Jurisdictions(grantees)
    held = {grantor: found for grantor, found in grantees.items() if jurisdictions.holds(law, grantor)}
    shown = {grantor: found[:SAMPLE] for grantor, found in held.items()}
    seen = material.sightings(
        grantor_alias__in=material.aliases_of(held),
        grantee_alias__in=material.aliases_of({one.pk for found in shown.values() for one in found}),
    )
    for grantor, found in held.items():
        sightings = [seen.get((grantor, one.pk, one.network), []) for one in shown[grantor]]
        yield Draft(
            severity=Finding.Severity.HIGH if any(one.is_federal for one in found) else Finding.Severity.MEDIUM,
            agency=grantor,
            law=law,
            as_of=max(one.last_seen for one in found),
            key=(law.slug,),
            data={
                "federal": len({one.pk for one in found if one.is_federal}),
                "other_states": len({one.pk for one in found if not one.is_federal}),
                "own": len({one.pk for one in found if one.is_own}),
                "first": list(dict.fromkeys(one.name for one in found))[:FIRST],
                "oldest": min(one.last_seen for one in found).isoformat(),
            },
            statements=tuple(listed[0].statement for listed in sightings if listed),
        )


def _grantees(law: Law) -> dict[int, list[Grantee]]:
    """Return by grantor whom the law's limits are about, federal first, then the newest; one query."""
    links = SharingLink.objects.listed().filter(grantor__state=law.place.state, access=Access.CONFIGURED)
    columns = (
        "grantor",
        "grantee",
        "grantee__name",
        "grantee__state",
        "grantee__kind",
        "network",
        "last_seen",
        "reported_by",
    )
    found: dict[int, list[Grantee]] = defaultdict(list)
    for grantor, pk, name, state, kind, network, last_seen, by in links.order_by().values_list(*columns):
        one = Grantee(pk, name, state, kind == Agency.Kind.FEDERAL, network, last_seen, by in OWN)
        if in_force(law, last_seen) and kind != Agency.Kind.PRIVATE and _is_limited(law, one):
            found[grantor].append(one)
    for grantees in found.values():
        grantees.sort(key=lambda one: (not one.is_federal, -one.last_seen.toordinal(), one.name, one.pk))
    return found


def _is_limited(law: Law, one: Grantee) -> bool:
    """Tell whether a grantee is of the sort that the law limits."""
    if one.is_federal:
        return Law.Limit.FEDERAL in law.limits
    return Law.Limit.OUT_OF_STATE in law.limits and one.state not in ("", law.place.state)


RULE = Rule("state-limit", 1, find)
