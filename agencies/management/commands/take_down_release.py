"""Take the files of a release down, and leave the reason."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.models import Release
from agencies.releases.store import take_down, tombstone


class Command(BaseCommand):
    """Take a release down."""

    help = (
        "Remove the files of a release that must not be given any more; its address then answers 410 with the reason."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the release and the reason."""
        parser.add_argument("name", help="its name, such as 2026-11-24-1")
        parser.add_argument("--reason", required=True, help="why, in a line; shown to readers")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it."""
        release = Release.objects.filter(name=options["name"]).first()
        if release is None:
            raise CommandError(f"There is no release {options['name']!r}.")
        if tombstone(release.name) is not None:
            raise CommandError("It was taken down before.")
        take_down(
            release.name, [*(file["name"] for file in release.manifest["files"]), "manifest.json"], options["reason"]
        )
        self.stdout.write(f"Release {release.name} was taken down.")
