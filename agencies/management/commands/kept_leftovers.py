"""Kept bytes to which nothing on record leads: listed, or removed."""

from datetime import datetime, timedelta
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from agencies.ingest.kept_removal import finish, remove_leftover
from agencies.models import KeptFile, RemovedBytes

DAYS = 30
"""Age from which bytes are leftovers, where none is told."""


class Command(BaseCommand):
    """Look for leftovers among the kept bytes."""

    help = (
        "List kept bytes to which nothing on record leads, as failed and cancelled imports leave them, and removed "
        "ones that the store failed to delete. --remove removes them."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the age, and whether they go."""
        parser.add_argument(
            "--days", type=int, default=DAYS, help=f"only what nobody has touched for so many days ({DAYS})"
        )
        parser.add_argument("--remove", action="store_true", help="remove them, instead of listing them only")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print a line for each, and what was done."""
        if options["days"] < 0:
            raise CommandError("--days is a number of days, from 0.")
        before = timezone.now() - timedelta(days=options["days"])
        taken = [self._take(kept, options["remove"], before) for kept in KeptFile.objects.leftover(before)]
        self.stdout.write(f"{_files(len(taken))} to which nothing leads")
        if options["remove"]:
            self.stdout.write(f"{_files(sum(taken) + finish())} removed from the store")
        unfinished = RemovedBytes.objects.filter(gone_at__isnull=True).count()
        if unfinished:
            self.stdout.write(f"{_files(unfinished)} removed by an editor, which the store may still hold")
        if not options["remove"] and (taken or unfinished):
            self.stdout.write("Nothing was removed: that takes --remove.")

    def _take(self, kept: KeptFile, is_to_go: bool, before: datetime) -> bool:
        """Print a file's line; remove it where it is to go, and tell whether it did."""
        self.stdout.write(f"{kept.created_at:%Y-%m-%d %H:%M}  {kept.sha256}  {kept.size:,} bytes, {kept.media_type}")
        return is_to_go and remove_leftover(kept, before)


def _files(number: int) -> str:
    """Return a number of files in words."""
    return f"{number:,} file{'' if number == 1 else 's'}"
