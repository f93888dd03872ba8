"""Rebuild every change between neighbouring copies from the statements."""

from typing import Any

from django.core.management.base import BaseCommand

from agencies.history.rebuild import rebuild_changes


class Command(BaseCommand):
    """Rebuild all changes."""

    help = "Rebuild every change between two copies of a document; changes nothing when all is well."

    def handle(self, *args: Any, **options: Any) -> None:
        """Rebuild, and say what was new, removed or the same."""
        found = rebuild_changes()
        self.stdout.write(", ".join(f"{word}: {number:,}" for word, number in sorted(found.items())) or "no changes")
