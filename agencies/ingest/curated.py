"""The hand-made tables in `data/registry/`: federal bodies, state police forces, corrections to the FBI's tables."""

import csv
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Body:
    """A federal body or a state's main police force; `ori` is empty where the FBI's tables lack it."""

    slug: str
    name: str
    state: str
    ori: str
    parent_slug: str
    source: str


@dataclass(frozen=True)
class Curated:
    """All hand-made tables."""

    federal: tuple[Body, ...]
    state_forces: tuple[Body, ...]
    overrides: dict[str, dict[str, str]]
    """ORI to field to value: what stands in `overrides.csv`, each with its reason."""

    def federal_by_ori(self) -> dict[str, Body]:
        """Return the federal bodies that the FBI's tables hold, by ORI."""
        return {body.ori: body for body in self.federal if body.ori}

    def force_of(self) -> dict[str, Body]:
        """Return each state's main force by state code."""
        return {body.state: body for body in self.state_forces}


def read_curated(folder: Path) -> Curated:
    """Read the hand-made tables. Raises FileNotFoundError when one is missing."""
    overrides: dict[str, dict[str, str]] = defaultdict(dict)
    for row in _read(folder / "overrides.csv"):
        overrides[row["ori"]][row["field"]] = row["value"]
    federal, forces = _read(folder / "federal.csv"), _read(folder / "state_police.csv")
    return Curated(tuple(map(_body, federal)), tuple(map(_body, forces)), dict(overrides))


def _body(row: dict[str, str]) -> Body:
    parent = row.get("parent_slug", "")
    return Body(row["slug"], row["name"], row["state"], row["ori"], parent, row["source_url"])


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
