"""Match decisions as files: those made by hand for the starter record, and those of an export."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.db import transaction

from agencies.ingest.facts_columns import DECISION_COLUMNS
from agencies.ingest.facts_rows import Row, rows
from agencies.ingest.names import Names
from agencies.ingest.parsed import ImportProblem, PrintedName
from agencies.matching.decide import put_in_force
from agencies.models import Agency, Alias, MatchDecision, Network
from agencies.network.rebuild import lock_record, refresh_links

Key = tuple[str, str, str]


@transaction.atomic
def load_decisions(path: Path) -> int:
    """Load the decisions of one file (.csv or .csv.gz) and return how many are new.

    A decision that stands already is not repeated; one made by an editor here is never overridden. Names that no
    document has printed yet get their alias, so that decisions may come before documents.
    Raises ImportProblem naming file, row and field.
    """
    lock_record()
    with path.open("rb") as data:
        numbered = list(rows(data, path.name, DECISION_COLUMNS, ["printed_name"]))
    decided = [row for _, row in numbered]
    aliases, agencies = _aliases(decided, path.name), _agency_ids(decided)
    decisions: list[MatchDecision] = []
    touched: set[int] = set()
    for number, row in numbered:
        alias = aliases[row["printed_name"], row["network"], row["state"]]
        agency = _agency(row, agencies, path.name, number)
        before = alias.decision
        if before is not None and (
            before.decided_by_id or (before.outcome, before.agency_id) == (row["outcome"], agency)
        ):
            continue
        decisions.append(_decision(row, alias, agency, path.name, number))
        touched |= {ident for ident in (agency, before.agency_id if before else None) if ident}
    MatchDecision.objects.bulk_create(decisions, batch_size=5000)
    put_in_force(decisions)
    refresh_links(agencies=touched)
    return len(decisions)


def _aliases(decided: list[Row], file: str) -> dict[Key, Alias]:
    """Return every alias that decisions name, made when missing, by (printed name, network, state)."""
    networks: dict[str, Network | None] = {network.slug: network for network in Network.objects.all()}
    networks[""] = None  # Names in documents that are about no network.
    names = Names(Counter())
    for slug in sorted({row["network"] for row in decided}):
        if slug not in networks:
            raise ImportProblem(f"unknown network {slug!r}", file=file, field="network")
        wanted = [PrintedName(row["printed_name"], row["state"]) for row in decided if row["network"] == slug]
        names.load(wanted, networks[slug])
    keys = {(row["printed_name"], row["network"], row["state"]) for row in decided}
    known = {(text, slug, state): names.context(networks[slug])[text, state].pk for text, slug, state in keys}
    found = Alias.objects.select_related("decision").in_bulk(set(known.values()))
    return {key: found[pk] for key, pk in known.items()}


def _agency_ids(decided: list[Row]) -> dict[str, int]:
    """Return agencies' ids by ORI and by slug; two queries."""
    by_ori = Agency.objects.filter(ori__in={row["agency_ori"] for row in decided}).values_list("ori", "id")
    by_slug = Agency.objects.filter(slug__in={row["agency_slug"] for row in decided}).values_list("slug", "id")
    return {**{ori: ident for ori, ident in by_ori if ori}, **dict(by_slug)}


def _agency(row: Row, agencies: dict[str, int], file: str, number: int) -> int | None:
    name = row["agency_ori"] or row["agency_slug"]
    if name and name not in agencies:
        field = "agency_ori" if row["agency_ori"] else "agency_slug"
        raise ImportProblem(f"{name!r} is no agency of the registry", file=file, row=number, field=field)
    return agencies[name] if name else None


def _candidates(text: str, file: str, number: int) -> list[Any]:
    """Return the candidates that were weighed, as the decision keeps them; [] for an empty cell."""
    try:
        found = json.loads(text or "[]")
    except json.JSONDecodeError as error:
        raise ImportProblem(f"not JSON: {error.msg}", file=file, row=number, field="candidates") from error
    if not isinstance(found, list):
        raise ImportProblem("not a list", file=file, row=number, field="candidates")
    return found


def _score(text: str, file: str, number: int) -> float | None:
    """Return a score; None for an empty cell."""
    try:
        return float(text) if text else None
    except ValueError as error:
        raise ImportProblem(f"{text!r} is no number", file=file, row=number, field="score") from error


def _decision(row: Row, alias: Alias, agency: int | None, file: str, number: int) -> MatchDecision:
    if row["outcome"] not in MatchDecision.Outcome.values:
        raise ImportProblem(f"{row['outcome']!r} is no outcome", file=file, row=number, field="outcome")
    if (agency is not None) != (row["outcome"] in {"matched", "rejected"}):
        raise ImportProblem("a match or rejection names an agency, others none", file=file, row=number, field="outcome")
    return MatchDecision(
        alias=alias,
        outcome=row["outcome"],
        agency_id=agency,
        method=row["method"] or MatchDecision.Method.HAND,
        matcher_version=row["matcher_version"],
        score=_score(row["score"], file, number),
        candidates=_candidates(row["candidates"], file, number),
        reason=row["reason"],
    )
