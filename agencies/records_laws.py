"""The public-records law of each state, from a table made by hand; read once in a process."""

import csv
from dataclasses import dataclass
from functools import cache

from django.conf import settings

FEDERAL = "US"
"""The row of the federal Freedom of Information Act."""


@dataclass(frozen=True)
class RecordsLaw:
    """One law by name. `url` is an official page, "" where none is known; `guide_url` a well-known guide to it."""

    state: str
    act: str
    citation: str
    url: str
    guide_url: str
    checked: str
    note: str
    source: str

    @property
    def cited(self) -> str:
        """Return the citation as the end of a sentence; "et seq." has its full stop already."""
        return self.citation if self.citation.endswith(".") else f"{self.citation}."

    @property
    def is_checked(self) -> bool:
        """Tell whether someone held the row against the statute itself; `checked` is then the date."""
        return self.checked != "no"


@cache
def records_laws() -> dict[str, RecordsLaw]:
    """Return every law by USPS code of its state, from `data/laws/records_laws.csv`."""
    with (settings.DATA_DIR / "laws" / "records_laws.csv").open(newline="", encoding="utf-8") as file:
        return {row["state"]: RecordsLaw(**row) for row in csv.DictReader(file)}


def records_law(state: str) -> RecordsLaw | None:
    """Return the law of a state; None where the table has none, as for territories."""
    return records_laws().get(state)
