"""Run the current matcher over the names that are the machine's to decide."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agencies.matching.rematch import rematch


class Command(BaseCommand):
    """Match names anew."""

    help = "Match the names that nobody has decided on, or an older matcher has. A person's decision always stays."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take whether to keep what is found."""
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Match, and say what changed."""
        counts = rematch(dry_run=options["dry_run"], say=self.stdout.write)
        changes = ", ".join(f"{word}: {number:,}" for word, number in sorted(counts.items())) or "nothing to change"
        self.stdout.write(f"Would change: {changes}" if options["dry_run"] else changes)
