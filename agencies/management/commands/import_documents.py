"""Import documents of one format."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.ingest import runs
from agencies.ingest.formats import FORMATS
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.preview_text import preview_lines
from agencies.ingest.runs_input import as_options
from agencies.models import ImportRun
from agencies.tasks import hand_over


class Command(BaseCommand):
    """Import files or folders of one format, here or by the worker."""

    help = "Import files or folders of one format into the record."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format, the paths and how to go about it."""
        parser.add_argument("format", choices=sorted(FORMATS))
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--dry-run", action="store_true", help="Say what would change, and change nothing.")
        parser.add_argument("--queue", action="store_true", help="Leave the work to the worker.")
        parser.add_argument("--review", action="store_true", help="Change nothing until a person accepts the preview.")
        parser.add_argument(
            "--option",
            action="append",
            default=[],
            metavar="KEY=VALUE",
            help="Tell the importer more; may be repeated.",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Import, and say what changed."""
        format_name, paths = options["format"], options["paths"]
        try:
            values = {"options": as_options(options["option"]), "needs_review": options["review"]}
            if options["dry_run"]:
                preview = runs.dry_run(format_name, paths, values["options"])
                self.stdout.write("\n".join(preview_lines(preview)))
            elif options["queue"]:
                run = runs.start(format_name, paths, **values)
                hand_over(run)
                self.stdout.write(f"Import run {run.pk} waits for the worker.")
            else:
                self._after(runs.import_now(format_name, paths, self.stdout.write, **values))
        except ImportProblem as problem:
            raise CommandError(str(problem)) from problem

    def _after(self, run: ImportRun) -> None:
        """Show the preview of a run that waits for a person, and how to accept it."""
        if run.status == ImportRun.Status.REVIEW and run.preview is not None:
            self.stdout.write("\n".join(preview_lines(run.preview)))
            self.stdout.write(f"Nothing is changed yet. To accept: manage.py runs accept {run.pk}")
