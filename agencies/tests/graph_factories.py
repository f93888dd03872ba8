"""Federal bodies and lists for tests of ladders and routes."""

from datetime import date

from agencies.models import Agency, SharingList
from agencies.tests import factories as make

DAY = date(2026, 5, 1)
"""The day as of which tests judge: never today's, so that they say the same next year."""


def make_bodies() -> dict[str, Agency]:
    """Create DHS, ICE with a part and that one's part, CBP with Border Patrol and a sector, and the FBI."""
    bodies: dict[str, Agency] = {}
    for key, name, parent, slug in (
        ("dhs", "U.S. Department of Homeland Security", None, "department-of-homeland-security"),
        ("ice", "U.S. Immigration and Customs Enforcement", "dhs", "immigration-and-customs-enforcement"),
        ("hsi", "ICE Homeland Security Investigations", "ice", "ice-homeland-security-investigations"),
        ("newark", "ICE Homeland Security Investigations, Newark", "hsi", "hsi-newark"),
        ("cbp", "U.S. Customs and Border Protection", "dhs", "customs-and-border-protection"),
        ("patrol", "U.S. Border Patrol", "cbp", "border-patrol"),
        ("sector", "U.S. Border Patrol, San Diego Sector", "patrol", "border-patrol-san-diego-sector"),
        ("fbi", "Federal Bureau of Investigation", None, "federal-bureau-of-investigation"),
    ):
        bodies[key] = make.make_agency(
            name, state="", kind="federal", slug=slug, parent=bodies[parent] if parent else None
        )
    return bodies


def own_list(
    agency: Agency, day: date, *grantees: Agency, completeness: str = "complete", **status: str
) -> SharingList:
    """Publish an agency's own list of whom it gives access, of a day; `account_status` marks all of them."""
    source = make.make_source(f"portal-{agency.slug}", agency_alias=make.make_alias(agency.name, agency))
    found = make.make_list(make.make_capture(source, day), completeness=completeness)
    for grantee in grantees:
        make.make_grant(agency, grantee, found, **status)
    return found


def list_of_2019(ice: Agency, day: date, *grantors: Agency) -> SharingList:
    """Publish what ICE's own records say of who gives it access."""
    source = make.make_source("ice-2019", kind="press_release", publisher="ACLU")
    network = make.make_network("vigilant")
    found = make.make_list(
        make.make_capture(source, day),
        completeness="extract",
        reported_by="grantee",
        network=network,
        section="ice-access-2019",
    )
    for grantor in grantors:
        make.make_grant(grantor, ice, found)
    return found
