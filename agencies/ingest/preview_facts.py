"""The part of a preview that is about facts: each document against its newest earlier copy."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from agencies.history.counterparts import Key, counterparts
from agencies.history.differences import compare_facts
from agencies.history.facts import COUNTERS
from agencies.history.names import Names
from agencies.ingest.preview import NAMES_SHOWN, FactsPreview, shrinks
from agencies.models import Change, ChangeKind, Fact, ImportRun, Source, Statement


class Copy(NamedTuple):
    """A capture, as one copy of a document: its day, what tells it from others of that day, its id."""

    day: date
    retrieved_on: date
    uuid: UUID
    pk: int


@dataclass(frozen=True, slots=True)
class _Said:
    """A fact in a copy: the agency as printed, the value (None unless known), and what is shown of it."""

    agency: str
    value: Any
    shown: Any


_Facts = dict[Key, _Said]
"""What a copy says."""

LONGEST_VALUE = 300
"""Characters of a fact's value that a preview holds."""


def fact_previews(run: ImportRun) -> list[FactsPreview]:
    """Return how the facts of each of the run's documents differ from the copy before; six queries.

    A copy that was on record already is held against what it said before the run, and another of the same day against
    the one on record: neither is later, so that nothing went. `changed` are the changes that the history noted of the
    copy in this run.
    """
    new, old = _copies(run)
    after = {source: _newest(copies) for source, copies in new.items()}
    before = {source: _before(copy, old[source]) for source, copy in after.items()}
    captures = {copy.pk for copy in after.values()}
    earlier, own = _said(captures | {copy.pk for copy in before.values() if copy}, run)
    names = Names()
    names.load({key.alias for said in (*earlier.values(), *own.values()) for key in said})
    changes = _changes(captures, run)
    titles = dict(Source.objects.filter(pk__in=after).values_list("pk", "title"))
    found = []
    for source, copy in after.items():
        former = before[source]
        was, now = earlier.get(former.pk, {}) if former else {}, earlier.get(copy.pk, {}) | own.get(copy.pk, {})
        both = counterparts(_values(was), _values(now), names)
        shown = [_shown(change, was, now, both) for change in changes[copy.pk] if _is_of_both(change, now, both)]
        sizes = len(was), len(now), len(both)
        is_same_day = former is not None and former != copy and former.day == copy.day
        flags = _same_day_flags(was, now, both) if is_same_day else _flags(former, sizes)
        if any(other.day > copy.day for other in old[source]):
            flags.append("older")
        one = _preview(titles[source], copy.day, former and former.day, sizes, shown, flags)
        found.append({**one, "gone": 0} if is_same_day else one)
    return sorted(found, key=lambda one: (not one["flags"], -one["changed"], one["title"]))


def _copies(run: ImportRun) -> tuple[dict[int, set[Copy]], dict[int, set[Copy]]]:
    """Return the copies with facts that the run brought, and those from before it, by source (id)."""
    sources = Statement.objects.filter(run=run, kind="fact").order_by().values("capture__source")
    rows = Statement.objects.standing().filter(kind="fact", capture__source__in=sources).order_by()
    new: dict[int, set[Copy]] = defaultdict(set)
    old: dict[int, set[Copy]] = defaultdict(set)
    columns = ("capture__source", "run", "observed_on", "capture__retrieved_on", "capture__uuid", "capture")
    for source, by, day, retrieved_on, ident, capture in rows.values_list(*columns).distinct():
        copy = Copy(day, retrieved_on or date.max, ident, capture)
        (new if by == run.pk else old)[source].add(copy)
    return new, old


def _newest(copies: Collection[Copy]) -> Copy:
    """Return the copy of the newest day; of several of that day the one that the history counts."""
    day = max(copy.day for copy in copies)
    return min(copy for copy in copies if copy.day == day)


def _before(copy: Copy, others: Collection[Copy]) -> Copy | None:
    """Return what a copy is held against: itself, as it was, or else the newest of others that is not later."""
    earlier = [other for other in others if other.day <= copy.day]
    return copy if copy in others else _newest(earlier) if earlier else None


def _said(captures: Collection[int], run: ImportRun) -> tuple[dict[int, _Facts], dict[int, _Facts]]:
    """Return what captures (ids) say of facts by others' statements and by the run's own; one query."""
    earlier: dict[int, _Facts] = defaultdict(dict)
    own: dict[int, _Facts] = defaultdict(dict)
    rows = Fact.objects.filter(statement__capture__in=captures, statement__in=Statement.objects.standing())
    columns = ("statement__run", "statement__capture", "alias__printed_name", "value", "knowledge")
    for by, capture, name, value, knowledge, *key in rows.order_by("pk").values_list(*columns, *Key._fields):
        shown = str(knowledge) if knowledge != "known" else value
        (own if by == run.pk else earlier)[capture][Key(*key)] = _Said(name, value, shown)
    return earlier, own


def _changes(captures: Collection[int], run: ImportRun) -> dict[int, list[Change]]:
    """Return the changes of facts that were noted in the run, by capture (id); one query."""
    noted = Change.objects.filter(kind=ChangeKind.FACT, capture__in=captures, noted_at__gte=run.began_at)
    found: dict[int, list[Change]] = defaultdict(list)
    for change in noted.select_related("about").order_by("about__printed_name", "field", "pk"):
        found[change.capture_id].append(change)
    return found


def _is_of_both(change: Change, now: _Facts, both: dict[Key, Key]) -> bool:
    """Tell whether a change is of a fact that an earlier copy holds too: not of what came to a register or went."""
    key = _key(change)
    return key in both or (key in now and change.old_value is not None)


def _shown(change: Change, was: _Facts, now: _Facts, both: dict[Key, Key]) -> dict[str, Any]:
    """Return what a preview shows of a change; where a copy knows no value, why."""
    key = _key(change)
    old = change.old_value
    if old is None and key in both:
        old = was[both[key]].shown
    return {"agency": now[key].agency, "field": key.field, "old": _short(old), "new": _short(now[key].shown)}


def _key(change: Change) -> Key:
    """Return what a change is of."""
    return Key(change.about_id, change.network_id, change.field)


def _values(said: _Facts) -> dict[Key, Any]:
    """Return the values alone."""
    return {key: one.value for key, one in said.items()}


def _flags(former: Copy | None, sizes: tuple[int, int, int]) -> list[str]:
    """Return what is remarkable about facts beside a former copy."""
    was, now, _both = sizes
    return ["shrinks"] if former and shrinks(was, now) else []


def _same_day_flags(was: _Facts, now: _Facts, both: dict[Key, Key]) -> list[str]:
    """Return what is remarkable about facts beside a copy of the same day: that they are others, or of another value.

    Figures of the last 30 days are other at every look, and tell nothing.
    """
    lasting = [{key for key in said if key.field not in COUNTERS} for said in (was, now)]
    same = {old: was[old].value for old in both.values() if old in lasting[0]}
    again = {old: now[new].value for new, old in both.items() if old in same}
    is_other = not len(lasting[0]) == len(lasting[1]) == len(same)
    return ["same day"] if is_other or compare_facts(same, again) else []


def _preview(
    title: str,
    day: date,
    before_on: date | None,
    sizes: tuple[int, int, int],
    changes: list[dict[str, Any]],
    flags: list[str],
) -> FactsPreview:
    """Return the preview of one document's facts; `sizes` are those of the copy before, of this one, and of both."""
    was, now, both = sizes
    return FactsPreview(
        title=title,
        observed_on=day.isoformat(),
        before_on=before_on.isoformat() if before_on else None,
        before=was if before_on else None,
        after=now,
        new=now - both,
        gone=was - both,
        changed=len(changes),
        changes=changes[:NAMES_SHOWN],
        flags=flags,
    )


def _short(value: object) -> object:
    """Return a value, as a shortened text where it is long."""
    text = str(value)
    return value if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
