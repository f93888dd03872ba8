"""Runs of documents made for tests: portals' lists and facts, copy after copy."""

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unittest import TestCase

from agencies.ingest import runs
from agencies.ingest.facts_columns import COLUMNS, SOURCE_COLUMNS
from agencies.ingest.watcher import Unwatched
from agencies.models import ImportRun, Watch
from agencies.tests import factories as make

CITY = "Union City CA PD"


class Listener(Unwatched):
    """A watcher that remembers what it was told."""

    def __init__(self) -> None:
        self.steps: list[str] = []
        self.lines: list[str] = []

    def at(self, step: str) -> None:
        """Remember the step."""
        self.steps.append(step)

    def say(self, message: str, level: str = "info") -> None:
        """Remember the line."""
        self.lines.append(message)


@dataclass(frozen=True)
class Copy:
    """One copy of a portal: its day, the names on its list, how complete that is, marks by name, facts by field.

    `fetched` is the day on which it was retrieved, where `day` is that which it gives itself.
    """

    day: str
    names: Iterable[str] = ()
    completeness: str = "complete"
    marks: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    source: str = "portal"
    sha256: str = ""
    fetched: str = ""
    compiled_by: str = ""

    def rows(self) -> list[dict[str, Any]]:
        """Return the copy as rows of a facts file."""
        common = {"source": self.source, "url": "https://example.org", "network": "flock"}
        common |= (
            {"published_on": self.day, "retrieved_on": self.fetched} if self.fetched else {"retrieved_on": self.day}
        )
        common |= {"sha256": self.sha256, "compiled_by": self.compiled_by}
        stream = {**common, "access": "configured_access", "reported_by": "grantor", "section": "list"}
        ends = {"grantor": CITY, "grantor_state": "CA", "grantee_state": "CA"}
        grants = [
            {**stream, **ends, "row": "sharing", "grantee": name, "account_status": self.marks.get(name, "")}
            for name in self.names
        ]
        about = {**common, "row": "fact", "agency": CITY, "agency_state": "CA"}
        facts = [{**about, "field": name, "value": value} for name, value in self.facts.items()]
        return [{**stream, "row": "list", "completeness": self.completeness}, *grants, *facts]


def write_facts(folder: Path, *copies: Copy) -> str:
    """Write copies as a folder of facts; return its path."""
    sources = sorted({copy.source for copy in copies})
    described = [
        {"slug": slug, "title": f"Portal {slug}", "kind": "portal", "publisher": "A city", "network": "flock"}
        | {"agency": CITY, "agency_state": "CA"}
        for slug in sources
    ]
    rows = [row for copy in copies for row in copy.rows()]
    for name, columns, lines in (("sources", SOURCE_COLUMNS, described), ("statements", COLUMNS, rows)):
        with (folder / f"{name}.csv").open("w", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(lines)
    return str(folder)


def facts_of(test: TestCase, *copies: Copy) -> str:
    """Write copies into a folder of their own, which goes with the test; return its path."""
    return write_facts(Path(test.enterContext(TemporaryDirectory())), *copies)


def import_copies(test: TestCase, *copies: Copy, **values: Any) -> ImportRun:
    """Import copies in one run."""
    return runs.perform(runs.start("facts_csv", [facts_of(test, *copies)], **values))


def make_bodies() -> None:
    """Make the network and the agencies that the names of these tests match."""
    make.make_network()
    make.make_agency()
    for city in ("Dublin", "Hayward", "Fremont"):
        make.make_agency(f"{city} Police Department")


def make_watch(**values: Any) -> Watch:
    """Create a schedule."""
    return Watch.objects.create(**{"slug": "portal", "url": "https://example.org", "format": "facts_csv", **values})


def names(number: int, first: int = 0) -> list[str]:
    """Return that many different names."""
    return [f"Body {one} CA PD" for one in range(first, first + number)]
