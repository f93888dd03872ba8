"""What the page of an import run shows: its steps as a picture, how far it is, its preview, its log."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agencies.admin.confirmation import confirm_address
from agencies.admin.kept import files_in_review
from agencies.fact_words import fact_words
from agencies.ingest.runs_desk import OPEN
from agencies.models import ImportRun, SharingList
from agencies.models.vocabulary import AccountStatus, Completeness, FactField
from agencies.network.confirmed import CONFIRMABLE

Status, Step = ImportRun.Status, ImportRun.Step

LINES_SHOWN = 300
"""Lines of the log that a page shows, the newest."""

EMPTY_SHOWN = 50
"""Lists without names that a page offers to confirm."""

STEPS = {
    Step.FETCH: gettext_lazy("Fetch"),
    Step.PARSE: gettext_lazy("Read"),
    Step.RECORD: gettext_lazy("Record"),
    Step.MATCH: gettext_lazy("Match names"),
    Step.REBUILD: gettext_lazy("Rebuild links"),
    Step.ANNOUNCE: gettext_lazy("Tell"),
}
"""The steps in the order in which they are taken: names are matched once they are on record."""

STATES = {
    "done": gettext_lazy("done"),
    "now": gettext_lazy("under way"),
    "waits": gettext_lazy("waits for a person"),
    "stopped": gettext_lazy("stopped here"),
    "todo": gettext_lazy("to do"),
    "unreached": gettext_lazy("not reached"),
}

SIGNS = {"done": "✓", "now": "▶", "waits": "‖", "stopped": "✕", "todo": "○", "unreached": "○"}
"""What marks a step beside its colour."""

AT_STEP = {
    Status.RUNNING: ("now", "todo"),
    Status.QUEUED: ("todo", "todo"),
    Status.REVIEW: ("waits", "todo"),
    Status.FAILED: ("stopped", "unreached"),
    Status.CANCELLED: ("stopped", "unreached"),
}
"""State of the step that an unfinished run is at, and of those after it."""

LIST_COLUMNS = (
    ("new", gettext_lazy("New")),
    ("gone", gettext_lazy("No longer listed")),
    ("renamed", gettext_lazy("Printed differently")),
    ("marked", gettext_lazy("Marked otherwise")),
    ("unresolved", gettext_lazy("Not matched to an agency")),
)

FLAGS = {
    "shrinks": gettext_lazy("shrank by more than a third"),
    "empty": gettext_lazy("was a list of names and is empty now"),
    "none": gettext_lazy("was a list of names and says “none” now"),
    "absent": gettext_lazy("was a list of names and is not shown now"),
    "older": gettext_lazy("a newer copy is on record already"),
    "same day": gettext_lazy(
        "another copy of the same day is on record and says otherwise: neither is later, so nothing ends"
    ),
}


@dataclass(frozen=True)
class StepShown:
    """One step in the picture."""

    name: Any
    state: str
    sign: str
    state_name: Any


def page_of(run: ImportRun) -> dict[str, Any]:
    """Return the context of a run's page. Six queries, and one each where lines or lists are left out."""
    retries = list(run.retries.all())
    log, empty = run.events.order_by("-pk"), _confirmable(run)
    lines, lists = list(log[:LINES_SHOWN]), list(empty[:EMPTY_SHOWN])
    return {
        "run": run,
        "is_open": run.status in (Status.QUEUED, Status.RUNNING),
        "sensible": sensible(run, retries),
        "steps": list(steps_of(run)),
        "bar": bar_of(run),
        "preview": preview_of(run),
        "counted": counts_of(run),
        "log": lines[::-1],
        "earlier_lines": log.count() - LINES_SHOWN if len(lines) == LINES_SHOWN else 0,
        "retries": retries,
        "confirmable": [{"title": str(one), "address": confirm_address(one.pk)} for one in lists],
        "more_confirmable": empty.count() - EMPTY_SHOWN if len(lists) == EMPTY_SHOWN else 0,
        "kept_files": files_in_review(run),
        "withdrawals": list(run.withdrawals.select_related("withdrawn_by", "lift__lifted_by").order_by("pk")),
    }


def sensible(run: ImportRun, retries: Collection[ImportRun]) -> set[str]:
    """Return which buttons make sense as the run stands, whoever may press them."""
    found = {
        Status.QUEUED: {"cancel"},
        Status.RUNNING: {"cancel"},
        Status.REVIEW: {"accept", "cancel"},
        Status.DONE: {"roll_back"},
        Status.FAILED: {"retry"},
        Status.CANCELLED: {"retry"},
        Status.ROLLED_BACK: {"restore"},
    }[Status(run.status)]
    is_past_stopping = run.status != Status.REVIEW and (
        run.step == Step.ANNOUNCE or run.cancel_requested_at is not None
    )
    is_repeated = any(one.status in (*OPEN, Status.DONE) for one in retries)
    return found - ({"cancel"} if is_past_stopping else set()) - ({"retry"} if is_repeated else set())


def steps_of(run: ImportRun) -> Iterator[StepShown]:
    """Yield the six steps, each with its state in words and as a sign."""
    order = list(STEPS)
    if run.status in (Status.DONE, Status.ROLLED_BACK):
        at, now, later = len(order), "done", "done"
    else:
        at = order.index(Step(run.step)) if run.step else 0
        now, later = AT_STEP[Status(run.status)]
    for number, step in enumerate(order):
        state = "done" if number < at else now if number == at else later
        yield StepShown(STEPS[step], state, SIGNS[state], STATES[state])


def bar_of(run: ImportRun) -> dict[str, Any] | None:
    """Return how far a run under way has read; None where it is not under way.

    `value` is None where nobody knows how much there is: one file can hold any number of documents.
    """
    if run.status != Status.RUNNING:
        return None
    files, documents = run.progress.get("files") or 0, run.progress.get("documents") or 0
    value = min(documents, files) if files > 1 else None
    return {"files": files, "documents": documents, "statements": run.progress.get("statements") or 0, "value": value}


def preview_of(run: ImportRun) -> dict[str, Any] | None:
    """Return a run's preview with its codes in words; None where it has none."""
    if run.preview is None:
        return None
    found = run.preview
    lists = [_list_of(one) for one in found["lists"]]
    facts = [
        {
            **one,
            "flags": _flags(one),
            "changes": [_change(row) for row in one["changes"]],
            "more": one["changed"] - len(one["changes"]),
        }
        for one in found["facts"]
    ]
    totals = [(heading, found["totals"].get(word, 0)) for word, heading in _totals().items()]
    known = len(found["known"]) + found.get("more", {}).get("known", 0)
    return {**found, "lists": lists, "facts": facts, "totals": totals, "number_known": known}


def counts_of(run: ImportRun) -> dict[str, int]:
    """Return what a run counted, zeros left out, in the order of what follows from what; JSON keeps no order."""
    order = ("documents", "captures", "statements", "names", "links", "changes")

    def place(word: str) -> tuple[int, str]:
        first = word.split()[0]
        return (order.index(first) if first in order else len(order)), word

    return {word: run.counts[word] for word in sorted(run.counts, key=place) if run.counts[word]}


def _totals() -> dict[str, str]:
    """Return the headings of a preview's totals, in order."""
    return {
        "flagged": _("lists and documents to look at"),
        "documents": _("documents"),
        "captures known": _("documents on record already"),
        "same bytes": _("documents whose bytes are on record already, as a copy of another date or source"),
        "other values": _("facts on record with another value, which stays: see the log"),
        "lists": _("lists"),
        "new": _("names new"),
        "confirmed": _("names confirmed"),
        "gone": _("names no longer listed"),
        "renamed": _("names printed differently"),
        "marked": _("names marked otherwise"),
        "unresolved": _("names not matched to an agency"),
        "facts new": _("facts new"),
        "facts gone": _("facts no longer stated"),
        "facts changed": _("facts changed"),
    }


def _list_of(found: dict[str, Any]) -> dict[str, Any]:
    """Return a list of a preview with its columns: heading, number, names shown, number not shown."""
    columns = []
    for kind, heading in LIST_COLUMNS:
        shown = [_name(kind, name) for name in found["names"].get(kind, [])]
        if found[kind]:
            columns.append(
                {"heading": heading, "number": found[kind], "names": shown, "more": found[kind] - len(shown)}
            )
    completeness = Completeness(found["completeness"]).label
    return {**found, "flags": _flags(found), "columns": columns, "completeness": completeness}


def _name(kind: str, name: Any) -> str:
    """Return a name as an editor reads it, with what it was and is."""
    if kind == "marked":
        printed, former, now = name
        return f"{printed}: {AccountStatus(former).label} → {AccountStatus(now).label}"
    return " → ".join(name) if kind == "renamed" else str(name)


def _change(row: dict[str, Any]) -> dict[str, Any]:
    """Return a changed fact in words."""
    old, new = (_value(row["field"], row[end]) for end in ("old", "new"))
    return {**row, "field": FactField(row["field"]).label, "old": old, "new": new}


def _value(field: str, value: Any) -> str:
    """Return a fact's value in words; a text, as of a value that was cut short, stays as it is."""
    return value if isinstance(value, str) else fact_words(field, value)


def _flags(found: dict[str, Any]) -> list[str]:
    """Return the flags of a list or document in words."""
    return [str(FLAGS[flag]) for flag in found["flags"]]


def _confirmable(run: ImportRun) -> QuerySet[SharingList]:
    """Return the lists of a run that name nobody and that nobody has confirmed; none of one that is not done."""
    found = run.lists.filter(completeness__in=CONFIRMABLE, confirmations=None)
    found = found.select_related("stream__source", "capture").order_by("pk")
    return found if run.status == Status.DONE else found.none()
