"""Changes of published facts: what a document said of an agency, and what the next copy says."""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise
from typing import Any, NamedTuple

from django.db.models import F, Q

from agencies.history.differences import compare_facts
from agencies.history.drafts import Copy, Draft, Name, Subject
from agencies.history.names import Names
from agencies.models import ChangeKind, FactField, Statement

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


class Key(NamedTuple):
    """What a fact is of: an agency (its id, or its name where it is not matched), a network, a field."""

    about: int | str
    network: int | None
    field: str


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
        yield from _of_register(days) if is_register else _in_order(days)


def read_facts(sources: Collection[int]) -> FactRows:
    """Read the standing facts of these sources (ids), of each day those of the copy retrieved first before others.

    One query.
    """
    register = Q(capture__source__slug__in=REGISTERS)
    told = Statement.objects.standing().filter(capture__source__in=sources, kind=Statement.Kind.FACT)
    ordered = told.exclude(fact__field__in=COUNTERS).order_by(
        "capture__source", "observed_on", F("capture__retrieved_on").asc(nulls_last=True), "capture__uuid", "uuid"
    )
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
    told: dict[Key, Told] = {}
    for *_source, day, capture, ident, alias, network, slug, field, value in rows:
        name = names[alias]
        key = Key(name.agency or name.printed, network, field)
        subject = Subject(None, network, (slug or "",))
        told.setdefault(key, Told(key, Copy(capture, str(ident), day), name, subject, value))
    return told


def _in_order(days: Iterable[dict[Key, Told]]) -> Iterator[Draft]:
    """Yield the changes of facts that an earlier copy holds too, whichever the last one was."""
    last: dict[Key, Told] = {}
    for day in days:
        for key in compare_facts(_values(last), _values(day)):
            yield _draft(day[key].copy, last[key].copy, day[key], last[key].value, day[key].value)
        last |= day


def _of_register(days: list[dict[Key, Told]]) -> Iterator[Draft]:
    """Yield what came to a register, what differs in it and what it no longer holds, from each day to the next.

    A copy in which no entry was read is no day here, and ends nothing.
    """
    for before, after in pairwise(days):
        older, newer = next(iter(before.values())).copy, next(iter(after.values())).copy
        for key in compare_facts(_values(before), _values(after)):
            yield _draft(after[key].copy, before[key].copy, after[key], before[key].value, after[key].value)
        for key in after.keys() - before.keys():
            yield _draft(after[key].copy, older, after[key], None, after[key].value)
        for key in before.keys() - after.keys():
            yield _draft(newer, before[key].copy, before[key], before[key].value, None)


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
