"""Load the shipped registry and starter record."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from agencies.ingest.parsed import ImportProblem
from agencies.ingest.starter import load_starter


class Command(BaseCommand):
    """Load what ships in data/ unless it was loaded before."""

    help = "Load the shipped registry and starter record; quick when these files were loaded before."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what is loaded."""
        try:
            loaded = load_starter(settings.DATA_DIR, self.stdout.write)
        except ImportProblem as problem:
            raise CommandError(str(problem)) from problem
        if not loaded:
            self.stdout.write("The shipped record is loaded already.")
