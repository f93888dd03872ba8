"""Load a release into an empty database."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.ingest.parsed import ImportProblem
from agencies.releases.load import load_release


class Command(BaseCommand):
    """Load a release."""

    help = "Load the files of a release into an empty database: the same record, or an error and nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the release's folder."""
        parser.add_argument("folder", type=Path, help="folder of a release, or its folder record/")

    def handle(self, *args: Any, **options: Any) -> None:
        """Load it, and say the record's hash."""
        try:
            digest = load_release(options["folder"], self.stdout.write)
        except ImportProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(f"The same record: {digest}")
