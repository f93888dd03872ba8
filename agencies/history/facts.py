"""Changes of published facts: what a document said of an agency, and what the next copy says."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any

from django.db.models import Q

from agencies.history.counterparts import Key, counterparts, without_held
from agencies.history.differences import compare_facts
from agencies.history.drafts import Copy, Draft, Name, Subject
from agencies.history.names import Names
from agencies.models import ChangeKind, FactField, Statement
from agencies.querysets import first_of_day

COUNTERS = frozenset(
    {
        FactField.VEHICLES_30D,
        FactField.UNIQUE_VEHICLES_30D,
        FactField.HOTLIST_HITS_30D,
        FactField.SEARCHES_30D,
        FactField.SEARCHES_SEEN,
    }
)
"""Figures of the last 30 days, other at every look: no news, and shown over time elsewhere."""

REGISTERS = frozenset({"ice-287g-participating", "ice-287g-pending"})
"""Sources (slugs) each copy of which lists every agency of its kind on its day: one that is gone is news.

Any other source adds only. An index of memoranda, for one, adds up what was ever published.
"""


@dataclass(frozen=True, slots=True)
class Told:
    """A fact as one capture tells it. `value` is None for any state of knowledge but known."""

    key: Key
    copy: Copy
    about: Name
    subject: Subject
    value: Any


FactRows = list[tuple[Any, ...]]
"""Facts as `read_facts` gives them: source, whether it is a register, and what `_day` takes."""


def fact_changes(rows: FactRows, names: Names) -> Iterator[Draft]:
    """Yield the changes of these facts. No queries but those for names not yet known."""
    names.load(row[5] for row in rows)
    for (_source, is_register), group in groupby(rows, key=lambda row: row[:2]):
        days = [_day(list(told), names) for _day_of, told in groupby(group, key=lambda row: row[2])]
        yield from _of_register(days, names) if is_register else _in_order(days, names)


def read_facts(sources: Collection[int]) -> FactRows:
    """Read the standing facts of these sources (ids), of each day those of the copy retrieved first before others.

    One query.
    """
    register = Q(capture__source__slug__in=REGISTERS)
    told = Statement.objects.standing().filter(capture__source__in=sources, kind=Statement.Kind.FACT)
    ordered = told.exclude(fact__field__in=COUNTERS)
    ordered = ordered.order_by("capture__source", "observed_on", *first_of_day("capture"), "uuid")
    rows = ordered.annotate(register=register).values_list(
        "capture__source",
        "register",
        "observed_on",
        "capture",
        "capture__uuid",
        "fact__alias",
        "fact__network",
        "fact__network__slug",
        "fact__field",
        "fact__value",
    )
    return list(rows)


def _day(rows: list[tuple[Any, ...]], names: Names) -> dict[Key, Told]:
    """Return what a source says on one day; of two copies of that day the first counts."""
    day: dict[Key, Told] = {}
    for _capture, same in groupby(rows, key=lambda row: row[3]):
        told = _told(same, names)
        again = counterparts(_values(day), _values(told), names)
        for key in without_held([key for key in told if key not in again], list(day), names):
            day[key] = told[key]
    return day


def _told(rows: Iterable[tuple[Any, ...]], names: Names) -> dict[Key, Told]:
    """Return what one copy says; of a fact that it states twice the first counts."""
    told: dict[Key, Told] = {}
    for *_source, day, capture, ident, alias, network, slug, field, value in rows:
        key = Key(alias, network, field)
        subject = Subject(None, network, (slug or "",))
        told.setdefault(key, Told(key, Copy(capture, str(ident), day), names[alias], subject, value))
    return told


def _in_order(days: Iterable[dict[Key, Told]], names: Names) -> Iterator[Draft]:
    """Yield the changes of facts that an earlier copy holds too, whichever the last one was."""
    last: dict[Key, Told] = {}
    for day in days:
        pairs = counterparts(_values(last), _values(day), names)
        yield from _changed(last, day, pairs)
        printed_otherwise = {old for new, old in pairs.items() if old != new}
        last = {key: told for key, told in last.items() if key not in printed_otherwise} | day


def _of_register(days: list[dict[Key, Told]], names: Names) -> Iterator[Draft]:
    """Yield what came to a register, what differs in it and what it no longer holds, from each day to the next.

    A copy in which no entry was read is no day here, and ends nothing. Nor does one of an agency's two names that goes.
    """
    for before, after in pairwise(days):
        older, newer = next(iter(before.values())).copy, next(iter(after.values())).copy
        pairs = counterparts(_values(before), _values(after), names)
        yield from _changed(before, after, pairs)
        taken = set(pairs.values())
        for key in without_held([key for key in after if key not in pairs], list(before), names):
            yield _draft(after[key].copy, older, after[key], None, after[key].value)
        for key in without_held([key for key in before if key not in taken], list(after), names):
            yield _draft(newer, before[key].copy, before[key], before[key].value, None)


def _changed(before: dict[Key, Told], after: dict[Key, Told], pairs: dict[Key, Key]) -> Iterator[Draft]:
    """Yield the changes between facts of both copies; `pairs` are their keys in `before`, by those in `after`."""
    for key in compare_facts({new: before[old].value for new, old in pairs.items()}, _values(after)):
        old = before[pairs[key]]
        yield _draft(after[key].copy, old.copy, after[key], old.value, after[key].value)


def _values(told: dict[Key, Told]) -> dict[Key, Any]:
    """Return the values alone."""
    return {key: one.value for key, one in told.items()}


def _draft(capture: Copy, before: Copy, told: Told, old: Any, new: Any) -> Draft:
    """Return a change of one fact."""
    return Draft(
        ChangeKind.FACT,
        capture,
        before,
        told.subject,
        told.about,
        field=told.key.field,
        old_value=old,
        new_value=new,
    )
