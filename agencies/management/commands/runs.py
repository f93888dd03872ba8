"""Import runs from the command line: list, show, watch, cancel, retry, accept, roll back, restore."""

import os
import time
from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from agencies.ingest import rollback, runs_desk
from agencies.ingest.parsed import ImportProblem
from agencies.ingest.preview_text import preview_lines
from agencies.ingest.runs import perform
from agencies.models import ImportRun
from agencies.tasks import hand_over

LISTED = 20
"""Runs that `list` shows, the newest first."""

LOOK_SECONDS = 1.0
"""How often `watch` looks."""

SHOWING = ("list", "show", "watch")
"""Actions that change nothing: they may end with their reader."""

OPEN = (ImportRun.Status.QUEUED, ImportRun.Status.RUNNING)
BAD = (ImportRun.Status.FAILED, ImportRun.Status.CANCELLED)


class Command(BaseCommand):
    """Look after import runs."""

    help = "List, show, watch, cancel, retry, accept, roll back or restore import runs."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take what to do, and to which run."""
        actions = parser.add_subparsers(dest="action", metavar="ACTION")
        listing = actions.add_parser("list", help="The newest runs (also without an action).")
        listing.add_argument("--status", choices=ImportRun.Status.values)
        helps = {
            "show": "All about one run: steps, counts, preview, log.",
            "watch": "Follow a run until it ends.",
            "cancel": "Cancel a run that waits, or ask one that is under way to stop.",
            "retry": "Repeat a run that failed or was cancelled.",
            "accept": "Accept a run's preview: it is recorded.",
            "rollback": "Withdraw all that a run recorded.",
            "restore": "Put back what was rolled back.",
        }
        for action, text in helps.items():
            one = actions.add_parser(action, help=text)
            one.add_argument("run", type=int, metavar="ID")
            if action in ("rollback", "restore"):
                one.add_argument("--reason", required=True, help="Why, in a line; readers see it.")
            if action in ("retry", "accept"):
                one.add_argument("--here", action="store_true", help="Work here instead of handing it to the worker.")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it, and say how the run stands. A reader that has seen enough, as `head` has, is no error."""
        action = options["action"] or "list"
        try:
            self._act(action, options)
            self.stdout.flush()
        except BrokenPipeError:
            if action not in SHOWING:
                raise
            nowhere = os.open(os.devnull, os.O_WRONLY)
            os.dup2(nowhere, self.stdout.fileno())  # Else Python's own flush at the end fails, too.
            os.close(nowhere)

    def _act(self, action: str, options: dict[str, Any]) -> None:
        """Do one action. Raises CommandError where it can't be done."""
        if action == "list":
            self._list(options.get("status"))
            return
        run = ImportRun.objects.filter(pk=options["run"]).first()
        if run is None:
            raise CommandError(f"There is no run {options['run']}.")
        try:
            getattr(self, f"_{action}")(run, options)
        except ValidationError as problem:
            raise CommandError(" ".join(problem.messages)) from problem

    def _list(self, status: str | None) -> None:
        """Print a line for each of the newest runs."""
        found = ImportRun.objects.filter(status=status) if status else ImportRun.objects.all()
        for run in found[:LISTED]:
            self.stdout.write(
                f"{run.pk:>6}  {run.created_at:%Y-%m-%d %H:%M}  {run.status:<12} {run.format}  {_about(run)}"
            )

    def _show(self, run: ImportRun, options: dict[str, Any]) -> None:
        """Print all about a run."""
        self.stdout.write(f"{run}\nstep: {run.step or 'none yet'}\nattempts: {run.attempts}")
        self.stdout.write("\n".join(f"path: {path}" for path in run.paths))
        self.stdout.write(_about(run))
        for event in run.events.all():
            self.stdout.write(f"{event.at:%Y-%m-%d %H:%M:%S}  {event.step:<9} {event.level:<8} {event.message}")
        if run.preview is not None:
            self.stdout.write("\n".join(preview_lines(run.preview)))

    def _watch(self, run: ImportRun, options: dict[str, Any]) -> None:
        """Print progress and log until the run ends. Fails where it failed or was cancelled."""
        seen, told = 0, ""
        while True:
            run.refresh_from_db()
            for event in run.events.filter(pk__gt=seen):
                self.stdout.write(f"{event.level}: {event.message}" if event.level != "info" else event.message)
                seen = event.pk
            state = f"{run.get_status_display()}: {run.get_step_display() or 'not begun'}, {_about(run)}"
            if state != told:
                self.stdout.write(state)
                told = state
            if run.status not in OPEN:
                break
            time.sleep(LOOK_SECONDS)
        if run.status in BAD:
            raise CommandError(f"Run {run.pk} {run.get_status_display()}.")

    def _cancel(self, run: ImportRun, options: dict[str, Any]) -> None:
        """Cancel it, or ask it to stop."""
        run = runs_desk.cancel(run)
        asked = "is asked to stop" if run.status == ImportRun.Status.RUNNING else "is cancelled"
        self.stdout.write(f"Run {run.pk} {asked}.")

    def _retry(self, run: ImportRun, options: dict[str, Any]) -> None:
        """Make a new run of it, and begin that."""
        self._begin(runs_desk.retry(run), options)

    def _accept(self, run: ImportRun, options: dict[str, Any]) -> None:
        """Accept its preview, and have it recorded."""
        self._begin(runs_desk.accept(run), options)

    def _rollback(self, run: ImportRun, options: dict[str, Any]) -> None:
        """Withdraw what it recorded."""
        rollback.roll_back(run, options["reason"])
        self.stdout.write(f"Run {run.pk} is rolled back.")

    def _restore(self, run: ImportRun, options: dict[str, Any]) -> None:
        """Put back what was withdrawn."""
        rollback.restore(run, options["reason"])
        self.stdout.write(f"Run {run.pk} counts again.")

    def _begin(self, run: ImportRun, options: dict[str, Any]) -> None:
        """Have a run worked on here, or by the worker."""
        if not options["here"]:
            hand_over(run)
            self.stdout.write(f"Run {run.pk} waits for the worker. To follow it: manage.py runs watch {run.pk}")
            return
        say: Callable[[str], None] = self.stdout.write
        run = perform(run, say)
        self.stdout.write(str(run))
        if run.status in BAD:
            raise CommandError(_about(run))


def _about(run: ImportRun) -> str:
    """Return a run's problem, counts or progress in a line, whichever it has."""
    if run.problem:
        return f"problem: {ImportProblem.from_json(run.problem)}"
    values = run.counts or run.progress
    return ", ".join(
        f"{word}: {value:,}" if isinstance(value, int) else f"{word}: {value}" for word, value in values.items()
    )
