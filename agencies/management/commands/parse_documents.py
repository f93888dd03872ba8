"""Parse documents of one format into a table, without the database."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from io import TextIOWrapper
from pathlib import Path
from typing import Any, TextIO

from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.ingest import formats
from agencies.ingest.mapping_file import read_mapping
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.runs_input import as_options
from agencies.ingest.statements_csv import write_statements


class Command(BaseCommand):
    """Write what a parser reads as CSV, one row a statement, so that anyone can check it."""

    help = "Parse files or folders of one format and write their statements as CSV. Uses no database."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the format, the paths, and where to write."""
        parser.add_argument("format", choices=sorted(formats.FORMATS))
        parser.add_argument("paths", nargs="+", metavar="PATH")
        parser.add_argument("--out", default="-", metavar="FILE", help="Where to write; - or nothing: standard output.")
        parser.add_argument(
            "--option", action="append", default=[], metavar="NAME=VALUE", help="An option of the format, such as slug."
        )
        parser.add_argument("--mapping", metavar="FILE", help="For csv: the column mapping as a JSON file.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write the table; a document that can't be read ends it with an error, and leaves no file."""
        try:
            told = as_options(options["option"])
            if options["mapping"]:
                told["mapping"] = read_mapping(Path(options["mapping"]))
            documents = formats.read(options["format"], options["paths"], told)
            if options["out"] == "-":
                if isinstance(sys.stdout, TextIOWrapper):
                    sys.stdout.reconfigure(encoding="utf-8")
                write_statements(documents, self.stdout)  # type: ignore[arg-type]
            else:
                with written_whole(Path(options["out"])) as target:
                    count = write_statements(documents, target)
                self.stderr.write(f"{count:,} statements in {options['out']}")
        except ImportProblem as problem:
            raise CommandError(str(problem)) from problem
        except OSError as problem:
            raise CommandError(f"{problem.filename or options['out']}: {problem.strerror}") from problem


@contextmanager
def written_whole(path: Path) -> Iterator[TextIO]:
    """Give a text file that takes the place of `path` when the block ends well, and goes without a trace when not."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with part.open("w", encoding="utf-8", newline="") as target:
            yield target
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
