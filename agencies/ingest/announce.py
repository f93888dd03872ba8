"""After an import is recorded: what it changed is told. Safe to run again, as after a worker's death."""

from django.db.models import Count

from agencies.derived import refresh_derived
from agencies.ingest.rollback import captures_of
from agencies.ingest.watcher import Watcher
from agencies.models import Change, ImportRun
from agencies.models.vocabulary import ChangeKind
from agencies.webhooks.events import tell_of_changes


def announce(run: ImportRun, watcher: Watcher) -> None:
    """Say how many changes the run's documents brought, and bring up to date what follows from the whole record."""
    watcher.at(ImportRun.Step.ANNOUNCE)
    counts = changes_of(run)
    said = ", ".join(f"{ChangeKind(kind).label}: {number:,}" for kind, number in sorted(counts.items()))
    watcher.say(f"changes noted: {said or 'none'}")
    tell_of_changes(run)
    findings = refresh_derived()
    told = ", ".join(f"{number:,} {word}" for word, number in sorted(findings.items()) if number)
    if told:
        watcher.say(f"findings: {told}")


def changes_of(run: ImportRun) -> dict[str, int]:
    """Return the number of changes, by kind, that were noted in the run's documents since it began; three queries."""
    rows = Change.objects.filter(capture__in=captures_of(run.pk), noted_at__gte=run.began_at).order_by()
    return dict(rows.values_list("kind").annotate(n=Count("pk")))
