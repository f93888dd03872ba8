"""What a rule gives back, and what it is: no row of the database yet."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from agencies.findings.material import Material
from agencies.models import Law

SAMPLE = 20
"""Statements kept with a finding at most; where there are more, `data` says how many."""


@dataclass(frozen=True)
class Draft:
    """One finding, unsaved: ids are primary keys, `data` is JSON-ready.

    `key` holds what tells it from other findings of the same rule about the same agency, the same on every install.
    """

    severity: str
    agency: int
    as_of: date
    key: tuple[str, ...]
    counterpart: int | None = None
    network: int | None = None
    law: Law | None = None
    data: dict[str, Any] = field(default_factory=dict)
    statements: tuple[int, ...] = ()
    lists: tuple[int, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A rule by its name in addresses. Its version grows with every change of what it finds."""

    slug: str
    version: int
    find: Callable[[Material], Iterator[Draft]]
