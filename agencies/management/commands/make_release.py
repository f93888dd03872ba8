"""Publish the record as a release."""

from datetime import UTC, date, datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from agencies.releases.make import make_release


class Command(BaseCommand):
    """Make a release."""

    help = "Publish the record as it stands as an immutable release, unless it is the same as in the last one."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the day of the release."""
        parser.add_argument(
            "--date", type=date.fromisoformat, help="day of the release, YYYY-MM-DD; default: today, UTC"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Make it, and say where it is."""
        release = make_release(options["date"] or datetime.now(UTC).date(), self.stdout.write)
        said = f"Release {release.name}: {release.get_absolute_url()}" if release else "Nothing changed: no release."
        self.stdout.write(said)
