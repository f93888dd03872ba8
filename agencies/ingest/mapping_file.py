"""A column mapping as a JSON file, for those who read a table without the database."""

import json
from pathlib import Path
from typing import Any

from agencies.ingest.compiled_table import opened
from agencies.ingest.facts_columns import CHOICES
from agencies.ingest.mapped_rows import TableMapping
from agencies.ingest.parsed import ImportProblem, ParsedSource
from agencies.ingest.saved_mapping import mapping_problem

DEFAULTS = {"access": "configured_access", "reported_by": "third_party", "completeness": "extract"}
"""What a mapping need not say; the same as in the admin."""


def read_mapping(path: Path) -> TableMapping:
    """Return the mapping of a file: an object with the fields of TableMapping, `source` with those of ParsedSource.

    Raises ImportProblem for a file that is no such object, and for columns that can't be used together.
    """
    try:
        told: dict[str, Any] = DEFAULTS | json.loads(opened(path).decode())
        found = TableMapping(**told | {"source": ParsedSource(**told["source"])})
    except ValueError as problem:
        raise ImportProblem(f"not JSON: {problem}", file=path.name) from problem
    except (TypeError, KeyError) as problem:
        raise ImportProblem(f"not a mapping: {problem}", file=path.name) from problem
    for name in DEFAULTS:
        choices, _ = CHOICES[name]
        if told[name] not in choices.values:
            raise ImportProblem(f"{told[name]!r} is not one of: {', '.join(sorted(choices.values))}", file=path.name)
    problem_told = mapping_problem(found.columns, found.constants)
    if problem_told:
        raise ImportProblem(problem_told, file=path.name)
    return found
