"""Match the names of a CSV file to agencies, without touching the record."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.ingest.parsed import ImportProblem
from agencies.matching.matcher import Matcher
from agencies.matching.table_file import match_file


class Command(BaseCommand):
    """Read names, write verdicts."""

    help = "Match the names of a CSV file (column name; optionally context_state, city, state) to agencies."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the two files."""
        parser.add_argument("source", type=Path, metavar="IN.csv")
        parser.add_argument("--out", type=Path, required=True, metavar="OUT.csv")

    def handle(self, *args: Any, **options: Any) -> None:
        """Match, and say how many names were decided how."""
        try:
            counts = match_file(options["source"], options["out"], Matcher.load())
        except ImportProblem as problem:
            raise CommandError(str(problem)) from problem
        self.stdout.write(", ".join(f"{decision}: {number:,}" for decision, number in sorted(counts.items())))
