"""What the record knows of each of many agencies, in a fixed number of queries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, F, Max, Q, QuerySet

from agencies.models import (
    Access,
    Agency,
    Alias,
    Capture,
    Completeness,
    MatchDecision,
    SharingLink,
    SharingList,
    SharingStatement,
    Withdrawal,
)

EXTRACT = Completeness.EXTRACT

UNMATCHED = (None, MatchDecision.Outcome.REJECTED, MatchDecision.Outcome.AMBIGUOUS)
"""Outcomes of a name that may still turn out to be an agency's; None: no decision yet."""


def withheld(alias: Alias) -> bool:
    """Tell whether a printed name is a person's, which no page shows."""
    return bool(alias.decision and alias.decision.outcome == MatchDecision.Outcome.PERSON)


def matched_agency(alias: Alias | None) -> Agency | None:
    """Return the agency that a printed name is matched to; None where it is matched to none."""
    decision = alias.decision if alias else None
    return decision.agency if decision and decision.outcome == MatchDecision.Outcome.MATCHED else None


@dataclass
class NameCounts:
    """How many names a list holds: `active` without persons' names, and what became of those."""

    active: int = 0
    inactive: int = 0
    matched: int = 0
    unmatched: int = 0
    not_agency: int = 0
    persons: int = 0

    def add(self, outcome: str | None, account_status: str, count: int) -> None:
        """Count `count` names; an account marked inactive is counted as that alone."""
        if account_status != "active":
            self.inactive += count
            return
        if outcome == MatchDecision.Outcome.PERSON:
            self.persons += count
            return
        self.active += count
        if outcome in UNMATCHED:
            self.unmatched += count
        elif outcome == MatchDecision.Outcome.NOT_AGENCY:
            self.not_agency += count
        else:
            self.matched += count


@dataclass
class ListSummary:
    """The newest copy of one list that the agency itself publishes."""

    sharing_list: SharingList
    names: NameCounts = field(default_factory=NameCounts)

    @property
    def capture(self) -> Capture:
        """Return the copy it stands in."""
        return self.sharing_list.capture


@dataclass
class LinkCounts:
    """Links of an agency on one side. `newest` is the last date any was seen.

    `listed`, `inactive` and `ended` count configured access by status, `other` links of other kinds (hot lists);
    `agencies` counts different agencies with configured access listed, whatever the network.
    """

    listed: int = 0
    inactive: int = 0
    ended: int = 0
    other: int = 0
    agencies: int = 0
    newest: date | None = None

    @property
    def total(self) -> int:
        """Return the number of links of any status and kind."""
        return self.listed + self.inactive + self.ended + self.other


@dataclass
class AgencySummary:
    """What is known of whom an agency gives access, and who gives it access."""

    agency: Agency
    granting: list[ListSummary] = field(default_factory=list)
    receiving: list[ListSummary] = field(default_factory=list)
    grants: LinkCounts = field(default_factory=LinkCounts)
    receipts: LinkCounts = field(default_factory=LinkCounts)

    @property
    def researched(self) -> bool:
        """Tell whether any document in the atlas bears on whom the agency gives access to."""
        return bool(self.granting) or self.grants.total > 0


def summarise(agencies: Iterable[Agency]) -> dict[int, AgencySummary]:
    """Return a summary by primary key, in the order given. Four queries, whatever the number of agencies."""
    summaries = {agency.pk: AgencySummary(agency) for agency in agencies}
    newest = _newest_own_lists(list(summaries))
    names = count_names([found.pk for found in newest])
    for found in newest:
        summary = summaries[found.owner_id]  # type: ignore[attr-defined]
        lists = summary.receiving if found.stream.reported_by == "grantee" else summary.granting
        lists.append(ListSummary(found, names[found.pk]))
    for pk, counts in _count_links("grantor", "grantee", list(summaries)):
        summaries[pk].grants = counts
    for pk, counts in _count_links("grantee", "grantor", list(summaries)):
        summaries[pk].receipts = counts
    return summaries


def _newest_own_lists(agency_ids: list[int]) -> list[SharingList]:
    """Return the newest standing copy of each list the agencies publish themselves, an extract where there is no more.

    Lists of configured access come first, then those of other kinds; extracts after the others; the newest first.
    """
    owner = "capture__source__agency_alias__decision"
    rows = (
        SharingList.objects.standing()
        .filter(**{f"{owner}__outcome": "matched", f"{owner}__agency__in": agency_ids})
        .exclude(stream__reported_by="third_party")
        .annotate(owner_id=F(f"{owner}__agency"), is_extract=Q(completeness=EXTRACT))
        .newest_first("stream_id", "is_extract")
        .distinct("stream_id")
        .select_related("stream__network", "capture__source")
        .defer("capture__kept_text")
    )
    newest_first = sorted(rows, key=lambda row: row.capture.observed_on, reverse=True)
    return sorted(newest_first, key=lambda row: (row.stream.access != Access.CONFIGURED, row.completeness == EXTRACT))


def count_names(list_ids: list[int]) -> dict[int, NameCounts]:
    """Count the names of each standing list; on a list of who gives access those are the grantors."""
    names: dict[int, NameCounts] = defaultdict(NameCounts)
    withdrawn = Withdrawal.objects.filter(lift__isnull=True, statement__isnull=False).values("statement")
    standing = SharingStatement.objects.filter(sharing_list__in=list_ids).exclude(statement__in=withdrawn)
    rows = standing.values_list(
        "sharing_list",
        "sharing_list__stream__reported_by",
        "grantor_alias__decision__outcome",
        "grantee_alias__decision__outcome",
        "account_status",
    )
    for pk, reported_by, grantor, grantee, status, count in rows.annotate(n=Count("pk")):
        names[pk].add(grantor if reported_by == "grantee" else grantee, status, count)
    return names


def _count_links(side: str, far: str, agency_ids: list[int]) -> Iterator[tuple[int, LinkCounts]]:
    """Count each agency's links on one side; one query."""
    access = Q(access=Access.CONFIGURED)
    rows = SharingLink.objects.filter(**{f"{side}__in": agency_ids}).order_by().values(side)
    for row in rows.annotate(
        listed=Count("pk", filter=access & Q(status="listed")),
        inactive=Count("pk", filter=access & Q(status="inactive")),
        ended=Count("pk", filter=access & Q(status="ended")),
        other=Count("pk", filter=~access),
        agencies=Count(far, distinct=True, filter=access & Q(status="listed")),
        newest=Max("last_seen"),
    ):
        yield row.pop(side), LinkCounts(**row)


def researched_agencies(agencies: QuerySet[Agency]) -> QuerySet[Agency]:
    """Keep agencies that some document in the atlas bears on as giving access."""
    owners = SharingList.objects.standing().filter(
        capture__source__agency_alias__decision__outcome="matched", stream__reported_by="grantor"
    )
    publishes = Q(pk__in=owners.values("capture__source__agency_alias__decision__agency"))
    return agencies.filter(publishes | Q(pk__in=SharingLink.objects.order_by().values("grantor")))
