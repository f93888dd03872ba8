"""A table of names in, a table of verdicts out: for a person with a spreadsheet."""

import csv
from collections import Counter
from pathlib import Path

from agencies.ingest.parsed import ImportProblem
from agencies.matching.matcher import Matcher

IN_COLUMNS = ("name", "context_state", "city", "state")
OUT_COLUMNS = ("name", "state", "decision", "agency", "ori", "geoid", "score", "reason")


def match_file(source: Path, target: Path, matcher: Matcher) -> Counter[str]:
    """Match every row of `source` and write one row each, in the same order, to `target`; return the decisions.

    `source` has a column `name` and optionally `context_state`, `city` and `state`; other columns are ignored.
    ORI and GEOID are given only where the name is accepted. Raises ImportProblem naming file, row and field; the
    target is written only when every row could be read.
    """
    rows = _read(source)
    counts: Counter[str] = Counter()
    fresh = target.with_name(f"{target.name}.part")
    with fresh.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, OUT_COLUMNS, lineterminator="\n")
        writer.writeheader()
        for row in rows:
            verdict = matcher.match(
                row["name"], context_state=row["context_state"].upper(), city=row["city"], state=row["state"].upper()
            )
            counts[verdict.decision] += 1
            agency = verdict.agency
            best = agency or (verdict.candidates[0] if verdict.candidates else None)
            writer.writerow(
                {
                    "name": row["name"],
                    "state": agency.state if agency else verdict.parsed.state or row["state"],
                    "decision": verdict.decision,
                    "agency": agency.name if agency else "",
                    "ori": agency.ori if agency else "",
                    "geoid": agency.geoid if agency else "",
                    "score": f"{best.score:.4f}" if best else "",
                    "reason": verdict.reason,
                }
            )
    fresh.replace(target)
    return counts


def _read(source: Path) -> list[dict[str, str]]:
    """Return the rows with every column of IN_COLUMNS; raises ImportProblem for what can't be read."""
    try:
        with source.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, strict=True)
            if "name" not in (reader.fieldnames or []):
                raise ImportProblem("there is no column 'name'", file=source.name, row=1, field="name")
            return [{name: (row.get(name) or "").strip() for name in IN_COLUMNS} for row in reader]
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ImportProblem(f"not readable as UTF-8 CSV: {error}", file=source.name) from error
