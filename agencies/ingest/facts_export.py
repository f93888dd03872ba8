"""The one serializer of the public record: sources, statements and decisions as facts files.

The same record gives the same bytes: rows are sorted by content, gzip carries no time.
"""

import json
from collections.abc import Iterator
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from django.db.models import Q, QuerySet

from agencies.ingest.facts_columns import COLUMNS, DECISION_COLUMNS, SOURCE_COLUMNS
from agencies.ingest.packed import write_packed_csv
from agencies.models import Alias, Capture, SharingList, Source, Statement

STATEMENT_COLUMNS = {
    "source": "capture__source__slug",
    "url": "capture__url",
    "archive_url": "capture__archive_url",
    "compiled_by": "capture__compiled_by",
    "licence": "capture__licence",
    "licence_url": "capture__licence_url",
    "published_on": "capture__published_on",
    "retrieved_on": "capture__retrieved_on",
    "first_reported_on": "capture__first_reported_on",
    "sha256": "capture__sha256",
    "bytes_kept": "capture__bytes_kept",
}
LIST_COLUMNS = {
    "network": "stream__network__slug",
    "access": "stream__access",
    "reported_by": "stream__reported_by",
    "section": "stream__section",
    "heading": "heading",
    "completeness": "completeness",
}
SHARING_COLUMNS = {
    "network": "sharing__sharing_list__stream__network__slug",
    "access": "sharing__sharing_list__stream__access",
    "reported_by": "sharing__sharing_list__stream__reported_by",
    "section": "sharing__sharing_list__stream__section",
    "grantor": "sharing__grantor_alias__printed_name",
    "grantor_state": "sharing__grantor_alias__state",
    "grantee": "sharing__grantee_alias__printed_name",
    "grantee_state": "sharing__grantee_alias__state",
    "account_status": "sharing__account_status",
}
FACT_COLUMNS = {
    "network": "fact__network__slug",
    "agency": "fact__alias__printed_name",
    "agency_state": "fact__alias__state",
    "field": "fact__field",
    "value": "fact__value",
    "knowledge": "fact__knowledge",
}
ANSWER_COLUMNS = {
    "network": "answer__alias__network__slug",
    "agency": "answer__alias__printed_name",
    "agency_state": "answer__alias__state",
    "effect": "answer__effect",
    "paraphrase": "answer__paraphrase",
    "grantor": "answer__targets__grantor_alias__printed_name",
    "grantor_state": "answer__targets__grantor_alias__state",
    "grantee": "answer__targets__grantee_alias__printed_name",
    "grantee_state": "answer__targets__grantee_alias__state",
    "answers_source": "answer__targets__statement__capture__source__slug",
}
PERSON = "person"

Found = tuple[int, dict[str, Any]]
"""The key of a capture and a row of it."""

_CAPTURE_ORDER = ("source__slug", "observed_on", "uuid")


def export_facts(folder: Path) -> dict[str, int]:
    """Write sources.csv.gz, statements.csv.gz and decisions.csv.gz into `folder`; return their numbers of rows.

    Withdrawn statements, sources of which no copy stands, and persons' names are left out. A withheld name keeps its
    statement out too.
    """
    return {
        "sources.csv.gz": write_packed_csv(folder / "sources.csv.gz", SOURCE_COLUMNS, _sources()),
        "statements.csv.gz": write_packed_csv(folder / "statements.csv.gz", COLUMNS, _statements()),
        "decisions.csv.gz": write_packed_csv(folder / "decisions.csv.gz", DECISION_COLUMNS, _decisions()),
    }


def _sources() -> Iterator[dict[str, Any]]:
    own = {"network": "agency_alias__network__slug", "agency": "agency_alias__printed_name"}
    columns = {name: own.get(name, name) for name in SOURCE_COLUMNS} | {"agency_state": "agency_alias__state"}
    rows = Source.objects.standing().order_by("slug").values_list(*columns.values())
    for row in rows.iterator(chunk_size=2000):
        yield dict(zip(columns, row, strict=True))


def _statements() -> Iterator[dict[str, Any]]:
    """Yield the rows of each standing capture in turn: lists, grants, facts, answers.

    Four streamed queries in the order of captures, side by side: no more than one capture's rows are in memory.
    Raises RuntimeError where the record changed between them, which no snapshot lets happen.
    """
    captures = Capture.objects.standing().order_by(*_CAPTURE_ORDER).values_list("pk", flat=True)
    kinds = [_Taken(rows) for rows in (_lists(), _grants(), _facts(), _answers())]
    for capture in captures:
        yield from sorted((row for rows in kinds for row in rows.of(capture)), key=_row_order)
    if any(rows.has_more for rows in kinds):
        raise RuntimeError("The record changed while it was read.")


class _Taken:
    """Rows in the order of captures, taken one capture at a time."""

    def __init__(self, rows: Iterator[Found]) -> None:
        self._groups = groupby(rows, key=itemgetter(0))
        self._group = next(self._groups, None)

    @property
    def has_more(self) -> bool:
        """Tell whether rows of any capture are left."""
        return self._group is not None

    def of(self, capture: int) -> list[dict[str, Any]]:
        """Return the rows of a capture; it must not come before the one that was asked for last."""
        if self._group is None or self._group[0] != capture:
            return []
        rows = [row for _, row in self._group[1]]
        self._group = next(self._groups, None)
        return rows


def _row_order(row: dict[str, Any]) -> tuple[str, ...]:
    names = ("row", "network", "section", "field", "grantor", "grantee", "locator", "account_status", "answers_source")
    return tuple(str(row.get(name, "")) for name in names)


def _grants() -> Iterator[Found]:
    people = Q(sharing__grantor_alias__decision__outcome=PERSON) | Q(sharing__grantee_alias__decision__outcome=PERSON)
    return _payloads(_standing("sharing").exclude(people), "sharing", SHARING_COLUMNS)


def _facts() -> Iterator[Found]:
    for capture, row in _payloads(_standing("fact"), "fact", FACT_COLUMNS):
        yield capture, {**row, "value": "" if row["value"] is None else _json(row["value"])}


def _answers() -> Iterator[Found]:
    return _payloads(_standing("answer").distinct(), "answer", ANSWER_COLUMNS)


def _standing(kind: str) -> QuerySet[Any]:
    """Return the standing statements of a kind."""
    return Statement.objects.standing().filter(kind=kind)


def _lists() -> Iterator[Found]:
    columns = STATEMENT_COLUMNS | LIST_COLUMNS
    for capture, found in _in_order(SharingList.objects.standing(), columns):
        yield capture, {"row": "list", **found}


def _payloads(statements: QuerySet[Any], kind: str, payload: dict[str, str]) -> Iterator[Found]:
    columns = {**STATEMENT_COLUMNS, **payload, "printed": "printed", "locator": "locator"}
    for capture, found in _in_order(statements, columns):
        listed = "grantor" if found.get("reported_by") == "grantee" else "grantee"
        if kind == "sharing" and found["printed"] == found[listed]:
            found["printed"] = ""
        yield capture, {"row": kind, **found}


def _in_order(rows: QuerySet[Any], columns: dict[str, str]) -> Iterator[Found]:
    """Yield rows by column with the key of their capture, in the order of captures."""
    order = [f"capture__{name}" for name in _CAPTURE_ORDER]
    paths = ("capture", *columns.values(), "capture__observed_on", "capture__uuid")
    for capture, *values in rows.order_by(*order).values_list(*paths).iterator(chunk_size=2000):
        yield capture, dict(zip(columns, values, strict=False))


def _decisions() -> Iterator[dict[str, Any]]:
    """Yield the decision in force of every alias that has one; a person's name only counts, it is not written."""
    columns = {
        "printed_name": "printed_name",
        "network": "network__slug",
        "state": "state",
        "outcome": "decision__outcome",
        "agency_ori": "decision__agency__ori",
        "agency_slug": "decision__agency__slug",
        "method": "decision__method",
        "matcher_version": "decision__matcher_version",
        "score": "decision__score",
        "reason": "decision__reason",
        "candidates": "decision__candidates",
    }
    aliases = Alias.objects.filter(decision__isnull=False).exclude(decision__outcome=PERSON)
    for row in aliases.order_by("printed_name", "network__slug", "state").values_list(*columns.values()).iterator(2000):
        found = dict(zip(columns, row, strict=True))
        found["candidates"] = _json(found["candidates"]) if found["candidates"] else ""
        yield {**found, "agency_slug": "" if found["agency_ori"] else found["agency_slug"]}


def _json(value: object) -> str:
    """Return a value as JSON whose text depends on nothing but the value."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
