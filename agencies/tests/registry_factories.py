"""Small made-up counties, cities and FBI rows for the registry's tests."""

from shapely import box

from agencies.ingest.census_places import Gazetteer, Place
from agencies.ingest.curated import Body, Curated
from agencies.ingest.fbi_registry import Agency, build_registry
from agencies.ingest.fbi_tables import join_tables
from agencies.ingest.registry_geography import Geography

SQUARE = 1.0
"""Counties stand in a row, each a square degree; cities are small squares within."""


def county(geoid: str, name: str, state: str, column: int) -> Place:
    """Make a county that is the `column`-th square from the west."""
    outline = box(column, 0, column + SQUARE, SQUARE)
    return Place(geoid, "county", name, name, state, outline, "0.5000", f"{column + 0.5:.4f}", "test")


def city(geoid: str, name: str, state: str, column: int, county_geoid: str, class_code: str = "C1") -> Place:
    """Make a city in the middle of the `column`-th county."""
    outline = box(column + 0.4, 0.4, column + 0.6, 0.6)
    return Place(
        geoid, "city", name, f"{name} city", state, outline, "0.4500", f"{column + 0.45:.4f}", "test",
        county_geoid=county_geoid, class_code=class_code,
    )  # fmt: skip


def state(geoid: str, name: str, code: str) -> Place:
    """Make a state without an outline."""
    return Place(geoid, "state", name, name, code, None, "", "", "test")


def gazetteer() -> Gazetteer:
    """Make two states, four counties and three cities, one of them the surviving twin of a name."""
    return Gazetteer(
        [state("06", "California", "CA"), state("31", "Nebraska", "NE")],
        [
            county("06001", "Alameda County", "CA", 0),
            county("06085", "Santa Clara County", "CA", 1),
            county("06037", "Los Angeles County", "CA", 2),
            county("31055", "Douglas County", "NE", 3),
        ],
        [
            city("0620018", "Dublin", "CA", 0, "06001"),
            city("0608968", "Burbank", "CA", 1, "06085", "U1"),
            city("3137000", "Omaha", "NE", 3, "31055"),
        ],
    )


def row_2018(ori: str, name: str, fbi_type: str = "City", county: str = "") -> dict[str, str]:
    """Make a row of the 2018 table, with coordinates that must never be used."""
    return {
        "ori": ori, "agency_name": name, "agency_type_name": fbi_type, "county_name": county, "state_abbr": ori[:2],
        "latitude": "77.7777", "longitude": "-77.7777",
    }  # fmt: skip


def row_2025(ori: str, name: str, fbi_type: str = "City", county: str = "", **figures: str) -> dict[str, str]:
    """Make a row of the 2025 table."""
    return {
        "ori": ori, "pub_agency_name": name, "agency_type_name": fbi_type, "county_name": county,
        "state_abbr": ori[:2], "data_year": "2025", "population": "0", "officer_ct": "5", "total_pe_ct": "5", **figures,
    }  # fmt: skip


def curated(federal: tuple[Body, ...] = (), overrides: dict[str, dict[str, str]] | None = None) -> Curated:
    """Make hand-made tables with California's highway patrol, which the FBI's tables lack."""
    patrol = Body("california-highway-patrol-ca", "California Highway Patrol", "CA", "", "", "https://example.org/")
    return Curated(federal, (patrol,), overrides or {})


def build(
    older: list[dict[str, str]],
    newer: list[dict[str, str]],
    tables: Curated | None = None,
    earlier: list[Agency] | None = None,
) -> dict[str, Agency]:
    """Build a registry, perhaps after an earlier one; return its agencies by ORI, or by slug where they have none."""
    agencies = build_registry(join_tables(older, newer), tables or curated(), Geography(gazetteer()), earlier)
    return {agency.ori or agency.slug: agency for agency in agencies}
