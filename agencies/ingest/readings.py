"""What captures on record say of facts, held against what is read of the same captures now.

A capture says one thing of a fact. Where a later import reads another value out of it, such as a better parser, what is
on record stays: nobody can tell from here which of the two is right. It is told, and once an editor has withdrawn the
statement, the same import records the other value.
"""

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NamedTuple

from agencies.ingest.parsed import ParsedFact
from agencies.ingest.watcher import Watcher
from agencies.models import Fact, Statement

SHOWN = 50
"""Facts of another value that the log names; the rest is counted."""

LONGEST = 200
"""Characters of a value that the log shows."""


class FactKey(NamedTuple):
    """What a fact of a capture is about: the agency's name (alias id), the network (id) if one, the field."""

    alias: int
    network: int | None
    field: str


class Reading(NamedTuple):
    """What a statement says of a fact, as text; whether it stands."""

    said: str
    stands: bool


Readings = dict[FactKey, list[Reading]]
"""All that the statements of one capture say of facts, withdrawn ones included."""


def said_by(value: object, knowledge: str) -> str:
    """Return a value, or why it is not known, as text: the same for the same value, and safe to show."""
    text = json.dumps(value, sort_keys=True)
    return text if knowledge == "known" else f"{knowledge} {text}"


def readings_of(captures: Collection[int]) -> dict[int, Readings]:
    """Return what is on record of the facts of captures (ids), of those that have any; two queries."""
    found: dict[int, Readings] = {}
    facts = Fact.objects.filter(statement__capture__in=captures).order_by("pk")
    standing = set(Statement.objects.standing().filter(capture__in=captures, kind="fact").values_list("pk", flat=True))
    columns = ("pk", "statement__capture", "value", "knowledge", "alias", "network", "field")
    for pk, capture, value, knowledge, *key in facts.values_list(*columns):
        reading = Reading(said_by(value, knowledge), pk in standing)
        found.setdefault(capture, {}).setdefault(FactKey(*key), []).append(reading)
    return found


@dataclass(slots=True)
class OtherValues:
    """The facts that were read with another value than the one that stands: their number, and lines for the log."""

    number: int = 0
    _lines: list[str] = field(default_factory=list)

    def add(self, fact: ParsedFact, before: Reading, now: Reading, file: str) -> None:
        """Take in a fact of a file."""
        self.number += 1
        if len(self._lines) < SHOWN:
            values = " and not ".join(one.said[:LONGEST] for one in (before, now))
            self._lines.append(f"{file}: {fact.field} of {fact.agency.text} is on record as {values}")

    def tell(self, watcher: Watcher) -> None:
        """Say in the log which they are, and what can be done. There is one or more."""
        for line in self._lines:
            watcher.say(line, "warning")
        if self.number > len(self._lines):
            watcher.say(f"{self.number - len(self._lines):,} more facts are on record with another value", "warning")
        watcher.say("what is on record stays; withdraw it and import again to record the other value", "warning")
