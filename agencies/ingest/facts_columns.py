"""Columns and vocabularies of the facts files, for the reader and the writer alike."""

from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter

from agencies.ingest.parsed import ImportProblem
from agencies.models.vocabulary import (
    Access,
    AccountStatus,
    AnswerEffect,
    Completeness,
    FactField,
    Knowledge,
    ReportedBy,
)

DATE_COLUMNS = ["published_on", "retrieved_on", "first_reported_on"]
CAPTURE_COLUMNS = ["url", "archive_url", "compiled_by", "licence", "licence_url", *DATE_COLUMNS, "sha256", "bytes_kept"]
LIST_COLUMNS = ["network", "access", "reported_by", "section", "heading", "completeness"]
COLUMNS = [
    "source", *CAPTURE_COLUMNS, "row", *LIST_COLUMNS,
    "grantor", "grantor_state", "grantee", "grantee_state", "account_status",
    "agency", "agency_state", "field", "value", "knowledge",
    "effect", "paraphrase", "answers_source",
    "printed", "locator",
]  # fmt: skip
"""Columns of a statements file, in the order in which it is written."""

REQUIRED = ["source", "network"]
SOURCE_COLUMNS = [
    "slug", "title", "kind", "publisher", "url", "licence", "licence_url", "credit",
    "network", "agency", "agency_state",
]  # fmt: skip
SOURCE_REQUIRED = ["slug", "title", "kind", "publisher"]
DECISION_COLUMNS = [
    "printed_name", "network", "state", "outcome", "agency_ori", "agency_slug", "method", "matcher_version", "score",
    "reason", "candidates",
]  # fmt: skip


@dataclass(frozen=True)
class Choices:
    """The values that a column may hold, and the kinds of row in which it counts."""

    values: frozenset[str]
    rows: frozenset[str]


def _choices(values: list[str], *rows: str) -> Choices:
    return Choices(frozenset(values), frozenset(rows))


ROWS = ("sharing", "list", "fact", "answer")
CHOICES: dict[str, tuple[Choices, str]] = {
    "bytes_kept": (_choices(["original", "reduced", "none", "removed"], *ROWS), "none"),
    "access": (_choices(Access.values, "sharing", "list"), ""),
    "reported_by": (_choices(ReportedBy.values, "sharing", "list"), ""),
    "completeness": (_choices(Completeness.values, "list"), ""),
    "account_status": (_choices(AccountStatus.values, "sharing"), "active"),
    "field": (_choices(FactField.values, "fact"), ""),
    "knowledge": (_choices(Knowledge.values, "fact"), "known"),
    "effect": (_choices(AnswerEffect.values, "answer"), ""),
}
"""Column -> (choices, default where the cell is empty; "" where it may not be)."""

WORDS = ("row", *CHOICES)
words_of = itemgetter(*map(COLUMNS.index, WORDS))
"""Returns the cells of WORDS, of a row whose cells are in the order of COLUMNS."""

CHECKS = {
    kind: [(name, found.values, default) for name, (found, default) in CHOICES.items() if kind in found.rows]
    for kind in ROWS
}
"""For each kind of row, the columns of a vocabulary: name, values and default."""


@lru_cache(maxsize=1000)
def checked(words: tuple[str, ...]) -> dict[str, str]:
    """Return the kind of a row and its words, by column, with the defaults filled in: the same few in all rows.

    Raises ImportProblem for a value outside its vocabulary. What does not count in that kind of row stays as it is.
    """
    row = dict(zip(WORDS, words, strict=True))
    row["row"] = row["row"] or ROWS[0]
    if row["row"] not in ROWS:
        raise ImportProblem(f"{row['row']!r} is not one of: {', '.join(ROWS)}", field="row")
    for name, values, default in CHECKS[row["row"]]:
        row[name] = row[name] or default
        if row[name] not in values:
            said = f"{row[name]!r} is not one of: {', '.join(sorted(values))}" if row[name] else "is empty"
            raise ImportProblem(said, field=name)
    return row
