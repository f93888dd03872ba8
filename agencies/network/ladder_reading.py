"""What the ladders of some agencies stand on, read from the record in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery

from agencies.federal import ICE_2019
from agencies.models import Capture, Completeness, FactField, SharingList, Statement
from agencies.network.graph_rows import MATCHED, named, own_complete_lists, searches_seen
from agencies.querysets import first_of_day
from agencies.summaries import ListSummary, count_names

BESIDE = (FactField.AGREEMENTS_287G, FactField.SHARING_POLICY)
"""Facts that stand beside the ladder."""
RELATED = ("fact__network", "capture__source")


@dataclass
class Documents:
    """By agency: published audits, 287(g) agreements and declared limits of sharing, newest first; own complete lists.

    `ice_checked_on` is the date of the newest of ICE's own records, `ice_is_partial` tells that none is complete.
    """

    audits: dict[int, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    agreements: dict[int, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    policies: dict[int, list[Statement]] = field(default_factory=lambda: defaultdict(list))
    lists: dict[int, list[ListSummary]] = field(default_factory=lambda: defaultdict(list))
    ice_checked_on: date | None = None
    ice_is_partial: bool = True


def read_documents(agencies: Collection[int], as_of: date | None) -> Documents:
    """Read the documents of some agencies (ids) up to a day; five queries."""
    found = Documents()
    audits = searches_seen(as_of).filter(owner__in=agencies).select_related(*RELATED).defer("capture__kept_text")
    for row in audits:
        found.audits[row.owner].append(row)
    for row in _facts_beside(agencies, as_of):
        is_agreement = row.fact.field == FactField.AGREEMENTS_287G
        (found.agreements if is_agreement else found.policies)[row.owner].append(row)  # type: ignore[attr-defined]
    newest = list(_newest_lists(agencies, as_of))
    names = count_names([row.pk for row in newest])
    for row in newest:
        found.lists[row.owner].append(ListSummary(row, names[row.pk]))  # type: ignore[attr-defined]
    for checked_on, completeness in _records_of_ice(as_of):
        found.ice_checked_on = max(checked_on, found.ice_checked_on or checked_on)
        found.ice_is_partial &= completeness != Completeness.COMPLETE
    return found


def _newest_lists(agencies: Collection[int], as_of: date | None) -> list[SharingList]:
    """Return the newest complete list of each stream in which an agency itself says whom it gives access."""
    rows: Any = own_complete_lists(as_of).filter(owner__in=agencies)
    found = rows.newest_of_streams().select_related("stream__network", "capture__source").defer("capture__kept_text")
    return sorted(found, key=lambda row: row.capture.observed_on, reverse=True)


def _facts_beside(agencies: Collection[int], as_of: date | None) -> list[Statement]:
    """Return the newest standing statement of each publisher on agencies' 287(g) agreements and limits of sharing.

    `checked_on` is the date of the publisher's newest copy on record: later than the statement's where that copy does
    not say so any more.
    """
    standing = Statement.objects.standing().filter(kind=Statement.Kind.FACT)
    copies = Capture.objects.standing().filter(source=OuterRef("capture__source"))
    if as_of is not None:
        standing, copies = standing.as_of(as_of), copies.filter(observed_on__lte=as_of)
    rows = standing.filter(fact__field__in=BESIDE, fact__alias__decision__outcome=MATCHED)
    newest_copy = copies.order_by("-observed_on").values("observed_on")[:1]
    rows = rows.annotate(owner=named("fact__alias"), checked_on=Subquery(newest_copy)).filter(owner__in=agencies)
    newest: dict[tuple[int, int, str], Statement] = {}
    rows = rows.order_by("-observed_on", *first_of_day("capture"), "uuid")
    for row in rows.select_related(*RELATED).defer("capture__kept_text"):
        newest.setdefault((row.owner, row.capture.source_id, row.fact.field), row)
    return list(newest.values())


def _records_of_ice(as_of: date | None) -> list[tuple[date, str]]:
    """Return date and completeness of each standing copy of ICE's own records."""
    rows = SharingList.objects.standing().filter(stream__section=ICE_2019)
    if as_of is not None:
        rows = rows.filter(capture__observed_on__lte=as_of)
    return list(rows.order_by().values_list("capture__observed_on", "completeness"))
