"""Rows for tests of findings and laws: federal bodies, portals of agencies, laws."""

from datetime import date
from typing import Any

from agencies.findings.draft import Draft, Rule
from agencies.findings.material import Material
from agencies.identifiers import record_id
from agencies.models import Agency, Capture, Law, Place, SharingList, Source
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_capture,
    make_grant,
    make_list,
    make_network,
    make_place,
    make_source,
)

DAY = date(2026, 4, 23)


def make_federal_bodies() -> dict[str, Agency]:
    """Create ICE with a part of a part, CBP with Border Patrol and a sector, and the FBI."""

    def body(slug: str, name: str, parent: Agency | None = None) -> Agency:
        return make_agency(name, "", slug=slug, kind="federal", parent=parent)

    ice = body("immigration-and-customs-enforcement", "U.S. Immigration and Customs Enforcement")
    hsi = body("ice-homeland-security-investigations", "ICE Homeland Security Investigations", ice)
    cbp = body("customs-and-border-protection", "U.S. Customs and Border Protection")
    patrol = body("border-patrol", "U.S. Border Patrol", cbp)
    return {
        "ice": ice,
        "hsi": hsi,
        "newark": body("ice-hsi-newark", "ICE Homeland Security Investigations, Newark", hsi),
        "cbp": cbp,
        "patrol": patrol,
        "sector": body("border-patrol-san-diego-sector", "U.S. Border Patrol, San Diego Sector", patrol),
        "fbi": body("federal-bureau-of-investigation", "Federal Bureau of Investigation"),
    }


def make_law(slug: str = "ca-values-act", place: Place | None = None, **values: Any) -> Law:
    """Create a sanctuary law (by default) that is in force since 2018 and that nobody verified."""
    defaults: dict[str, Any] = {
        "kind": "sanctuary",
        "title": "California Values Act",
        "citation": "Gov. Code § 7284",
        "limits": ["immigration"],
        "in_force_from": date(2018, 1, 1),
        "source": "test",
    }
    place = place or Place.objects.filter(geoid="06").first() or make_place("California", geoid="06", kind="state")
    return Law.objects.create(uuid=record_id("law", slug), slug=slug, place=place, **{**defaults, **values})


def make_portal(agency: Agency, **values: Any) -> Source:
    """Return the agency's own portal."""
    alias = make_alias(agency.name, agency, agency.state)
    defaults = {"agency_alias": alias, "publisher": agency.name}
    return make_source(f"flock-portal-{agency.slug}", **{**defaults, **values})


def make_copy(agency: Agency, day: date = DAY, **values: Any) -> Capture:
    """Create one dated copy of the agency's own portal."""
    return make_capture(make_portal(agency), day, **values)


def lists(agency: Agency, *grantees: Agency, day: date = DAY, network: str = "flock", **values: Any) -> SharingList:
    """State that the agency's own portal lists grantees on a day; links are not rebuilt."""
    found = make_list(make_copy(agency, day), network=make_network(network))
    for grantee in grantees:
        make_grant(agency, grantee, found, **values)
    return found


def receives(agency: Agency, *grantors: Agency, day: date = DAY, **values: Any) -> SharingList:
    """State that the agency's own portal lists who gives it access on a day."""
    found = make_list(make_copy(agency, day), reported_by="grantee", section="organizations-sharing")
    for grantor in grantors:
        make_grant(grantor, agency, found, **values)
    return found


def found(rule: Rule) -> list[Draft]:
    """Return what a rule finds in the record as it stands, links rebuilt."""
    rebuild_links()
    return list(rule.find(Material()))
