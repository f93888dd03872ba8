"""Rebuild every sharing link from the statements."""

from typing import Any

from django.core.management.base import BaseCommand

from agencies.network.rebuild import rebuild_links


class Command(BaseCommand):
    """Rebuild all links."""

    help = "Rebuild every sharing link from the statements; changes nothing when all is well."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say what changed."""
        self.stdout.write(", ".join(f"{word}: {number:,}" for word, number in rebuild_links().items()) or "no links")
