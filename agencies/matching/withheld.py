"""Printed names that are a person's: known by a hash only, so that the list itself names nobody."""

import csv
import hashlib
from functools import cache
from pathlib import Path

from django.conf import settings

from agencies.folding import fold


def name_hash(printed_name: str) -> str:
    """Return the SHA-256 of the folded name, in hex."""
    return hashlib.sha256(fold(printed_name).encode()).hexdigest()


@cache
def withheld_hashes(path: Path) -> frozenset[str]:
    """Return the hashes of a withheld-names file (columns `sha256`, `reason`); read once a process."""
    with path.open(encoding="utf-8", newline="") as file:
        return frozenset(row["sha256"] for row in csv.DictReader(file))


def is_withheld(printed_name: str) -> bool:
    """Tell whether a printed name is one that an editor found to be a person's."""
    return name_hash(printed_name) in withheld_hashes(settings.DATA_DIR / "matches" / "withheld_names.csv")
