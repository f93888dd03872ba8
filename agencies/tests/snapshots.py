"""The whole public record at one moment, to be compared with another."""

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from agencies.ingest.facts_export import export_facts
from agencies.models import SharingLink

COLUMNS = [field.attname for field in SharingLink._meta.concrete_fields if field.name != "id"]
"""All of a link but its row number, which a rebuilt link gets anew; its public id is the UUID."""

Snapshot = tuple[dict[str, bytes], list[tuple[Any, ...]]]


def public_record() -> Snapshot:
    """Return the bytes of the export by file name, and every link."""
    with TemporaryDirectory() as name:
        export_facts(Path(name))
        files = {file.name: file.read_bytes() for file in sorted(Path(name).iterdir())}
    return files, list(SharingLink.objects.order_by("uuid").values_list(*COLUMNS))
