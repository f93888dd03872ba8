"""Write the public record as facts files."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agencies.ingest.facts_export import export_facts


class Command(BaseCommand):
    """Export sources, statements and decisions."""

    help = "Write the public record as facts files: sources, statements, decisions."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder to write to."""
        parser.add_argument("folder", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Export, and say how many rows each file has."""
        for name, number in export_facts(options["folder"]).items():
            self.stdout.write(f"{name}: {number:,} rows")
