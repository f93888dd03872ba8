"""A Vigilant report's page as lines: words into rows, rows into the columns of a list, wrapped names found."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median, median_high

from agencies.ingest.pdf_text import PageText, Word

_SAME_ROW = 0.6
"""Part of a letter's height by which words of one row may differ: a scan stands a little aslant, a hyphen low."""

_COLUMN_GAP = 14.0
"""Points of white between the end of one column's name and the start of the next column's, where there is room."""

_ASLANT = 8.0
"""Points by which the left edge of a column may drift down the page of a scan."""

_WRAPPED = 0.75
"""A line nearer to the one above it than this part of the usual distance of names is the rest of a wrapped name."""


@dataclass(frozen=True, slots=True)
class Row:
    """What stands at one height of a page. `number` counts from the first row below the banner, whose rows are 0."""

    page: int
    number: int
    middle: float
    words: tuple[Word, ...]

    @property
    def text(self) -> str:
        """Return the row's words, left to right."""
        return " ".join(word.text for word in self.words)


@dataclass(frozen=True, slots=True)
class Cell:
    """A row's part in one column: which column (from 1), where, and what the text layer reads."""

    row: Row
    column: int
    text: str


def rows_of(page: PageText) -> list[Row]:
    """Return the rows of a page from top to bottom, all numbered 0 as yet."""
    if not page.words:
        return []
    reach = _SAME_ROW * median(word.bottom - word.top for word in page.words)
    groups: list[list[Word]] = []
    for word in sorted(page.words, key=lambda word: word.middle):
        if groups and word.middle - groups[-1][0].middle <= reach:
            groups[-1].append(word)
        else:
            groups.append([word])
    return [
        Row(page.number, 0, median(word.middle for word in group), tuple(sorted(group, key=lambda word: word.x0)))
        for group in groups
    ]


def cells_of(rows: Sequence[Row]) -> list[Cell]:
    """Return the cells of rows that stand in one list on one page, row by row, left to right.

    A column is where several rows begin anew after a gap. Where a name fills its column to the last point, the
    next one is told by the place at which it begins.
    """
    columns = _columns(rows)
    cells = []
    for row in rows:
        parts: dict[int, list[str]] = {}
        column = 0
        for position, word in enumerate(row.words):
            number, off = _nearest(word.x0, columns)
            apart = position == 0 or word.x0 - row.words[position - 1].x1 > _ASLANT / 2
            if number > column and apart and (position == 0 or off <= _ASLANT / 2):
                column = number
            parts.setdefault(column, []).append(word.text)
        cells += [Cell(row, number, " ".join(words)) for number, words in parts.items()]
    return cells


def _columns(rows: Iterable[Row]) -> list[tuple[float, float]]:
    """Return the range of left edges of each column: those that two rows have, or the only row or two there are."""
    rows = list(rows)
    starts = sorted(
        word.x0
        for row in rows
        for position, word in enumerate(row.words)
        if position == 0 or word.x0 - row.words[position - 1].x1 > _COLUMN_GAP
    )
    groups: list[list[float]] = []
    for start in starts:
        if groups and start - groups[-1][-1] <= _ASLANT:
            groups[-1].append(start)
        else:
            groups.append([start])
    return [(group[0], group[-1]) for group in groups if len(group) > 1 or len(rows) <= 2]


def _nearest(left: float, columns: Sequence[tuple[float, float]]) -> tuple[int, float]:
    """Return the number of the column that begins nearest to `left`, and how far off that is in points."""
    off = [max(first - left, left - last, 0.0) for first, last in columns] or [0.0]
    return off.index(min(off)) + 1, min(off)


def usual_distance(rows: Sequence[Row]) -> float:
    """Return the usual distance in points between rows that follow each other in a list, 0 when there are none.

    Rows with others between them, such as the heading of the next list, stand farther apart than names do.
    """
    gaps = [below.middle - above.middle for above, below in zip(rows, rows[1:], strict=False) if _follows(below, above)]
    return median_high(gaps) if gaps else 0.0


def _follows(row: Row, above: Row) -> bool:
    """Tell whether a row is the next one on the page of another."""
    return row.page == above.page and row.number == above.number + 1


def is_rest(cell: Cell, above: Cell, distance: float) -> bool:
    """Tell whether a cell is the rest of the name in the cell above it, where names usually stand `distance` apart."""
    return (
        cell.column == above.column
        and _follows(cell.row, above.row)
        and cell.row.middle - above.row.middle < _WRAPPED * distance
    )
