"""A change before it is a row: made by the rules, compared with what stands by its id alone."""

import json
from datetime import date
from typing import Any, NamedTuple

from agencies.copying import cell
from agencies.history.differences import comparable
from agencies.identifiers import named_hexes


class Name(NamedTuple):
    """An alias: its key and public id, the name as printed, and the agency (id) that it is matched to, if any.

    `state` is that of its context (USPS code), empty for none.
    """

    pk: int
    uuid: str
    printed: str
    agency: int | None
    state: str = ""


class Copy(NamedTuple):
    """A capture that a change is seen in or held against."""

    pk: int
    uuid: str
    day: date


class Subject(NamedTuple):
    """What a change is of: a network, and of a list its stream; `words` name both the same on every install."""

    stream: int | None
    network: int | None
    words: tuple[str, ...]


class Draft(NamedTuple):
    """One change, all of whose fields are known."""

    kind: str
    capture: Copy
    before: Copy
    subject: Subject
    about: Name
    name: Name | None = None
    new_name: Name | None = None
    field: str = ""
    old_value: Any = None
    new_value: Any = None

    def ident(self) -> str:
        """Return the public id, as hex: from both copies and all that differs, the same whenever it is found again."""
        names = [name.uuid if name else "" for name in (self.about, self.name, self.new_name)]
        values = (comparable(self.old_value), comparable(self.new_value))
        copies = (self.capture.uuid, self.before.uuid)
        parts = ("change", self.kind, *copies, *self.subject.words, *names, self.field, *values)
        return named_hexes(["\x1f".join(parts)])[0]

    def line(self, ident: str) -> str:
        """Return the change as a line of COPY, its cells those of COLUMNS."""
        names = [name.pk if name else None for name in (self.about, self.name, self.new_name)]
        keys = (self.capture.pk, self.before.pk, self.subject.stream, self.subject.network, *names)
        values = [NULL if value is None else cell(json.dumps(value)) for value in (self.old_value, self.new_value)]
        cells = [NULL if key is None else str(key) for key in keys]
        return "\t".join((ident, self.kind, self.capture.day.isoformat(), *cells, self.field, *values))


NULL = cell(None)
COLUMNS = (
    *("uuid", "kind", "observed_on", "capture_id", "before_id", "stream_id", "network_id"),
    *("about_id", "name_id", "new_name_id", "field", "old_value", "new_value"),
)
