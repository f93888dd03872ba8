"""Bring the registry of agencies and places up to date from newer files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from agencies.ingest.parsed import ImportProblem
from agencies.ingest.starter import load_newer_registry


class Command(BaseCommand):
    """Load newer registry files."""

    help = "Load newer files of agencies and places, as build_registry makes them; identifiers and addresses stay."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the folder, and whether to keep what is found."""
        parser.add_argument("folder", nargs="?", type=Path, default=settings.DATA_DIR, help="default: data/")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")

    @transaction.atomic
    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what is new, renamed, closed or missing."""
        try:
            if not load_newer_registry(options["folder"], self.stdout.write):
                self.stdout.write("These files were loaded before: nothing to do.")
        except (ImportProblem, FileNotFoundError) as problem:
            raise CommandError(str(problem)) from problem
        transaction.set_rollback(options["dry_run"])
