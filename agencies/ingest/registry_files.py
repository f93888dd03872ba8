"""All registry and place files, made from the shared data in one go."""

from dataclasses import dataclass
from pathlib import Path

from agencies.ingest.basemap import write_basemap
from agencies.ingest.census_places import load_gazetteer, write_places
from agencies.ingest.curated import read_curated
from agencies.ingest.fbi_registry import build_registry, read_registry, write_registry
from agencies.ingest.fbi_tables import read_tables
from agencies.ingest.registry_geography import Geography


@dataclass(frozen=True)
class RegistrySummary:
    """How much was written."""

    agencies: int
    fbi_records: int
    places: int


def build_registry_files(shared: Path, data: Path, basemap: Path) -> RegistrySummary:
    """Write `registry/` and `places/` under `data`, and the basemap; the same input gives the same bytes.

    The hand-made tables are read from `data` itself, and so is the registry made before, whose addresses stay.
    Raises FileNotFoundError when an input is missing.
    """
    gazetteer = load_gazetteer(shared / "geo", data / "places" / "extra_places.csv")
    records = read_tables(shared / "registry")
    folder = data / "registry"
    agencies = build_registry(records, read_curated(folder), Geography(gazetteer), read_registry(folder))
    write_places(gazetteer, data / "places")
    write_registry(agencies, folder)
    write_basemap(shared / "geo", {place.geoid: place.name for place in gazetteer.places()}, basemap)
    return RegistrySummary(len(agencies), len(records), len(gazetteer.by_geoid))
