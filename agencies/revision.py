"""The record's revision: a number that grows with every change, and values that are kept until it does."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.db.models import Count, Max, Model, Sum, Value
from django.utils import timezone
from django.utils.translation import get_language

from agencies.models import (
    Agency,
    Alias,
    Capture,
    Change,
    Finding,
    FindingDismissal,
    ImportRun,
    Law,
    ListConfirmation,
    MatchDecision,
    Place,
    RecordChange,
    Release,
    SharingLink,
    Statement,
    Withdrawal,
    WithdrawalLift,
)

GROWING: tuple[type[Model], ...] = (
    Statement,
    MatchDecision,
    Withdrawal,
    WithdrawalLift,
    ListConfirmation,
    FindingDismissal,
    Agency,
    Capture,
    Release,
    LogEntry,
)
"""Tables that only ever grow; the history of agencies and the number of finished imports are counted with them.

The admin's log stands for what editors change in rows that keep no history of their own.
"""
OTHERS: tuple[type[Model], ...] = (SharingLink, Alias, Place, Change, Finding, Law)
"""Tables that follow from others, or of which rows may go."""
SECONDS_KEPT = 300
"""How long a value is kept at most, so that what nobody asks for any more goes."""


def record_marks() -> tuple[int, ...]:
    """Return numbers that are others after every change of the public record, whatever it was and whoever made it.

    The number of finished imports; the newest key of each table; the number and the sum of the changes that the
    database notes itself, which tell of rows that were only updated, and of one that ended later than a newer one.
    One query of a millisecond, asked again after `settings.REVISION_SECONDS`.
    """
    marks: tuple[int, ...] | None = cache.get("record-marks")
    if marks is None:
        marks = _read_marks()
        cache.set("record-marks", marks, settings.REVISION_SECONDS)
    return marks


def _read_marks() -> tuple[int, ...]:
    """Read the marks; a table without rows has the mark 0."""
    history: type[Model] = Agency._meta.apps.get_model("agencies", "AgencyEvent")
    tables = (history, *GROWING, *OTHERS)
    done = ImportRun.objects.filter(status="done").order_by().values("status").annotate(n=Count("pk"))
    rows = [
        table._default_manager.order_by("-pk").annotate(table=Value(number)).values_list("table", "pk")[:1]
        for number, table in enumerate(tables, start=1)
    ]
    noted = [
        RecordChange.objects.order_by().values(table=Value(number)).annotate(n=number_of).values_list("table", "n")
        for number, number_of in enumerate((Count("pk"), Sum("pk")), start=len(tables) + 1)
    ]
    found = dict(done.annotate(table=Value(0)).values_list("table", "n").union(*rows, *noted, all=True))
    return tuple(found.get(number, 0) for number in range(len(tables) + 3))


def record_revision() -> int:
    """Return a number that is higher after every change of the record; it compares within one install only."""
    return sum(record_marks()[: len(GROWING) + 2])


def kept(name: str, build: Callable[[], Any]) -> Any:
    """Return what `build` gives for the record as it stands, from the cache where it is there; it must pickle.

    Each language has its own. Where `settings.REVISION_SECONDS` is 0, as in tests, nothing is kept.
    """
    if not settings.REVISION_SECONDS:
        return build()
    key = f"kept:{get_language()}:{name}:{'-'.join(map(str, record_marks()))}"
    value = cache.get(key)
    if value is None:
        value = build()
        cache.set(key, value, SECONDS_KEPT)
    return value


def forget_old_changes(days: int = 7) -> int:
    """Delete the notes of changes older than so many days, but for the newest; return how many.

    It makes the marks others once, which costs readers one answer made anew.
    """
    newest = RecordChange.objects.order_by("-pk").values("pk")[:1]
    until = timezone.now() - timedelta(days=days)
    return RecordChange.objects.filter(made_at__lt=until).exclude(pk__in=newest).delete()[0]


def record_as_of() -> date | None:
    """Return the date of the newest document that stands; None where the record is empty."""
    newest: date | None = kept(
        "as-of", lambda: Capture.objects.standing().aggregate(newest=Max("observed_on"))["newest"]
    )
    return newest
