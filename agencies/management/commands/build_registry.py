"""Make the registry and place files that ship in `data/` from the shared source data."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.ingest.registry_files import build_registry_files


class Command(BaseCommand):
    help = "Make data/registry, data/places and static/geo from the FBI's and the Census Bureau's files."
    requires_system_checks: list[str] = []  # it touches neither database nor site

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("shared_data", type=Path, help="folder with registry/ and geo/")
        parser.add_argument("--out", type=Path, default=settings.BASE_DIR / "data", help="default: data/")
        parser.add_argument("--basemap", type=Path, default=settings.BASE_DIR / "static" / "geo")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            summary = build_registry_files(options["shared_data"], options["out"], options["basemap"])
        except FileNotFoundError as error:
            raise CommandError(f"missing file: {error.filename}") from error
        self.stdout.write(
            f"{summary.agencies} agencies ({summary.fbi_records} FBI records), {summary.places} places written"
        )
