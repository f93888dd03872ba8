"""The watch list: show it, add to it, fetch from it."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.ingest import runs
from agencies.ingest.ask import user_agent
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.runs_input import as_options
from agencies.ingest.schedule import sync_schedule
from agencies.ingest.watch_options import check_watch
from agencies.ingest.watches import due, fetch_watch
from agencies.models import Fetch, Watch
from agencies.tasks import hand_over


class Command(BaseCommand):
    """Show the watch list, add a document to it, or fetch what it watches."""

    help = "Show the watch list, add a document to it, or fetch what it watches."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do, and with which watch."""
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("list", help="Show every watch and how its last attempt ended.")
        add = acts.add_parser("add", help="Watch a document.")
        add.add_argument("slug", help="Its name in commands and logs.")
        add.add_argument("url", help="The address that is fetched.")
        add.add_argument("--format", required=True, help="The importer that reads it.")
        add.add_argument("--option", action="append", default=[], metavar="KEY=VALUE", help="For the importer.")
        add.add_argument("--every-hours", type=int, default=24, help="Hours between attempts (24).")
        add.add_argument("--paused", action="store_true", help="Do not begin yet.")
        for name, text in (("fetch", "Fetch one document now."), ("due", "Fetch all that is due, one by one.")):
            act = acts.add_parser(name, help=text)
            act.add_argument("--queue", action="store_true", help="Leave the imports to the worker.")
            if name == "fetch":
                act.add_argument("slug")
                act.add_argument("--again", action="store_true", help="In spite of back-off or pause.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how it ended."""
        act = {"list": self.show, "add": self.add, "fetch": self.fetch, "due": self.fetch_due}[options["act"]]
        act(**options)

    def show(self, **options: Any) -> None:
        """Print a line for every watch."""
        for watch in Watch.objects.all():
            last = watch.fetches.first()
            ended = f"{last.at:%Y-%m-%d %H:%M} {last.outcome} {last.detail}".rstrip() if last else "not fetched yet"
            state = "" if watch.is_enabled else " (paused)"
            held = f"; not before {watch.not_before:%Y-%m-%d %H:%M}" if watch.not_before else ""
            self.stdout.write(f"{watch.slug}{state}: every {watch.every_hours} h, {watch.url}\n  {ended}{held}")

    def add(self, **options: Any) -> None:
        """Add a watch with its entry in the schedule."""
        try:
            watch = Watch(
                slug=options["slug"],
                url=options["url"],
                format=options["format"],
                options=as_options(options["option"]),
                every_hours=options["every_hours"],
                is_enabled=not options["paused"],
            )
            watch.full_clean()
            check_watch(watch)
        except (ValidationError, ImportProblem) as problem:
            raise CommandError(" ".join(getattr(problem, "messages", [str(problem)]))) from problem
        watch.save()
        entry = sync_schedule(watch)
        self.stdout.write(f"{watch.slug} is watched every {watch.every_hours} hours ({entry.name}).")

    def fetch(self, **options: Any) -> None:
        """Fetch one watched document."""
        watch = Watch.objects.filter(slug=options["slug"]).first()
        if watch is None:
            raise CommandError(f"no watch is called {options['slug']!r}")
        self._fetch(watch, again=options["again"], queue=options["queue"])

    def fetch_due(self, **options: Any) -> None:
        """Fetch all that is due: for installs without beat."""
        watches = due()
        for watch in watches:
            self._fetch(watch, again=False, queue=options["queue"])
        if not watches:
            self.stdout.write("Nothing is due.")

    def _fetch(self, watch: Watch, *, again: bool, queue: bool) -> None:
        """Fetch one document, and see to its import."""
        if "(+" not in user_agent():
            self.stderr.write("Set CONTACT_URL or CONTACT_EMAIL, so that sites can reach who fetches from them.")
        attempt = fetch_watch(watch.pk, again=again)
        if attempt is None:
            watch.refresh_from_db()
            held = f" before {watch.not_before:%Y-%m-%d %H:%M} UTC" if watch.not_before else ""
            self.stdout.write(f"{watch.slug}: not fetched{held}: paused, held back, or another worker is at it.")
            return
        detail = f": {attempt.detail}" if attempt.detail else ""
        self.stdout.write(f"{watch.slug}: {attempt.get_outcome_display()}{detail}")
        if attempt.run is not None:
            self._import(attempt, queue=queue)

    def _import(self, attempt: Fetch, *, queue: bool) -> None:
        """Carry out the import of what was fetched, or leave it to the worker."""
        run = attempt.run
        if run is None:
            return
        if queue:
            hand_over(run)
            self.stdout.write(f"Import run {run.pk} waits for the worker.")
            return
        run = runs.perform(run, self.stdout.write)
        self.stdout.write(f"Import run {run.pk}: {run.get_status_display()}.")
