"""The shipped registry into the database: networks, places, agencies and who serves what.

Rows are matched by their stable ids; loading the same files again changes nothing, newer files bring rows up to
date, all but their address (slug), which stays what it was. A row that is no longer in the files stays too:
statements may point at it.
"""

import gzip
import json
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Model
from shapely import GEOSException, to_wkb
from shapely.geometry import shape

from agencies.folding import fold
from agencies.identifiers import agency_id, place_id
from agencies.ingest import census_places, fbi_registry
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.registry_changes import Known, counted, known_agencies, known_places, registry_changes
from agencies.ingest.registry_tables import Line, read_full_table, read_table
from agencies.models import Agency, AgencyPlace, Network, Place, PlaceBoundary

Say = Callable[[str], None]
BATCH = 2000

NETWORK_COLUMNS = ("slug", "name", "vendor", "url", "source")
CURATED_COLUMNS = (
    "slug", "ori", "name", "kind", "state", "county_geoid", "place_geoid", "parent_slug", "operated_by_slug",
    "source_url",
)  # fmt: skip


@transaction.atomic
def load_registry(data: Path, say: Say = lambda line: None) -> dict[str, int]:
    """Load the folders `registry` and `places` and the file `networks.csv` of `data`; return rows by noun.

    Tells `say` what it does, and what a newer registry changes. Beside the rows, counts such as "agencies renamed"
    are returned for a record that held a registry already. Raises ImportProblem naming the file and row that
    is damaged, or that leads nowhere; then nothing of it stays.
    """
    before = known_agencies(), known_places()
    counts = {"networks": _load_networks(data / "networks.csv")}
    say("places ...")
    places = read_full_table(data / "places" / "places.csv.gz", census_places.COLUMNS)
    counts["places"] = _load_places(places)
    say("boundaries ...")
    counts["boundaries"] = _load_boundaries(data / "places" / "boundaries.ndjson.gz")
    say("agencies ...")
    rows = [
        *read_full_table(data / "registry" / "agencies.csv.gz", fbi_registry.COLUMNS),
        *_curated(data / "registry" / "curated_agencies.csv"),
    ]
    counts["agencies"] = _load_agencies(rows)
    counts["servings"] = _load_servings(data / "registry" / "agency_places.csv.gz", rows)
    if before[0]:
        listed = {row["uuid"]: Known(row["name"], row["kind"], row["status"], bool(row["ori"])) for row in rows}
        counts |= _tell_changes("agencies", before[0], listed, say)
        counts |= _tell_changes(
            "places", before[1], {row["geoid"]: Known(row["full_name"], row["kind"]) for row in places}, say
        )
    return counts


def _tell_changes(noun: str, before: dict[str, Known], after: dict[str, Known], say: Say) -> dict[str, int]:
    """Tell each change of a newer registry; return their counts."""
    changes = registry_changes(before, after)
    for change in changes:
        say(f"  {noun}, {change}")
    return dict(counted(noun, changes))


def _upsert(model: type[Model], rows: Iterable[Any], key: list[str], fields: list[str]) -> int:
    """Insert or update rows by `key`, a batch at a time; return how many."""
    rows, number = iter(rows), 0
    while batch := list(islice(rows, BATCH)):
        model._default_manager.bulk_create(batch, update_conflicts=True, unique_fields=key, update_fields=fields)
        number += len(batch)
    return number


def _load_networks(path: Path) -> int:
    rows = [Network(**line.cells) for line in read_full_table(path, NETWORK_COLUMNS)]
    return _upsert(Network, rows, ["slug"], ["name", "vendor", "url", "source"])


def _load_places(lines: list[Line]) -> int:
    """Load states and counties first, then the cities that lie in them."""
    fields = [
        "kind", "name", "full_name", "state", "county", "latitude", "longitude", "land_area_m2", "search_key", "source",
    ]  # fmt: skip
    for in_county in (False, True):
        ids = dict(Place.objects.values_list("geoid", "id"))
        chosen = [line for line in lines if bool(line["county_geoid"]) is in_county]
        places = (_place(line, line.known_or_none(ids, "county_geoid")) for line in chosen)
        _upsert(Place, places, ["geoid"], fields)
    return len(lines)


def _place(row: Line, county: int | None) -> Place:
    return Place(
        uuid=place_id(row["geoid"]),
        geoid=row["geoid"],
        kind=row["kind"],
        name=row["name"],
        full_name=row["full_name"],
        state=row["state"],
        county_id=county,
        latitude=row.number_in("latitude", float),
        longitude=row.number_in("longitude", float),
        land_area_m2=row.number_in("land_area_m2", int),
        search_key=fold(f"{row['name']} {row['state']}"),
        source=row["source"],
    )


def _load_boundaries(path: Path) -> int:
    ids = dict(Place.objects.values_list("geoid", "id"))
    return _upsert(PlaceBoundary, _boundaries(path, ids), ["place"], ["wkb"])


def _boundaries(path: Path, ids: dict[str, int]) -> Iterator[PlaceBoundary]:
    number = 0
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            for number, line in enumerate(lines, start=1):
                feature = json.loads(line)
                place = Line(path.name, number, feature).known(ids, "geoid")
                yield PlaceBoundary(place_id=place, wkb=to_wkb(shape(feature["geometry"])))
    except (EOFError, gzip.BadGzipFile, zlib.error, UnicodeDecodeError) as error:
        raise ImportProblem(f"damaged: {error}", file=path.name, row=number + 1) from error
    except (ValueError, LookupError, TypeError, AttributeError, GEOSException) as error:
        raise ImportProblem(f"no outline of a place: {error}", file=path.name, row=number) from error


def _curated(path: Path) -> list[Line]:
    """Return the hand-made agencies in the registry's columns, at the centre of their place or county."""
    lines = read_table(path, CURATED_COLUMNS)
    points = {p.geoid: p for p in Place.objects.filter(geoid__in={r[c] for r in lines for c in GEOIDS})}
    return [replace(line, cells=_curated_row(line.cells, points)) for line in lines]


GEOIDS = ("place_geoid", "county_geoid")


def _curated_row(row: dict[str, str], points: dict[str, Place]) -> dict[str, str]:
    point = next((points[row[column]] for column in GEOIDS if row[column] in points), None)
    precision = "" if point is None else "place_centroid" if point.kind == "city" else "county_centroid"
    return {
        **row,
        "uuid": str(agency_id(ori=row["ori"], slug=row["slug"])),
        "fbi_name_2018": "",
        "fbi_name_2025": "",
        "status": "unknown",
        "population_served": "",
        "officers": "",
        "latitude": str(point.latitude) if point else "",
        "longitude": str(point.longitude) if point else "",
        "coordinate_precision": precision,
        "source": row["source_url"],
    }


def _load_agencies(rows: list[Line]) -> int:
    """Load agencies, then tie them to their parents and operators, which the files name by their own slugs."""
    counties = dict(Place.objects.filter(kind="county").values_list("geoid", "id"))
    fields = [
        "ori", "name", "registry_name", "kind", "state", "county", "status", "population_served", "officers",
        "latitude", "longitude", "coordinate_precision", "search_key", "source",
    ]  # fmt: skip
    _check_slugs(rows)
    _upsert(Agency, (_agency(row, counties) for row in rows), ["uuid"], fields)
    by_uuid = {str(uuid): ident for uuid, ident in Agency.objects.values_list("uuid", "id")}
    ids = {row["slug"]: by_uuid[row["uuid"]] for row in rows}
    tied = [
        Agency(
            id=ids[row["slug"]],
            parent_id=row.known_or_none(ids, "parent_slug"),
            operated_by_id=row.known_or_none(ids, "operated_by_slug"),
        )
        for row in rows
        if row["parent_slug"] or row["operated_by_slug"]
    ]
    Agency.objects.bulk_update(tied, ["parent", "operated_by"], batch_size=BATCH)
    return len(rows)


def _check_slugs(rows: list[Line]) -> None:
    """Raise ImportProblem where a new agency would take the address of another one on record."""
    taken = {slug: str(uuid) for slug, uuid in Agency.objects.values_list("slug", "uuid")}
    known = set(taken.values())
    for row in rows:
        if row["uuid"] not in known and row["slug"] in taken:
            raise row.problem(f"{row['slug']!r} is the address of another agency on record", "slug")


def _agency(row: Line, counties: dict[str, int]) -> Agency:
    return Agency(
        uuid=row.uuid_in("uuid"),
        slug=row["slug"],
        ori=row["ori"] or None,
        name=row["name"],
        registry_name=row["fbi_name_2018"] or row["fbi_name_2025"],
        kind=row["kind"],
        state=row["state"],
        county_id=counties.get(row["county_geoid"]),
        status=row["status"],
        population_served=row.number_in("population_served", int),
        officers=row.number_in("officers", int),
        latitude=row.number_in("latitude", float),
        longitude=row.number_in("longitude", float),
        coordinate_precision=row["coordinate_precision"],
        search_key=fold(f"{row['name']} {row['state']}"),
        source=row["source"],
    )


def _load_servings(path: Path, agencies: list[Line]) -> int:
    """Load which agency serves which place: the registry's table, and the places of hand-made agencies."""
    known = {str(uuid): ident for uuid, ident in Agency.objects.values_list("uuid", "id")}
    places = dict(Place.objects.values_list("geoid", "id"))
    rows = read_full_table(path, fbi_registry.PLACE_COLUMNS)
    for row in agencies:
        if row.cells.get("source_url") and row["place_geoid"]:
            served = {"agency_uuid": row["uuid"], "geoid": row["place_geoid"], "basis": "name", "source": row["source"]}
            rows.append(replace(row, cells=served))
    servings = [
        AgencyPlace(
            agency_id=row.known(known, "agency_uuid"),
            place_id=row.known(places, "geoid"),
            basis=row["basis"],
            source=row["source"],
        )
        for row in rows
    ]
    return _upsert(AgencyPlace, servings, ["agency", "place", "basis"], ["source"])
