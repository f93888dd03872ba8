"""What a newer registry changes: agencies and places that are new, renamed, closed, or no longer in the tables."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agencies.models import Agency, Place


@dataclass(frozen=True, slots=True)
class Known:
    """A registry row as an update compares it; `group` is an agency's kind or a place's."""

    name: str
    group: str
    status: str = ""
    is_registered: bool = True
    """Whether a table of the registry is where the row comes from; others may be missing from it."""


@dataclass(frozen=True, slots=True)
class RegistryChange:
    """One thing that a newer registry changes: `what` in a word, and the row's stable name (ORI, slug or GEOID)."""

    what: str
    ident: str
    before: str
    after: str

    def __str__(self) -> str:
        told = {"new": self.after, "missing": self.before}.get(self.what, f"{self.before} -> {self.after}")
        return f"{self.what}: {told} ({self.ident})"


def known_agencies() -> dict[str, Known]:
    """Return every agency on record by UUID; one query."""
    rows = Agency.objects.order_by().values_list("uuid", "name", "kind", "status", "ori")
    return {str(ident): Known(name, kind, status, bool(ori)) for ident, name, kind, status, ori in rows}


def known_places() -> dict[str, Known]:
    """Return every place on record by GEOID; one query."""
    rows = Place.objects.order_by().values_list("geoid", "full_name", "kind")
    return {geoid: Known(name, kind) for geoid, name, kind in rows}


def registry_changes(before: Mapping[str, Known], after: Mapping[str, Known]) -> list[RegistryChange]:
    """Compare the rows on record with those of the files, both by stable id; in order of what and id.

    A row that the files lack stays on record: it is "missing", which says nothing of whether the body exists.
    Rows that no table of the registry ever held (made by editors) are not missed.
    """
    found: list[RegistryChange] = []
    for ident, row in after.items():
        old = before.get(ident)
        if old is None:
            found.append(RegistryChange("new", ident, "", row.name))
            continue
        if old.name != row.name:
            found.append(RegistryChange("renamed", ident, old.name, row.name))
        if old.group != row.group:
            found.append(RegistryChange("another kind", ident, f"{old.name}: {old.group}", row.group))
        if old.status != row.status:
            what = "closed" if row.status == Agency.Status.CLOSED else "another status"
            found.append(RegistryChange(what, ident, f"{old.name}: {old.status}", row.status))
    gone = (ident for ident, row in before.items() if row.is_registered and ident not in after)
    found += [RegistryChange("missing", ident, before[ident].name, "") for ident in gone]
    return sorted(found, key=lambda change: (change.what, change.ident))


def counted(noun: str, changes: Iterable[RegistryChange]) -> Counter[str]:
    """Count changes as "agencies new", "places renamed" and so on."""
    return Counter(f"{noun} {change.what}" for change in changes)
