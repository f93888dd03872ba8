"""The FBI's two tables of agencies, joined on ORI (originating agency identifier)."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

FIGURES_YEAR = "2025"
_USPS = {"NB": "NE", "GM": "GU", "FS": ""}
"""The FBI's own state codes: Nebraska, Guam, and FS for federal bodies, which have no state."""


@dataclass(frozen=True)
class FbiRecord:
    """What the tables say of one ORI; fields are empty where a table lacks the ORI."""

    ori: str
    fbi_type: str
    state: str
    name_2018: str
    name_2025: str
    county_2018: str
    county_2025: str
    data_year: str
    population: str
    officers: str
    in_2018: bool
    in_2025: bool

    @property
    def is_active(self) -> bool:
        """Return whether the 2025 table has figures of 2025 for it."""
        return self.data_year == FIGURES_YEAR

    @property
    def source(self) -> str:
        """Return which tables hold the ORI: "FBI 2018+2025", "FBI 2018" or "FBI 2025"."""
        return "FBI " + "+".join(year for year, held in (("2018", self.in_2018), ("2025", self.in_2025)) if held)


def read_tables(registry: Path) -> list[FbiRecord]:
    """Read and join the tables in a folder. Raises FileNotFoundError when one is missing."""
    older = _read(registry / "fbi_agencies_2018.csv")
    newer = _read(registry / "fbi_police_employees_2025.csv")
    return join_tables(older, newer)


def join_tables(older: Iterable[dict[str, str]], newer: Iterable[dict[str, str]]) -> list[FbiRecord]:
    """Return one record an ORI, sorted by ORI. The coordinates of the 2018 table are never read."""
    by_ori_2018 = {row["ori"]: row for row in older}
    by_ori_2025 = {row["ori"]: row for row in newer}
    oris = sorted(by_ori_2018.keys() | by_ori_2025.keys())
    return [_record(ori, by_ori_2018.get(ori, {}), by_ori_2025.get(ori, {})) for ori in oris]


def usps(code: str) -> str:
    """Return the postal code of an FBI state code; empty for federal bodies."""
    return _USPS.get(code, code)


def _read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _record(ori: str, older: dict[str, str], newer: dict[str, str]) -> FbiRecord:
    latest = newer or older
    return FbiRecord(
        ori=ori,
        fbi_type=latest["agency_type_name"],
        state=usps(latest["state_abbr"]),
        name_2018=older.get("agency_name", ""),
        name_2025=newer.get("pub_agency_name", ""),
        county_2018=older.get("county_name", ""),
        county_2025=newer.get("county_name", ""),
        data_year=newer.get("data_year", ""),
        population=_count(newer.get("population", "")),
        officers=_officers(newer),
        in_2018=bool(older),
        in_2025=bool(newer),
    )


def _count(printed: str) -> str:
    """Return a count, empty for 0: the FBI prints 0 where population is not counted."""
    return printed if printed.isdigit() and int(printed) else ""


def _officers(row: dict[str, str]) -> str:
    """Return the number of officers; 0 stands only where the body has other staff, else nothing is known."""
    officers = row.get("officer_ct", "")
    return officers if officers.isdigit() and (int(officers) or _count(row.get("total_pe_ct", ""))) else ""
