"""A change before it is a row: made by the rules, compared with what stands by its id alone."""

import uuid
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from agencies.history.differences import comparable
from agencies.identifiers import record_id
from agencies.models import Change


class Name(NamedTuple):
    """An alias: its key and public id, the name as printed, and the agency (id) that it is matched to, if any."""

    pk: int
    uuid: uuid.UUID
    printed: str
    agency: int | None


class Copy(NamedTuple):
    """A capture that a change is seen in or held against."""

    pk: int
    uuid: uuid.UUID
    day: date


class Subject(NamedTuple):
    """What a change is of: a network, and of a list its stream; `words` name both the same on every install."""

    stream: int | None
    network: int | None
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Draft:
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

    def ident(self) -> uuid.UUID:
        """Return the public id: from both copies and all that differs, the same whenever it is found again."""
        names = [name.uuid if name else None for name in (self.about, self.name, self.new_name)]
        values = [comparable(self.old_value), comparable(self.new_value)]
        copies = (self.capture.uuid, self.before.uuid)
        return record_id("change", self.kind, *copies, *self.subject.words, *names, self.field, *values)

    def row(self, ident: uuid.UUID) -> Change:
        """Return the unsaved row."""
        return Change(
            uuid=ident,
            kind=self.kind,
            observed_on=self.capture.day,
            capture_id=self.capture.pk,
            before_id=self.before.pk,
            stream_id=self.subject.stream,
            network_id=self.subject.network,
            about_id=self.about.pk,
            name_id=self.name.pk if self.name else None,
            new_name_id=self.new_name.pk if self.new_name else None,
            field=self.field,
            old_value=self.old_value,
            new_value=self.new_value,
        )
