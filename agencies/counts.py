"""The numbers of the record: each says what was counted, out of what."""

from dataclasses import dataclass
from datetime import date
from functools import reduce
from operator import or_
from typing import Any

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet

from agencies.models import (
    Agency,
    Alias,
    Answer,
    Capture,
    Completeness,
    Fact,
    MatchDecision,
    Place,
    SharingLink,
    SharingList,
    SharingStatement,
    Source,
    Statement,
)
from agencies.revision import kept
from agencies.summaries import UNMATCHED, researched_agencies


@dataclass(frozen=True)
class RecordCounts:
    """How large the record is."""

    agencies: int
    researched: int
    places: int
    portals: int
    portals_extract: int
    captures: int
    statements: int
    links_listed: int
    links_inactive: int
    links_ended: int
    names: int
    names_unmatched: int
    persons_withheld: int
    newest: date | None


def record_counts() -> RecordCounts:
    """Return the numbers of the record as it stands, kept until it changes."""
    counts: RecordCounts = kept("record-counts", _count)
    return counts


def _count() -> RecordCounts:
    """Count the record in nine queries."""
    current = Agency.objects.current()
    standing = Capture.objects.standing()
    undecided = Q(decision__isnull=True) | Q(decision__outcome__in=[name for name in UNMATCHED if name])
    portals = Source.objects.filter(kind=Source.Kind.PORTAL, captures__in=standing).distinct()
    whole = SharingList.objects.standing().exclude(completeness=Completeness.EXTRACT).values("stream__source")
    return RecordCounts(
        agencies=current.count(),
        researched=researched_agencies(current).count(),
        places=Place.objects.count(),
        portals=portals.filter(pk__in=whole).count(),
        portals_extract=portals.exclude(pk__in=whole).count(),
        statements=Statement.objects.standing().count(),
        **standing.aggregate(newest=Max("observed_on"), captures=Count("pk")),
        **SharingLink.objects.aggregate(
            links_listed=Count("pk", filter=Q(status=SharingLink.Status.LISTED)),
            links_inactive=Count("pk", filter=Q(status=SharingLink.Status.INACTIVE)),
            links_ended=Count("pk", filter=Q(status=SharingLink.Status.ENDED)),
        ),
        **_printed_names().aggregate(
            names=Count("pk"),
            names_unmatched=Count("pk", filter=undecided),
            persons_withheld=Count("pk", filter=Q(decision__outcome=MatchDecision.Outcome.PERSON)),
        ),
    )


def _printed_names() -> QuerySet[Alias]:
    """Return the names that a standing statement prints."""
    standing = Statement.objects.standing()
    ends: tuple[tuple[Any, str], ...] = (
        (SharingStatement, "grantor_alias"),
        (SharingStatement, "grantee_alias"),
        (Fact, "alias"),
        (Answer, "alias"),
    )
    found = [Exists(model.objects.filter(**{end: OuterRef("pk")}, statement__in=standing)) for model, end in ends]
    return Alias.objects.filter(reduce(or_, found))
