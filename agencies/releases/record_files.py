"""The record itself as files: what `load_release` reads, and the hash that says whether two records are the same."""

import gzip
import hashlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from django.db.models import Model, QuerySet

from agencies.ingest.facts_export import export_facts
from agencies.ingest.packed import write_packed_csv
from agencies.models import Agency, AgencyMerge, AgencyPlace, Law, Network, Place

REGISTRY: dict[str, tuple[type[Model], tuple[str, ...], tuple[str, ...]]] = {
    "networks": (Network, ("slug", "name", "vendor", "url", "source"), ("slug",)),
    "places": (
        Place,
        (
            "uuid", "geoid", "kind", "name", "full_name", "state", "county__geoid", "latitude", "longitude",
            "land_area_m2", "search_key", "source",
        ),
        ("geoid",),
    ),
    "agencies": (
        Agency,
        (
            "uuid", "slug", "ori", "name", "registry_name", "kind", "state", "county__geoid", "parent__uuid",
            "operated_by__uuid", "status", "population_served", "officers", "latitude", "longitude",
            "coordinate_precision", "search_key", "source",
        ),
        ("uuid",),
    ),
    "agency_places": (
        AgencyPlace, ("agency__uuid", "place__geoid", "basis", "source"), ("agency__uuid", "place__geoid", "basis")
    ),
    "laws": (
        Law,
        (
            "uuid", "slug", "kind", "place__geoid", "title", "citation", "url", "limits", "retention_days", "summary",
            "in_force_from", "in_force_to", "listed_by", "verified_on", "verified_by", "source",
        ),
        ("slug",),
    ),
}  # fmt: skip
"""File -> model, columns, order: what the record stands on, besides sources, statements and decisions."""

MERGES = ("merged__uuid", "into__uuid", "reason")


def write_record(folder: Path) -> dict[str, int]:
    """Write the record as gzipped CSV into `folder`; return rows by file. The same record gives the same bytes."""
    counts = {}
    for name, (model, columns, order) in REGISTRY.items():
        rows = model._default_manager.order_by(*order)
        counts[f"{name}.csv.gz"] = write_packed_csv(folder / f"{name}.csv.gz", columns, _rows(rows, columns))
    counts["merges.csv.gz"] = write_packed_csv(folder / "merges.csv.gz", MERGES, _rows(_merges(), MERGES))
    return counts | export_facts(folder)


def record_hash(folder: Path) -> str:
    """Return the SHA-256 of the record in `folder`: of its files' names and uncompressed contents, by name; hex."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.csv.gz")):
        digest.update(f"{file.name}\x1f".encode())
        with gzip.open(file, "rb") as packed:
            while part := packed.read(1 << 20):
                digest.update(part)
    return digest.hexdigest()


def _merges() -> QuerySet[Any]:
    """Return the merges in force: the newest row of each agency, unless it undoes one."""
    newest = AgencyMerge.objects.order_by("merged_id", "-pk").distinct("merged_id").values("pk")
    return AgencyMerge.objects.filter(pk__in=newest, into__isnull=False).order_by("merged__uuid")


def _rows(rows: QuerySet[Any], columns: Iterable[str]) -> Iterator[dict[str, Any]]:
    for row in rows.values(*columns).iterator(chunk_size=2000):
        yield {name: ";".join(value) if isinstance(value, list) else value for name, value in row.items()}
