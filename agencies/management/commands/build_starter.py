"""Make the starter record again from the documents themselves."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.ingest.parsed import ImportProblem
from agencies.ingest.starter import build_starter
from agencies.models import Statement


class Command(BaseCommand):
    """Import the documents into an empty database and export them to data/starter."""

    help = "Import the starter record's documents into an empty database and export it to data/starter."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder of documents."""
        parser.add_argument("documents", type=Path, help="Folder that holds flock_portals/, news_observer_2024/ ...")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, and say how many rows each file has."""
        if Statement.objects.exists():
            raise CommandError("This database holds statements already; name an empty one in DATABASE_URL.")
        try:
            counts = build_starter(options["documents"], settings.DATA_DIR, self.stdout.write)
        except ImportProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(", ".join(f"{name}: {number:,} rows" for name, number in counts.items()))
