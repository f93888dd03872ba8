"""Registries for the matcher's tests: a small one of traps, and the whole one that ships, read from its files."""

from functools import cache

from django.conf import settings

from agencies.ingest.packed import read_packed_csv
from agencies.matching.matcher import Matcher
from agencies.matching.registry import Registry, Row


def row(name: str, state: str, kind: str = "municipal_police", **values: str) -> Row:
    """Return a registry row; its id and slug follow from name, state and county."""
    county = values.get("county", "")
    defaults = {
        "ori": "", "other_name": "", "county": county, "status": "active", "geoid": "", "place": "", "place_class": "",
    }  # fmt: skip
    ident = f"{name}|{state}|{county}|{values.get('status', '')}"
    return Row(agency=hash(ident), slug=ident, name=name, kind=kind, state=state, **{**defaults, **values})


@cache
def shipped_matcher() -> Matcher:
    """Return a matcher over the registry that ships, without a database; built once a process (about 5 s)."""
    data = settings.DATA_DIR
    agencies = [r for r in read_packed_csv(data / "registry" / "agencies.csv.gz") if not is_post(r)]
    places = read_packed_csv(data / "places" / "places.csv.gz")
    by_geoid = {place["geoid"]: place for place in places}
    rows = [shipped_row(number, agency, by_geoid) for number, agency in enumerate(agencies)]
    cities = [(p["name"], p["full_name"], p["state"]) for p in places if p["kind"] == "city"]
    return Matcher(Registry(rows, cities))


def is_post(agency: dict[str, str]) -> bool:
    """Tell whether a record is a post or troop of a state police."""
    return agency["kind"] == "state_police" and bool(agency["parent_slug"])


def shipped_row(number: int, agency: dict[str, str], places: dict[str, dict[str, str]]) -> Row:
    """Return a row of the shipped table as the matcher reads it from the database."""
    place = places.get(agency["place_geoid"], {})
    county = places.get(agency["county_geoid"], {}).get("name", "")
    return Row(
        agency=number,
        slug=agency["slug"],
        ori=agency["ori"],
        name=agency["name"],
        other_name=agency["fbi_name_2018"] or agency["fbi_name_2025"],
        kind=agency["kind"],
        state=agency["state"],
        county=county,
        status=agency["status"],
        geoid=agency["place_geoid"] or (agency["county_geoid"] if agency["kind"] == "sheriff" else ""),
        place=place.get("name", ""),
        place_class=place.get("full_name", ""),
    )
