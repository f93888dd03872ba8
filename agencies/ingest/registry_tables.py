"""Tables of the registry as lines that know where they stand, so that a damaged one can be found and mended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

from agencies.ingest.facts_rows import rows
from agencies.ingest.parsed import ImportProblem


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table: its file, its number (the header is row 1) and its cells by column."""

    file: str
    number: int
    cells: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.cells[column]

    def number_in(self, column: str, kind: type[float] | type[int]) -> Any:
        """Return a cell as a number, None when empty; raises ImportProblem for anything else."""
        try:
            return kind(self[column]) if self[column] else None
        except ValueError as error:
            raise self.problem(f"{self[column][:40]!r} is no number", column) from error

    def uuid_in(self, column: str) -> str:
        """Return a cell that is a UUID; raises ImportProblem for any other."""
        try:
            return str(UUID(self[column]))
        except ValueError as error:
            raise self.problem(f"{self[column][:40]!r} is no UUID", column) from error

    def known(self, ids: Mapping[str, int], column: str) -> int:
        """Return the id behind the name in a cell; raises ImportProblem for one that leads nowhere."""
        if self[column] not in ids:
            raise self.problem(f"{self[column]!r} is not known", column)
        return ids[self[column]]

    def known_or_none(self, ids: Mapping[str, int], column: str) -> int | None:
        """Return what `known` does, None for an empty cell."""
        return self.known(ids, column) if self[column] else None

    def problem(self, said: str, column: str) -> ImportProblem:
        """Return a problem with a cell."""
        return ImportProblem(said, file=self.file, row=self.number, field=column)


def read_table(path: Path, columns: Sequence[str]) -> list[Line]:
    """Return the rows of a CSV file, gzipped or not, that has all of these columns and no others.

    Raises ImportProblem naming the file and, where there is one, the row that is damaged.
    """
    with path.open("rb") as data:
        return [Line(path.name, number, row) for number, row in rows(data, path.name, list(columns), list(columns))]


def read_full_table(path: Path, columns: Sequence[str]) -> list[Line]:
    """Return what `read_table` does; raises ImportProblem for a table without rows too."""
    lines = read_table(path, columns)
    if not lines:
        raise ImportProblem("has no rows", file=path.name)
    return lines
