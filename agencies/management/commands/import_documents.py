"""Import documents of one format."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from agencies.ingest import runs
from agencies.ingest.formats import FORMATS
from agencies.ingest.parsed import ImportProblem
from agencies.tasks import perform_import


class Command(BaseCommand):
    """Import files or folders of one format, here or by the worker."""

    help = "Import files or folders of one format into the record."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format, the paths and how to go about it."""
        parser.add_argument("format", choices=sorted(FORMATS))
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")
        parser.add_argument("--queue", action="store_true", help="Leave the work to the worker.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what changed."""
        format_name, paths = options["format"], options["paths"]
        try:
            if options["dry_run"]:
                counts = runs.dry_run(format_name, paths)
                self.stdout.write("Would change: " + ", ".join(f"{word}: {n:,}" for word, n in counts.items() if n))
            elif options["queue"]:
                run = runs.start(format_name, paths)
                transaction.on_commit(lambda: perform_import.delay(run.pk))
                self.stdout.write(f"Import run {run.pk} waits for the worker.")
            else:
                runs.import_now(format_name, paths, self.stdout.write)
        except ImportProblem as problem:
            raise CommandError(str(problem)) from problem
