"""A small record for the browser tests: Union City with documents, and a town that nobody has looked at."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from agencies.models import Agency, Capture, Place
from agencies.network.rebuild import rebuild_links
from agencies.tests.factories import (
    make_agency,
    make_alias,
    make_answer,
    make_capture,
    make_grant,
    make_list,
    make_network,
    make_place,
    make_serving,
    make_source,
)


@dataclass
class SmallRecord:
    """What the tests name."""

    city: Place
    town: Place
    police: Agency
    town_police: Agency
    oakland: Agency
    sheriff: Agency
    ice: Agency
    capture: Capture


def make_small_record() -> SmallRecord:
    """Create two places, their agencies, one portal capture of 2026 and a disputed statement of 2019.

    Union City gives access to Oakland, the sheriff and the postal inspectors, and gets access from Oakland: three
    of these four links have a point at both ends, in two pairs.
    """
    make_place("California", kind="state", geoid="06", full_name="California")
    county = make_place("Alameda", kind="county", geoid="06001", full_name="Alameda County", search_key="alameda")
    city = make_place("Union City", geoid="0681204", county=county)
    town = make_place("Smalltown", geoid="0600001", county=county)
    police = make_agency("Union City Police Department", county=county, **_at(37.5876, -122.0258))
    town_police = make_agency("Smalltown Police Department", county=county, **_at(37.2, -121.2))
    oakland = make_agency("Oakland Police Department", county=county, **_at(37.7699, -122.2256))
    at_county = _at(37.6504, -121.9176, "county_centroid")
    sheriff = make_agency("Alameda County Sheriff's Office", kind="sheriff", county=county, **at_county)
    make_agency("Alameda County District Attorney", kind="prosecutor", county=county, **at_county)
    ice = make_agency("Immigration and Customs Enforcement", state="", kind="federal")
    postal = make_agency("Postal Inspection Service", state="", kind="federal")
    for agency, place in ((police, city), (town_police, town)):
        make_serving(agency, place)
    make_serving(sheriff, county, "county")
    capture = _portal(police, [oakland, sheriff, postal], [oakland])
    _disputed(police, ice)
    rebuild_links()
    return SmallRecord(city, town, police, town_police, oakland, sheriff, ice, capture)


def _at(latitude: float, longitude: float, precision: str = "place_centroid") -> dict[str, Any]:
    """Return the fields of a point."""
    return {"latitude": latitude, "longitude": longitude, "coordinate_precision": precision}


def _portal(police: Agency, grantees: list[Agency], grantors: list[Agency]) -> Capture:
    """Create a capture of the agency's portal with a list each way."""
    source = make_source(agency_alias=make_alias(police.name, police), publisher=police.name)
    capture = make_capture(source, date(2026, 4, 23), kept_text="Organizations granted access to Union City data")
    granting = make_list(capture)
    for grantee in grantees:
        make_grant(police, grantee, granting)
    receiving = make_list(capture, reported_by="grantee", section="organizations-sharing")
    for grantor in grantors:
        make_grant(grantor, police, receiving)
    return capture


def _disputed(police: Agency, ice: Agency) -> None:
    """Create the 2019 statement that names the agency, and its answer."""
    source = make_source("ice-records-2019", kind="foia", publisher="a newspaper", title="Records released in 2019")
    listing = make_list(
        make_capture(source, date(2019, 3, 13)),
        completeness="extract",
        reported_by="third_party",
        network=make_network("vigilant"),
        section="ice-access-2019",
    )
    make_answer(police, make_grant(police, ice, listing))
