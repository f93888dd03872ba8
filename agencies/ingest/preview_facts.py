"""The part of a preview that is about facts: each document against its newest earlier copy."""

from collections import defaultdict
from collections.abc import Collection
from datetime import date
from typing import Any

from agencies.ingest.preview import NAMES_SHOWN, FactsPreview, shrinks
from agencies.models import Fact, ImportRun, Source, Statement

Copy = tuple[date, int]
"""Date and id of a capture: copies of one document in order."""

Said = dict[tuple[int, int | None, str], dict[str, Any]]
"""What a copy says, by name (id), network (id) and field."""

LONGEST_VALUE = 300
"""Characters of a fact's value that a preview holds."""


def fact_previews(run: ImportRun) -> list[FactsPreview]:
    """Return how the facts of each of the run's documents differ from the copy before; four queries."""
    new, old = _copies(run)
    after = {source: max(copies) for source, copies in new.items()}
    before = {source: max((copy for copy in old[source] if copy < after[source]), default=None) for source in after}
    said = _said({pk for _, pk in after.values()} | {copy[1] for copy in before.values() if copy})
    titles = dict(Source.objects.filter(pk__in=after).values_list("pk", "title"))
    found = []
    for source, (day, pk) in after.items():
        former = before[source]
        was, now = said.get(former[1], {}) if former else {}, said.get(pk, {})
        is_older = any(copy > after[source] for copy in old[source])
        found.append(_preview(titles[source], day, former[0] if former else None, was, now, is_older))
    return sorted(found, key=lambda one: (not one["flags"], -one["changed"], one["title"]))


def _copies(run: ImportRun) -> tuple[dict[int, set[Copy]], dict[int, set[Copy]]]:
    """Return the copies with facts that the run brought, and those from before it, by source (id)."""
    sources = Statement.objects.filter(run=run, kind="fact").order_by().values("capture__source")
    rows = Statement.objects.standing().filter(kind="fact", capture__source__in=sources).order_by()
    new: dict[int, set[Copy]] = defaultdict(set)
    old: dict[int, set[Copy]] = defaultdict(set)
    columns = ("capture__source", "observed_on", "capture", "run")
    for source, day, capture, by in rows.values_list(*columns).distinct():
        (new if by == run.pk else old)[source].add((day, capture))
    return new, old


def _said(captures: Collection[int]) -> dict[int, Said]:
    """Return what captures (ids) say of facts; one query."""
    found: dict[int, Said] = defaultdict(dict)
    rows = Fact.objects.filter(statement__capture__in=captures, statement__in=Statement.objects.standing())
    columns = ("statement__capture", "alias", "network", "field", "alias__printed_name", "value", "knowledge")
    for capture, alias, network, field, name, value, knowledge in rows.order_by("pk").values_list(*columns):
        shown = str(knowledge) if knowledge != "known" else value
        found[capture][alias, network, field] = {"agency": name, "field": field, "value": shown}
    return found


def _preview(title: str, day: date, before_on: date | None, was: Said, now: Said, is_older: bool) -> FactsPreview:
    """Return the preview of one document's facts."""
    both = [key for key in now if key in was]
    changed = [key for key in both if was[key]["value"] != now[key]["value"]]
    gone = len(was) - len(both)
    changes = [
        {
            "agency": now[key]["agency"],
            "field": key[2],
            "old": _short(was[key]["value"]),
            "new": _short(now[key]["value"]),
        }
        for key in changed
    ]
    flags = ["shrinks"] if before_on and shrinks(len(was), len(now)) else []
    return FactsPreview(
        title=title,
        observed_on=day.isoformat(),
        before_on=before_on.isoformat() if before_on else None,
        before=len(was) if before_on else None,
        after=len(now),
        new=len(now) - len(both),
        gone=gone,
        changed=len(changed),
        changes=sorted(changes, key=lambda one: (one["agency"], one["field"]))[:NAMES_SHOWN],
        flags=[*flags, "older"] if is_older else flags,
    )


def _short(value: object) -> object:
    """Return a value, as a shortened text where it is long."""
    text = str(value)
    return value if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
