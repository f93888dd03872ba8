"""What a release says of itself: manifest.json, datapackage.json and a dataset card."""

import hashlib
import json
from datetime import date
from pathlib import Path
from typing import Any

from agencies.models import Source
from agencies.releases.store import files_of
from agencies.releases.tables import SCHEMA_VERSION, TABLES, Table

LICENCE = {"name": "CC-BY-4.0", "path": "https://creativecommons.org/licenses/by/4.0/", "title": "CC BY 4.0"}
MEDIA_TYPES = {
    ".csv": "text/csv",
    ".gz": "application/gzip",
    ".json": "application/json",
    ".ndjson": "application/x-ndjson",
    ".geojson": "application/geo+json",
    ".parquet": "application/vnd.apache.parquet",
    ".sqlite": "application/vnd.sqlite3",
    ".graphml": "application/graphml+xml",
    ".md": "text/markdown",
}


def describe_files(folder: Path, rows: dict[str, int]) -> list[dict[str, Any]]:
    """Return name, size, SHA-256, media type and (where it is a table) rows of every file below a folder."""
    described = []
    for path in files_of(folder):
        name = path.relative_to(folder).as_posix()
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        entry: dict[str, Any] = {"name": name, "bytes": path.stat().st_size, "sha256": digest}
        entry["media_type"] = MEDIA_TYPES.get(path.suffix, "application/octet-stream")
        if name in rows:
            entry["rows"] = rows[name]
        described.append(entry)
    return described


def make_manifest(
    name: str, day: date, record_sha256: str, before: str, files: list[dict[str, Any]], logical: dict[str, str]
) -> dict[str, Any]:
    """Return the manifest: what the release holds, on which terms, and how to check it.

    `logical` gives, for files whose bytes depend on the program that wrote them, the hash of the rows they hold.
    """
    sources = Source.objects.standing().exclude(licence="").order_by("slug")
    return {
        "name": name,
        "released_on": day.isoformat(),
        "schema_version": SCHEMA_VERSION,
        "record_sha256": record_sha256,
        "before": before or None,
        "licence": LICENCE,
        "attribution": "ALPR Sharing Atlas",
        "source_licences": list(sources.values("slug", "licence", "licence_url", "credit")),
        "files": files,
        "logical_sha256": logical,
    }


def make_datapackage(name: str, day: date, files: list[dict[str, Any]]) -> dict[str, Any]:
    """Return the description of the CSV files as a Frictionless Data Package (version 1)."""
    by_name = {file["name"]: file for file in files}
    return {
        "profile": "tabular-data-package",
        "name": f"alpr-sharing-atlas-{name}",
        "title": "ALPR Sharing Atlas",
        "version": name,
        "created": f"{day.isoformat()}T00:00:00Z",
        "licenses": [LICENCE],
        "resources": [_resource(table, by_name[f"{table.name}.csv"]) for table in TABLES],
    }


def _resource(table: Table, file: dict[str, Any]) -> dict[str, Any]:
    fields = [{"name": one.name, "type": one.type, "description": one.description} for one in table.columns]
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "title": table.title,
        "path": file["name"],
        "bytes": file["bytes"],
        "hash": f"sha256:{file['sha256']}",
        "encoding": "utf-8",
        "schema": {"fields": fields, "primaryKey": table.columns[0].name, "missingValues": [""]},
    }


def make_card(manifest: dict[str, Any], rows: dict[str, int]) -> str:
    """Return the dataset card: what is in it, what it does not say, how to use and cite it."""
    lines = [f"| `{table.name}.csv` | {table.title} | {rows[f'{table.name}.csv']:,} |" for table in TABLES]
    return CARD.format(tables="\n".join(lines), **manifest)


CARD = """# ALPR Sharing Atlas, release {name}

Which law-enforcement agencies of the United States give each other, and federal agencies, access to licence plate
reader data, since when, and how anyone knows.

| file | what | rows |
| --- | --- | --- |
{tables}

`links` also as NDJSON and Parquet, `agencies` as GeoJSON and Parquet, `statements` as Parquet; all tables in
`atlas.sqlite`; `network.graphml` for network programs. `record/` is the record itself: `manage.py load_release` makes
the same record of it. `delta/` is what changed since the release before. `datapackage.json` describes every column.

## What it does not say

- A link is access as listed by a document on the dates given. It does not show that a search took place.
- `first_seen` is the date of the oldest document, not the day on which access began.
- Access is not passed on: if A gives B access and B gives C access, C has B's reads, not A's.
- What is missing is not a no. Most agencies have not been researched. An empty cell is unknown, never zero.
- Coordinates are centres of places, counties or states, never an agency's own door.

## Terms

CC BY 4.0, credit "ALPR Sharing Atlas". Each source keeps its own licence and credit: see `sources.csv` and
`source_licences` in `manifest.json`. Check files against the SHA-256 in the manifest.
"""


def write_json(value: Any, path: Path) -> None:
    """Write JSON for people and programs, the same text for the same value."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
